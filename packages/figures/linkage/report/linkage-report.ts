/** The report of a linkage: one HTML page, warnings first, nothing loaded from anywhere. */
import { kappaInWords } from "../clerical/agreement.ts"
import type { Measured } from "../clerical/audit.ts"
import { levelAt } from "../comparison/pairs.ts"
import type { Linkage } from "../link.ts"
import { pairExplainer } from "../model/explain.ts"
import { chanceOf, LEVELS } from "../model/fellegi-sunter.ts"
import { counted, percent } from "../notes.ts"
import { signed } from "../output/files.ts"
import { type Summary, type SummaryInput, summarise } from "../output/summary.ts"
import type { LinkageRecords } from "../records/fields.ts"
import { REPORT_STYLE } from "./style.ts"
import { weightsChart } from "./weights-chart.ts"

export function linkageReport(input: SummaryInput): string {
  const summary = summarise(input)
  const { linkage } = input
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<meta name="referrer" content="no-referrer"><title>Who is the same person</title><style>${REPORT_STYLE}</style></head><body><main>`,
    `<h1>Who is the same person</h1>`,
    warnings(input),
    head(summary, linkage),
    truth(summary),
    clerical(input),
    `<h2>Where the line is drawn, and why</h2>`,
    `<p>A pair is taken for one person from ${bits(summary.threshold)} bits on, a chance of ${percent(summary.thresholdChance)}. That is where the model expects the best balance between wrong and missed pairs: ${percent(summary.expected.precision)} of the pairs above right, ${percent(summary.expected.recall)} of all found. This is the model's own opinion; only the clerical audit measures it. No labels were used.</p>`,
    `<figure><div class="chart" tabindex="0" role="region" aria-label="Pairs by weight">${weightsChart(
      linkage.histogram,
      [
        { odds: summary.threshold, label: "two people" },
        { odds: summary.threshold, label: "one person" },
      ],
    )}</div><figcaption>All ${counted(summary.candidates)} compared pairs by weight; heights are logarithmic.</figcaption></figure>`,
    blockingTable(summary),
    weightsTables(linkage),
    examples(input),
    howMade(input, summary),
    `</main></body></html>`,
  ].join("\n")
}

function warnings({ notes }: SummaryInput): string {
  const items = (severity: "warning" | "note") =>
    notes.filter((entry) => entry.severity === severity).map(({ text }) => `<li>${escapeHtml(text)}</li>`)
  const serious = items("warning")
  const others = items("note")
  const box =
    serious.length === 0
      ? `<p class="calm">No warnings.</p>`
      : `<section class="warnings"><h2>Read first</h2><ul>${serious.join("")}</ul></section>`
  return others.length === 0
    ? box
    : `${box}<details><summary>Notes (${others.length})</summary><ul>${others.join("")}</ul></details>`
}

function head(
  { records, candidates, clusters, minimum, lists }: Summary,
  { allPairs, untenable }: Linkage,
): string {
  const tile = (label: string, value: string, text: string) =>
    `<div class="tile"><span>${label}</span><strong>${value}</strong><small>${text}</small></div>`
  // Groups that were taken for people are no number of people, however they were cut.
  const reading = (label: string, people: number, text: string) =>
    untenable ? tile(label, "–", "not said: see the warning above") : tile(label, counted(people), text)
  const least =
    minimum === null
      ? tile("At least", "–", "nobody is surely distinct from others")
      : tile("At least", counted(minimum), "people of whom no two could be one: the confirmed minimum")
  return `<p>${counted(records)} records from ${lists.length === 1 ? "one list" : `${lists.length} lists`} (${lists.map(escapeHtml).join(", ")}); ${counted(candidates)} of ${counted(allPairs)} possible pairs were compared.</p>
<div class="tiles">${least}${reading("Strict", clusters.strict, "joined only when 99 in 100: the most people these records can be")}${reading("Best", clusters.best, "the likeliest reading")}${reading("Loose", clusters.loose, "joined unless 19 in 20 that they are two")}</div>`
}

