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
  /**
   * Cells that an earlier edition of the same people left out: to print them now would let readers work out what
   * was left out beside them.
   */
  readonly leftOutBefore: ReadonlySet<number>
  /** Cells whose exact value a reader has from an earlier edition: hiding them protects nothing else. */
  readonly known: ReadonlySet<number>
  /** Cells below the threshold now that an earlier edition printed: hiding them hides nothing. */
  readonly alreadyPublished: readonly string[]
}

/** How far a value rounded to base 5 may be from the truth. */
const ROUNDING_SLACK = 4

/**
 * Compares every cell that two editions have in common, whatever the dimensions of either: a table by region and
 * one by region and year share their regional totals.
 */
export function differences(
  table: CountedTable,
  earlier: readonly Edition[],
  threshold: number,
): DifferenceFindings {
  const toHide = new Set<number>()
  const leftOutBefore = new Set<number>()
  const known = new Set<number>()
  const alreadyPublished = new Set<string>()
  const byName = new Map(table.cells.map((cell, i) => [cellName(table, cell), i]))
  for (const edition of earlier) {
    const samePeople = isOfSamePeople(edition, table, byName)
    for (const { name, value } of edition.cells) {
      const index = byName.get(name)
      if (index === undefined) continue
      if (value === null) {
        if (samePeople) leftOutBefore.add(index)
        continue
      }
      const count = table.cells[index]?.count ?? 0
      const difference = Math.abs(count - value)
      const slack = edition.rounded ? ROUNDING_SLACK : 0
      // A rounded value that is within rounding of today's count shows no difference at all.
      if (difference > slack && difference < threshold) toHide.add(index)
      if (difference === 0 && !edition.rounded) known.add(index)
      if (count < threshold && !edition.rounded) alreadyPublished.add(name)
    }
  }
  for (const index of known) leftOutBefore.delete(index)
  return { toHide, leftOutBefore, known, alreadyPublished: [...alreadyPublished] }
}

/** By all cells that it printed and that are here too: all the same, and one of them at least. */
function isOfSamePeople(
  { cells, rounded }: Edition,
  table: CountedTable,
  byName: ReadonlyMap<string, number>,
): boolean {
  let shared = 0
  for (const { name, value } of cells) {
    const index = byName.get(name)
    if (index === undefined || value === null) continue
    if (Math.abs((table.cells[index]?.count ?? 0) - value) > (rounded ? ROUNDING_SLACK : 0)) return false
    shared++
  }
  return shared > 0
}
