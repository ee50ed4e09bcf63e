/**
 * One result from several plausible linkages of the same records.
 *
 * Who is the same person is itself uncertain. Each sampled linkage is estimated by itself; the pooled estimate is
 * the mean on the log scale, and its variance adds the mean variance within linkages, W, and the variance between
 * them, B: T = W + (1 + 1/M) B, with Student's t on (M − 1)(1 + W / ((1 + 1/M) B))² degrees of freedom.
 *
 * Source: Rubin (1987), Multiple Imputation for Nonresponse in Surveys, ch. 3; for linkage: Sadinle (2018),
 * Bayesian propagation of record linkage uncertainty into population size estimation, Ann. Appl. Stat. 12.
 */
import { normalQuantile } from "../numeric/normal.ts"
import { type Finding, finding } from "./finding.ts"
import { type EstimatorId, type EstimatorResult, estimated, refused, Z_95 } from "./result.ts"

/** @param linkages results of each linkage, the same estimators in each. @param n people seen in each. */
export function poolLinkages(
  linkages: readonly (readonly EstimatorResult[])[],
  n: readonly number[],
): readonly EstimatorResult[] {
  const ids = linkages[0]?.map((result) => result.id) ?? []
  return ids.map((id) =>
    poolOne(
      id,
      linkages.flatMap((results) => results.filter((result) => result.id === id)),
      Math.min(...n),
    ),
  )
}

function poolOne(id: EstimatorId, results: readonly EstimatorResult[], smallest: number): EstimatorResult {
  const usable = results.flatMap((result) => (result.status === "ok" ? [result] : []))
  const refusals = results.flatMap((result) => (result.status === "refused" ? [result] : []))
  const firstRefusal = refusals[0]
  if (firstRefusal !== undefined && refusals.length > 0.1 * results.length)
    return refused(
      id,
      [
        finding(
          "linkage-uncertain",
          `In ${refusals.length} of ${results.length} plausible linkages of the records this method gives no estimate.`,
        ),
        ...firstRefusal.warnings,
      ],
      { linkages: results.length },
    )
  const logs = usable.map(({ estimate }) => Math.log(estimate))
  const size = logs.length
  const mean = logs.reduce((a, b) => a + b, 0) / size
  const widths = usable.map(({ lower, upper }) =>
    lower === null || upper === null ? null : (Math.log(upper) - Math.log(lower)) / (2 * Z_95),
  )
  const within = widths.reduce<number | null>(
    (sum, width) => (sum === null || width === null ? null : sum + width ** 2 / size),
    0,
  )
  const between = size < 2 ? 0 : logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (size - 1)
  const estimate = Math.exp(mean)
  const warnings = commonFindings(usable.map((result) => result.warnings))
  const details = {
    linkages: results.length,
    refused: refusals.length,
    estimates: usable.map((result) => result.estimate),
    within,
    between,
  }
  if (within === null) return estimated(id, estimate, [null, null], details, warnings)
  const spread = (1 + 1 / size) * between
  const total = within + spread
  const degrees = spread === 0 ? Number.POSITIVE_INFINITY : (size - 1) * (1 + within / spread) ** 2
  const reach = studentQuantile(degrees) * Math.sqrt(total)
  if (spread > within)
    warnings.push(
      finding(
        "linkage-uncertain",
        "More of the uncertainty comes from not knowing who is the same person than from the estimate itself: better linkage would help more than more records.",
      ),
    )
  return estimated(
    id,
    estimate,
    [Math.max(smallest, Math.exp(mean - reach)), Math.exp(mean + reach)],
    { ...details, shareFromLinkage: spread / total },
    warnings,
  )
}

/** A finding once, however many linkages have it; its text is that of the first. */
function commonFindings(all: readonly (readonly Finding[])[]): Finding[] {
  const byCode = new Map<string, Finding>()
  for (const warning of all.flat()) if (!byCode.has(warning.code)) byCode.set(warning.code, warning)
  return [...byCode.values()]
}

/** The 97.5 % point of Student's t, by Cornish and Fisher's expansion (Abramowitz & Stegun 26.7.5). */
function studentQuantile(degrees: number): number {
  const z = normalQuantile(0.975)
  if (!Number.isFinite(degrees)) return z
  const d = Math.max(degrees, 1)
  const g1 = (z ** 3 + z) / 4
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  return z + g1 / d + g2 / d ** 2 + g3 / d ** 3
}
