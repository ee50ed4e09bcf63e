/** Two filled-in sheets become agreement, decisions and an audit. */
import type { Constraints, LinkedPairs } from "../clusters/dendrogram.ts"
import { type Agreement, agreementOf, type Decision } from "./agreement.ts"
import { type AuditResult, auditOf, type StratumCount } from "./audit.ts"
import { type ClericalSheet, STRATA } from "./sheet.ts"
import type { DecidedPair } from "./sheet-file.ts"

export interface CombinedDecisions {
  /** Undefined when only one person decided. */
  readonly agreement: Agreement | undefined
  /** Decided the same by everybody who decided, "unsure" left out. */
  readonly settled: readonly DecidedPair[]
  readonly disputed: number
  /** Looked at and not settled: disputed, or unsure. */
  readonly open: readonly (readonly [number, number])[]
  readonly together: Constraints["together"]
  readonly apart: Constraints["apart"]
}

const keyOf = (a: number, b: number): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

/** @param sheets one per person; a pair that they decide differently settles nothing. */
export function combineDecisions(sheets: readonly (readonly DecidedPair[])[]): CombinedDecisions {
  const byPair = new Map<string, { a: number; b: number; decisions: (Decision | undefined)[] }>()
  sheets.forEach((sheet, person) => {
    for (const { a, b, decision } of sheet) {
      const entry = byPair.get(keyOf(a, b)) ?? { a, b, decisions: [] }
      entry.decisions[person] = decision
      byPair.set(keyOf(a, b), entry)
    }
  })
  const both: [Decision, Decision][] = []
  const settled: DecidedPair[] = []
  const open: (readonly [number, number])[] = []
  let disputed = 0
  for (const { a, b, decisions } of byPair.values()) {
    const [first, second] = decisions
    if (first !== undefined && second !== undefined) both.push([first, second])
    const given = decisions.filter((decision) => decision !== undefined)
    const [one] = given
    if (one === undefined) continue
    const agreed = given.every((decision) => decision === one)
    if (agreed && one !== "unsure") settled.push({ a, b, decision: one })
    else open.push([a, b])
    if (!agreed && one !== "unsure") disputed++
  }
  return {
    agreement: both.length === 0 ? undefined : agreementOf(both),
    settled,
    disputed,
    open,
    together: settled.filter(({ decision }) => decision === "same").map(({ a, b }) => [a, b] as const),
    apart: settled.filter(({ decision }) => decision === "different").map(({ a, b }) => [a, b] as const),
  }
}

/** Measures the linkage on the sampled part of the sheet that people looked at. */
export function auditSheet(
  sheet: ClericalSheet,
  pairs: LinkedPairs,
  { settled, open }: Pick<CombinedDecisions, "settled" | "open">,
): AuditResult {
  const left = new Set(open.map(([a, b]) => keyOf(a, b)))
  const decisions = new Map(settled.map(({ a, b, decision }) => [keyOf(a, b), decision]))
  const counts = STRATA.map((stratum): StratumCount => {
    const sampled = sheet.pairs.filter((pair) => pair.sampled && pair.stratum === stratum)
    const undecided = sampled.filter(({ pair }) =>
      left.has(keyOf(pairs.a[pair] as number, pairs.b[pair] as number)),
    )
    const decided = sampled.flatMap(({ pair }) => {
      const decision = decisions.get(keyOf(pairs.a[pair] as number, pairs.b[pair] as number))
      return decision === undefined ? [] : [decision]
    })
    return {
      stratum,
      size: sheet.strataSizes[stratum],
      decided: decided.length,
      same: decided.filter((decision) => decision === "same").length,
      undecided: undecided.length,
    }
  })
  return auditOf(counts)
}
