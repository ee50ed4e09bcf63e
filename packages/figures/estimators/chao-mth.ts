/**
 * Chao's lower bound with list effects (model Mth of Rivest & Baillargeon): lists differ in reach, people
 * differ in how easily they are found.
 *
 * log E[count of history h] = γ + Σ_{j in h} β_j + Σ_{k ≥ 3} η_k max(|h| − k + 1, 0), η_k ≥ 0. The unseen are
 * exp(γ). An η that comes out negative is set to 0 and the rest fitted again. The interval is by profile likelihood.
 *
 * Assumes that lists do not depend on one another but through how easily people are found, and that this differs between
 * people in one way for all lists. Then it is a lower bound; lists that avoid each other's cases push it above the truth.
 *
 * Source: Rivest & Baillargeon (2007), Biometrics 63; Chao (1987), Biometrics 43.
 */
import { bitCount, type CaptureTable, denseCounts } from "./capture-table.ts"
import { finding } from "./finding.ts"
import { type PoissonRegression, poissonRegression } from "./log-linear/poisson-regression.ts"
import { MOST_PEOPLE, profileOf } from "./log-linear/profile.ts"
import { type EstimatorResult, estimated, refused } from "./result.ts"

export function chaoMth(table: CaptureTable): EstimatorResult {
  const counts = denseCounts(table)
  const size = table.lists.length
  const fit = fitMth(counts.subarray(1), size, 1)
  const unseen = fit === null ? Number.POSITIVE_INFINITY : Math.exp(fit.regression.coefficients[0] as number)
  if (fit === null || table.n + unseen > MOST_PEOPLE)
    return refused("chao-mth", [
      finding(
        "no-estimate",
        "This bound cannot be worked out from these data: too many combinations of lists have nobody, or next to nobody. Join lists of the same kind into one, or read the other methods.",
      ),
    ])
  const standardError = Math.sqrt(unseen + unseen ** 2 * (fit.regression.variances[0] as number))
  const profile = profileOf(table.n, unseen, (n0) => {
    const whole = Float64Array.from(counts)
    whole[0] = n0
    return fitMth(whole, size, 0)?.regression.kernel ?? null
  })
  return estimated(
    "chao-mth",
    table.n + unseen,
    [profile.lower, profile.upper],
    { standardError, heterogeneityTerms: fit.orders, interval: "profile likelihood" },
    [
      finding(
        "lower-bound-only",
        'Quote it with the words "at least": people who are hard to find make the truth larger than this.',
      ),
    ],
  )
}

function fitMth(
  counts: ArrayLike<number>,
  size: number,
  firstHistory: number,
): { readonly regression: PoissonRegression; readonly orders: readonly number[] } | null {
  let highest = 0
  for (let row = 0; row < counts.length; row++)
    if ((counts[row] as number) > 0) highest = Math.max(highest, bitCount(row + firstHistory))
  // Nobody on so many lists: that η would run to −∞, so it is among those set to 0.
  const orders = Array.from({ length: Math.max(0, highest - 2) }, (_, i) => i + 3)
  for (;;) {
    const design = Array.from({ length: counts.length }, (_, row) => {
      const history = row + firstHistory
      const lists = Array.from({ length: size }, (_, list) => (history >> list) & 1)
      return Float64Array.from([
        1,
        ...lists,
        ...orders.map((order) => Math.max(bitCount(history) - order + 1, 0)),
      ])
    })
    const regression = poissonRegression(design, counts)
    if (regression === null) return null
    const negative = orders.findIndex((_, i) => (regression.coefficients[1 + size + i] as number) < 0)
    if (negative < 0) return { regression, orders }
    orders.splice(negative, 1)
  }
}
