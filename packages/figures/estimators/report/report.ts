/** A page that stands alone: what speaks against the numbers first, then the numbers, then how they came about. */
import { publishedEstimate, publishedLower, publishedUpper } from "../../disclosure/published-estimate.ts"
import { SMALL_GROUP } from "../../disclosure/source-patterns.ts"
import { againstTotal } from "../agreement.ts"
import type { Estimation } from "../estimate-captures.ts"
import type { Evaluation } from "../evaluate.ts"
import type { Finding } from "../finding.ts"
import { CRITICISM, STANDING_ASSUMPTIONS } from "../known-limits.ts"
import { ESTIMATOR_NAMES } from "../names.ts"
import { people } from "../people.ts"
import type { PosteriorCurve } from "../posterior-curve.ts"
import type { EstimatorResult } from "../result.ts"
import { intervalsFigure } from "./intervals-figure.ts"
import { reportedRange } from "./json.ts"
import { type ListLabels, listLabels, relabelled } from "./list-labels.ts"
import { escapeHtml } from "./markup.ts"
import { type NamedCurve, posteriorFigure } from "./posterior-figure.ts"
import { STYLE } from "./style.ts"
import { upsetFigure } from "./upset-figure.ts"

/** @param options.source the file's name, shown at the head. No clock: the same estimation gives the same bytes. */
export function estimationReport(estimation: Estimation, options: { readonly source: string }): string {
  const { whole } = estimation
  const labels = listLabels(whole.lists)
  const title = "How many people, seen and unseen"
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="soft">${escapeHtml(baseName(options.source))}: ${sizes(estimation, labels)}. Seed ${estimation.seed}.</p>
${estimation.untenable ? "" : labels.key}
<p class="note">A working paper for those who answer for the figures. ${whole.n < SMALL_GROUP ? "D" : "It shows which sources know the same people: d"}o not publish it as it is.</p>
${warningBox([...whole.warnings, ...whole.agreement.warnings])}
${warningBox(againstTotal(whole.total), "Against the estimated total")}
${answers(estimation)}
<h2>All methods side by side</h2>
${methods(estimation)}
${estimation.linkages > 0 ? `<p class="note">Pooled over ${estimation.linkages} plausible linkages of the records: intervals hold the doubt about who is the same person too. Lists and models below are those of the best linkage.</p>` : ""}
<h2>Who is on which lists</h2>
${upset(estimation, labels)}
${posteriors(whole)}
${models(whole, labels)}
${strata(estimation)}
<h2>What speaks against each number</h2>
${reasons(whole.estimators)}
<h2>What every estimate assumes</h2>
<p>${escapeHtml(STANDING_ASSUMPTIONS)}</p>
<p>${escapeHtml(CRITICISM)} More of it, and the formulas with their sources, stand in the project's document on figures.</p>
</main>
</body>
</html>
`
}

/** How many people stand on the lists, unless they are not known to be people. */
function sizes({ whole, untenable }: Estimation, { key }: ListLabels): string {
  if (untenable)
    return `${whole.lists.length} lists (${whole.lists.map(({ name }) => escapeHtml(name)).join(", ")})`
  const named = whole.lists.map((list) => `${escapeHtml(list.name)} ${people(list.total)}`).join(", ")
  return `${people(whole.n)} people on ${whole.lists.length} lists${key === "" ? ` (${named})` : ""}`
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

function warningBox(findings: readonly Finding[], title = "Before the numbers"): string {
  if (findings.length === 0) return ""
  return `<section class="warnings"><h2>${title}</h2><ul>${findings.map(item).join("")}</ul></section>`
}

const item = (finding: Finding): string => `<li>${escapeHtml(finding.text)} <code>${finding.code}</code></li>`

function answers(estimation: Estimation): string {
  const { whole } = estimation
  const reported = reportedRange(estimation)
  const box = (label: string, big: string, note: string): string =>
    `<div><div class="label">${label}</div><div class="big">${big}</div><div class="note">${note}</div></div>`
  return `<section class="answers">${box(
    "Confirmed minimum",
    people(estimation.minimum),
    estimation.minimum === null
      ? "nobody is surely distinct from others"
      : estimation.minimum === whole.n
        ? "distinct people, as the table counts them"
        : "distinct people, no two of whom could be one",
  )}${box(
    "Reported range",
    reported === null ? "–" : `${people(reported.low)}–${people(reported.high)}`,
    reported === null
      ? "not stated: how many people a list names hangs on the linkage too"
      : "by single lists; lists overlap, so they are never added up",
  )}${totalBox(whole, box)}</section>`
}

function totalBox(evaluation: Evaluation, box: (label: string, big: string, note: string) => string): string {
  const { total, n } = evaluation
  const low = (value: number): string => people(publishedLower(value, n))
  const high = (value: number): string => people(publishedUpper(value))
  switch (total.kind) {
    case "stated":
      return box(
        "Estimated total",
        `about ${people(publishedEstimate(total.estimate, n))}`,
        `95 % interval ${total.lower === null ? "–" : low(total.lower)} to ${total.upper === null ? "no limit" : high(total.upper)}; ${escapeHtml(ESTIMATOR_NAMES[total.from])}`,
      )
    case "contested":
      return box(
        "Estimated total",
        `${low(total.low)} to ${high(total.high)}`,
        "by method, on the same data: no single number can be defended",
      )
    case "refused":
      return box("Estimated total", "refused", "the reasons stand on this page")
  }
}

function methods({ whole, untenable }: Estimation): string {
  if (untenable) return `<p class="note">None answers: who is the same person is not known.</p>`
  return `<p class="note">Points are estimates, bars 95 % intervals, from the people seen (${people(whole.n)}) on. Those called “independent”, “two lists” and “at least” are checks, not results.</p>
${intervalsFigure(whole.estimators, whole.n)}`
}

/** Not under other names either: totals stand beside the names of lists, and would say which is which. */
function upset({ whole: { table, n }, untenable }: Estimation, labels: ListLabels): string {
  if (untenable) return `<p class="note">Not shown: who is the same person is not known.</p>`
  return n < SMALL_GROUP
    ? `<p class="note">Not shown: among fewer than ${SMALL_GROUP} people it would tell which sources know the same people, and so who told whom.</p>`
    : upsetFigure(table, labels.inFigure)
}

function posteriors(evaluation: Evaluation): string {
  const curve = (id: EstimatorResult["id"], name: string, style: NamedCurve["style"]): NamedCurve[] => {
    const result = evaluation.estimators.find((candidate) => candidate.id === id)
    if (result?.status !== "ok") return []
    return [{ name, style, curve: result.details.posterior as PosteriorCurve }]
  }
  const curves = [
    ...curve("decomposable-graphs", ESTIMATOR_NAMES["decomposable-graphs"], "first"),
    ...curve("lcmcr", ESTIMATOR_NAMES.lcmcr, "second"),
  ]
  return curves.length === 0
    ? ""
    : `<h2>How plausible each total is</h2><p class="note">Posterior densities, each scaled to its own top. Two hills mean two answers.</p>${posteriorFigure(curves)}`
}

function models(evaluation: Evaluation, labels: ListLabels): string {
  const best = evaluation.models[0]
  if (best === undefined) return ""
  const name = (model: string): string => relabelled(model, evaluation.table.lists, labels.inModels)
  const rows = evaluation.models
    .slice(0, 15)
    .map(
      (model) =>
        `<tr${model.bic - best.bic <= 2 ? ' class="close"' : ""}><td><code>${escapeHtml(name(model.model))}</code></td><td>${people(model.estimate)}</td><td>${people(model.standardError)}</td><td>${(model.bic - best.bic).toFixed(2)}</td><td>${(100 * model.weight).toFixed(1)} %</td><td>${model.aicc.toFixed(2)}</td><td>${model.deviance.toFixed(2)}</td><td>${model.degreesOfFreedom}</td></tr>`,
    )
  return `<h2>Log-linear models</h2><p class="note">The best by BIC (${best.bic.toFixed(2)}); bold ones are within 2 units of it and fit about equally well.</p><div class="scroll" tabindex="0" role="region" aria-label="Models"><table><thead><tr><th>Model</th><th>Total</th><th>SE</th><th>Δ BIC</th><th>Weight</th><th>AICc</th><th>Deviance</th><th>df</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
}

function strata(estimation: Estimation): string {
  if (estimation.strata.length === 0 || estimation.untenable) return ""
  const parts = estimation.strata.map(
    ({ name, evaluation }) =>
      `<h3>${escapeHtml(name)}: ${people(evaluation.n)} seen</h3>${warningBox([...evaluation.warnings, ...evaluation.agreement.warnings])}${intervalsFigure(evaluation.estimators, evaluation.n)}${folded(evaluation.estimators)}`,
  )
  return `<h2>Strata</h2><p class="note">The estimated total above is that of all together.</p>${parts.join("")}<h3>Sum of the strata</h3>${intervalsFigure(estimation.sum, estimation.whole.n)}${folded(estimation.sum)}`
}

const folded = (results: readonly EstimatorResult[]): string =>
  `<details open><summary>What speaks against each number</summary>${reasons(results, "h4")}</details>`

function reasons(results: readonly EstimatorResult[], heading = "h3"): string {
  return results
    .filter((result) => result.warnings.length > 0)
    .map(
      (result) =>
        `<${heading}>${escapeHtml(ESTIMATOR_NAMES[result.id])}</${heading}><ul class="reasons">${result.warnings.map(item).join("")}</ul>`,
    )
    .join("")
}
