/**
 * Quantile of sorted values, Hyndman & Fan's type 8 (median-unbiased whatever the distribution; the one
 * that BCa intervals of the published estimates use).
 *
 * @param sorted ascending, not empty; `p` in [0, 1].
 * Source: Hyndman & Fan (1996), Sample quantiles in statistical packages, Am. Stat. 50.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const size = sorted.length
  if (size === 0) throw new RangeError("a quantile of nothing")
  const position = (size + 1 / 3) * p + 1 / 3
  const below = Math.floor(position)
  const low = sorted[Math.min(size - 1, Math.max(0, below - 1))] as number
  const high = sorted[Math.min(size - 1, Math.max(0, below))] as number
  return low + (position - below) * (high - low)
}
