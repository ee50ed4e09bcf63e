/** Records as linking sees them, from a table in memory: the columns guessed, as the command guesses them. */
import type { Table } from "../../tabular/table.ts"
import { guessMapping, mappingOf } from "../mapping/guess-mapping.ts"
import { nameVariants } from "../names/name-variants.ts"
import { type BuiltRecords, buildRecords } from "../records/build-records.ts"

/** @param truth a column that is withheld. */
export function recordsOf(tables: readonly Table[], truth?: string): BuiltRecords {
  const columns = [...new Set(tables.flatMap((table) => table.columns))]
  const samples = columns.map((name) => {
    const files = tables.flatMap((table, file) => (table.columns.includes(name) ? [file] : []))
    return {
      name,
      files,
      lists: files.map((file) => tables[file]?.cells[tables[file]?.columns.indexOf(name) ?? -1] ?? []),
    }
  })
  return buildRecords(tables, mappingOf(guessMapping(samples, truth)), nameVariants())
}

/** "a,b\n1,2" as a table. Values hold no commas. */
export function tableOf(source: string, text: string): Table {
  const [head = "", ...lines] = text.trim().split("\n")
  const columns = head.split(",")
  const rows = lines.map((line) => line.split(","))
  return {
    source,
    columns,
    rows: rows.length,
    cells: columns.map((_, at) => rows.map((row) => row[at] ?? "")),
    format: { kind: "csv", encoding: "utf-8", separator: "," },
  }
}
