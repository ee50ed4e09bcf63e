/**
 * A person's ten words, in whatever way they may be written one behind the other. Single words, and often two, stand in the
 * page's list beside each other: three neighbours do not. And their places in the list, which are as good as the words.
 */
import { readPhrase } from "@kunak/core/phrase/read"
import { Failure } from "../../failure.ts"
import { transliterations } from "../search/transliterate.ts"
import type { Canary } from "./canary.ts"

export interface PersonsPhrase {
  readonly words: readonly string[]
  /** The value of the field in which the page showed them, as it stood there. */
  readonly shown: string
}

/** As people and programs put words in a row; as JSON, HTML and forms quote them. */
const BETWEEN = [
  ..." \n,-_+;/.|\t\0",
  "",
  "  ",
  ", ",
  "; ",
  "\r\n",
  "','",
  "', '",
  "\\n",
  "<br>",
  "</li><li>",
] as const
const JSON_BETWEEN = ['","', '", "', '",\n  "', '\\",\\"'] as const
/** Numbered, as the page does it and as people do. */
const NUMBERED = [
  (place: number): string => `${place}. `,
  (place: number): string => `${place}) `,
  (place: number): string => `${place} `,
  (place: number): string => `${place}: `,
] as const
const NEIGHBOURS = 3
/** In other letters than the list's: every third beginning suffices to meet a whole phrase. */
const APART = 3
/** Numbers in a row: each is one of 2,048, so that five are met by chance in no image. */
const NUMBERS = 5

export function phraseCanaries(name: string, { words, shown }: PersonsPhrase): readonly Canary[] {
  const lines = shown.split("\n")
  const texts: string[] = []
  const inJson: string[] = []
  const asShown: string[] = []
  for (let i = 0; i + NEIGHBOURS <= words.length; i += 1) {
    const few = words.slice(i, i + NEIGHBOURS)
    asShown.push(...["\n", "\\n", "\r\n"].map((end) => lines.slice(i, i + NEIGHBOURS).join(end)))
    inJson.push(...JSON_BETWEEN.map((between) => few.join(between)))
    texts.push(...BETWEEN.map((between) => few.join(between)))
    for (const numbered of NUMBERED) texts.push(few.map((word, j) => numbered(i + j + 1) + word).join("\n"))
    if (i % APART > 0) continue
    for (const written of inOtherLetters(few))
      texts.push(...[" ", "\n", ",", ", ", '","', "-", ""].map((between) => written.join(between)))
  }
  const places = placesOf(words)
  const of =
    (way: string, kind: Canary["kind"]) =>
    (value: string | Uint8Array): Canary => ({ field: `phrase of ${name}${way}`, kind, value, may: [] })
  return [
    ...[...new Set(asShown)].map(of(", as it was shown", "whole-text")),
    ...inJson.map(of(", in JSON", "whole-text")),
    ...[...new Set(texts)].map(of("", "whole-text")),
    ...numbersOf(places).map(of(", as numbers", "whole-bytes")),
    ...numbersAsText(places).map(of(", as numbers", "whole-text")),
  ]
}

/** Capitals, first letters large, and Latin letters. */
function inOtherLetters(words: readonly string[]): readonly (readonly string[])[] {
  const large = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)
  const latin = words.map(transliterations)
  const ways = Math.max(...latin.map(({ length }) => length))
  return [
    words.map((word) => word.toUpperCase()),
    words.map(large),
    ...Array.from({ length: ways }, (_, way) => latin.map((one) => one[way] ?? one[0] ?? "")),
  ]
}

function placesOf(words: readonly string[]): readonly number[] {
  const phrase = readPhrase("ru", words.join(" "))
  if (!phrase.ok) throw new Failure("the page showed ten words that are no phrase", "phrase", 3)
  return phrase.value.indices
}

/** Each number in 2, 4 or 8 bytes, as arrays and script engines keep it; and 110 bits in a row. */
function numbersOf(places: readonly number[]): readonly Uint8Array[] {
  const written = (bytes: number, write: (into: DataView, at: number, place: number) => void): Uint8Array => {
    const into = new Uint8Array(bytes * places.length)
    for (const [i, place] of places.entries()) write(new DataView(into.buffer), i * bytes, place)
    return into
  }
  const forms = [
    [2, written(2, (into, at, place) => into.setUint16(at, place, false))],
    [2, written(2, (into, at, place) => into.setUint16(at, place, true))],
    [4, written(4, (into, at, place) => into.setUint32(at, place, false))],
    [4, written(4, (into, at, place) => into.setUint32(at, place, true))],
    // V8: a small integer is twice itself, or stands in the upper half of a word.
    [4, written(4, (into, at, place) => into.setUint32(at, 2 * place, true))],
    [8, written(8, (into, at, place) => into.setUint32(at + 4, place, true))],
    [8, written(8, (into, at, place) => into.setFloat64(at, place, true))],
  ] as const
  const bits = places.map((place) => place.toString(2).padStart(11, "0")).join("")
  return [
    ...forms.flatMap(([size, all]) =>
      [0, places.length - NUMBERS].map((from) => all.slice(from * size, (from + NUMBERS) * size)),
    ),
    Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, i) =>
      Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2),
    ),
  ]
}

const numbersAsText = (places: readonly number[]): readonly string[] =>
  [0, places.length - NUMBERS].flatMap((from) =>
    [",", ", ", " ", "\n", "-"].map((between) => places.slice(from, from + NUMBERS).join(between)),
  )
