/** A table as it was written: every cell a text, nothing guessed, nothing dropped. */
export interface Table {
  /** Where it came from, as the user named it. */
  readonly source: string
  readonly columns: readonly string[]
  /** Number of rows, without the header. */
  readonly rows: number
  /** `cells[column][row]`; an absent value is `""`. Spaces around a value are removed. */
  readonly cells: readonly (readonly string[])[]
  /** How the file was understood, for the report: encoding, separator. */
  readonly format: TableFormat
}

export type TableFormat =
  | { readonly kind: "csv"; readonly encoding: string; readonly separator: string }
  | { readonly kind: "parquet" }

/** Why a file is no table. Every kind has a sentence in `tableErrorText`. */
export type TableError =
  | { readonly kind: "cannot-read"; readonly source: string; readonly cause: string }
  | { readonly kind: "empty"; readonly source: string }
  | { readonly kind: "not-text"; readonly source: string }
  | { readonly kind: "no-header"; readonly source: string }
  | { readonly kind: "duplicate-column"; readonly source: string; readonly column: string }
  | { readonly kind: "open-quote"; readonly source: string; readonly line: number }
  | {
      readonly kind: "uneven-row"
      readonly source: string
      readonly line: number
      readonly expected: number
      readonly found: number
    }

/** One sentence that says what is wrong and what to do. */
export function tableErrorText(error: TableError): string {
  switch (error.kind) {
    case "cannot-read":
      return `${error.source} cannot be read (${error.cause}). Check the name and that the file may be opened.`
    case "empty":
      return `${error.source} has no rows. Export it again with a header line and the data below it.`
    case "not-text":
      return `${error.source} is neither text nor Parquet. Save the table as CSV (UTF-8) and try again.`
    case "no-header":
      return `${error.source} has no header line with names of columns. Add one as the first line.`
    case "duplicate-column":
      return `${error.source} has two columns named "${error.column}". Rename one, so that it is clear which is meant.`
    case "open-quote":
      return `${error.source}, line ${error.line}: a quotation mark opens and never closes. Close it, or double it if it belongs to the value.`
    case "uneven-row":
      return `${error.source}, line ${error.line}: ${error.found} values where the header has ${error.expected}. Put a value that contains the separator between quotation marks.`
  }
}

/** Position of a column by its exact name, or undefined. */
export function columnIndex(table: Table, name: string): number | undefined {
  const index = table.columns.indexOf(name)
  return index < 0 ? undefined : index
}
