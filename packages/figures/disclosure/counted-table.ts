/** A table of counts by one to three dimensions, with all its totals: what is to be published. */
import { err, ok, type Result } from "../result.ts"

/** Stands where a dimension is summed over. */
export const TOTAL = null

export interface Cell {
  /** One entry for each dimension: a category, or `TOTAL`. */
  readonly at: readonly (string | typeof TOTAL)[]
  readonly count: number
}

/** One sum: `parts` of `cells` add up to `whole`. */
export interface Relation {
  readonly whole: number
  readonly parts: readonly number[]
}

export interface CountedTable {
  readonly dimensions: readonly string[]
  readonly categories: readonly (readonly string[])[]
  /** Every combination of categories and totals, zeros included. */
  readonly cells: readonly Cell[]
  readonly relations: readonly Relation[]
}

export const MAX_DIMENSIONS = 3
/** Tables with more cells than this cannot be checked in reasonable time, nor read. */
export const MAX_CELLS = 4000

export type CountedTableError =
  | { readonly kind: "too-many-dimensions" }
  | { readonly kind: "too-many-cells"; readonly cells: number }
  | { readonly kind: "nobody" }

/**
 * @param rows categories of one person or group, and how many people it stands for; whole numbers.
 */
export function countedTable(
  dimensions: readonly string[],
  rows: readonly { readonly at: readonly string[]; readonly count: number }[],
): Result<CountedTable, CountedTableError> {
  if (dimensions.length < 1 || dimensions.length > MAX_DIMENSIONS) return err({ kind: "too-many-dimensions" })
  if (!rows.some((row) => row.count > 0)) return err({ kind: "nobody" })
  const categories = dimensions.map((_, d) =>
    [...new Set(rows.map((row) => row.at[d] ?? ""))].sort((a, b) =>
      a.localeCompare(b, "en", { numeric: true }),
    ),
  )
  const size = categories.reduce((product, values) => product * (values.length + 1), 1)
  if (size > MAX_CELLS) return err({ kind: "too-many-cells", cells: size })
  const strides: number[] = []
  let stride = 1
  for (const values of categories) {
    strides.push(stride)
    stride *= values.length + 1
  }
  const counts = new Float64Array(size)
  const places = categories.map((values) => new Map(values.map((value, i) => [value, i])))
  for (const row of rows) {
    // Adds the row to its cell and to every total above it.
    for (let summed = 0; summed < 2 ** dimensions.length; summed++) {
      let index = 0
      categories.forEach((values, d) => {
        const place = summed & (1 << d) ? values.length : (places[d]?.get(row.at[d] ?? "") ?? 0)
        index += place * (strides[d] ?? 0)
      })
      counts[index] = (counts[index] ?? 0) + row.count
    }
  }
  const place = (index: number, d: number): number =>
    Math.floor(index / (strides[d] ?? 1)) % ((categories[d]?.length ?? 0) + 1)
  const cells = Array.from(counts, (count, index) => ({
    at: categories.map((values, d) => values[place(index, d)] ?? TOTAL),
    count,
  }))
  const relations: Relation[] = []
  for (let index = 0; index < size; index++) {
    categories.forEach((values, d) => {
      if (place(index, d) !== values.length) return
      const step = strides[d] ?? 1
      relations.push({
        whole: index,
        parts: values.map((_, i) => index - (values.length - i) * step),
      })
    })
  }
  return ok({ dimensions, categories, cells, relations })
}

/**
 * A name for a cell that is the same in every edition and in every table that holds these people: "region=Argun",
 * whether the table is by region or by region and year; "everybody" for the grand total.
 */
export const cellName = (table: CountedTable, cell: Cell): string =>
  nameOf(
    table.dimensions.flatMap((dimension, d) => {
      const category = cell.at[d]
      return category === TOTAL || category === undefined ? [] : [`${dimension}=${category}`]
    }),
  )

const nameOf = (parts: readonly string[]): string =>
  parts.length === 0 ? "everybody" : [...parts].sort().join("; ")

export const isTotal = (cell: Cell): boolean => cell.at.includes(TOTAL)
