import { wordLists } from "@kunak/core/phrase/lists"
import { makePhrase, phraseWords } from "@kunak/core/phrase/phrase"
import { readPhrase } from "@kunak/core/phrase/read"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { expect, test } from "vitest"
import { completed, isForeign, readTyped, withWord } from "./typed-words.ts"

const random = seededRandom("words that are typed")
const ru = phraseWords(makePhrase("ru", random))
const en = phraseWords(makePhrase("en", random))
const four = (words: readonly string[]): string => words.map((word) => word.slice(0, 4)).join(" ")

test("[G20] digits and a third script are told apart from words that are in no list", () => {
  for (const typed of ["1234 5678", "բարև ձեզ", "☂", "12."]) expect(isForeign(typed), typed).toBe(true)
  for (const typed of ["", "  ", "снег 12", "snow", "բարև s"]) expect(isForeign(typed), typed).toBe(false)
})

test("[G20] four letters and a space become the word, in either language, whichever the page speaks", () => {
  for (const [words, language] of [
    [ru, "ru"],
    [en, "en"],
  ] as const) {
    for (const preferred of ["ru", "en"] as const) {
      expect(completed(`${four(words)} `, preferred)).toBe(`${words.join(" ")} `)
      expect(readTyped(`${four(words)} `, preferred)).toMatchObject({ language, count: 10, unknown: null })
      const read = readPhrase(language, completed(`${four(words)} `, preferred))
      expect(read.ok && phraseWords(read.value)).toEqual(words)
    }
  }
})

test("[G20] the word under the hand is left alone, and what it may become is offered", () => {
  const [first = "", second = ""] = ru
  expect(completed(`${first.slice(0, 4)} ${second.slice(0, 4)}`, "ru")).toBe(`${first} ${second.slice(0, 4)}`)
  expect(readTyped(second.slice(0, 4), "ru").offers).toEqual([second])
  expect(readTyped(`${first} ${second}`, "ru").offers, "it is whole").toEqual([])
  const two = readTyped(second.slice(0, 2), "ru")
  expect(two.unknown).toBeNull()
  expect(two.offers.length).toBeGreaterThan(0)
  expect(two.offers.length).toBeLessThanOrEqual(3)
  expect(readTyped("", "ru")).toMatchObject({ count: 0, unknown: null, offers: [] })
})

test("[G20] an unknown word is named by its place, and what it may have been is put in its place", () => {
  const [first = "", second = "", third = ""] = ru
  const slip = `${second.slice(0, -1)}ъ`
  const typed = `${first} ${slip} ${third} `
  const read = readTyped(typed, "ru")
  expect(read.unknown).toBe(2)
  expect(read.offers).toContain(second)
  expect(withWord(typed, 2, second)).toBe(`${first} ${second} ${third} `)
})

test("[G20] Latin look-alikes in a Russian word are taken for what they look like", () => {
  const word = wordLists.ru.words.find((one) => /^[авекмнорстух]{4}/.test(one)) ?? ""
  expect(word).not.toBe("")
  const LATIN: Readonly<Record<string, string>> = {
    а: "a",
    е: "e",
    о: "o",
    р: "p",
    с: "c",
    у: "y",
    х: "x",
    к: "k",
    м: "m",
    т: "t",
    в: "b",
    н: "h",
  }
  const alike = Array.from(word.slice(0, 4), (letter) => LATIN[letter] ?? letter).join("")
  expect(alike).toMatch(/^[a-z]{4}$/)
  const [, ...rest] = ru
  expect(completed(`${alike} ${rest.join(" ")} `, "ru")).toBe(`${word} ${rest.join(" ")} `)
})
