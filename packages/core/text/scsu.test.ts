import fc from "fast-check"
import { expect, test } from "vitest"
import { runs } from "../testing/runs.ts"
import { decodeScsu, encodeScsu, toLetterText } from "./scsu.ts"
import { splitText } from "./split-text.ts"

const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString("hex").toUpperCase()

test("[I5] the samples of UTS 6 §9 that need no other window are written as there", () => {
  // German (§9.1) and Russian (§9.2).
  expect(hex(encodeScsu("Öl fließt"))).toBe("D66C20666C6965DF74")
  expect(hex(encodeScsu("Москва"))).toBe("129CBEC1BAB2B0")
})

test("[I5] a Russian or English letter takes one byte, and one more where the script changes", () => {
  const russian = "Меня ищут. Что делать, если придут домой? "
  expect(encodeScsu(russian.repeat(60))).toHaveLength(russian.length * 60 + 1)
  expect(encodeScsu("help".repeat(600))).toHaveLength(2_400)
})

const letters = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "а",
      "я",
      "ё",
      "ӏ",
      "ә",
      " ",
      "\n",
      "\t",
      "a",
      "Z",
      "«",
      "—",
      "№",
      "ﷺ",
      "ー",
      "❤️",
      "👨‍👩‍👧",
      "🏳",
    ),
    fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 1 })
      .filter((c) => toLetterText(`x${c}x`) === `x${c}x`),
  ),
  maxLength: 400,
})

test("[I5] every text comes back, emoji with their joiners included", () => {
  fc.assert(
    fc.property(letters, (text) => {
      const bytes = encodeScsu(text)
      expect(bytes && decodeScsu(bytes)).toBe(text)
    }),
    { numRuns: runs(300) },
  )
})

test("[B1] any bytes are decoded to a text that encodes to them again, or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const text = decodeScsu(bytes)
      if (text !== null) expect(encodeScsu(text)).toEqual(bytes)
    }),
    { numRuns: runs(2_000) },
  )
})

test("[I5] refuses other forms of the same text: a needless window, a quoted letter, an odd end", () => {
  for (const form of ["12B012", "0E0430", "0E04", "01B0", "12B010", "00", "0EDC00", "0ED83D"]) {
    expect(decodeScsu(Buffer.from(form, "hex"))).toBeNull()
  }
  expect(encodeScsu("\ud800")).toBeNull()
  expect(encodeScsu("a\u0000")).toBeNull()
})

test("[O1] a long text is cut into pieces that fit, at sentences, and nothing is lost", () => {
  const sentence = "Мы поможем вам доехать. "
  const text = sentence.repeat(120).trim()
  const pieces = splitText(text, 900)
  expect(pieces.join("")).toBe(text)
  for (const piece of pieces) expect(encodeScsu(piece)?.length).toBeLessThanOrEqual(900)
  for (const piece of pieces.slice(0, -1)) expect(piece).toMatch(/\. $/)
  fc.assert(
    fc.property(letters, fc.integer({ min: 40, max: 200 }), (any, most) => {
      const cut = splitText(any, most)
      expect(cut.join("")).toBe(any)
      for (const piece of cut) expect(encodeScsu(piece)?.length ?? 999).toBeLessThanOrEqual(most)
    }),
    { numRuns: runs(200) },
  )
  expect(splitText("👨‍👩‍👧".repeat(30), 60).every((piece) => !piece.startsWith("\u200d"))).toBe(true)
})

const charactersOf = (text: string): readonly string[] =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)

test("[O1] no piece begins inside a character as readers see it: skins, flags, families, letters with marks", () => {
  for (const one of ["👋🏽", "🇷🇺", "👨‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "1️⃣", "а̋", "के", "각"]) {
    for (const before of ["", "а", "аб"]) {
      const text = before + one.repeat(40)
      const pieces = splitText(text, 61)
      expect(pieces.length, one).toBeGreaterThan(1)
      expect(pieces.flatMap(charactersOf), one).toEqual(charactersOf(text))
    }
  }
})

test("[O1] one character that is longer than a piece is parted between code points, and nothing is lost", () => {
  for (const mark of ["\u0301", "\u{1f3fb}", "\u{e0062}", "\u{1d165}"]) {
    const text = `а${mark.repeat(60)}`
    const pieces = splitText(text, 61)
    expect(pieces.join("")).toBe(text)
    for (const piece of pieces) expect(encodeScsu(piece)?.length ?? 999).toBeLessThanOrEqual(61)
  }
})
