/** The standard normal distribution: what intervals are made of. */

const SQRT_TWO_PI = 2.5066282746310002

/**
 * Φ(x), the chance that a standard normal variable is at most `x`; absolute error below 1e-15.
 *
 * Source: Marsaglia (2004), Evaluating the Normal Distribution, J. Stat. Software 11(4), for the middle;
 * Lentz's continued fraction of Mills' ratio (Abramowitz & Stegun 26.2.14) for the tails.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x
  if (x < -38) return 0
  if (x > 38) return 1
  if (Math.abs(x) < 5) {
    let term = x
    let sum = x
    const square = x * x
    for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= square / k
      sum += term
    }
    return 0.5 + (sum * Math.exp(-0.5 * square)) / SQRT_TWO_PI
  }
  const size = Math.abs(x)
  let fraction = size
  for (let k = 60; k >= 1; k--) fraction = size + k / fraction
  const tail = Math.exp(-0.5 * x * x) / (SQRT_TWO_PI * fraction)
  return x < 0 ? tail : 1 - tail
}

/**
 * Φ⁻¹(p) for 0 ≤ p ≤ 1; relative error about 1e-15. Infinite at 0 and 1, NaN outside.
 *
 * Source: Hastings' rational start (Abramowitz & Stegun 26.2.23), then three steps of Halley's method on `normalCdf`.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 1) return Number.POSITIVE_INFINITY
  if (p > 0.5) return -normalQuantile(1 - p)
  let x = lowerQuantileStart(p)
  for (let step = 0; step < 3; step++) {
    const error = (normalCdf(x) - p) * SQRT_TWO_PI * Math.exp(0.5 * x * x)
    x -= error / (1 + (x * error) / 2)
  }
  return x
}

/** Hastings' approximation (Abramowitz & Stegun 26.2.23), |error| < 4.5e-4, for p ≤ 1/2. */
function lowerQuantileStart(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p))
  return -(
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  )
}
