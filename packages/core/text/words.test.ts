import { expect, test } from "vitest"
import en from "./words/en.json" with { type: "json" }
import ru from "./words/ru.json" with { type: "json" }
import { missingWords, phrase, type Words } from "./words.ts"

test("[G4] both languages have every word", () => {
  expect(missingWords(en, ru)).toEqual([])
  expect(missingWords({ a: "", b: "" }, { b: "", c: "" })).toEqual(["a", "c"])
})

test("[G4] slots are filled once: what fills one is not read as another", () => {
  const words: Words = { say: "{a} and {b}", left: "{count} {missing}" }
  expect(phrase(words, "en", "say", { a: "{b}", b: "$&" })).toBe("{b} and $&")
  expect(phrase(words, "en", "left", { count: 1 })).toBe("1 {missing}")
  expect(() => phrase(words, "en", "none")).toThrow(RangeError)
})

test("[G4] Russian has its plural forms", () => {
  const words: Words = {
    days: { one: "{count} день", few: "{count} дня", many: "{count} дней", other: "{count} дня" },
  }
  expect([1, 2, 5, 21, 111].map((count) => phrase(words, "ru", "days", { count }))).toEqual([
    "1 день",
    "2 дня",
    "5 дней",
    "21 день",
    "111 дней",
  ])
})
