import { randomBytes } from "node:crypto"
import { makePhrase, phraseWords } from "@kunak/core/phrase/phrase"
import { expect, it } from "vitest"
import { makeSearcher } from "../search/searcher.ts"
import { phraseCanaries } from "./phrase-canaries.ts"

const phrase = makePhrase("ru", (length) => new Uint8Array(randomBytes(length)))
const words = phraseWords(phrase)
/** packages/page/hotline/view/phrase-step.ts */
const shown = words.map((word, i) => `${String(i + 1).padStart(2, "\u2007")}  ${word}`).join("\n")
const searcher = makeSearcher(phraseCanaries("somebody", { words, shown }))
const fieldsIn = (bytes: Uint8Array): readonly string[] => {
  const noise = randomBytes(1 << 15)
  noise.set(bytes, 4_099)
  return searcher.bytes(noise, [], "not").hits.map(({ canary }) => canary.field)
}
const numbers = (size: number, write: (into: Buffer, at: number, place: number) => void): Buffer => {
  const into = Buffer.alloc(size * phrase.indices.length)
  for (const [i, place] of phrase.indices.entries()) write(into, i * size, place)
  return into
}

const WRITTEN: Readonly<Record<string, Uint8Array>> = {
  "as the page shows them": Buffer.from(shown),
  "as the page shows them, UTF-16": Buffer.from(shown, "utf16le"),
  "as the page shows them, in JSON": Buffer.from(JSON.stringify({ value: shown })),
  "a JSON array": Buffer.from(JSON.stringify(words)),
  "a JSON array, UTF-16": Buffer.from(JSON.stringify(words), "utf16le"),
  "JSON inside JSON": Buffer.from(JSON.stringify({ state: JSON.stringify(words) })),
  "JSON, indented": Buffer.from(JSON.stringify(words, null, 2)),
  "with commas": Buffer.from(words.join(", ")),
  "without anything between": Buffer.from(words.join("")),
  numbered: Buffer.from(words.map((word, i) => `${i + 1}. ${word}`).join("\n")),
  "in a form": Buffer.from(new URLSearchParams({ words: words.join(" ") }).toString()),
  "in capitals": Buffer.from(words.join(" ").toUpperCase()),
  "first letters large": Buffer.from(words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join(" ")),
  "windows-1251": Uint8Array.from(
    [...words.join("\n")].map((letter) => {
      const code = letter.charCodeAt(0)
      return code < 0x80 ? code : code - 0x410 + 0xc0
    }),
  ),
  "base64 of them": Buffer.from(Buffer.from(words.join(" ")).toString("base64")),
  "three of them": Buffer.from(words.slice(4, 7).join(" ")),
  "u16, as the root is made of them": numbers(2, (into, at, place) => into.writeUInt16BE(place, at)),
  "u32 of an array": numbers(4, (into, at, place) => into.writeUInt32LE(place, at)),
  "small integers of a script engine": numbers(4, (into, at, place) => into.writeUInt32LE(2 * place, at)),
  "small integers, eight bytes": numbers(8, (into, at, place) => into.writeUInt32LE(place, at + 4)),
  "floating numbers": numbers(8, (into, at, place) => into.writeDoubleLE(place, at)),
  "numbers in JSON": Buffer.from(JSON.stringify(phrase.indices)),
}
for (const [name, bytes] of Object.entries(WRITTEN))
  it(`[DR1] ten words are found however they are written: ${name}`, () =>
    expect(fieldsIn(bytes)).not.toEqual([]))

it("[DR1] single words, two of them, the same words in another order, and noise are not", () => {
  const mixed = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9].map((i) => words[i])
  const others = [words[3] ?? "", words.slice(2, 4).join(" "), mixed.join(" "), ""]
  for (const other of others) expect(fieldsIn(Buffer.from(other)), other).toEqual([])
})
