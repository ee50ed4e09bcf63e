/** A text that goes into another where the caret stands, in a paragraph of its own. */
export interface Insertion {
  /** What to put in place of `start` to `end`: the piece with the blank lines that it lacks. */
  readonly piece: string
  readonly start: number
  readonly end: number
}

/** @param start, end: the selection, in UTF-16 units; it is replaced. */
export function insertionAt(text: string, start: number, end: number, piece: string): Insertion {
  const before = text.slice(0, start)
  const after = text.slice(end)
  const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n"
  const trail = after === "" || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n"
  return { piece: lead + piece + trail, start, end }
}
