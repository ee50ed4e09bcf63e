/**
 * What earlier editions give away together with this one. Two tables that are safe apart can show, by their
 * difference, the few people who came in between.
 */
import { type CountedTable, cellName } from "./counted-table.ts"

/** The publishable part of an earlier run: names of cells with what was printed. */
export interface Edition {
  readonly threshold: number
  readonly rounded: boolean
  readonly cells: readonly { readonly name: string; readonly value: number | null }[]
}

export interface DifferenceFindings {
  /** Cells that may not be printed now, because the difference to an earlier edition is small. */
  readonly toHide: ReadonlySet<number>
  /** Cells below the threshold now that an earlier edition printed: hiding them hides nothing. */
  readonly alreadyPublished: readonly string[]
}

/**
 * @param slack how far a printed value may be from the truth: 0 for exact values, 4 for values rounded to base 5.
 *   With rounding on both sides a difference of a few cannot be told from rounding, unless it is zero or large.
 */
export function differences(
  table: CountedTable,
  earlier: readonly Edition[],
  threshold: number,
): DifferenceFindings {
  const toHide = new Set<number>()
  const alreadyPublished = new Set<string>()
  const byName = new Map(table.cells.map((cell, i) => [cellName(table, cell), i]))
  for (const edition of earlier) {
    for (const { name, value } of edition.cells) {
      const index = byName.get(name)
      if (index === undefined || value === null) continue
      const count = table.cells[index]?.count ?? 0
      const difference = Math.abs(count - value)
      const slack = edition.rounded ? 4 : 0
      // A rounded value that is within rounding of today's count shows no difference at all.
      if (difference > slack && difference < threshold) toHide.add(index)
      if (count < threshold && !edition.rounded) alreadyPublished.add(name)
    }
  }
  return { toHide, alreadyPublished: [...alreadyPublished] }
}
