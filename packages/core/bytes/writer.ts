import { isPlainText } from "../text/plain-text.ts"

/**
 * Builds canonical bytes: big-endian numbers, texts as u16 length and UTF-8 (docs/protocol.md §1).
 * What does not fit is a programmer's mistake: callers check limits first.
 */
export class ByteWriter {
  readonly #parts: Uint8Array[] = []

  /** @throws RangeError unless whole and within the width. */
  #number(value: number, bytes: number): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * bytes)) {
      throw new RangeError(`${value} does not fit into ${bytes} bytes`)
    }
    const part = new Uint8Array(bytes)
    let rest = value
    for (let i = bytes - 1; i >= 0; i--) {
      part[i] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.#parts.push(part)
    return this
  }

  u8(value: number): this {
    return this.#number(value, 1)
  }
  u16(value: number): this {
    return this.#number(value, 2)
  }
  u32(value: number): this {
    return this.#number(value, 4)
  }
  /** Eight bytes, values up to 2^53 − 1. */
  u64(value: number): this {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not exact`)
    return this.#number(Math.floor(value / 2 ** 32), 4).#number(value % 2 ** 32, 4)
  }
  /** Bytes whose length the format fixes. @throws RangeError when it is another. */
  fixed(bytes: Uint8Array, length: number): this {
    if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes where ${length} stand`)
    this.#parts.push(bytes)
    return this
  }
  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    return this
  }
  /** u16 length, then the bytes. */
  short(bytes: Uint8Array): this {
    return this.#number(bytes.length, 2).raw(bytes)
  }
  /** u32 length, then the bytes. */
  long(bytes: Uint8Array): this {
    return this.#number(bytes.length, 4).raw(bytes)
  }
  /** @throws RangeError unless plain text (rule B3). */
  text(text: string): this {
    if (!isPlainText(text)) throw new RangeError("not plain text (rule B3)")
    return this.short(new TextEncoder().encode(text))
  }
  /** u8 count, then each item. */
  list<T>(items: readonly T[], write: (writer: this, item: T) => void): this {
    this.u8(items.length)
    for (const item of items) write(this, item)
    return this
  }
  bytes(): Uint8Array {
    const whole = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }
}
