/**
 * How many people each row of a file stands for. To publish rows in place of people would be a confident wrong number:
 * a column of counts goes by many names, and linked records name one person several times.
 */

import { type Finding, finding } from "../estimators/finding.ts"
import { isSureEnough, isTooDoubtful, verdictFindings } from "../estimators/linkage-findings.ts"
import { isCountName, isRowNumber, isSurelyCountName } from "../estimators/read-captures.ts"
import {
  type ClusterColumns,
  clusterColumns,
  clusterFindings,
  countPeople,
  minimumOf,
  notOneLinkage,
} from "../estimators/read-clusters.ts"
import { isClusterColumn } from "../linkage/output/files.ts"
import { readVerdict } from "../linkage/output/verdict.ts"
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
  | { readonly kind: "not-linked"; readonly column: string; readonly row: number }
  | { readonly kind: "not-nested"; readonly row: number }
  /** Who was linked to whom is not tenable: never empty. */
  | { readonly kind: "linkage-untenable"; readonly reasons: readonly Finding[] }
  /** Too few of so many people are surely distinct. */
  | { readonly kind: "linkage-doubtful"; readonly minimum: number; readonly people: number }

export interface PeopleOptions {
  readonly by: readonly string[]
  /** The column of counts; found when absent. */
  readonly count?: string
  /** The user says that every row is one person. */
  readonly everyRow?: boolean
}

/** A number of people, as a spreadsheet may write it. */
const WHOLE = /^\d+(\.0+)?$/

export interface People {
  readonly rows: readonly CountedRow[]
  /** What of the linkage, where there was one, speaks against these counts. */
  readonly warnings: readonly Finding[]
}

export function readPeople(table: Table, options: PeopleOptions): Result<People, PeopleError> {
  const { by, count } = options
  const missing = [...by, ...(count === undefined ? [] : [count])].find(
    (name) => columnIndex(table, name) === undefined,
  )
  if (missing !== undefined) return err({ kind: "no-such-column", column: missing })
  const clusters = clusterColumns(table)
  if (clusters !== null && count === undefined && options.everyRow !== true)
    return linkedPeople(table, clusters, by)
  const verdict = readVerdict(table)
  const { refusals, warnings } = verdict === null ? { refusals: [], warnings: [] } : verdictFindings(verdict)
  if (refusals.length > 0) return err({ kind: "linkage-untenable", reasons: refusals })
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
  return ok({ rows, warnings })
}

/** Counted as the likeliest linkage sees them, unless that is no number of people. */
function linkedPeople(
  table: Table,
  clusters: ClusterColumns,
  by: readonly string[],
): Result<People, PeopleError> {
  const ofRecords = by.find((name) => isClusterColumn(name))
  if (ofRecords !== undefined) return err({ kind: "not-of-people", column: ofRecords })
  const wrong = notOneLinkage(table, clusters)
  if (wrong !== null) return err(wrong)
  const { refusals, warnings, confirms } = clusterFindings(table, clusters)
  if (refusals.length > 0) return err({ kind: "linkage-untenable", reasons: refusals })
  const rows = countPeople(table, clusters, by)
  const people = rows.reduce((sum, { count }) => sum + count, 0)
  const all = Array.from({ length: table.rows }, (_, row) => row)
  const minimum = minimumOf(table, clusters, all, confirms) ?? 0
  if (isTooDoubtful(minimum, people)) return err({ kind: "linkage-doubtful", minimum, people })
  const sure = isSureEnough(minimum, people) ? [] : [someTwice(minimum, people)]
  return ok({ rows, warnings: [...sure, ...warnings] })
}

const someTwice = (minimum: number, people: number): Finding =>
  finding(
    "linkage-uncertain",
    `Of the ${people} people who are counted here only ${minimum} are surely different from one another, so some may be counted twice: have the doubtful pairs decided (clerical.csv) and link again.`,
  )

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
