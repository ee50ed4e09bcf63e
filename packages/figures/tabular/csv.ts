/** Comma-separated values (RFC 4180) as people really save them: other separators, quotes, any line ending. */
import { err, ok, type Result } from "../result.ts"
import { decodeText, looksBinary } from "./encoding.ts"
import type { Table, TableError } from "./table.ts"

const SEPARATORS = [",", ";", "\t", "|"] as const

/**
 * Reads a whole CSV file.
 *
 * The first non-empty line names the columns. Spaces around values and names are removed; empty lines, and rows of
 * nothing but separators as spreadsheets leave them at the end, are passed over: they are nobody; empty values beyond the
 * last column are dropped. Any other uneven row is an error, since a
 * shifted column would silently link the wrong people.
 */
export function parseCsv(bytes: Uint8Array, source: string): Result<Table, TableError> {
  if (looksBinary(bytes)) return err({ kind: "not-text", source })
  const { text, encoding } = decodeText(bytes)
  const separator = guessSeparator(text)
  const columns: string[] = []
  const cells: string[][] = []
  let rows = 0
  let problem: TableError | undefined
  const end = scan(text, separator, (values, line) => {
    if (columns.length === 0) {
      columns.push(...values)
      for (const _ of values) cells.push([])
      return true
    }
    if (values.every((value) => value === "")) return true
    if (values.length !== columns.length) {
      const surplus = values.slice(columns.length)
      const onlyEmptySurplus = values.length > columns.length && surplus.every((value) => value === "")
      if (!onlyEmptySurplus) {
        problem = { kind: "uneven-row", source, line, expected: columns.length, found: values.length }
        return false
      }
    }
    for (let column = 0; column < columns.length; column++) cells[column]?.push(values[column] ?? "")
    rows++
    return true
  })
  if (problem !== undefined) return err(problem)
  if (end.openQuoteLine !== undefined) return err({ kind: "open-quote", source, line: end.openQuoteLine })
  if (columns.length === 0) return err({ kind: "empty", source })
  if (columns.every((name) => name === "")) return err({ kind: "no-header", source })
  const repeated = columns.find((name, index) => name !== "" && columns.indexOf(name) < index)
  if (repeated !== undefined) return err({ kind: "duplicate-column", source, column: repeated })
  if (rows === 0) return err({ kind: "empty", source })
  const named = columns.map((name, index) => (name === "" ? `column ${index + 1}` : name))
  return ok({ source, columns: named, rows, cells, format: { kind: "csv", encoding, separator } })
}

/**
 * The separator under which the first lines have the same number of values, and the most of them. `sep=;`,
 * which Excel writes and reads, is obeyed.
 */
export function guessSeparator(text: string): string {
  const declared = /^sep=(.)\r?\n/.exec(text)?.[1]
  if (declared !== undefined) return declared
  let best: { separator: string; even: number; width: number } | undefined
  for (const separator of SEPARATORS) {
    const widths: number[] = []
    scan(text.slice(0, 200_000), separator, (values) => widths.push(values.length) < 100)
    const width = widths[0] ?? 0
    if (width < 2) continue
    const even = widths.filter((other) => other === width).length / widths.length
    if (best === undefined || even > best.even + 0.05 || (even > best.even - 0.05 && width > best.width)) {
      best = { separator, even, width }
    }
  }
  return best?.separator ?? ","
}

interface ScanEnd {
  readonly openQuoteLine?: number
}

const QUOTE = 34
const CARRIAGE_RETURN = 13
const LINE_FEED = 10
const SPACE = 32

/** Walks over the rows until `onRow` answers false. `line` is where the row begins, counted from 1. */
function scan(text: string, separator: string, onRow: (values: string[], line: number) => boolean): ScanEnd {
  const separatorCode = separator.charCodeAt(0)
  const length = text.length
  let at = /^sep=.\r?\n/.exec(text)?.[0].length ?? 0
  let line = at === 0 ? 1 : 2
  while (at < length) {
    const rowLine = line
    const values: string[] = []
    let rowEnds = false
    while (!rowEnds) {
      while (at < length && text.charCodeAt(at) === SPACE) at++
      let value: string
      if (text.charCodeAt(at) === QUOTE) {
        const opened = line
        let from = at + 1
        let pieces = ""
        for (;;) {
          const close = text.indexOf('"', from)
          if (close < 0) return { openQuoteLine: opened }
          pieces += text.slice(from, close)
          if (text.charCodeAt(close + 1) === QUOTE) {
            pieces += '"'
            from = close + 2
            continue
          }
          at = close + 1
          break
        }
        line += countLines(pieces)
        // What stands between the closing quote and the separator belongs to the value: `"a" b` is a" b badly written.
        const from2 = at
        while (at < length && !isEnd(text.charCodeAt(at), separatorCode)) at++
        value = (pieces + text.slice(from2, at)).trim()
      } else {
        const from = at
        while (at < length && !isEnd(text.charCodeAt(at), separatorCode)) at++
        value = text.slice(from, at).trim()
      }
      values.push(value)
      if (at >= length) rowEnds = true
      else {
        const code = text.charCodeAt(at)
        at++
        if (code === separatorCode) continue
        if (code === CARRIAGE_RETURN && text.charCodeAt(at) === LINE_FEED) at++
        line++
        rowEnds = true
      }
    }
    const blank = values.length === 1 && values[0] === ""
    if (!blank && !onRow(values, rowLine)) return {}
  }
  return {}
}

function isEnd(code: number, separatorCode: number): boolean {
  return code === separatorCode || code === LINE_FEED || code === CARRIAGE_RETURN
}

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++
  return lines
}
