/** Estimates are published with two significant digits: more would claim a precision that no interval has. */
export const publishedEstimate = (value: number): number => Number(value.toPrecision(2))
