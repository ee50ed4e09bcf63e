/** What `kunak estimate` prints for people: what speaks against the numbers first, then the three answers. */
import { publishedEstimate, publishedLower, publishedUpper } from "../../disclosure/published-estimate.ts"
import { againstTotal } from "../agreement.ts"
import type { Estimation } from "../estimate-captures.ts"
import type { Evaluation } from "../evaluate.ts"
import type { Finding } from "../finding.ts"
import { CRITICISM, STANDING_ASSUMPTIONS } from "../known-limits.ts"
import { people } from "../people.ts"
import type { EstimatorResult } from "../result.ts"
import { reportedRange } from "./json.ts"

const wrap = (text: string, indent: string): string => {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > 100) {
      lines.push(line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${indent}`)
}

const bullet = (item: Finding): string => `  ! ${wrap(item.text, "    ")}  [${item.code}]`

export function estimationText(estimation: Estimation, report?: string): string {
  const { whole: evaluation } = estimation
  const out: string[] = []
  const warnings = [...evaluation.warnings, ...evaluation.agreement.warnings]
  if (warnings.length > 0) out.push("Before the numbers", ...warnings.map(bullet), "")
  const against = againstTotal(evaluation.total)
  if (against.length > 0) out.push("Against the estimated total", ...against.map(bullet), "")
  const reported = reportedRange(estimation)
  out.push(
    `Confirmed minimum  ${minimumText(estimation)}`,
    `Reported range     ${reported === null ? "not stated: how many people a list names hangs on the linkage too" : `${people(reported.low)} to ${people(reported.high)} by single lists (${evaluation.lists.map((list) => `${list.name} ${people(list.total)}`).join(", ")})`}`,
    `Estimated total    ${totalText(evaluation)}`,
    ...(estimation.strata.length === 0 || estimation.untenable
      ? []
      : ["                   of all together; the sum of the strata stands below"]),
    "",
  )
  if (estimation.linkages > 0)
    out.push(
      `Estimates are pooled over ${estimation.linkages} plausible linkages of the records: intervals hold the doubt about who is the same person too.`,
      "",
    )
  out.push(...estimatorTable(evaluation.estimators), "")
  out.push("Against each number", ...reasons(evaluation.estimators), "")
  // Of parts the same is to be said as of the whole, and nothing else.
  const parts = estimation.untenable ? [] : estimation.strata
  for (const stratum of parts) {
    out.push(
      `Stratum ${stratum.name}: ${people(stratum.evaluation.n)} people seen`,
      ...stratum.evaluation.warnings.map(bullet),
      ...stratum.evaluation.agreement.warnings.map(bullet),
      ...estimatorTable(stratum.evaluation.estimators),
      "  Against each number",
      ...reasons(stratum.evaluation.estimators),
      "",
    )
  }
  if (estimation.sum.length > 0 && !estimation.untenable)
    out.push(
      "Sum of the strata",
      ...estimatorTable(estimation.sum),
      "  Against each number",
      ...reasons(estimation.sum),
      "",
    )
  out.push(wrap(STANDING_ASSUMPTIONS, ""), "", wrap(CRITICISM, ""), "", `Seed ${estimation.seed}.`)
  if (report !== undefined) out.push(`Report: ${report}`)
  return `${out.join("\n")}\n`
}

function minimumText({ minimum, whole }: Estimation): string {
  if (minimum === null) return "none: nobody is surely distinct from others"
  return `${people(minimum)} distinct people${minimum === whole.n ? "" : " (no two of whom could be one)"}`
}

function totalText(evaluation: Evaluation): string {
  const { total, n } = evaluation
  switch (total.kind) {
    case "stated":
      return `about ${people(publishedEstimate(total.estimate, n))} (95 % interval ${total.lower === null ? "–" : people(publishedLower(total.lower, n))} to ${total.upper === null ? "no limit" : people(publishedUpper(total.upper))}; ${total.from})`
    case "contested":
      return `none that can be defended: between about ${people(publishedLower(total.low, n))} and ${people(publishedUpper(total.high))}, by method`
    case "refused":
      return "refused; the reasons stand above and below"
  }
}

function estimatorTable(results: readonly EstimatorResult[]): string[] {
  const rows = results.map((result) =>
    result.status === "refused"
      ? [result.id, "refused", "", ""]
      : [result.id, people(result.estimate), people(result.lower), people(result.upper)],
  )
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length), column === 0 ? 0 : 8),
  )
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`.trimEnd()
  return [line(["", "estimate", "lower", "upper"]), ...rows.map(line)]
}

/** Each reason once, with the estimators it is about. */
function reasons(results: readonly EstimatorResult[]): string[] {
  const idsByText = new Map<string, { item: Finding; ids: string[] }>()
  for (const result of results) {
    for (const item of result.warnings) {
      const entry = idsByText.get(item.text) ?? { item, ids: [] }
      entry.ids.push(result.id)
      idsByText.set(item.text, entry)
    }
  }
  return [...idsByText.values()].map(
    ({ item, ids }) => `  ${ids.join(", ")}\n    ${wrap(item.text, "    ")}  [${item.code}]`,
  )
}
