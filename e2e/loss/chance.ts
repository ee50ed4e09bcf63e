/** Chance that can be repeated: of one seed always the same. */
export interface Chance {
  /** Whole, from 0 to below `limit`. */
  below(limit: number): number
  pick<T>(items: readonly T[]): T
  /** Another row of numbers, the same for the same name. */
  named(name: string): Chance
}

/** Mulberry32: not for secrets. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return {
    below: (limit) => Math.floor((next() / 2 ** 32) * limit),
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError("nothing to pick from")
      return items[Math.floor((next() / 2 ** 32) * items.length)] as T
    },
    named: (name) =>
      chanceOf([...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed)),
  }
}
