/** What changed between two texts, by words: for the second officer, who signed or read an earlier form. */
/** One stretch, in order. */
export interface TextChange {
  readonly kind: "same" | "added" | "removed"
  readonly text: string
}

/** Beyond so many words a side the whole is shown as replaced: the table would grow with the product. */
const MOST_WORDS = 2000

/** Longest common subsequence over words and the spaces between them. */
export function difference(before: string, after: string): readonly TextChange[] {
  const [a, b] = [words(before), words(after)]
  if (a.length > MOST_WORDS || b.length > MOST_WORDS)
    return [
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ]
  const width = b.length + 1
  const common = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        a[i] === b[j]
          ? 1 + (common[(i + 1) * width + j + 1] ?? 0)
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0)
  const changes: TextChange[] = []
  const say = (kind: TextChange["kind"], text: string): void => {
    const last = changes.at(-1)
    if (last?.kind === kind) changes[changes.length - 1] = { kind, text: last.text + text }
    else changes.push({ kind, text })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (left !== undefined && left === right) {
      say("same", left)
      i += 1
      j += 1
    } else if (
      right === undefined ||
      (left !== undefined && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      say("removed", left ?? "")
      i += 1
    } else {
      say("added", right)
      j += 1
    }
  }
  return changes
}

const words = (text: string): readonly string[] => text.match(/\s+|\S+/g) ?? []
