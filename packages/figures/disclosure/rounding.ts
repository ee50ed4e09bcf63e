/**
 * Random rounding that comes out the same every time: the key decides, not a die.
 *
 * A count goes to one of the two neighbouring multiples of five, to the nearer one more often, so that no total is
 * pushed up or down on average. The same cell with the same count is rounded alike in every table and edition, so
 * that asking again cannot average the noise away. Without the key nobody can undo or repeat it.
 *
 * Source: Fellegi (1975), Controlled random rounding; repeatable by key: Fraser & Wooton (2005), the cell-key
 * method of the Australian Bureau of Statistics.
 */

export const ROUNDING_BASE = 5

/** A number in [0, 1) that only the holder of the key can compute from a text: HMAC, at the edge. */
export type KeyedUniform = (text: string) => number

/** @param name the cell's name, the same in every edition. `count` whole and ≥ 0. */
export function keyedRounding(count: number, name: string, uniform: KeyedUniform): number {
  const remainder = count % ROUNDING_BASE
  if (remainder === 0) return count
  const up = uniform(`${name} ${count}`) < remainder / ROUNDING_BASE
  return count - remainder + (up ? ROUNDING_BASE : 0)
}
