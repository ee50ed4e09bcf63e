/**
 * Interval for the total from the profile likelihood: for each size N of the population the likelihood of the
 * whole multinomial table, the unseen included, at its best; the interval is where twice its logarithm stays
 * within 3.84 of the top.
 *
 * Source: Cormack (1992), Interval estimation for mark-recapture studies of closed populations, Biometrics 48.
 */
import { logFactorial } from "../../numeric/gamma.ts"
import { findPeak, findRoot } from "../../numeric/root.ts"
import { CHI_SQUARE_95 } from "../result.ts"
import { type Face, withUnseen } from "./face.ts"
import type { LogLinearFitter } from "./fit.ts"

export interface ProfileInterval {
  /** The N at which the likelihood is highest; a little below the Poisson estimate. */
  readonly peak: number
  readonly lower: number
  /** `null` when the likelihood does not fall far enough however large N is. */
  readonly upper: number | null
}

/** Beyond this many times the estimate of the unseen an upper bound says nothing. */
const FARTHEST = 1e6
/** More people than live. Above it differences of log factorials lose the digits that an interval hangs on. */
export const MOST_PEOPLE = 1e10

/**
 * @param counts dense, index = history, whole. `face` with code 0; `unseen` the estimate to start from.
 */
export function profileInterval(
  fitter: LogLinearFitter,
  counts: Float64Array,
  face: Face,
  unseen: number,
): ProfileInterval {
  const n = counts.reduce((sum, count) => sum + count, 0)
  const whole = Float64Array.from(counts)
  const wholeFace = withUnseen(face)
  return profileOf(n, unseen, (n0) => {
    whole[0] = n0
    return fitter.quick(whole, wholeFace)?.logLikelihood ?? null
  })
}

/**
 * The same for any model of counts.
 *
 * @param kernelAt Σ y log μ − Σ μ at the best fit with `n0` unseen, or null where there is none.
 */
export function profileOf(
  n: number,
  unseen: number,
  kernelAt: (n0: number) => number | null,
): ProfileInterval {
  const logLikelihood = (n0: number): number => {
    const kernel = kernelAt(n0)
    if (kernel === null) return Number.NEGATIVE_INFINITY
    const total = n + n0
    return logFactorial(total) - logFactorial(n0) + kernel + total - total * Math.log(total)
  }
  const smallest = 1e-7
  const peak = findPeak(logLikelihood, smallest, Math.max(3 * unseen, 1), 1e-6 * (1 + unseen))
  const floor = logLikelihood(peak) - CHI_SQUARE_95 / 2
  const above = (n0: number): number => Math.max(logLikelihood(n0) - floor, -1e6)
  const tolerance = 1e-6 * (1 + unseen)
  const lower = above(smallest) >= 0 ? 0 : findRoot(above, smallest, peak, tolerance)
  let far = Math.max(2 * peak, 1)
  const farthest = Math.min(FARTHEST * (unseen + 1), MOST_PEOPLE)
  while (above(far) > 0 && far < farthest) far *= 2
  const upper = above(far) > 0 ? null : findRoot(above, peak, far, tolerance)
  return { peak: n + peak, lower: n + lower, upper: upper === null ? null : n + upper }
}
