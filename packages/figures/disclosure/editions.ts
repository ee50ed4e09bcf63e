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
   * Cells that an earlier edition left out and that may not have changed since: to print them now would let readers
   * work out what was left out beside them.
   */
  readonly leftOutBefore: ReadonlySet<number>
  /** What readers know of the cells to hide, from the earlier value and the rule that hides them. */
  readonly bounds: ReadonlyMap<number, Bounds>
  /** Cells whose exact value a reader has from an earlier edition: hiding them protects nothing else. */
  readonly known: ReadonlySet<number>
  /** Cells below the threshold now that an earlier edition printed: hiding them hides nothing. */
  readonly alreadyPublished: readonly string[]
}

export interface Bounds {
  readonly low: number
  readonly high: number
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
  const bounds = new Map<number, Bounds>()
  const alreadyPublished = new Set<string>()
  const byName = new Map(table.cells.map((cell, i) => [cellName(table, cell), i]))
  const countOf = (name: string): number | undefined => table.cells[byName.get(name) ?? -1]?.count
  for (const edition of earlier) {
    const slack = edition.rounded ? ROUNDING_SLACK : 0
    for (const { name, value } of edition.cells) {
      const index = byName.get(name)
      if (index === undefined) continue
      if (value === null) {
        if (mayBeUnchanged(name, edition, countOf, threshold)) leftOutBefore.add(index)
        continue
      }
      const count = table.cells[index]?.count ?? 0
      const difference = Math.abs(count - value)
      // A rounded value that is within rounding of today's count shows no difference at all.
      if (difference > slack && difference < threshold) {
        toHide.add(index)
        const before = bounds.get(index)
        bounds.set(index, {
          low: Math.max(0, before?.low ?? 0, value - threshold + 1),
          high: Math.min(before?.high ?? Number.POSITIVE_INFINITY, value + threshold - 1),
        })
      }
      if (difference === 0 && !edition.rounded) known.add(index)
      if (count < threshold && !edition.rounded) alreadyPublished.add(name)
    }
  }
  for (const index of known) leftOutBefore.delete(index)
  return { toHide, leftOutBefore, bounds, known, alreadyPublished: [...alreadyPublished] }
}

/** Whether any cell that it printed has changed by less than the threshold: others may not have changed at all. */
function sharesPeople(
  { cells, rounded }: Edition,
  countOf: (name: string) => number | undefined,
  threshold: number,
): boolean {
  const slack = rounded ? ROUNDING_SLACK : 0
  return cells.some(({ name, value }) => {
    const count = countOf(name)
    return count !== undefined && value !== null && Math.abs(count - value) < threshold + slack
  })
}

/**
 * Whether a reader may take a cell that was left out for what it was, or all that was left out beside it. Its edition
 * shows what its missing cells were together. Only a cell that is now larger than that, with others beside it that are
 * larger than that too, has surely changed, and they with it. Where the edition shows no sum, any people in common do.
 */
function mayBeUnchanged(
  name: string,
  edition: Edition,
  countOf: (name: string) => number | undefined,
  threshold: number,
): boolean {
  const count = countOf(name) ?? 0
  const parts = name.split(PARTS)
  const sums = parts.flatMap((part) => leftOutTogether(name, part, edition, countOf) ?? [])
  return sums.length === 0
    ? sharesPeople(edition, countOf, threshold)
    : sums.some(({ then, now }) => count < then + threshold || now - count < then + threshold)
}

const PARTS = "; "

/** Of the cells beside one that its edition left out: what they were together then, at most, and are now. */
function leftOutTogether(
  name: string,
  part: string,
  { cells, rounded }: Edition,
  countOf: (name: string) => number | undefined,
): { readonly then: number; readonly now: number } | undefined {
  const rest = name.split(PARTS).filter((other) => other !== part)
  const dimension = `${part.split("=")[0]}=`
  const beside = cells.filter((cell) => {
    const parts = cell.name.split(PARTS)
    return (
      parts.length === rest.length + 1 &&
      rest.every((other) => parts.includes(other)) &&
      parts.some((other) => other.startsWith(dimension) && !rest.includes(other))
    )
  })
  const whole = cells.find((cell) => cell.name === (rest.length === 0 ? "everybody" : rest.join(PARTS)))
  if (whole === undefined || whole.value === null) return undefined
  let then = whole.value + (rounded ? ROUNDING_SLACK : 0)
  let now = 0
  for (const cell of beside) {
    if (cell.value === null) now += countOf(cell.name) ?? 0
    else then -= cell.value - (rounded ? ROUNDING_SLACK : 0)
  }
  return { then, now }
}
