/**
 * Estimates are published with two significant digits: more would claim a precision that no interval has. Nothing is
 * rounded below the people seen, and an interval only outwards: it must not exclude what the full digits allow.
 */

/** @param seen the people who were seen: nobody is told of fewer. */
export function publishedEstimate(value: number, seen = 0): number {
  const near = Number(value.toPrecision(2))
  return near < seen ? published(value, Math.ceil) : near
}

/** The lower end of an interval, or the least of several estimates. */
export const publishedLower = (value: number, seen = 0): number =>
  Math.max(seen, published(value, Math.floor))

/** The upper end, or the largest. */
export const publishedUpper = (value: number): number => published(value, Math.ceil)

function published(value: number, round: (value: number) => number): number {
  if (value === 0 || Number(value.toPrecision(2)) === value) return value
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1)
  // By way of the decimal text: 0.1 times 84 is not 8.4.
  return Number((round(value / unit) * unit).toPrecision(2))
}
