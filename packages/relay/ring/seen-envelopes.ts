import { toHex } from "@kunak/core/bytes/hex"

/** Bytes of a hash that are remembered: nobody finds two envelopes alike in 96 bits within half an hour. */
const REMEMBERED_BYTES = 12

/**
 * Which envelopes were taken under which header, in memory only and only while the edition is kept (rule Z7). At
 * most `most` in all: an entry takes about a hundred bytes.
 */
export class SeenEnvelopes {
  readonly #most: number
  readonly #byHeader = new Map<string, Set<string>>()
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  /** So many posts in the life of five editions: more than a ring has slots for, or than memory is set aside. */
  get isFull(): boolean {
    return this.#count >= this.#most
  }

  /** @returns false where it was there. @param headerHash in hexadecimal. */
  add(headerHash: string, envelopeHash: Uint8Array): boolean {
    const seen = this.#byHeader.get(headerHash) ?? new Set()
    this.#byHeader.set(headerHash, seen)
    const mark = toHex(envelopeHash.subarray(0, REMEMBERED_BYTES))
    if (seen.has(mark)) return false
    seen.add(mark)
    this.#count += 1
    return true
  }

  /** One that could not be stored may come again. */
  remove(headerHash: string, envelopeHash: Uint8Array): void {
    const removed = this.#byHeader.get(headerHash)?.delete(toHex(envelopeHash.subarray(0, REMEMBERED_BYTES)))
    if (removed) this.#count -= 1
  }

  /** Forgets every header that is none of these. */
  keepOnly(headerHashes: ReadonlySet<string>): void {
    for (const [hash, seen] of this.#byHeader) {
      if (headerHashes.has(hash)) continue
      this.#count -= seen.size
      this.#byHeader.delete(hash)
    }
  }
}
