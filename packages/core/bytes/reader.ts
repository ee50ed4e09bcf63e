import { isPlainText } from "../text/plain-text.ts"

/**
 * Reads canonical bytes (docs/protocol.md §1). Never throws: past the end, or at a text that is not plain,
 * it goes on with zeros and empty texts and `end()` is false. So a parser reads straight down and asks once.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0
  #failed = false

  constructor(bytes: Uint8Array) {
    // A Buffer's slice is a view of the same memory: what is taken must be a copy whoever gave the bytes.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get failed(): boolean {
    return this.#failed
  }
  /** Bytes not yet read. */
  get left(): number {
    return this.#bytes.length - this.#at
  }
  /** Marks the whole as malformed: for values that a parser finds outside their range. */
  fail(): void {
    this.#failed = true
  }
  /** True when every byte was read and nothing failed (rule B1). */
  end(): boolean {
    return !this.#failed && this.left === 0
  }

  /** A copy of the next `length` bytes. */
  take(length: number): Uint8Array {
    if (this.#failed || length > this.left) {
      this.#failed = true
      return new Uint8Array(Math.min(length, 65_536))
    }
    this.#at += length
    return this.#bytes.slice(this.#at - length, this.#at)
  }
  #number(bytes: number): number {
    if (this.#failed || bytes > this.left) {
      this.#failed = true
      return 0
    }
    let value = 0
    for (const end = this.#at + bytes; this.#at < end; this.#at++)
      value = value * 256 + (this.#bytes[this.#at] as number)
    return value
  }
  /** Whether zeros are all that is left; read with it. */
  zeros(): boolean {
    let or = 0
    for (; this.#at < this.#bytes.length; this.#at++) or |= this.#bytes[this.#at] as number
    return or === 0
  }
  u8(): number {
    return this.#number(1)
  }
  u16(): number {
    return this.#number(2)
  }
  u32(): number {
    return this.#number(4)
  }
  /** Eight bytes; beyond 2^53 − 1 it fails. */
  u64(): number {
    const value = this.#number(4) * 2 ** 32 + this.#number(4)
    if (!Number.isSafeInteger(value)) this.#failed = true
    return this.#failed ? 0 : value
  }
  short(): Uint8Array {
    return this.take(this.u16())
  }
  /** @param maxBytes a longer one fails before it is copied. */
  long(maxBytes: number): Uint8Array {
    const length = this.u32()
    if (length > maxBytes) this.#failed = true
    return this.#failed ? new Uint8Array() : this.take(length)
  }
  /** @param maxBytes of UTF-8. */
  text(maxBytes: number): string {
    const bytes = this.short()
    if (bytes.length > maxBytes) this.#failed = true
    if (this.#failed) return ""
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
      if (isPlainText(text)) return text
    } catch {
      // Not UTF-8: rule B2.
    }
    this.#failed = true
    return ""
  }
  /** u8 count, then each item; more than `most` fails. */
  list<T>(most: number, read: (reader: this) => T): T[] {
    const count = this.u8()
    if (count > most) this.#failed = true
    const items: T[] = []
    for (let i = 0; i < count && !this.#failed; i++) items.push(read(this))
    return items
  }
}
