/**
 * Random variates for the sampler's inner loop. All exact up to the 32 bits of one uniform; written for speed,
 * since one sweep draws a few hundred of them.
 */
import { logFactorial } from "../../numeric/gamma.ts"
import type { Random } from "../../random/random.ts"

const TABLE_SIZE = 1 << 14

/** log k!, a table for small k. Shared: it never changes. */
const LOG_FACTORIALS = (() => {
  const table = new Float64Array(TABLE_SIZE)
  for (let k = 2; k < TABLE_SIZE; k++) table[k] = (table[k - 1] as number) + Math.log(k)
  return table
})()

const logFactorialOf = (k: number): number =>
  k < TABLE_SIZE ? (LOG_FACTORIALS[k] as number) : logFactorial(k)

export class Variates {
  readonly #random: Random
  /** The second of two normal draws that come together. */
  #spareNormal = Number.NaN

  constructor(random: Random) {
    this.#random = random
  }

  /** In (0, 1), never an end. */
  uniform(): number {
    return ((this.#random.bits() >>> 0) + 0.5) * 2.3283064365386963e-10
  }

  /** Polar method: Marsaglia & Bray (1964). */
  normal(): number {
    const spare = this.#spareNormal
    if (!Number.isNaN(spare)) {
      this.#spareNormal = Number.NaN
      return spare
    }
    for (;;) {
      const x = 2 * this.uniform() - 1
      const y = 2 * this.uniform() - 1
      const s = x * x + y * y
      if (s >= 1 || s === 0) continue
      const factor = Math.sqrt((-2 * Math.log(s)) / s)
      this.#spareNormal = y * factor
      return x * factor
    }
  }

  /** Gamma with scale 1, shape ≥ 1: Marsaglia & Tsang (2000). */
  #gammaFromOne(shape: number): number {
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = this.normal()
      const root = 1 + c * x
      if (root <= 0) continue
      const v = root * root * root
      const u = this.uniform()
      const square = x * x
      if (u < 1 - 0.0331 * square * square) return d * v
      if (Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return d * v
    }
  }

  gamma(shape: number): number {
    if (shape >= 1) return this.#gammaFromOne(shape)
    return this.#gammaFromOne(shape + 1) * this.uniform() ** (1 / shape)
  }

  /** The logarithm of a gamma draw: does not underflow for shapes near 0. */
  logGamma(shape: number): number {
    if (shape >= 1) return Math.log(this.#gammaFromOne(shape))
    return Math.log(this.#gammaFromOne(shape + 1)) + Math.log(this.uniform()) / shape
  }

  /** Beta for a, b ≥ 1. */
  beta(a: number, b: number): number {
    if (a === 1) return b === 1 ? this.uniform() : -Math.expm1(Math.log(this.uniform()) / b)
    if (b === 1) return Math.exp(Math.log(this.uniform()) / a)
    const x = this.#gammaFromOne(a)
    return x / (x + this.#gammaFromOne(b))
  }

  /** How many of `trials` succeed with chance p. Inversion for small means, BTRS (Hörmann 1993) for others. */
  binomial(trials: number, p: number): number {
    if (trials === 0 || p <= 0) return 0
    if (p >= 1) return trials
    if (p > 0.5) return trials - this.#binomialSmallP(trials, 1 - p)
    return this.#binomialSmallP(trials, p)
  }

  #binomialSmallP(trials: number, p: number): number {
    const mean = trials * p
    if (mean >= 12) return this.#binomialRejection(trials, p)
    let u = this.uniform()
    // (1 − p)^n ≥ 1 − np: most draws of a class that holds next to nothing end here.
    if (u < 1 - mean) return 0
    const odds = p / (1 - p)
    let term = Math.exp(trials * Math.log1p(-p))
    for (let k = 0; ; ) {
      if (u < term || k === trials) return k
      u -= term
      k++
      term *= (odds * (trials - k + 1)) / k
      if (term < 1e-300) return k
    }
  }

  #binomialRejection(trials: number, p: number): number {
    const q = 1 - p
    const spread = Math.sqrt(trials * p * q)
    const b = 1.15 + 2.53 * spread
    const a = -0.0873 + 0.0248 * b + 0.01 * p
    const c = trials * p + 0.5
    const vr = 0.92 - 4.2 / b
    for (;;) {
      const u = this.uniform() - 0.5
      let v = this.uniform()
      const us = 0.5 - Math.abs(u)
      const k = Math.floor(((2 * a) / us + b) * u + c)
      if (us >= 0.07 && v <= vr) return k
      if (k < 0 || k > trials) continue
      const mode = Math.floor((trials + 1) * p)
      const alpha = (2.83 + 5.1 / b) * spread
      v = Math.log((v * alpha) / (a / (us * us) + b))
      const limit =
        logFactorialOf(mode) +
        logFactorialOf(trials - mode) -
        logFactorialOf(k) -
        logFactorialOf(trials - k) +
        (k - mode) * Math.log(p / q)
      if (v <= limit) return k
    }
  }

  /** Poisson; PTRS (Hörmann 1993) from 10 on. Means up to 2^50, no cap. */
  poisson(mean: number): number {
    if (mean < 10) {
      let u = this.uniform()
      let term = Math.exp(-mean)
      let k = 0
      while (u >= term && k < 200) {
        u -= term
        k++
        term *= mean / k
      }
      return k
    }
    const root = Math.sqrt(mean)
    const b = 0.931 + 2.53 * root
    const a = -0.059 + 0.02483 * b
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    const vr = 0.9277 - 3.6224 / (b - 2)
    const logMean = Math.log(mean)
    for (;;) {
      const u = this.uniform() - 0.5
      const v = this.uniform()
      const us = 0.5 - Math.abs(u)
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
      if (us >= 0.07 && v <= vr) return k
      if (k < 0 || (us < 0.013 && v > us)) continue
      if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logFactorialOf(k))
        return k
    }
  }
}
