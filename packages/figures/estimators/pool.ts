/**
 * One result from several plausible linkages of the same records.
 *
 * Who is the same person is itself uncertain. Each sampled linkage is estimated by itself; the pooled estimate is
 * the mean on the log scale, and its variance adds the mean variance within linkages, W, and the variance between
 * them, B: T = W + (1 + 1/M) B, with Student's t on (M − 1)(1 + W / ((1 + 1/M) B))² degrees of freedom. Intervals
 * may be lopsided, so W is taken below and above the estimate apart.
 *
 * Assumes that the sampled linkages are draws of what is plausible given the records: what every draw misses, such as a
 * link that none makes, is not in the interval.
 *
 * Source: Rubin (1987), Multiple Imputation for Nonresponse in Surveys, ch. 3; for linkage: Sadinle (2018),
 * Bayesian propagation of record linkage uncertainty into population size estimation, Ann. Appl. Stat. 12.
 */
import { studentQuantile } from "../numeric/student.ts"
import { type Finding, finding } from "./finding.ts"
import type { PosteriorCurve } from "./posterior-curve.ts"
import { type EstimatorId, type EstimatorResult, estimated, refused, Z_95 } from "./result.ts"

/** Where a method fails in more than this share of the linkages, it has no pooled number. */
const REFUSED_SHARE = 0.1

/**
 * @param linkages results of each linkage, the same estimators in each; two or more.
 * @param n people seen in each.
 */
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
  if (firstRefusal !== undefined && refusals.length > REFUSED_SHARE * results.length) {
    if (usable.length === 0)
      return refused(id, firstRefusal.warnings, { ...firstRefusal.details, linkages: results.length })
    return refused(
      id,
      [
        finding(
          "linkage-uncertain",
          `In ${refusals.length} of ${results.length} plausible linkages of the records this method gives no estimate. Have the doubtful pairs decided (clerical.csv) and link again.`,
        ),
        ...firstRefusal.warnings,
      ],
      { linkages: results.length },
    )
  }
  const logs = usable.map(({ estimate }) => Math.log(estimate))
  const size = logs.length
  const mean = logs.reduce((a, b) => a + b, 0) / size
  const between = size < 2 ? 0 : logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (size - 1)
  const spread = (1 + 1 / size) * between
  const below = meanVariance(usable.map(({ estimate, lower }) => [lower, estimate]))
  const above = meanVariance(usable.map(({ estimate, upper }) => [estimate, upper]))
  const warnings = commonFindings(usable.map((result) => result.warnings))
  if (spread > Math.max(below ?? 0, above ?? 0))
    warnings.push(
      finding(
        "linkage-uncertain",
        "More of the uncertainty comes from not knowing who is the same person than from the estimate itself: have the doubtful pairs decided (clerical.csv) and link again; that would help more than more records.",
      ),
    )
  const lower = below === null ? null : Math.exp(mean - reach(below, spread, size))
  const upper = above === null ? null : Math.exp(mean + reach(above, spread, size))
  const curves = usable.flatMap(({ details }) =>
    details.posterior === undefined ? [] : [details.posterior as PosteriorCurve],
  )
  return estimated(
    id,
    Math.exp(mean),
    [lower === null ? null : Math.max(smallest, lower), upper],
    {
      linkages: results.length,
      refused: refusals.length,
      estimates: usable.map((result) => result.estimate),
      withinBelow: below,
      withinAbove: above,
      between,
      shareFromLinkage: spread === 0 ? 0 : spread / (spread + Math.max(below ?? 0, above ?? 0)),
      ...(curves.length === 0 ? {} : { posterior: mixture(curves) }),
    },
    warnings,
  )
}

/** The mean of squared half widths on the log scale; null as soon as one linkage has no bound there. */
function meanVariance(bounds: readonly (readonly [number | null, number | null])[]): number | null {
  let sum = 0
  for (const [low, high] of bounds) {
    if (low === null || high === null) return null
    sum += ((Math.log(high) - Math.log(low)) / Z_95) ** 2
  }
  return sum / bounds.length
}

/** Half the pooled interval on the log scale. */
function reach(within: number, spread: number, size: number): number {
  const degrees = spread === 0 ? Number.POSITIVE_INFINITY : (size - 1) * (1 + within / spread) ** 2
  return studentQuantile(0.975, degrees) * Math.sqrt(within + spread)
}

const MIXTURE_POINTS = 120

/** The mean of densities: each linkage is as plausible as the next. */
function mixture(curves: readonly PosteriorCurve[]): PosteriorCurve {
  const low = Math.min(...curves.map(({ totals }) => totals[0] ?? Number.POSITIVE_INFINITY))
  const high = Math.max(...curves.map(({ totals }) => totals.at(-1) ?? 0))
  const totals = Array.from(
    { length: MIXTURE_POINTS },
    (_, point) => low + ((high - low) * point) / (MIXTURE_POINTS - 1),
  )
  const densities = totals.map(
    (total) => curves.reduce((sum, curve) => sum + densityAt(curve, total), 0) / curves.length,
  )
  return { totals, densities }
}

/** Between the points of a curve by a straight line; nothing beyond its ends. */
function densityAt({ totals, densities }: PosteriorCurve, total: number): number {
  const above = totals.findIndex((at) => at >= total)
  if (above < 0 || (above === 0 && totals[0] !== total)) return 0
  const right = totals[above] as number
  const left = totals[above - 1] ?? right
  const share = right === left ? 1 : (total - left) / (right - left)
  return (densities[above - 1] ?? 0) * (1 - share) + (densities[above] ?? 0) * share
}

/** A finding once, however many linkages have it; its text is that of the first. */
function commonFindings(all: readonly (readonly Finding[])[]): Finding[] {
  const byCode = new Map<string, Finding>()
  for (const warning of all.flat()) if (!byCode.has(warning.code)) byCode.set(warning.code, warning)
  return [...byCode.values()]
}
