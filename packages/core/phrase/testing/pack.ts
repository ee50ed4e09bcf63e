/** Packs a list of words as `unpack.ts` reads it. Run by itself it packs the lists that stand beside it, one word a line. */
import { readFileSync, writeFileSync } from "node:fs"
import { phraseLanguages } from "../language.ts"
import { LETTERS } from "../lists.ts"
import { modelledWords } from "../word-model.ts"

const BITS = 6

/** @param words sorted, of these letters only, none of them the beginning of the one before. @returns Base64 without the padding at its end. */
export function pack(words: readonly string[], letters: string): string {
  const plan = words.flatMap((word) => [...word, ""].map((letter) => letters.indexOf(letter || " ") + 1))
  // Range, and all that has been left below it, as one number: no carry is forgotten.
  let range = 1n
  let low = 0n
  let bytes = 0
  const read = modelledWords((chance, n) => {
    while (range < 2n ** 24n) {
      range *= 256n
      low *= 256n
      bytes += 1
    }
    const bit = ((plan[Math.floor(n / BITS)] as number) >> (BITS - 1 - (n % BITS))) & 1
    const ones = BigInt(Math.floor(Number(range) * chance))
    low += bit ? 0n : ones
    range = bit ? ones : range - ones
    return bit
  })
  for (const _ of words) read.next()
  const whole = shortest(low, range)
    .toString(16)
    .padStart(2 * bytes, "0")
  return Buffer.from(whole.replace(/(?:00)+$/, ""), "hex")
    .toString("base64")
    .replace(/=+$/, "")
}

/** Of the numbers from `low` on, `range` many, the one that ends in most zeros: bytes that are missing at the end are read as zeros. */
function shortest(low: bigint, range: bigint): bigint {
  for (let bits = 64n; ; bits--) {
    const rounded = ((low + (1n << bits) - 1n) >> bits) << bits
    if (rounded < low + range) return rounded
  }
}

/** One word a line: what a person reads and changes. */
export const plainList = (language: string): readonly string[] =>
  readFileSync(new URL(`../lists/${language}.txt`, import.meta.url), "utf8")
    .trim()
    .split("\n")

if (import.meta.main) {
  for (const language of phraseLanguages) {
    const packed = pack(plainList(language), LETTERS[language])
    const name = `PACKED_${language.toUpperCase()}`
    const text = `/** ${language}.txt, packed by ../testing/pack.ts. */\nexport const ${name} =\n  "${packed}"\n`
    writeFileSync(new URL(`../lists/${language}.ts`, import.meta.url), text)
  }
}
