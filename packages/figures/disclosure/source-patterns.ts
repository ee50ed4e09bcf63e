/**
 * The rule against patterns by named source. "On the list of the clinic and of the lawyer, not on the newspaper's"
 * tells, in a small group, who spoke to whom. Such patterns may be published for large groups only.
 */
import type { CountedTable } from "./counted-table.ts"

/** Groups smaller than this are small. Ours: an average of about ten people in each pattern of three or four lists. */
export const SMALL_GROUP = 100

export interface SourcePattern {
  readonly sources: readonly string[]
  /** The smallest group whose patterns the table would show. */
  readonly smallest: number
}

/**
 * @param sourceDimensions dimensions of `table` that say whether a person is on a named list.
 * @returns the pattern to refuse, or null when the rule is kept.
 */
export function forbiddenPattern(
  table: CountedTable,
  sourceDimensions: readonly string[],
): SourcePattern | null {
  const sources = table.dimensions.filter((dimension) => sourceDimensions.includes(dimension))
  if (sources.length < 2) return null
  const groups = table.cells.filter((cell) =>
    table.dimensions.every((dimension, d) => sources.includes(dimension) === (cell.at[d] === null)),
  )
  const smallest = Math.min(...groups.filter((cell) => cell.count > 0).map((cell) => cell.count))
  return smallest < SMALL_GROUP ? { sources, smallest } : null
}