function truth({ truth: report }: Summary): string {
  if (report === null) return ""
  const row = (
    label: string,
    scores: { precision: number; recall: number; f1: number; clusterPrecision?: number },
  ) =>
    `<tr><th>${label}</th><td>${four(scores.precision)}</td><td>${four(scores.recall)}</td><td>${four(scores.f1)}</td><td>${scores.clusterPrecision === undefined ? "" : four(scores.clusterPrecision)}</td></tr>`
  return `<h2>Against the truth that you gave</h2><p>${counted(report.people)} people, ${counted(report.truePairs)} true pairs. The column was not used for linking.${report.recallCap === null ? "" : ` ${percent(report.recallCap)} of the true pairs were compared at all; no threshold finds more.`}</p>
<div class="wide"><table><thead><tr><th></th><th>precision</th><th>recall</th><th>F1</th><th>clusters of one person</th></tr></thead><tbody>${row("best partition", report)}${row("strict partition", report.partitions.strict)}${row("loose partition", report.partitions.loose)}${row("single pairs, chosen threshold", report.pairs)}${row(`single pairs, threshold that the truth would choose (${bits(report.bestThreshold.threshold)})`, report.bestThreshold)}</tbody></table></div>`
}

function clerical({ decisions }: SummaryInput): string {
  if (decisions === undefined) {
    return `<h2>What people decided</h2><p>Nothing yet. Give a copy of <code>clerical.csv</code> to each of two people; each fills in the column <code>decision</code> (same, different, unsure) without seeing the other's. Then run the same command with <code>--decisions FIRST.csv,SECOND.csv</code>: it measures precision, recall and their agreement, and obeys what both decided.</p>`
  }
  const { combined, audit } = decisions
  const { agreement } = combined
  const measured = (label: string, value: Measured | undefined) =>
    value === undefined
      ? `<li>${label}: not measured, too few of the sampled pairs are decided.</li>`
      : `<li>${label}: ${percent(value.estimate)} (95 % interval ${percent(value.lower)} to ${percent(value.upper)})</li>`
  const kappa =
    agreement === undefined
      ? "Only one person decided: their agreement cannot be told."
      : Number.isFinite(agreement.kappa)
        ? `They agree on ${percent(agreement.observed)} of ${counted(agreement.pairs)} pairs; Cohen's kappa ${agreement.kappa.toFixed(2)} (${agreement.lower.toFixed(2)} to ${agreement.upper.toFixed(2)}), ${kappaInWords(agreement.kappa)}.`
        : `They agree on all ${counted(agreement.pairs)} pairs, always with the same decision; kappa says nothing then.`
  return `<h2>What people decided</h2><p>${counted(combined.settled.length)} pairs are settled, ${counted(combined.disputed)} disputed. ${kappa}</p><ul>${measured("Precision, measured", audit.precision)}${measured("Recall among compared pairs, measured", audit.recall)}</ul>
<div class="wide"><table><thead><tr><th>band</th><th>pairs</th><th>decided</th><th>one person</th><th>share (Wilson 95 %)</th></tr></thead><tbody>${audit.strata.map((row) => `<tr><th>${row.stratum.replace("-", " ")}</th><td>${counted(row.size)}</td><td>${row.decided}</td><td>${row.same}</td><td>${percent(row.estimate)} (${percent(row.lower)}–${percent(row.upper)})</td></tr>`).join("")}</tbody></table></div>`
}

