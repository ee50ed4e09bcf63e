/** Files in which browsers pack what they keep, wherever in an image one lies in one piece. */
import { unpackLz4, unpackSnappy } from "./lz.ts"

export interface Unpacked {
  readonly container: "jsonlz4" | "LevelDB"
  readonly at: number
  readonly bytes: Uint8Array
}

const MOST_IN = 8 * 1024 * 1024

export function* unpackedIn(image: Buffer): Generator<Unpacked> {
  yield* lz4Files(image)
  yield* levelTables(image)
}

/** Firefox: "mozLz40", zero, length, one block. */
function* lz4Files(image: Buffer): Generator<Unpacked> {
  const mark = Buffer.from("mozLz40\0", "latin1")
  for (let at = image.indexOf(mark); at >= 0; at = image.indexOf(mark, at + 1)) {
    const begin = at + mark.length + 4
    if (begin > image.length) return
    const bytes = unpackLz4(image.subarray(begin, begin + MOST_IN), image.readUInt32LE(begin - 4))
    if (bytes) yield { container: "jsonlz4", at, bytes }
  }
}

const FOOTER = 48
/** Behind each block: how it is packed, and a sum. */
const TRAILER = 5
const SNAPPY = 1

/** Tables of LevelDB, as Chromium keeps storage in them: known by their last eight bytes. */
function* levelTables(image: Buffer): Generator<Unpacked> {
  const mark = Buffer.from("57fb808b247547db", "hex")
  for (let found = image.indexOf(mark); found >= 0; found = image.indexOf(mark, found + 1)) {
    const footer = found + mark.length - FOOTER
    if (footer < 0) continue
    const reader = new Varints(image, footer)
    reader.pair()
    const index = reader.pair()
    // The index is the last block: it tells where the table began.
    const begin = footer - (index.offset + index.size + TRAILER)
    const entries = begin >= 0 ? blockAt(image, begin, index) : null
    if (!entries) continue
    for (const handle of handlesIn(entries)) {
      const bytes = blockAt(image, begin, handle)
      if (bytes) yield { container: "LevelDB", at: begin + handle.offset, bytes }
    }
  }
}

interface Handle {
  readonly offset: number
  readonly size: number
}

function blockAt(image: Buffer, begin: number, { offset, size }: Handle): Uint8Array | null {
  const at = begin + offset
  if (size > MOST_IN || at + size >= image.length) return null
  const block = image.subarray(at, at + size)
  return image[at + size] === SNAPPY ? unpackSnappy(block, true) : block
}

/** Of an index block: entries of shared, own and value length; the value is a handle. At the end the restarts. */
function* handlesIn(block: Uint8Array): Generator<Handle> {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  if (bytes.length < 4) return
  const end = bytes.length - 4 - 4 * bytes.readUInt32LE(bytes.length - 4)
  for (let at = 0; at < end; ) {
    const reader = new Varints(bytes, at)
    reader.one()
    const [own, value] = [reader.one(), reader.one()]
    yield new Varints(bytes, reader.at + own).pair()
    at = reader.at + own + value
  }
}

class Varints {
  readonly #bytes: Buffer
  at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  one(): number {
    let value = 0
    for (let shift = 0; shift <= 49; shift += 7) {
      const byte = this.#bytes[this.at] ?? 0
      this.at += 1
      value += (byte & 127) * 2 ** shift
      if (byte < 128) break
    }
    return value
  }

  pair(): Handle {
    return { offset: this.one(), size: this.one() }
  }
}
