import { readdirSync, readFileSync } from "node:fs"
import { missingWords, type Words } from "@kunak/core/text/words"
import { expect, test } from "vitest"

const folder = new URL("./", import.meta.url)
const languages = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""))
const wordsOf = (tag: string): Words =>
  JSON.parse(readFileSync(new URL(`${tag}.json`, folder), "utf8")) as Words
const formsOf = (phrase: Words[string]): readonly string[] =>
  typeof phrase === "string" ? [phrase] : Object.values(phrase ?? {})
const slotsOf = (text: string): string => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()

test("[G18] Russian and English are there, and every language has every word", () => {
  expect(languages).toEqual(expect.arrayContaining(["en", "ru"]))
  for (const tag of languages) expect(missingWords(wordsOf("en"), wordsOf(tag)), tag).toEqual([])
})

test("[G18] every form of a word has the slots that the English has, and the plural forms of its language", () => {
  const en = wordsOf("en")
  for (const tag of languages) {
    for (const [key, phrase] of Object.entries(wordsOf(tag))) {
      const expected = slotsOf(formsOf(en[key] ?? "").join(" "))
      for (const form of formsOf(phrase)) {
        expect(slotsOf(form), `${tag} ${key}`).toBe(expected)
        expect(form.trim(), `${tag} ${key}`).toBe(form)
        expect(form, `${tag} ${key}`).not.toBe("")
      }
      if (typeof phrase !== "string") {
        const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
        expect(Object.keys(phrase).sort(), `${tag} ${key}`).toEqual([...categories].sort())
      }
    }
  }
})

test("[G18] no word names what a visitor is", () => {
  const naming =
    /\b(gay|lesbian|lgbt\w*|queer|homosexual\w*|transgender|transsexual|bisexual)\b|гей|лесби|лгбт|гомосекс|трансген|квир/i
  for (const tag of languages) {
    for (const phrase of Object.values(wordsOf(tag))) {
      for (const form of formsOf(phrase)) expect(form).not.toMatch(naming)
    }
  }
})

test("[G18] no word is left that nothing says", () => {
  const root = new URL("../", import.meta.url)
  const sources = ["document", "view", "check", "state", "hotline", "hotline/view"]
    .flatMap((name) => readdirSync(new URL(`${name}/`, root)).map((file) => new URL(`${name}/${file}`, root)))
    .filter((file) => file.pathname.endsWith(".ts") && !file.pathname.includes(".test."))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n")
  // Said by their kind or unit, headings by their section: `soon.${kind}`, `${section}.heading`.
  const isSaid = (key: string): boolean =>
    sources.includes(`"${key}"`) ||
    (/^(?:live|soon|later)\./.test(key) && sources.includes(`"${key.replace(/^\w+\./, "")}"`)) ||
    (key.endsWith(".heading") && sources.includes(`"${key.slice(0, -".heading".length)}"`))
  expect(Object.keys(wordsOf("en")).filter((key) => !isSaid(key))).toEqual([])
})
