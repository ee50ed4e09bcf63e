import fc from "fast-check"
import { expect, test } from "vitest"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { runs } from "../testing/runs.ts"
import { isPlainText, toPlainText } from "./plain-text.ts"

/** Texts that look like "Уезжайте 10.01" to a reader and are other bytes. */
const LOOK_ALIKES = {
  "zero-width space": "Уезжайте\u200b 10.01",
  "zero-width joiner": "Уез\u200dжайте 10.01",
  "word joiner": "Уезжайте\u2060 10.01",
  "byte order mark": "\ufeffУезжайте 10.01",
  "soft hyphen": "Уез\u00adжайте 10.01",
  "right-to-left override": "Уезжайте \u202e10.01\u202c",
  "right-to-left mark": "Уезжайте \u200f10.01",
  isolate: "Уезжайте \u206710.01\u2069",
  "Arabic letter mark": "Уезжайте \u061c10.01",
  "variation selector": "Уезжайте 1\ufe0f0.01",
  "tag letter": "Уезжайте\u{e0041} 10.01",
  "combining grapheme joiner": "Уезжа\u034fйте 10.01",
  "Hangul filler": "Уезжайте\u3164 10.01",
  "not composed": "Уезжаи\u0306те 10.01",
  "line separator": "Уезжайте\u202810.01",
  "carriage return": "Уезжайте\r\n10.01",
  tab: "Уезжайте\t10.01",
  "null letter": "Уезжайте\u0000 10.01",
  "private use": "Уезжайте\ue000 10.01",
  "lone surrogate": "Уезжайте \ud83d10.01",
  "interlinear annotation": "Уезжайте \ufff910.01",
}

test("[B3] text with letters that nobody sees is not plain, and neither written nor read", () => {
  expect(isPlainText("Уезжайте 10.01\nсейчас — «да»… 👍 Ӏа")).toBe(true)
  for (const [what, text] of Object.entries(LOOK_ALIKES)) {
    expect(isPlainText(text), what).toBe(false)
    expect(() => new ByteWriter().text(text), what).toThrow(RangeError)
    const bytes = new TextEncoder().encode(text)
    const from = new ByteReader(new ByteWriter().short(bytes).bytes())
    const read = from.text(1000)
    // A lone surrogate becomes U+FFFD in UTF-8: seen, and another text.
    expect([read, from.end()], what).toEqual(what === "lone surrogate" ? [read, true] : ["", false])
  }
})

test("[B3] typed text is made plain, once and for all", () => {
  for (const [what, text] of Object.entries(LOOK_ALIKES)) {
    expect(toPlainText(text).replace(/\n/g, " ").replace(/ +/g, " "), what).toBe("Уезжайте 10.01")
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (typed) => {
      const plain = toPlainText(typed)
      expect(isPlainText(plain)).toBe(true)
      expect(toPlainText(plain)).toBe(plain)
    }),
    { numRuns: runs(150) },
  )
})
