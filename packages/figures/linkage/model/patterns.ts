/** Distinct agreement patterns with how often they occur: a million pairs are a few thousand patterns. */
import { type ComparedPairs, levelAt } from "../comparison/pairs.ts"

export interface Patterns {
  readonly size: number
  readonly low: Uint32Array
  readonly high: Uint32Array
  readonly count: Float64Array
}

/** Open addressing, grows by doubling. */
export class PatternCounter {
  #slots = new Int32Array(1 << 12).fill(-1)
  #low = new Uint32Array(1 << 10)
  #high = new Uint32Array(1 << 10)
  #count = new Float64Array(1 << 10)
  #size = 0

  add(low: number, high: number, times = 1): void {
    const index = this.#find(low, high)
    this.#count[index] = (this.#count[index] as number) + times
  }

  addAll(pairs: ComparedPairs): void {
    const { low, high } = pairs
    for (let at = 0; at < low.length; at++) this.add(low[at] as number, high[at] as number)
  }

  patterns(): Patterns {
    return {
      size: this.#size,
      low: this.#low.slice(0, this.#size),
      high: this.#high.slice(0, this.#size),
      count: this.#count.slice(0, this.#size),
    }
  }

  #find(low: number, high: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(low, high) & mask
    for (;;) {
      const index = this.#slots[slot] as number
      if (index < 0) break
      if (this.#low[index] === low && this.#high[index] === high) return index
      slot = (slot + 1) & mask
    }
    const index = this.#size++
    this.#slots[slot] = index
    if (index === this.#low.length) this.#growPatterns()
    this.#low[index] = low
    this.#high[index] = high
    if (this.#size * 2 > this.#slots.length) this.#growSlots()
    return index
  }

  #growPatterns(): void {
    const length = this.#low.length * 2
    const low = new Uint32Array(length)
    low.set(this.#low)
    this.#low = low
    const high = new Uint32Array(length)
    high.set(this.#high)
    this.#high = high
    const count = new Float64Array(length)
    count.set(this.#count)
    this.#count = count
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let index = 0; index < this.#size; index++) {
      let slot = hash(this.#low[index] as number, this.#high[index] as number) & mask
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask
      slots[slot] = index
    }
    this.#slots = slots
  }
}

function hash(low: number, high: number): number {
  let mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 13)) >>> 0
}

/** `levels[pattern * comparisons + comparison]`, unpacked once for the loops of the model. */
export function unpack(patterns: Patterns, comparisons: number): Uint8Array {
  const levels = new Uint8Array(patterns.size * comparisons)
  for (let at = 0; at < patterns.size; at++) {
    const low = patterns.low[at] as number
    const high = patterns.high[at] as number
    for (let c = 0; c < comparisons; c++) levels[at * comparisons + c] = levelAt(low, high, c)
  }
  return levels
}
