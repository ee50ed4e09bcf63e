/** Precision and recall measured on a sample that people decided, with intervals. */
import { STRATA, type Stratum, saysOne } from "./sheet.ts"

export interface StratumCount {
  readonly stratum: Stratum
  /** Pairs in the stratum. */
  readonly size: number
  /** Pairs of it that were decided, and of these the ones found to be one person. */
  readonly decided: number
  readonly same: number
  /** Looked at, and disputed or left unsure. */
  readonly undecided: number
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
 * Stratified estimates. A stratum's share has Wilson's interval, narrowed where the stratum is small; totals over strata
 * and the ratio of two totals recover theirs from these (MOVER), so that a stratum without an error is not taken for
 * certain, and one with few true pairs among very many does not make the other side of an interval useless.
 *
 * Source: Zou & Donner (2008), Stat. Med. 27; for ratios Donner & Zou (2012), Stat. Methods Med. Res. 21.
 *
 * Pairs that people could not settle are the hard ones. Each end of an interval takes them for whatever moves it
 * furthest, the estimate leaves them out.
 *
 * @param counts decided pairs per stratum, of the random sample only.
 */
export function auditOf(counts: readonly StratumCount[]): AuditResult {
  const ordered = STRATA.flatMap((stratum) => counts.filter((count) => count.stratum === stratum))
  const usable = ordered.filter(({ decided }) => decided > 0)
  const strata = usable.map((count) => ({ ...count, ...share(count) }))
  const joined = usable.filter(({ stratum }) => saysOne(stratum))
  const apart = usable.filter(({ stratum }) => !saysOne(stratum))
  const missing = (among: readonly StratumCount[]) =>
    among.some(({ size, decided }) => size > 0 && decided === 0)
  const joinedAll = ordered.filter(({ stratum }) => saysOne(stratum))
  const size = joined.reduce((sum, count) => sum + count.size, 0)
  return {
    decided: usable.reduce((sum, { decided }) => sum + decided, 0),
    precision:
      size === 0 || missing(joinedAll)
        ? undefined
        : scaled(
            {
              estimate: truePairs(joined).estimate,
              lower: truePairs(joined.map(asDifferent)).lower,
              upper: truePairs(joined.map(asSame)).upper,
            },
            (pairs) => Math.min(1, Math.max(0, pairs / size)),
          ),
    recall:
      size === 0 || missing(ordered)
        ? undefined
        : {
            estimate: found(truePairs(joined), truePairs(apart)).estimate,
            lower: found(truePairs(joined.map(asDifferent)), truePairs(apart.map(asSame))).lower,
            upper: found(truePairs(joined.map(asSame)), truePairs(apart.map(asDifferent))).upper,
          },
    strata,
  }
}

const asDifferent = (count: StratumCount): StratumCount => ({
  ...count,
  decided: count.decided + count.undecided,
})
const asSame = (count: StratumCount): StratumCount => ({
  ...asDifferent(count),
  same: count.same + count.undecided,
})

function share(count: StratumCount): Measured {
  const [low, high] = [asDifferent(count), asSame(count)]
  return {
    estimate: count.same / count.decided,
    lower: wilson(low.same, low.decided).lower,
    upper: wilson(high.same, high.decided).upper,
  }
}

/** True pairs in some strata together. */
function truePairs(counts: readonly StratumCount[]): Measured {
  let [estimate, below, above] = [0, 0, 0]
  for (const { size, decided, same } of counts) {
    const found = wilson(same, decided)
    const finite = Math.sqrt(Math.max(0, 1 - decided / size))
    estimate += size * found.estimate
    below += (size * finite * (found.estimate - found.lower)) ** 2
    above += (size * finite * (found.upper - found.estimate)) ** 2
  }
  return { estimate, lower: Math.max(0, estimate - Math.sqrt(below)), upper: estimate + Math.sqrt(above) }
}

const scaled = ({ estimate, lower, upper }: Measured, scale: (value: number) => number): Measured => ({
  estimate: scale(estimate),
  lower: scale(lower),
  upper: scale(upper),
})

/** Found pairs over all true ones, from the ratio of the missed to the found. */
function found(joined: Measured, missed: Measured): Measured {
  if (joined.estimate + missed.estimate === 0) return { estimate: 1, lower: 0, upper: 1 }
  const shareOf = (ratio: number): number => 1 / (1 + ratio)
  const end = (ofMissed: number, ofJoined: number, sign: 1 | -1): number => {
    const product = joined.estimate * missed.estimate
    const denominator = ofJoined * (2 * joined.estimate - ofJoined)
    // No found pair can be excluded, or all of them be doubted: the ratio has no end on this side.
    if (!(denominator > 0)) return sign > 0 ? Number.POSITIVE_INFINITY : 0
    const inside = product ** 2 - ofMissed * (2 * missed.estimate - ofMissed) * denominator
    return Math.max(0, (product + sign * Math.sqrt(Math.max(0, inside))) / denominator)
  }
  return {
    estimate: shareOf(missed.estimate / joined.estimate),
    lower: shareOf(end(missed.upper, joined.lower, 1)),
    upper: shareOf(end(missed.lower, joined.upper, -1)),
  }
}
