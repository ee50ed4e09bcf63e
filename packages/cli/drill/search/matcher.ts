/**
 * Many byte strings searched for at once, in one pass: a filter of sampled four-byte words in front of a table of
 * hashes (after Karp and Rabin, 1987). A pattern of eight bytes or more covers one of every five sampled places whole,
 * so only each fifth byte is looked at until a word is met that some pattern has.
 */

/** Every pattern is at least so long; shorter ones would be found by chance in a gigabyte of random bytes. */
export const LEAST_BYTES = 8
const WORD = 4
const STRIDE = LEAST_BYTES - WORD + 1

export interface Pattern {
  readonly bytes: Uint8Array
  /** What the searcher is told when it is found. */
  readonly tag: number
}

export interface Matcher {
  readonly count: number
  /** Calls `found` for each place where a pattern stands whole. */
  readonly scan: (bytes: Uint8Array, found: (tag: number, at: number) => void) => void
}

/** @throws RangeError for a pattern of less than eight bytes. */
export function makeMatcher(patterns: readonly Pattern[]): Matcher {
  const words = makeFilter(WORD_BITS)
  const beginnings = makeFilter(BEGINNING_BITS)
  const heads = new Int32Array(1 << HEAD_BITS).fill(-1)
  const next = new Int32Array(patterns.length).fill(-1)
  for (const [i, { bytes }] of patterns.entries()) {
    if (bytes.length < LEAST_BYTES) throw new RangeError("a pattern of less than eight bytes")
    for (let at = 0; at < STRIDE; at += 1) setBit(words, hashOfWord(bytes, at))
    const hash = hashOfBeginning(bytes, 0)
    setBit(beginnings, hash >>> (32 - BEGINNING_BITS))
    next[i] = heads[hash >>> (32 - HEAD_BITS)] as number
    heads[hash >>> (32 - HEAD_BITS)] = i
  }
  const tryAt = (bytes: Uint8Array, at: number, found: (tag: number, at: number) => void): void => {
    const hash = hashOfBeginning(bytes, at)
    if (!hasBit(beginnings, hash >>> (32 - BEGINNING_BITS))) return
    for (let i = heads[hash >>> (32 - HEAD_BITS)] as number; i >= 0; i = next[i] as number) {
      const { bytes: wanted, tag } = patterns[i] as Pattern
      if (standsAt(bytes, at, wanted)) found(tag, at)
    }
  }
  return {
    count: patterns.length,
    scan: (bytes, found) => {
      const lastWord = bytes.length - WORD
      const lastBeginning = bytes.length - LEAST_BYTES
      for (let sampled = STRIDE - 1; sampled <= lastWord; sampled += STRIDE) {
        if (!hasBit(words, hashOfWord(bytes, sampled))) continue
        const to = Math.min(sampled, lastBeginning)
        for (let at = sampled - STRIDE + 1; at <= to; at += 1) tryAt(bytes, at, found)
      }
    },
  }
}

const WORD_BITS = 21
const BEGINNING_BITS = 20
const HEAD_BITS = 16

const makeFilter = (bits: number): Int32Array => new Int32Array(1 << (bits - 5))
const setBit = (filter: Int32Array, bit: number): void => {
  filter[bit >>> 5] = (filter[bit >>> 5] as number) | (1 << (bit & 31))
}
const hasBit = (filter: Int32Array, bit: number): boolean =>
  ((filter[bit >>> 5] as number) & (1 << (bit & 31))) !== 0

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)

/** Multiplicative hashing, Knuth volume 3 §6.4: any spread will do, what collides is told apart by comparing. */
const hashOfWord = (bytes: Uint8Array, at: number): number =>
  Math.imul(wordAt(bytes, at), 0x9e3779b1) >>> (32 - WORD_BITS)

const hashOfBeginning = (bytes: Uint8Array, at: number): number => {
  const mixed = Math.imul(wordAt(bytes, at), 0x9e3779b1) ^ (wordAt(bytes, at + 4) + 0x7f4a7c15)
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0
}

function standsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  if (at + wanted.length > bytes.length) return false
  for (let i = 0; i < wanted.length; i += 1) if (bytes[at + i] !== wanted[i]) return false
  return true
}
