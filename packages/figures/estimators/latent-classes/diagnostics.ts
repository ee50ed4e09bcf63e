/**
 * Have several chains of draws found the same distribution, and how many independent draws are they worth?
 *
 * Source: Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Rank-normalization, folding, and localization:
 * an improved R̂, Bayesian Analysis 16. Draws are replaced by normal scores of their ranks first, since the
 * posterior of a population's size has a long tail in which means and variances mislead.
 */
import { normalQuantile } from "../../numeric/normal.ts"
import { quantile } from "../../numeric/quantile.ts"

export interface ChainDiagnostics {
  /**
   * The larger of the split R̂ of ranks and that of ranks folded about the median: chains of one centre and different
   * spread agree in the first and not in the second. 1 when chains agree, above 1.01 they do not.
   */
  readonly rHat: number
  /** Effective sample size of the bulk. */
  readonly effective: number
  /** The smaller of those of the two tails, one draw in twenty each: the ends of intervals lie there. */
  readonly effectiveTail: number
}

/** @param chains draws in order, at least four in each, all of one length. */
export function diagnose(chains: readonly Float64Array[]): ChainDiagnostics {
  const halves = chains.flatMap((chain) => {
    const half = Math.floor(chain.length / 2)
    return [chain.subarray(0, half), chain.subarray(chain.length - half)]
  })
  const sorted = Float64Array.from(halves.flatMap((half) => [...half])).sort()
  if (sorted.length < 2 * halves.length)
    return { rHat: Number.POSITIVE_INFINITY, effective: 0, effectiveTail: 0 }
  const bulk = mixing(rankNormalised(halves))
  const median = quantile(sorted, 0.5)
  const folded = mixing(rankNormalised(halves.map((half) => half.map((value) => Math.abs(value - median)))))
  const tails = [TAIL, 1 - TAIL].map((p) => {
    const end = quantile(sorted, p)
    return mixing(halves.map((half) => half.map((value) => (value <= end ? 1 : 0)))).effective
  })
  return {
    rHat: Math.max(bulk.rHat, folded.rHat),
    effective: bulk.effective,
    effectiveTail: Math.min(...tails),
  }
}

const TAIL = 0.05

/** Split R̂ and effective size of values as they are. */
function mixing(halves: readonly Float64Array[]): { readonly rHat: number; readonly effective: number } {
  const length = halves[0]?.length ?? 0
  const means = halves.map(mean)
  const variances = halves.map((half, i) => variance(half, means[i] as number))
  const within = mean(Float64Array.from(variances))
  const grand = mean(Float64Array.from(means))
  const between = (length * means.reduce((sum, m) => sum + (m - grand) ** 2, 0)) / (halves.length - 1)
  if (within === 0)
    return between === 0
      ? { rHat: 1, effective: length * halves.length }
      : { rHat: Number.POSITIVE_INFINITY, effective: 0 }
  const pooled = ((length - 1) / length) * within + between / length
  return { rHat: Math.sqrt(pooled / within), effective: effectiveSize(halves, means, within, pooled) }
}

/** Geyer's initial monotone sequence over the autocorrelations of all half-chains together. */
function effectiveSize(
  halves: readonly Float64Array[],
  means: readonly number[],
  within: number,
  pooled: number,
): number {
  const length = halves[0]?.length ?? 0
  const total = length * halves.length
  const correlation = (lag: number): number => {
    let sum = 0
    halves.forEach((half, i) => {
      const centre = means[i] as number
      let products = 0
      for (let t = 0; t + lag < length; t++)
        products += ((half[t] as number) - centre) * ((half[t + lag] as number) - centre)
      sum += products / length
    })
    const covariance = sum / halves.length
    return 1 - (within * ((length - 1) / length) - covariance) / pooled
  }
  let sum = 0
  let previous = Number.POSITIVE_INFINITY
  for (let lag = 0; lag + 1 < length; lag += 2) {
    const pair = Math.min(correlation(lag) + correlation(lag + 1), previous)
    if (pair < 0) break
    sum += pair
    previous = pair
  }
  const time = Math.max(-1 + 2 * sum, 1 / Math.log10(total))
  return total / time
}

/** Ranks over all chains (ties share their mean rank), as normal scores: Blom's (r − 3/8) / (S + 1/4). */
function rankNormalised(chains: readonly Float64Array[]): Float64Array[] {
  const order: { value: number; chain: number; at: number }[] = []
  chains.forEach((draws, chain) => {
    draws.forEach((value, at) => {
      order.push({ value, chain, at })
    })
  })
  order.sort((a, b) => a.value - b.value)
  const scores = chains.map((chain) => new Float64Array(chain.length))
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && order[to]?.value === order[from]?.value) to++
    const score = normalQuantile(((from + 1 + to) / 2 - 0.375) / (order.length + 0.25))
    for (let i = from; i < to; i++) {
      const { chain, at } = order[i] as { chain: number; at: number }
      ;(scores[chain] as Float64Array)[at] = score
    }
    from = to
  }
  return scores
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const variance = (values: Float64Array, centre: number): number =>
  values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