function blockingTable({ blocking, coverage }: Summary): string {
  const rows = blocking
    .map(
      ({ rule, pairs, largestBlock, passedOver }) =>
        `<tr><th>${escapeHtml(rule)}</th><td>${counted(pairs)}</td><td>${counted(largestBlock)}</td><td>${passedOver === 0 ? "" : counted(passedOver)}</td></tr>`,
    )
    .join("")
  return `<h2>Which pairs were compared</h2><p>Records that agree on all columns of a rule are compared; a person whose records agree on no rule is missed. Fewer candidates are faster, more miss less.${coverage === null || coverage.surelyOne === 0 ? "" : ` Of ${counted(coverage.surelyOne)} pairs drawn at random that are surely one person, ${counted(coverage.compared)} were compared; those that differ in everything are in neither number.`}</p><div class="wide"><table><thead><tr><th>rule</th><th>pairs</th><th>largest block</th><th>passed over</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function weightsTables({ model }: Linkage): string {
  const tables = model.shapes.map(({ label, levels }, c) => {
    const rows = levels.flatMap((level, at) => {
      const slot = c * LEVELS + at
      const m = model.probabilities.m[slot] ?? 0
      const u = model.probabilities.u[slot] ?? 0
      // Levels that neither class ever shows are only pseudo-counts.
      if (at === 0 || (m < 5e-4 && u < 2e-6)) return []
      const weight = model.weights[slot] ?? 0
      const width = Math.min(100, Math.abs(weight) * 5).toFixed(0)
      return [
        `<tr><th>${level}</th><td>${share(m)}</td><td>${share(u)}</td><td>${signed(weight)}</td><td class="bar"><i class="${weight < 0 ? "against" : "for"}" style="width:${width}%"></i></td></tr>`,
      ]
    })
    return `<details${c < 2 ? " open" : ""}><summary>${escapeHtml(label)}</summary><div class="wide"><table><thead><tr><th>agreement</th><th>one person</th><th>two people</th><th>bits</th><th></th></tr></thead><tbody>${rows.reverse().join("")}</tbody></table></div></details>`
  })
  return `<h2>What each agreement weighs</h2><p>How often records of one person and of two people show it, and the bits it adds to a pair (log2 of the one over the other). Full agreement on a rare value weighs more than on a common one.</p>${tables.join("")}`
}

const EXAMPLES = 12

function examples({ records, linkage }: SummaryInput): string {
  const { pairs, threshold } = linkage
  const explain = pairExplainer(linkage, records.fields)
  const near = (odds: number) => {
    const order = Array.from(pairs.odds.keys())
    order.sort(
      (x, y) =>
        Math.abs((pairs.odds[x] as number) - odds) - Math.abs((pairs.odds[y] as number) - odds) || x - y,
    )
    return order.slice(0, EXAMPLES / 3)
  }
  if (pairs.odds.length === 0) return ""
  const chosen = [
    ...new Set([...near(threshold.odds + 8), ...near(threshold.odds + 0.5), ...near(threshold.odds - 2)]),
  ]
  const cards = chosen.map((pair) => exampleCard(pair, records, linkage, explain(pair)))
  return `<h2>Examples</h2><details><summary>${chosen.length} pairs, with names: open only where nobody looks over your shoulder</summary>${cards.join("")}</details>`
}

function exampleCard(
  pair: number,
  records: LinkageRecords,
  { pairs, model }: Linkage,
  { bits: perColumn, relatives, prior }: { bits: readonly number[]; relatives: number; prior: number },
): string {
  const a = pairs.a[pair] as number
  const b = pairs.b[pair] as number
  const odds = pairs.odds[pair] as number
  const shown = records.shown.map(
    ({ label, values }) =>
      `<tr><th>${escapeHtml(label)}</th><td>${escapeHtml(values[a] ?? "")}</td><td>${escapeHtml(values[b] ?? "")}</td></tr>`,
  )
  const why = model.shapes.flatMap(({ label, levels }, c) => {
    const level = levelAt(pairs.low[pair] as number, pairs.high[pair] as number, c)
    return level === 0 ? [] : [`${escapeHtml(label)}: ${levels[level]} ${signed(perColumn[c] ?? 0)}`]
  })
  if (relatives < -0.05) why.push(`relatives would agree as well ${signed(relatives)}`)
  why.push(`before looking ${signed(prior)}`)
  return `<section class="pair"><p><strong>${bits(odds)} bits, chance ${percent(chanceOf(odds))}</strong> = ${why.join("; ")}</p><div class="wide"><table><tbody>${shown.join("")}</tbody></table></div></section>`
}

function howMade({ linkage, mapping }: SummaryInput, summary: Summary): string {
  const roles = mapping.map(
    ({ column, role, because }) =>
      `<tr><th>${escapeHtml(column)}</th><td>${role}</td><td>${escapeHtml(because)}</td></tr>`,
  )
  const sessions = linkage.model.sessions.map(
    ({ rule, pairs, share: believed, used }) =>
      `<tr><th>${escapeHtml(rule)}</th><td>${counted(pairs)}</td><td>${percent(believed)}</td><td>${used ? "yes" : "no"}</td></tr>`,
  )
  return `<h2>How it was made</h2><p>Seed ${summary.seed}. The same files, mapping and seed give the same result to the digit. Fellegi–Sunter model; u from random pairs, m by expectation-maximisation in the sessions below; relatives kept apart as a third class; records joined by average linkage.</p>
<details><summary>Columns</summary><div class="wide"><table><thead><tr><th>column</th><th>role</th><th>because</th></tr></thead><tbody>${roles.join("")}</tbody></table></div></details>
<details><summary>Sessions</summary><div class="wide"><table><thead><tr><th>rule held fixed</th><th>pairs</th><th>believed one person</th><th>used</th></tr></thead><tbody>${sessions.join("")}</tbody></table></div></details>`
}

const bits = (value: number): string => (value < 0 ? `−${Math.abs(value).toFixed(1)}` : value.toFixed(1))
const four = (value: number): string => value.toFixed(4)
const share = (value: number): string =>
  value >= 0.001
    ? `${(value * 100).toFixed(value >= 0.1 ? 0 : 1)} %`
    : value < 1e-6
      ? "under 1 in a million"
      : `1 in ${counted(1 / value)}`

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
