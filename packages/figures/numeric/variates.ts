/** Random variates that a bootstrap needs; the sampler of latent classes has faster ones of its own. */
import type { Random } from "../random/random.ts"
import { logFactorial } from "./gamma.ts"

/**
 * One binomial draw: how many of `trials` succeed with chance `p`. Exact.
 *
 * Small means by inversion, larger ones by transformed rejection.
 */
export function binomial(random: Random, trials: number, p: number): number {
  if (trials <= 0 || p <= 0) return 0
  if (p >= 1) return trials
  if (p > 0.5) return trials - binomial(random, trials, 1 - p)
  const odds = p / (1 - p)
  if (trials * p < 30) {
    let term = Math.exp(trials * Math.log1p(-p))
    let u = random.float()
    let k = 0
    while (u >= term) {
      u -= term
      k++
      if (k > trials) return binomial(random, trials, p)
      term *= (odds * (trials - k + 1)) / k
    }
    return k
  }
  return transformedRejection(random, trials, p)
}

/** Source: Hörmann (1993), The generation of binomial random variates, algorithm BTRS; for trials·p ≥ 10, p ≤ 1/2. */
function transformedRejection(random: Random, trials: number, p: number): number {
  const q = 1 - p
  const spread = Math.sqrt(trials * p * q)
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const c = trials * p + 0.5
  const vr = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const logOdds = Math.log(p / q)
  const mode = Math.floor((trials + 1) * p)
  const atMode = logFactorial(mode) + logFactorial(trials - mode)
  for (;;) {
    const u = random.float() - 0.5
    let v = random.float()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + c)
    if (k < 0 || k > trials) continue
    if (us >= 0.07 && v <= vr) return k
    v = Math.log((v * alpha) / (a / (us * us) + b))
    if (v <= atMode - logFactorial(k) - logFactorial(trials - k) + (k - mode) * logOdds) return k
  }
}

/** A multinomial draw into `into`: `trials` cases over cells with chances in proportion to `weights`. */
export function multinomial(random: Random, trials: number, weights: Float64Array, into: Float64Array): void {
  let rest = 0
  for (const weight of weights) rest += weight
  let left = trials
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number
    const drawn =
      left === 0 || weight === 0 ? 0 : weight >= rest ? left : binomial(random, left, weight / rest)
    into[i] = drawn
    left -= drawn
    rest -= weight
  }
}
