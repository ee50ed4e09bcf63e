/**
 * Chao's lower bound, bias-corrected: n + f1 (f1 − 1) / (2 (f2 + 1)), where f1 people were seen by one list
 * and f2 by two; the interval is log-normal in the unseen.
 *
 * Assumes that people differ in how easily they are seen but lists do not depend on one another; then it is a
 * lower bound for many lists of low reach. For J lists the exact bound has a factor (J − 1) / J, which published
 * figures leave out and the details give. Lists that avoid each other's cases push it above the truth.
 *
 * Source: Chao (1987), Biometrics 43; bias-corrected form: Chao (1989), Biometrics 45; variance: Colwell (2013),
 * EstimateS, appendix B.
 */

import { type CaptureTable, captureFrequencies } from "./capture-table.ts"
import { finding } from "./finding.ts"
import { people } from "./people.ts"
import { type EstimatorResult, estimated, logNormalInterval } from "./result.ts"

/** @returns people, not rounded; at least `n`. */
export function chaoEstimate(n: number, f1: number, f2: number): number {
  return n + (f1 * (f1 - 1)) / (2 * (f2 + 1))
}

/** Variance of the bias-corrected form. */
export function chaoVariance(f1: number, f2: number): number {
  const ratio = f2 + 1
  return (
    (f1 * (f1 - 1)) / (2 * ratio) +
    (f1 * (2 * f1 - 1) ** 2) / (4 * ratio ** 2) +
    (f1 ** 2 * f2 * (f1 - 1) ** 2) / (4 * ratio ** 4)
  )
}

export function chao(table: CaptureTable): EstimatorResult {
  const frequencies = captureFrequencies(table)
  const f1 = frequencies[1] ?? 0
  const f2 = frequencies[2] ?? 0
  const estimate = chaoEstimate(table.n, f1, f2)
  const standardError = Math.sqrt(chaoVariance(f1, f2))
  return estimated(
    "chao",
    estimate,
    logNormalInterval(table.n, estimate - table.n, standardError),
    {
      f1,
      f2,
      standardError,
      frequencies: [...frequencies].slice(1),
      withListFactor: table.n + (1 - 1 / table.lists.length) * (estimate - table.n),
    },
    [
      finding(
        "lower-bound-only",
        `Quote it with the words "at least": people who are hard to find make the truth larger than this. The usual formula, given here, is made for many lists; for ${table.lists.length} lists the bound proper is ${people(table.n + (1 - 1 / table.lists.length) * (estimate - table.n))}.`,
      ),
    ],
  )
}
