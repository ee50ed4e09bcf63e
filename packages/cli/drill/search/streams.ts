/**
 * Compressed streams inside an image: whatever begins like gzip, zlib or zstd, and what browsers pack; a whole file as raw
 * deflate or Brotli, which have no mark.
 */
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib"
import { type Unpacked, unpackedIn } from "./browser-formats.ts"

/** More than any text that somebody wrote; enough of a page to find what stands in it. */
const MOST_OUT = 8 * 1024 * 1024
/** A stream is longer than this in an image; what is shorter has no room for a fragment. */
const LEAST_OUT = 12
const MOST_IN = 4 * 1024 * 1024
/** Enough to see whether something is a stream at all: random bytes are refused within a few. */
const PROBE = 1024

export type Container = "gzip" | "zlib" | "zstd" | "deflate" | "brotli"

export interface Inflated {
  readonly container: Container | Unpacked["container"]
  readonly at: number
  readonly bytes: Uint8Array
}

/** @param isFile also tries the beginning as raw deflate and as Brotli. */
export function* inflatedStreams(image: Uint8Array, isFile: boolean): Generator<Inflated> {
  const whole = Buffer.from(image.buffer, image.byteOffset, image.byteLength)
  for (const at of marks(whole)) {
    const container = whole[at] === 0x1f ? "gzip" : whole[at] === 0x28 ? "zstd" : "zlib"
    const bytes = streamAt(whole, at, container)
    if (bytes) yield { container, at, bytes }
  }
  yield* unpackedIn(whole)
  if (!isFile) return
  for (const container of ["deflate", "brotli"] as const) {
    const bytes = streamAt(whole, 0, container)
    if (bytes) yield { container, at: 0, bytes }
  }
}

/** RFC 1952 §2.3.1; RFC 8878 §3.1.1; RFC 1950 §2.2 with the window of 32 KiB that compressors write. */
function* marks(image: Buffer): Generator<number> {
  for (const mark of [
    [0x1f, 0x8b, 0x08],
    [0x28, 0xb5, 0x2f, 0xfd],
    [0x78, 0x01],
    [0x78, 0x5e],
    [0x78, 0x9c],
    [0x78, 0xda],
  ]) {
    const wanted = Buffer.from(mark)
    for (let at = image.indexOf(wanted); at >= 0; at = image.indexOf(wanted, at + 1)) yield at
  }
}

const streamAt = (image: Buffer, at: number, container: Container): Uint8Array | null =>
  inflate(container, image.subarray(at, at + PROBE)) && inflate(container, image.subarray(at, at + MOST_IN))

/** What is damaged or cut off counts as far as it goes. @returns null where nothing comes out. */
export function inflate(container: Container, bytes: Uint8Array): Uint8Array | null {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_OUT }
  try {
    const out =
      container === "gzip"
        ? gunzipSync(bytes, options)
        : container === "zlib"
          ? inflateSync(bytes, options)
          : container === "zstd"
            ? zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush, maxOutputLength: MOST_OUT })
            : container === "deflate"
              ? inflateRawSync(bytes, options)
              : brotliDecompressSync(bytes, {
                  finishFlush: constants.BROTLI_OPERATION_FLUSH,
                  maxOutputLength: MOST_OUT,
                })
    return out.length >= LEAST_OUT ? out : null
  } catch {
    return null
  }
}
