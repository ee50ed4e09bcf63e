import type { Finding } from "./finding.ts"

/** The names under which results appear in `--json`, in reports and in published figures. */
export const ESTIMATOR_IDS = [
  "independence",
  "chapman",
  "chao",
  "chao-mth",
  "log-linear-bic",
  "log-linear-aicc",
  "log-linear-averaged",
  "log-linear-stepwise",
  "log-linear-bootstrap",
  "decomposable-graphs",
  "lcmcr",
  "no-highest-order",
] as const

export type EstimatorId = (typeof ESTIMATOR_IDS)[number] | "log-linear-model"

/** Everything behind a number that a statistician asks for next; plain data, so that it can be printed as JSON. */
export type Details = Readonly<Record<string, unknown>>

/** A number of people, seen and unseen, with its interval. Not rounded: rounding belongs to publication. */
export interface Estimated {
  readonly id: EstimatorId
  readonly status: "ok"
  readonly estimate: number
  /** `null` where the method gives no bound on this side. */
  readonly lower: number | null
  readonly upper: number | null
  /** Coverage that the interval aims at, 0.95. */
  readonly level: number
  readonly details: Details
  readonly warnings: readonly Finding[]
}

/** No number: a refused estimate has no value that could be copied by mistake. */
export interface Refused {
  readonly id: EstimatorId
  readonly status: "refused"
  readonly estimate: null
  readonly lower: null
  readonly upper: null
  readonly level: number
  readonly details: Details
  /** Why: never empty. */
  readonly warnings: readonly [Finding, ...Finding[]]
}

export type EstimatorResult = Estimated | Refused

/** Every interval aims at this coverage. */
export const LEVEL = 0.95
/** Φ⁻¹(0.975) */
export const Z_95 = 1.959963984540054
/** The 95 % point of χ² with one degree of freedom. */
export const CHI_SQUARE_95 = 3.841458820694124

export const estimated = (
  id: EstimatorId,
  estimate: number,
  interval: readonly [number | null, number | null],
  details: Details,
  warnings: readonly Finding[] = [],
): Estimated => ({
  id,
  status: "ok",
  estimate,
  lower: interval[0],
  upper: interval[1],
  level: LEVEL,
  details,
  warnings,
})

export const refused = (
  id: EstimatorId,
  reasons: readonly [Finding, ...Finding[]],
  details: Details = {},
): Refused => ({
  id,
  status: "refused",
  estimate: null,
  lower: null,
  upper: null,
  level: LEVEL,
  details,
  warnings: reasons,
})

/**
 * Interval for a total from an estimate of the unseen that is nearly normal on the log scale.
 *
 * @param n people seen; `unseen` the estimate of those not seen, > 0; `standardError` of `unseen`.
 * Source: Chao (1987), formula 12; Burnham et al. (1987).
 */
export function logNormalInterval(
  n: number,
  unseen: number,
  standardError: number,
): readonly [number, number] {
  if (unseen <= 0) return [n, n]
  const factor = Math.exp(Z_95 * Math.sqrt(Math.log(1 + (standardError / unseen) ** 2)))
  return [n + unseen / factor, n + unseen * factor]
}
