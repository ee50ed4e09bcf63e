/**
 * What browsers pack with: LZ4 (Firefox's *.jsonlz4) and Snappy (LevelDB's tables, Firefox's storage). Neither has codes of
 * its own for letters, so most of a text stands there as it was; but four bytes that stood before, two Russian letters,
 * suffice to tear a word apart.
 */

/** More than any text that somebody wrote. */
const MOST_OUT = 8 * 1024 * 1024

/** LZ4 block format. What is cut off counts as far as it goes. @returns null for what is none. */
export function unpackLz4(bytes: Uint8Array, length: number): Uint8Array | null {
  const out = new Output(length)
  let at = 0
  const more = (first: number): number => {
    let sum = first
    if (first < 15) return sum
    for (;;) {
      const next = bytes[at++]
      if (next === undefined) return sum
      sum += next
      if (next < 255) return sum
    }
  }
  while (at < bytes.length && !out.isFull) {
    const token = bytes[at++] as number
    const literals = more(token >> 4)
    out.append(bytes.subarray(at, at + literals))
    at += literals
    if (at >= bytes.length || out.isFull) break
    const offset = (bytes[at] as number) | ((bytes[at + 1] ?? 0) << 8)
    at += 2
    if (!out.repeat(offset, 4 + more(token & 15))) return null
  }
  return out.bytes()
}

/** Snappy's raw format: its length first. @param isWhole it has to end where the bytes end, else it is none. */
export function unpackSnappy(bytes: Uint8Array, isWhole: boolean): Uint8Array | null {
  let [length, at] = [0, 0]
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    if (byte === undefined || shift > 28) return null
    length += (byte & 127) * 2 ** shift
    if (byte < 128) break
  }
  if (length === 0 || length > MOST_OUT) return null
  const little = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i += 1) value += (bytes[at + i] ?? 0) * 2 ** (8 * i)
    at += count
    return value
  }
  const out = new Output(length)
  while (at < bytes.length && !out.isFull) {
    const tag = bytes[at++] as number
    const upper = tag >> 2
    const kind = tag & 3
    if (kind === 0) {
      const count = 1 + (upper < 60 ? upper : little(upper - 59))
      out.append(bytes.subarray(at, at + count))
      at += count
    } else {
      const isShort = kind === 1
      const count = isShort ? 4 + (upper & 7) : upper + 1
      const offset = isShort ? ((tag >> 5) << 8) | little(1) : little(kind === 2 ? 2 : 4)
      if (!out.repeat(offset, count)) return null
    }
  }
  return isWhole && (!out.isFull || at !== bytes.length) ? null : out.bytes()
}

class Output {
  readonly #bytes: Uint8Array
  #filled = 0

  constructor(length: number) {
    this.#bytes = new Uint8Array(Math.min(length, MOST_OUT))
  }

  get isFull(): boolean {
    return this.#filled >= this.#bytes.length
  }

  append(bytes: Uint8Array): void {
    const taken = bytes.subarray(0, this.#bytes.length - this.#filled)
    this.#bytes.set(taken, this.#filled)
    this.#filled += taken.length
  }

  /** @returns whether there is anything so far back. */
  repeat(offset: number, count: number): boolean {
    if (offset === 0 || offset > this.#filled) return false
    for (let i = 0; i < count && !this.isFull; i += 1) {
      this.#bytes[this.#filled] = this.#bytes[this.#filled - offset] as number
      this.#filled += 1
    }
    return true
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#filled)
  }
}
