/** The answer of `kunak link` on a terminal. */
import { join } from "node:path"
import { chanceOf } from "../model/fellegi-sunter.ts"
import { counted, percent } from "../notes.ts"
import { type Summary, type SummaryInput, summarise } from "./summary.ts"

export function summaryText(input: SummaryInput): string {
  const summary = summarise(input)
  const { notes, mapping } = input
  const lines: string[] = []
  for (const { severity, text } of notes) if (severity === "warning") lines.push(`! ${text}`)
  if (lines.length > 0) lines.push("")
  lines.push("Columns:")
  const widest = Math.max(...mapping.map(({ column }) => column.length))
  for (const { column, role, because } of mapping)
    lines.push(`  ${column.padEnd(widest)}  ${role.padEnd(10)}  ${because}`)
  for (const { severity, text } of notes) if (severity === "note") lines.push(`- ${text}`)
  lines.push("")
  lines.push(`${counted(summary.records)} records, ${counted(summary.candidates)} pairs compared.`)
  if (summary.coverage !== null && summary.coverage.surelyOne > 0)
    lines.push(
      `Of ${counted(summary.coverage.surelyOne)} random pairs that are surely one person ${counted(summary.coverage.compared)} were compared.`,
    )
  lines.push(
    `Threshold ${summary.threshold.toFixed(2)} bits (chance ${percent(chanceOf(summary.threshold))}), chosen without labels.`,
  )
  lines.push(peopleLine(input, summary))
  const { truth } = summary
  if (truth !== null) {
    lines.push(
      `Against the truth: precision ${truth.precision.toFixed(4)}, recall ${truth.recall.toFixed(4)}, F1 ${truth.f1.toFixed(4)}, clusters of one person ${truth.clusterPrecision.toFixed(4)}.`,
      `  Single pairs: F1 ${truth.pairs.f1.toFixed(4)} at the chosen threshold, ${truth.bestThreshold.f1.toFixed(4)} at the best one (${truth.bestThreshold.threshold.toFixed(2)} bits).`,
    )
    if (truth.recallCap !== null)
      lines.push(`  Compared at all: ${percent(truth.recallCap)} of the true pairs; no threshold finds more.`)
  }
  const agreement = input.decisions?.combined.agreement
  if (input.decisions !== undefined) {
    const { audit, combined } = input.decisions
    lines.push(
      `Decided by people: ${counted(combined.settled.length)} pairs settled, ${counted(combined.disputed)} disputed.`,
    )
    if (agreement !== undefined)
      lines.push(
        `  Agreement: ${percent(agreement.observed)}, kappa ${agreement.kappa.toFixed(2)} (${agreement.lower.toFixed(2)}–${agreement.upper.toFixed(2)}).`,
      )
    if (audit.precision !== undefined)
      lines.push(
        `  Precision measured: ${percent(audit.precision.estimate)} (${percent(audit.precision.lower)}–${percent(audit.precision.upper)}).`,
      )
    if (audit.recall !== undefined)
      lines.push(
        `  Recall measured, among compared pairs: ${percent(audit.recall.estimate)} (${percent(audit.recall.lower)}–${percent(audit.recall.upper)}).`,
      )
  }
  if (input.out !== undefined) {
    lines.push(
      "",
      `Written to ${input.out}: clusters.csv, pairs.csv, clerical.csv, report.html. They hold names.`,
    )
    // What would refuse every number is not offered.
    if (summary.lists.length > 1 && !input.linkage.untenable)
      lines.push(
        `How many people, seen and unseen: kunak estimate ${join(input.out, "clusters.csv")} --report ${join(input.out, "estimate.html")}`,
      )
  }
  return `${lines.join("\n")}\n`
}

function peopleLine({ linkage }: SummaryInput, { minimum, clusters }: Summary): string {
  const least =
    minimum === null
      ? "nobody is surely distinct from others, so no least number is said"
      : `${counted(minimum)} at least (no two of them could be one)`
  return linkage.untenable
    ? `People: ${least}. How many by the likeliest reading is not said: see the warning above.`
    : `People: ${least}, ${counted(clusters.best)} by the likeliest reading (${counted(clusters.loose)} joined when in doubt, ${counted(clusters.strict)} joined only when sure).`
}
