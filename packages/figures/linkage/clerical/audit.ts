/** Precision and recall measured on a sample that people decided, with intervals. */
import { STRATA, type Stratum, saysOne } from "./sheet.ts"

export interface StratumCount {
  readonly stratum: Stratum
  /** Pairs in the stratum. */
  readonly size: number
  /** Pairs of it that were decided, and of these the ones found to be one person. */
  readonly decided: number
  readonly same: number
}

export interface Measured {
  readonly estimate: number
  readonly lower: number
  readonly upper: number
}

export interface AuditResult {
  readonly decided: number
  /** Among pairs that the linkage says are one person. */
  readonly precision: Measured | undefined
  /** Among pairs above the kept odds: what blocking never brought together is not in it. */
  readonly recall: Measured | undefined
  readonly strata: readonly (StratumCount & Measured)[]
}

const Z95 = 1.959964

/**
 * Wilson's score interval for a proportion. Source: Wilson (1927).
 * @throws RangeError unless 0 ≤ successes ≤ trials, trials ≥ 1.
 */
export function wilson(successes: number, trials: number, z = Z95): Measured {
  if (!(trials >= 1 && successes >= 0 && successes <= trials))
    throw new RangeError(`${successes} of ${trials}`)
  const p = successes / trials
  const denominator = 1 + z ** 2 / trials
  const centre = (p + z ** 2 / (2 * trials)) / denominator
  const margin = (z * Math.sqrt((p * (1 - p)) / trials + z ** 2 / (4 * trials ** 2))) / denominator
  return { estimate: p, lower: Math.max(0, centre - margin), upper: Math.min(1, centre + margin) }
}

/**
 * Stratified estimates. The interval of a ratio of stratum totals is by linearisation, with the
 * Agresti–Coull share (two more of each) inside the variance, so that a stratum without an error is not taken
 * for certain.
 *
 * @param counts decided pairs per stratum, of the random sample only.
 */
export function auditOf(counts: readonly StratumCount[]): AuditResult {
  const ordered = STRATA.flatMap((stratum) => counts.filter((count) => count.stratum === stratum))
  const usable = ordered.filter(({ decided }) => decided > 0)
  const strata = usable.map((count) => ({ ...count, ...wilson(count.same, count.decided) }))
  const joined = usable.filter(({ stratum }) => saysOne(stratum))
  const missing = (among: readonly StratumCount[]) =>
    among.some(({ size, decided }) => size > 0 && decided === 0)
  const joinedAll = ordered.filter(({ stratum }) => saysOne(stratum))
  return {
    decided: usable.reduce((sum, { decided }) => sum + decided, 0),
    precision: joined.length === 0 || missing(joinedAll) ? undefined : ratio(joined, joined, "size"),
    recall: joined.length === 0 || missing(ordered) ? undefined : ratio(joined, usable, "same"),
    strata,
  }
}

/** (true pairs among `upper`) over (all pairs of `whole`, or its true pairs), by the delta method. */
function ratio(
  upper: readonly StratumCount[],
  whole: readonly StratumCount[],
  against: "size" | "same",
): Measured {
  const trueIn = (count: StratumCount) => (count.size * count.same) / count.decided
  const numerator = upper.reduce((sum, count) => sum + trueIn(count), 0)
  const denominator = whole.reduce((sum, count) => sum + (against === "size" ? count.size : trueIn(count)), 0)
  if (denominator === 0) return { estimate: 1, lower: 0, upper: 1 }
  const estimate = numerator / denominator
  let variance = 0
  for (const count of whole) {
    const share = (count.same + 2) / (count.decided + 4)
    const finite = Math.max(0, 1 - count.decided / count.size)
    const ofTotal = (count.size ** 2 * share * (1 - share) * finite) / (count.decided + 4)
    const inUpper = upper.includes(count)
    const slope = ((inUpper ? 1 : 0) - (against === "same" ? estimate : 0)) / denominator
    variance += slope ** 2 * ofTotal
  }
  // On the logit scale, so that the interval stays between 0 and 1.
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, estimate))
  const spread = (Z95 * Math.sqrt(variance)) / (inside * (1 - inside))
  if (estimate >= 1 - 1e-9 || estimate <= 1e-9 || spread > 20) {
    const margin = Z95 * Math.sqrt(variance)
    return { estimate, lower: Math.max(0, estimate - margin), upper: Math.min(1, estimate + margin) }
  }
  const logit = Math.log(inside / (1 - inside))
  const back = (value: number) => 1 / (1 + Math.exp(-value))
  return { estimate, lower: back(logit - spread), upper: back(logit + spread) }
}
