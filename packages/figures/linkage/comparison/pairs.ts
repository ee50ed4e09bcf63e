/** Millions of pairs as columns of numbers. */

/** A stretch of compared pairs: 16 bytes each. */
export interface ComparedPairs {
  readonly a: Int32Array<ArrayBuffer>
  readonly b: Int32Array<ArrayBuffer>
  /** Levels of comparisons 0 to 7, four bits each, the first lowest. */
  readonly low: Uint32Array<ArrayBuffer>
  /** Levels of comparisons 8 to 15. */
  readonly high: Uint32Array<ArrayBuffer>
}

/** Grows by doubling; one per task. */
export class PairCollector {
  #a = new Int32Array(1024)
  #b = new Int32Array(1024)
  #low = new Uint32Array(1024)
  #high = new Uint32Array(1024)
  #length = 0

  add(a: number, b: number, levels: Uint8Array): void {
    const at = this.#length++
    if (at === this.#a.length) this.#grow()
    this.#a[at] = a
    this.#b[at] = b
    this.#low[at] = packLevels(levels, 0)
    this.#high[at] = packLevels(levels, 8)
  }

  finish(): ComparedPairs {
    const end = this.#length
    return {
      a: this.#a.slice(0, end),
      b: this.#b.slice(0, end),
      low: this.#low.slice(0, end),
      high: this.#high.slice(0, end),
    }
  }

  #grow(): void {
    const grown = <T extends Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(old: T, fresh: T): T => {
      fresh.set(old)
      return fresh
    }
    const length = this.#a.length * 2
    this.#a = grown(this.#a, new Int32Array(length))
    this.#b = grown(this.#b, new Int32Array(length))
    this.#low = grown(this.#low, new Uint32Array(length))
    this.#high = grown(this.#high, new Uint32Array(length))
  }
}

/** Eight levels from `from` on, four bits each. `levels` has 16 entries. */
export function packLevels(levels: Uint8Array, from: number): number {
  let packed = 0
  for (let at = 0; at < 8; at++) packed |= ((levels[from + at] as number) & 15) << (4 * at)
  return packed >>> 0
}

/** The level of one comparison. */
export function levelAt(low: number, high: number, comparison: number): number {
  return comparison < 8 ? (low >>> (4 * comparison)) & 15 : (high >>> (4 * (comparison - 8))) & 15
}
