/** Whether bytes look as if drawn evenly: Pearson's chi-squared test over the 256 values. */

const VALUES = 256

/**
 * @param bytes some thousand at least, so that each value is expected five times.
 * @returns how likely counts at least so uneven are, from 0 to 1. Wilson and Hilferty (1931): the cube root of
 *   chi-squared is nearly normal; at 255 degrees of freedom to within a hundredth.
 */
export function likelihoodOfUniform(bytes: Uint8Array): number {
  const counts = new Float64Array(VALUES)
  for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1
  const expected = bytes.length / VALUES
  const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const freedom = VALUES - 1
  const spread = 2 / (9 * freedom)
  const z = (Math.cbrt(chiSquared / freedom) - (1 - spread)) / Math.sqrt(spread)
  return upperTail(z)
}

/** Of the standard normal distribution. Abramowitz and Stegun 26.2.17: within 7.5e-8. */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z)
  const t = 1 / (1 + 0.2316419 * z)
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
}
