/**
 * How many people each row of a file stands for. To publish rows in place of people would be a confident wrong number:
 * a column of counts goes by many names, and linked records name one person several times.
 */

import { isCountName, isRowNumber, isSurelyCountName } from "../estimators/read-captures.ts"
import { clusterColumns, countPeople } from "../estimators/read-clusters.ts"
import { isClusterColumn } from "../linkage/output/files.ts"
import { err, ok, type Result } from "../result.ts"
import { columnIndex, type Table } from "../tabular/table.ts"

export interface CountedRow {
  readonly at: readonly string[]
  readonly count: number
}

export type PeopleError =
  | { readonly kind: "no-such-column"; readonly column: string }
  | { readonly kind: "count-not-whole"; readonly row: number; readonly value: string }
  | { readonly kind: "count-unclear"; readonly columns: readonly string[] }
  | { readonly kind: "not-of-people"; readonly column: string }

export interface PeopleOptions {
  readonly by: readonly string[]
  /** The column of counts; found when absent. */
  readonly count?: string
  /** The user says that every row is one person. */
  readonly everyRow?: boolean
}

/** A number of people, as a spreadsheet may write it. */
const WHOLE = /^\d+(\.0+)?$/

export function readPeople(table: Table, options: PeopleOptions): Result<readonly CountedRow[], PeopleError> {
  const { by, count } = options
  const missing = [...by, ...(count === undefined ? [] : [count])].find(
    (name) => columnIndex(table, name) === undefined,
  )
  if (missing !== undefined) return err({ kind: "no-such-column", column: missing })
  const clusters = clusterColumns(table)
  if (clusters !== null && count === undefined && options.everyRow !== true) {
    const ofRecords = by.find((name) => isClusterColumn(name))
    return ofRecords === undefined
      ? ok(countPeople(table, clusters, by))
      : err({ kind: "not-of-people", column: ofRecords })
  }
  const column = countColumn(table, options)
  if (!column.ok) return column
  const rows: CountedRow[] = []
  for (let row = 0; row < table.rows; row++) {
    const written = column.value < 0 ? "1" : (table.cells[column.value]?.[row] ?? "")
    if (!WHOLE.test(written)) return err({ kind: "count-not-whole", row: row + 2, value: written })
    rows.push({
      at: by.map((name) => table.cells[columnIndex(table, name) ?? -1]?.[row] ?? ""),
      count: Number(written),
    })
  }
  return ok(rows)
}

/** By its name; else none, unless numbers stand where no two rows are otherwise alike, as in a table of counts. */
function countColumn(table: Table, { by, count, everyRow }: PeopleOptions): Result<number, PeopleError> {
  if (everyRow === true) return ok(-1)
  if (count !== undefined) return ok(columnIndex(table, count) ?? -1)
  const cellsOf = (column: number): readonly string[] => table.cells[column] ?? []
  const open = table.columns.flatMap((name, column) => (by.includes(name) ? [] : [column]))
  const surely = open.find((column) => isSurelyCountName(table.columns[column] ?? ""))
  if (surely !== undefined) return ok(surely)
  const numbers = open.filter(
    (column) =>
      cellsOf(column).length > 2 &&
      cellsOf(column).every((value) => WHOLE.test(value)) &&
      cellsOf(column).some((value) => Number(value) > 1) &&
      !isRowNumber(cellsOf(column)),
  )
  const called = numbers.find((column) => isCountName(table.columns[column] ?? ""))
  if (called !== undefined) return ok(called)
  const suspects = numbers.filter((column) => everyRowDiffers(table, column, by))
  return suspects.length === 0
    ? ok(-1)
    : err({ kind: "count-unclear", columns: suspects.map((column) => table.columns[column] ?? "") })
}

/** Without this column, and without what names each row by itself. */
function everyRowDiffers(table: Table, without: number, by: readonly string[]): boolean {
  const kept = table.columns.flatMap((name, column) => {
    const cells = table.cells[column] ?? []
    const namesRows = new Set(cells).size === table.rows && !by.includes(name)
    return column === without || namesRows ? [] : [cells]
  })
  const seen = new Set<string>()
  for (let row = 0; row < table.rows; row++) seen.add(kept.map((cells) => cells[row] ?? "").join("\u0000"))
  return seen.size === table.rows
}
