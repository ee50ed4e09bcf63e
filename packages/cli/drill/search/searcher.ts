/** Canaries searched in whatever can be read: a file, an image, a process's memory, what came over a wire. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs"
import type { Canary, Holder } from "../canaries/canary.ts"
import { type Form, keyForms, textForms, wholeBytesForms, wholeTextForms } from "./encodings.ts"
import { makeMatcher, type Pattern } from "./matcher.ts"
import { type Inflated, inflatedStreams } from "./streams.ts"

export interface Hit {
  readonly canary: Canary
  /** "UTF-16LE", "hex of SCSU"; behind it the container, where it was compressed. */
  readonly form: string
  /** Of the first one in this place. */
  readonly at: number
  readonly times: number
}

export interface Searched {
  readonly hits: readonly Hit[]
  readonly bytes: number
  readonly seconds: number
}

export interface Searcher {
  readonly canaries: readonly Canary[]
  readonly patterns: number
  /** @param compressed "file" also tries raw deflate and Brotli from its beginning. */
  readonly bytes: (bytes: Uint8Array, who: readonly Holder[], compressed: Compressed) => Searched
  /** Piece by piece, sharing enough for what lies across two. @throws Error when it can't be read. */
  readonly file: (path: string, who: readonly Holder[], compressed: Compressed) => Searched
  /** Pieces that have nothing to do with each other, or share what lies across two: regions of a memory. */
  readonly pieces: (
    pieces: Iterable<Uint8Array>,
    who: readonly Holder[],
    compressed: "not" | "marked",
  ) => Searched
}

export type Compressed = "not" | "marked" | "file"

const PIECE = 64 * 1024 * 1024
/** Of a compressed stream that begins before a piece's end. */
const SHARED = 1024 * 1024

export function makeSearcher(canaries: readonly Canary[]): Searcher {
  const patterns: Pattern[] = []
  const tags: { readonly canary: Canary; readonly form: string }[] = []
  for (const canary of canaries)
    for (const { name, bytes } of formsOf(canary)) {
      patterns.push({ bytes, tag: tags.length })
      tags.push({ canary, form: name })
    }
  const matcher = makeMatcher(patterns)

  const collect = (who: readonly Holder[]) => {
    const hits = new Map<string, Hit>()
    const note = (tag: number, at: number, container: Inflated["container"] | null): void => {
      const { canary, form } = tags[tag] as (typeof tags)[number]
      if (who.some((holder) => canary.may.includes(holder))) return
      const named = container ? `${form} in ${container}` : form
      const known = hits.get(`${canary.field} ${named}`)
      hits.set(`${canary.field} ${named}`, {
        canary,
        form: named,
        at: known?.at ?? at,
        times: (known?.times ?? 0) + 1,
      })
    }
    const piece = (bytes: Uint8Array, base: number, compressed: Compressed): void => {
      matcher.scan(bytes, (tag, at) => note(tag, base + at, null))
      if (compressed === "not") return
      for (const stream of inflatedStreams(bytes, compressed === "file" && base === 0))
        matcher.scan(stream.bytes, (tag) => note(tag, base + stream.at, stream.container))
    }
    return { hits, piece }
  }
  const timed = (work: () => { hits: Map<string, Hit>; bytes: number }): Searched => {
    const start = performance.now()
    const { hits, bytes } = work()
    return { hits: [...hits.values()], bytes, seconds: (performance.now() - start) / 1000 }
  }
  return {
    canaries,
    patterns: matcher.count,
    bytes: (bytes, who, compressed) =>
      timed(() => {
        const { hits, piece } = collect(who)
        piece(bytes, 0, compressed)
        return { hits, bytes: bytes.length }
      }),
    file: (path, who, compressed) =>
      timed(() => {
        const { hits, piece } = collect(who)
        let bytes = 0
        for (const { part, base } of piecesOf(path)) {
          piece(part, base, compressed)
          bytes = base + part.length
        }
        return { hits, bytes }
      }),
    pieces: (pieces, who, compressed) =>
      timed(() => {
        const { hits, piece } = collect(who)
        let bytes = 0
        for (const part of pieces) {
          piece(part, bytes, compressed)
          bytes += part.length
        }
        return { hits, bytes }
      }),
  }
}

function formsOf({ kind, value }: Canary): readonly Form[] {
  if (typeof value !== "string") return kind === "whole-bytes" ? wholeBytesForms(value) : keyForms(value)
  return kind === "whole-text" ? wholeTextForms(value) : textForms(value)
}

/** Two neighbours share a mebibyte, so what lies across a border is found in one of them, or counted twice. */
function* piecesOf(path: string): Generator<{ part: Uint8Array; base: number }> {
  const file = openSync(path, "r")
  try {
    const { size } = fstatSync(file)
    for (let base = 0; ; base += PIECE - SHARED) {
      // What has no size of its own (a device, a file of the system) is read as far as it goes.
      const length = size > base ? Math.min(PIECE, size - base) : PIECE
      const buffer = Buffer.alloc(length)
      let filled = 0
      while (filled < length) {
        const read = readSync(file, buffer, filled, length - filled, base + filled)
        if (read === 0) break
        filled += read
      }
      if (filled === 0 || (base > 0 && filled <= SHARED)) return
      yield { part: buffer.subarray(0, filled), base }
      if (filled < PIECE) return
    }
  } finally {
    closeSync(file)
  }
}
