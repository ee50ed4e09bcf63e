/**
 * What linking warned of goes with the clusters, in a column of clusters.csv that has one value for all rows. So whoever
 * counts people from the file finds it there, also after rows were cut or columns joined.
 */
import { isAbsent } from "../../tabular/absent.ts"
import type { Table } from "../../tabular/table.ts"
import { NOTE_CODES, type Note, type NoteCode } from "../notes.ts"

/** A name that data frames and databases leave as it is. */
export const VERDICT_COLUMN = "linkage_warnings"
const IS_VERDICT_COLUMN = /^linkage[-_. ]?warnings$/i
/** Never an empty cell: that is what a join leaves where it found nothing. */
const NO_WARNING = "no-warning"

export const isVerdictColumn = (name: string): boolean => IS_VERDICT_COLUMN.test(name)

/** @returns the codes of all warnings with spaces between, each once, in one order. */
export function verdictOf(notes: readonly Note[]): string {
  const warned = new Set(notes.flatMap(({ severity, code }) => (severity === "warning" ? [code] : [])))
  return NOTE_CODES.filter((code) => warned.has(code)).join(" ") || NO_WARNING
}

export interface Verdict {
  /** What was warned of in any row. */
  readonly codes: readonly NoteCode[]
  /** Words that are no warnings of this version. */
  readonly unknown: readonly string[]
  /** Rows in which nothing stands. */
  readonly unsaid: number
}

/** @returns null where the table has no such column. */
export function readVerdict(table: Table): Verdict | null {
  const column = table.columns.findIndex(isVerdictColumn)
  if (column < 0) return null
  const rowsByValue = new Map<string, number>()
  for (const value of table.cells[column] ?? []) rowsByValue.set(value, (rowsByValue.get(value) ?? 0) + 1)
  let unsaid = 0
  const words = new Set<string>()
  for (const [value, rows] of rowsByValue) {
    if (isAbsent(value)) unsaid += rows
    else for (const word of value.split(/[\s,;|]+/)) words.add(word.toLowerCase())
  }
  words.delete(NO_WARNING)
  words.delete("")
  const codes = NOTE_CODES.filter((code) => words.delete(code))
  return { codes, unknown: [...words], unsaid }
}
