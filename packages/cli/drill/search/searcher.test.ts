import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"
import { encodeScsu } from "@kunak/core/text/scsu"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Canary } from "../canaries/canary.ts"
import { makeMatcher } from "./matcher.ts"
import { makeSearcher } from "./searcher.ts"

const RUSSIAN = "щапебуждкилмнопр"
const LATIN = "k7wq2mzt9xbv4hdn"
const KEY = new Uint8Array(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256))
const text = (value: string, kind: Canary["kind"] = "text"): Canary => ({ field: "f", kind, value, may: [] })
const searcher = makeSearcher([
  text(RUSSIAN),
  text(LATIN),
  { field: "k", kind: "key", value: KEY, may: ["duty"] },
])

/** Somewhere in noise, at any alignment. */
function hidden(bytes: Uint8Array): Uint8Array {
  const noise = randomBytes(1 << 16)
  noise.set(bytes, 4096 * 10 + (bytes.length % 7))
  return noise
}
const formsFound = (bytes: Uint8Array): readonly string[] =>
  searcher.bytes(hidden(bytes), [], "marked").hits.map(({ form }) => form)

const WHOLE = `Это ${RUSSIAN} и ${LATIN}.`
const utf8 = Buffer.from(WHOLE)
const escaped = (mark: string, bytes: Buffer): Buffer =>
  Buffer.from([...bytes].map((byte) => mark + byte.toString(16).padStart(2, "0")).join(""))

describe("[DR1] a text is found in whatever form it lies there", () => {
  const forms: Readonly<Record<string, Uint8Array>> = {
    "UTF-8": utf8,
    "UTF-16LE": Buffer.from(WHOLE, "utf16le"),
    "UTF-16BE": Buffer.from(WHOLE, "utf16le").swap16(),
    SCSU: encodeScsu(WHOLE) ?? new Uint8Array(),
    "hex, small": Buffer.from(utf8.toString("hex")),
    "hex, capital": Buffer.from(utf8.toString("hex").toUpperCase()),
    "hex of UTF-16LE": Buffer.from(Buffer.from(WHOLE, "utf16le").toString("hex")),
    "base64, first phase": Buffer.from(utf8.toString("base64")),
    "base64, second phase": Buffer.from(Buffer.from(`x${WHOLE}`).toString("base64")),
    "base64, third phase": Buffer.from(Buffer.from(`xx${WHOLE}`).toString("base64")),
    base64url: Buffer.from(utf8.toString("base64url")),
    "base64 of SCSU": Buffer.from(Buffer.from(encodeScsu(WHOLE) ?? []).toString("base64")),
    "percent-encoded": Buffer.from(encodeURIComponent(WHOLE)),
    "quoted-printable": Buffer.from(escaped("=", utf8).toString().toUpperCase()),
    "\\u-escaped": Buffer.from(
      [...WHOLE].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
    ),
    "upper case": Buffer.from(WHOLE.toUpperCase()),
    transliterated: Buffer.from("shchapebuzhdkilmnopr"),
    gzip: gzipSync(utf8),
    zlib: deflateSync(utf8),
    "eight letters of it": Buffer.from(RUSSIAN.slice(5, 13)),
    "eight letters of it, Latin": Buffer.from(LATIN.slice(3, 11)),
  }
  for (const [name, bytes] of Object.entries(forms))
    it(name, () => expect(formsFound(bytes), name).not.toEqual([]))

  it("a file of raw deflate, a file of Brotli", () => {
    for (const file of [deflateRawSync(utf8), brotliCompressSync(utf8)])
      expect(searcher.bytes(file, [], "file").hits).not.toEqual([])
  })
  it("seven letters, and noise, are not", () => {
    expect(formsFound(Buffer.from(RUSSIAN.slice(0, 7)))).toEqual([])
    expect(searcher.bytes(randomBytes(1 << 20), [], "marked").hits).toEqual([])
  })
})

describe("[DR1] a key", () => {
  it("is found as bytes, hex and base64, and in part", () => {
    const piece = KEY.slice(8, 24)
    const forms = [
      piece,
      Buffer.from(Buffer.from(piece).toString("hex")),
      Buffer.from(Buffer.from(KEY).toString("base64")),
    ]
    for (const form of forms) expect(formsFound(form)).not.toEqual([])
  })
  it("is passed over where it may be", () => {
    expect(searcher.bytes(KEY, ["duty"], "not").hits).toEqual([])
    expect(searcher.bytes(KEY, ["wire"], "not").hits).not.toEqual([])
  })
})

it("[DR1] what lies across two pieces of a file is found", () => {
  const folder = mkdtempSync(join(tmpdir(), "search-"))
  try {
    const path = join(folder, "image")
    const image = Buffer.alloc(66 << 20)
    const place = (64 << 20) - 9
    image.set(Buffer.from(RUSSIAN), place)
    writeFileSync(path, image)
    const [hit] = searcher.file(path, [], "not").hits
    expect(hit).toMatchObject({ form: "UTF-8", at: place })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it("[DR1] finds what a plain search finds, at every place", () => {
  const bytes = fc.uint8Array({ minLength: 8, maxLength: 12, max: 3 })
  fc.assert(
    fc.property(
      fc.array(bytes, { minLength: 1, maxLength: 6 }),
      fc.uint8Array({ maxLength: 300, max: 3 }),
      (wanted, image) => {
        const found: string[] = []
        makeMatcher(wanted.map((one, tag) => ({ bytes: one, tag }))).scan(image, (tag, at) =>
          found.push(`${tag} ${at}`),
        )
        const plain = wanted.flatMap((one, tag) =>
          Array.from({ length: Math.max(0, image.length - one.length + 1) }, (_, at) => at)
            .filter((at) => one.every((byte, i) => image[at + i] === byte))
            .map((at) => `${tag} ${at}`),
        )
        expect(found.sort()).toEqual(plain.sort())
      },
    ),
  )
})
