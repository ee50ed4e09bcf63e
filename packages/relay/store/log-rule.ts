import { MAX_POSITION, stretchOf, stretchStart } from "@kunak/core/log/positions"

/** Whether cells may stand at `expected` (T10): at the head; on a mirror beyond it, too. Never where a cell was before. */
export const mayAppend = (head: number, expected: number, mayLeap: boolean): boolean =>
  mayLeap ? expected >= head && expected < MAX_POSITION : expected === head

/**
 * What is trimmed once the head is `next`: cells before `floor`. What a mirror had in stretches before `stretch` stays until
 * as much has come behind the leap as is kept, or desks that were away could not read it any more.
 */
export const trimmedAt = (
  next: number,
  keepCells: number,
): { readonly floor: number; readonly stretch: number } => ({
  floor: next - keepCells,
  stretch: stretchStart(stretchOf(next - 1)),
})

/** Rows in order, up to the first break: a page's cells are numbered from its first on. */
export function unbroken<T>(rows: readonly T[], positionOf: (row: T) => number): readonly T[] {
  const [row] = rows
  if (row === undefined) return rows
  const first = positionOf(row)
  const end = rows.findIndex((one, i) => positionOf(one) !== first + i)
  return end < 0 ? rows : rows.slice(0, end)
}
