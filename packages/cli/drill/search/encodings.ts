/** The forms in which a text or a key may lie on a disk, in memory or on a wire. docs/drill.md lists them. */
import { encodeScsu } from "@kunak/core/text/scsu"
import { LEAST_BYTES } from "./matcher.ts"
import { transliterations } from "./transliterate.ts"

export interface Form {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Letters of a text that suffice to be found. */
export const FRAGMENT = 8
/** Bytes of a key that suffice, and how far apart fragments begin. */
const KEY_FRAGMENT = 12
const KEY_STEP = 4

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"))
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"))
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf16le"))
const utf16be = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf16le").swap16())

/** Every fragment of eight letters of a text, in every form, each once. */
export function textForms(text: string): readonly Form[] {
  const forms: Form[] = []
  for (const cased of new Set([text, text.toLowerCase(), text.toUpperCase()])) {
    for (const part of fragments(cased, FRAGMENT)) forms.push(...formsOf(part))
    for (const latin of transliterations(cased))
      for (const written of [latin, latin.toUpperCase()])
        for (const part of fragments(written, FRAGMENT))
          forms.push(
            { name: "transliterated", bytes: utf8(part) },
            { name: "transliterated, UTF-16LE", bytes: utf16(part) },
          )
  }
  return unique(forms)
}

/** A text that is searched whole, too short or too common to be cut: an address, three words of a phrase. */
export const wholeTextForms = (text: string): readonly Form[] => unique(formsOf(text))

/** Fragments of twelve bytes of a key, at every fourth byte, in every form that bytes have. */
export function keyForms(key: Uint8Array): readonly Form[] {
  const forms: Form[] = []
  const size = Math.min(KEY_FRAGMENT, key.length)
  for (let at = 0; at + size <= key.length; at += KEY_STEP) {
    const part = key.slice(at, at + size)
    forms.push({ name: "bytes", bytes: part }, ...asTextOfBytes(part, ""))
  }
  return unique(forms)
}

/** Bytes that are searched whole. */
export const wholeBytesForms = (bytes: Uint8Array): readonly Form[] =>
  unique([{ name: "bytes", bytes }, ...asTextOfBytes(bytes, "")])

function formsOf(part: string): readonly Form[] {
  const inUtf8 = utf8(part)
  const inUtf16 = utf16(part)
  const scsu = encodeScsu(part)
  return [
    { name: "UTF-8", bytes: inUtf8 },
    { name: "UTF-16LE", bytes: inUtf16 },
    { name: "UTF-16BE", bytes: utf16be(part) },
    // Without the tag that chooses the window: it stands once, before the first letter of a text.
    ...(scsu ? [{ name: "SCSU", bytes: scsu.filter((byte, i) => i > 0 || byte >= 0x20) }] : []),
    ...singleByte(part),
    ...asTextOfBytes(inUtf8, ""),
    ...asTextOfBytes(inUtf16, " of UTF-16LE"),
    ...asTextOfBytes(scsu ?? inUtf8, " of SCSU"),
    { name: "percent-encoded", bytes: latin1(escaped(inUtf8, "%").toUpperCase()) },
    { name: "percent-encoded", bytes: latin1(encodeURIComponent(part)) },
    { name: "percent-encoded", bytes: latin1(encodeURIComponent(part).toLowerCase()) },
    { name: "percent-encoded", bytes: latin1(encodeURIComponent(part).replaceAll("%20", "+")) },
    { name: "quoted-printable", bytes: latin1(escaped(inUtf8, "=").toUpperCase()) },
    ...jsonEscaped(part),
  ]
}

/** The old code pages of Russian. */
function singleByte(part: string): readonly Form[] {
  if (![...part].every((letter) => letter < "\u0080" || /[а-я]/i.test(letter))) return []
  const map = (name: string, encode: (code: number) => number): Form => ({
    name,
    bytes: Uint8Array.from([...part], (letter) => {
      const code = letter.charCodeAt(0)
      return code < 0x80 ? code : encode(code)
    }),
  })
  return [
    map("windows-1251", (code) => code - 0x410 + 0xc0),
    map("KOI8-R", (code) => KOI8[code - 0x410] ?? 0x3f),
  ]
}
/** RFC 1489, from А to я. */
const KOI8 = [
  0xe1, 0xe2, 0xf7, 0xe7, 0xe4, 0xe5, 0xf6, 0xfa, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf2, 0xf3,
  0xf4, 0xf5, 0xe6, 0xe8, 0xe3, 0xfe, 0xfb, 0xfd, 0xff, 0xf9, 0xf8, 0xfc, 0xe0, 0xf1, 0xc1, 0xc2, 0xd7, 0xc7,
  0xc4, 0xc5, 0xd6, 0xda, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xd5, 0xc6, 0xc8,
  0xc3, 0xde, 0xdb, 0xdd, 0xdf, 0xd9, 0xd8, 0xdc, 0xc0, 0xd1,
]

function asTextOfBytes(bytes: Uint8Array, of: string): readonly Form[] {
  const hex = Buffer.from(bytes).toString("hex")
  const forms: Form[] = [
    { name: `hex${of}`, bytes: latin1(hex) },
    { name: `hex${of}`, bytes: latin1(hex.toUpperCase()) },
  ]
  for (const phase of [0, 1, 2]) {
    const inside = base64Inside(bytes, phase)
    forms.push(
      { name: `base64${of}`, bytes: latin1(inside) },
      { name: `base64url${of}`, bytes: latin1(inside.replaceAll("+", "-").replaceAll("/", "_")) },
    )
  }
  return forms
}

/** What stands in base64 whatever comes before and behind, when `phase` bytes precede (modulo three). */
function base64Inside(bytes: Uint8Array, phase: number): string {
  const padded = Buffer.concat([Buffer.alloc(phase), bytes])
  const text = padded.toString("base64").replaceAll("=", "")
  const first = phase === 0 ? 0 : phase + 1
  return text.slice(first, Math.floor((padded.length * 8) / 6))
}

const escaped = (bytes: Uint8Array, mark: string): string =>
  [...bytes].map((byte) => mark + byte.toString(16).padStart(2, "0")).join("")

function jsonEscaped(part: string): readonly Form[] {
  const write = (upper: boolean): string =>
    [...part]
      .map((letter) => {
        const code = letter.charCodeAt(0)
        if (code < 0x80) return letter
        const hex = code.toString(16).padStart(4, "0")
        return `\\u${upper ? hex.toUpperCase() : hex}`
      })
      .join("")
  return [false, true].map((upper) => ({ name: "\\u-escaped", bytes: latin1(write(upper)) }))
}

function fragments(text: string, length: number): readonly string[] {
  if (text.length <= length) return [text]
  return Array.from({ length: text.length - length + 1 }, (_, i) => text.slice(i, i + length))
}

/** The same bytes once, under the first name; what is too short to be searched is left out. */
function unique(forms: readonly Form[]): readonly Form[] {
  const seen = new Set<string>()
  return forms.filter(({ bytes }) => {
    const mark = Buffer.from(bytes).toString("latin1")
    if (bytes.length < LEAST_BYTES || seen.has(mark)) return false
    seen.add(mark)
    return true
  })
}
