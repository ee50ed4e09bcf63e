/** From a table of counts to one that may be published, and to a private log of why cells are missing. */
import { type CountedTable, cellName } from "./counted-table.ts"
import { differences, type Edition } from "./editions.ts"
import type { LinearSolver } from "./linear-program.ts"
import { type KeyedUniform, keyedRounding } from "./rounding.ts"
import { LEAST_THRESHOLD, type SuppressionReason, suppress } from "./suppression.ts"

export interface Protection {
  readonly threshold: number
  /** Rounds what is printed to base 5 when given. */
  readonly rounding?: KeyedUniform
  readonly earlier?: readonly Edition[]
}

export interface ProtectedTable {
  /** Safe to publish: says of a missing cell only that it is missing, never why. */
  readonly published: PublishedTable
  /** For whoever made the table; never to be published. */
  readonly log: readonly LogEntry[]
  readonly warnings: readonly DisclosureFinding[]
}

export interface PublishedTable extends Edition {
  readonly dimensions: readonly string[]
  readonly categories: readonly (readonly string[])[]
  readonly cells: readonly {
    readonly name: string
    readonly at: readonly (string | null)[]
    readonly value: number | null
  }[]
  /** Narrowest range that a reader can work out for a protected cell; at least the threshold. `null` for no limit. */
  readonly narrowestRange: number | null
}

export interface LogEntry {
  readonly name: string
  readonly count: number
  readonly reason: SuppressionReason
  readonly text: string
}

export interface DisclosureFinding {
  readonly code: "too-fine" | "already-published" | "follows-from-earlier" | "not-additive"
  readonly text: string
}

/** @throws RangeError for a threshold below 5: no option may lower it. */
export function protect(table: CountedTable, solver: LinearSolver, settings: Protection): ProtectedTable {
  const { threshold, rounding } = settings
  if (!Number.isInteger(threshold) || threshold < LEAST_THRESHOLD)
    throw new RangeError(`a threshold is a whole number from ${LEAST_THRESHOLD}`)
  const against = differences(table, settings.earlier ?? [], threshold)
  const sensitive = new Map<number, SuppressionReason>(
    [...against.toHide].map((cell) => [cell, "difference"] as const),
  )
  for (const cell of against.leftOutBefore) if (!sensitive.has(cell)) sensitive.set(cell, "left-out-before")
  const { reasons, attacks, lost } = suppress(table, solver, threshold, sensitive, against)
  const narrowest = Math.min(...attacks.map(({ low, high }) => high - low))
  const cells = table.cells.map((cell, i) => {
    const name = cellName(table, cell)
    const value = reasons.has(i)
      ? null
      : rounding === undefined
        ? cell.count
        : keyedRounding(cell.count, name, rounding)
    return { name, at: cell.at, value }
  })
  const log = [...reasons].map(([i, reason]) => {
    const cell = table.cells[i]
    return {
      name: cells[i]?.name ?? "",
      count: cell?.count ?? 0,
      reason,
      text: reasonText(reason, threshold),
    }
  })
  const warnings: DisclosureFinding[] = []
  const inner = table.cells.filter((cell) => !cell.at.includes(null)).length
  const hiddenInner = [...reasons.keys()].filter((i) => !table.cells[i]?.at.includes(null)).length
  if (hiddenInner > inner / 2)
    warnings.push({
      code: "too-fine",
      text: `${hiddenInner} of ${inner} cells cannot be printed. The table is too fine for so few people: join categories (years, districts into regions) and run again.`,
    })
  if (against.alreadyPublished.length > 0)
    warnings.push({
      code: "already-published",
      text: `An earlier edition printed these cells, which are too small now: ${against.alreadyPublished.join(", ")}. To leave them out now hides nothing; decide whether the earlier edition can be withdrawn.`,
    })
  if (lost.length > 0)
    warnings.push({
      code: "follows-from-earlier",
      text: `Readers who keep an earlier edition can work these cells out, whatever is left out now: ${lost.map((i) => cells[i]?.name).join(", ")}. Publish this table in coarser categories, or wait until more people have been added.`,
    })
  if (rounding !== undefined)
    warnings.push({
      code: "not-additive",
      text: "Numbers are rounded to multiples of 5 one by one, so rows need not add up to their totals. Say so below the table.",
    })
  return {
    published: {
      dimensions: table.dimensions,
      categories: table.categories,
      threshold,
      rounded: rounding !== undefined,
      cells,
      narrowestRange: Number.isFinite(narrowest) ? narrowest : null,
    },
    log,
    warnings,
  }
}

function reasonText(reason: SuppressionReason, threshold: number): string {
  switch (reason) {
    case "small":
      return `fewer than ${threshold} people`
    case "complementary":
      return "could be used to work out a smaller cell from a total"
    case "difference":
      return `differs from an earlier edition by fewer than ${threshold} people`
    case "left-out-before":
      return "was left out in an earlier edition and may not have changed since; printed now, it would give away what stood beside it"
    case "all-in-one-cell":
      return "holds everybody of its row or column, which says of each of them where they belong"
  }
}
