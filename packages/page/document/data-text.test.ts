import fc from "fast-check"
import { expect, test } from "vitest"
import { fromDataText, toDataText } from "./data-text.ts"

const words = fc.string({ unit: "grapheme", minLength: 6, maxLength: 40 })
const mixed = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      words.map((text) => new TextEncoder().encode(text)),
    ),
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))

test("[G2] any bytes come back from their text, and the text is such as a script element keeps", () => {
  fc.assert(
    fc.property(mixed, (bytes) => {
      const text = toDataText(bytes)
      expect(fromDataText(text)).toEqual(bytes)
      expect(text).not.toMatch(/[<\r\0\ufffd]/)
      expect(new TextDecoder("utf-8", { fatal: true }).decode(new TextEncoder().encode(text))).toBe(text)
    }),
  )
})

test("[G2] words stand as words, keys as digits", () => {
  const bytes = Uint8Array.of(
    0,
    255,
    ...new TextEncoder().encode('Не отвечайте "на" звонки с тех номеров'),
    7,
  )
  expect(toDataText(bytes)).toBe('00ff"Не отвечайте "22d0bdd0b022" звонки с тех номеров"07')
})

test("[G2] what is no such text is none, and nothing throws", () => {
  for (const text of ["0", "0g", 'ab"words', "ab cd", 'ab"words"c', "AAAA==", "<"]) {
    expect(fromDataText(text), text).toBeNull()
  }
  expect(fromDataText("")).toEqual(new Uint8Array())
  fc.assert(fc.property(fc.string(), (text) => void fromDataText(text)))
})
