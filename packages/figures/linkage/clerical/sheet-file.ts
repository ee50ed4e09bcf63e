/** The clerical sheet as a CSV file, and back. */

import { err, ok, type Result } from "../../result.ts"
import { columnIndex, type Table } from "../../tabular/table.ts"
import type { LinkedPairs } from "../clusters/dendrogram.ts"
import { csvLine } from "../output/csv-line.ts"
import type { LinkageRecords } from "../records/fields.ts"
import { DECISIONS, type Decision } from "./agreement.ts"
import type { ClericalSheet } from "./sheet.ts"

const PAIR = "pair"
const DECISION = "decision"
const REMARK = "remark"

/** Every column twice, side by side, as the lists have it; then the decision and a remark, both empty. */
export function* sheetLines(
  sheet: ClericalSheet,
  pairs: LinkedPairs,
  records: LinkageRecords,
): Generator<string> {
  const head = records.shown.flatMap(({ label }) => [`${label} (1)`, `${label} (2)`])
  yield csvLine([PAIR, ...head, DECISION, REMARK])
  for (const { pair } of sheet.pairs) {
    const a = pairs.a[pair] as number
    const b = pairs.b[pair] as number
    const values = records.shown.flatMap(({ values }) => [values[a] ?? "", values[b] ?? ""])
    yield csvLine([pairName(records, a, b), ...values, "", ""])
  }
}

/** `list 1 #12 ~ list 2 #7`: row numbers, so that the name holds however ids look. */
export function pairName(records: LinkageRecords, a: number, b: number): string {
  return `${rowName(records, a)}~${rowName(records, b)}`
}

function rowName({ listOf }: LinkageRecords, record: number): string {
  const list = listOf[record] as number
  const first = listOf.indexOf(list)
  return `${list + 1}:${record - first + 1}`
}

export interface DecidedPair {
  readonly a: number
  readonly b: number
  readonly decision: Decision
}

export type SheetError =
  | { readonly kind: "not-a-sheet"; readonly source: string }
  | { readonly kind: "other-lists"; readonly source: string; readonly pair: string }
  | {
      readonly kind: "unknown-decision"
      readonly source: string
      readonly pair: string
      readonly decision: string
    }

export function sheetErrorText(error: SheetError): string {
  switch (error.kind) {
    case "not-a-sheet":
      return `${error.source} is no clerical file: it lacks the columns "${PAIR}" and "${DECISION}". Give a copy of the clerical.csv that was written beside the clusters.`
    case "other-lists":
      return `${error.source} names the pair ${error.pair}, which these lists do not have. Link the files that it was made from, in the same order; if rows were added since, have a new one filled in.`
    case "unknown-decision":
      return `${error.source}, pair ${error.pair}: the decision is "${error.decision}". Write ${DECISIONS.join(", ")}, or leave it empty.`
  }
}

/** What people fill in, in the languages that they may think in. */
const WORDS: Readonly<Record<string, Decision>> = {
  ...{ same: "same", s: "same", "1": "same", yes: "same", y: "same", да: "same", один: "same", ja: "same" },
  ...{
    different: "different",
    d: "different",
    "0": "different",
    no: "different",
    n: "different",
    нет: "different",
  },
  ...{ разные: "different", nein: "different", nej: "different" },
  ...{ unsure: "unsure", u: "unsure", "?": "unsure", "не знаю": "unsure" },
}

/** Reads a filled-in sheet; rows without a decision are left out. */
export function readSheet(table: Table, records: LinkageRecords): Result<readonly DecidedPair[], SheetError> {
  const { source } = table
  const pairColumn = columnIndex(table, PAIR)
  const decisionColumn = columnIndex(table, DECISION)
  if (pairColumn === undefined || decisionColumn === undefined) return err({ kind: "not-a-sheet", source })
  const decided: DecidedPair[] = []
  for (let row = 0; row < table.rows; row++) {
    const pair = table.cells[pairColumn]?.[row] ?? ""
    const written = (table.cells[decisionColumn]?.[row] ?? "").toLowerCase()
    if (written === "") continue
    // "constructor" is a word that every object knows.
    const decision = Object.hasOwn(WORDS, written) ? WORDS[written] : undefined
    if (decision === undefined) return err({ kind: "unknown-decision", source, pair, decision: written })
    const [a, b] = pair.split("~").map((name) => recordOf(name, records))
    if (a === undefined || b === undefined) return err({ kind: "other-lists", source, pair })
    decided.push({ a, b, decision })
  }
  return ok(decided)
}

function recordOf(name: string, { listOf, lists, count }: LinkageRecords): number | undefined {
  const parts = /^(\d+):(\d+)$/.exec(name)
  if (parts === null) return undefined
  const list = Number(parts[1]) - 1
  if (list >= lists.length) return undefined
  const record = listOf.indexOf(list) + Number(parts[2]) - 1
  return record < count && listOf[record] === list ? record : undefined
}
