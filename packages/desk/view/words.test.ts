import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { missingWords, type Phrase, type Words } from "@kunak/core/text/words"
import { describe, expect, it } from "vitest"
import type { RingError } from "../hotline/rings/read-rings.ts"
import type { LogTrouble } from "../sync/sync.ts"
import en from "./words/en.json" with { type: "json" }
import ru from "./words/ru.json" with { type: "json" }

const LANGUAGES: Readonly<Record<string, Words>> = { en, ru }
const DESK = fileURLToPath(new URL("..", import.meta.url))

const forms = (phrase: Phrase): readonly string[] =>
  typeof phrase === "string" ? [phrase] : Object.values(phrase)
const slots = (text: string): string => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(" ")

/** The view's own sources, tests apart. */
const sources = (): string =>
  readdirSync(DESK, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)view\/.*\.tsx?$/.test(name) && !/dist|test/.test(name))
    .map((name) => readFileSync(join(DESK, name), "utf8"))
    .join("\n")

describe("words", () => {
  it("[K21] every language has every key", () => {
    for (const words of Object.values(LANGUAGES)) expect(missingWords(en, words)).toEqual([])
  })

  it("[K21] every plural has the categories of its language, and every form the same slots as in English", () => {
    for (const [tag, words] of Object.entries(LANGUAGES))
      for (const [key, phrase] of Object.entries(words)) {
        if (typeof phrase !== "string") {
          const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
          expect([key, Object.keys(phrase).sort()]).toEqual([key, [...needed].sort()])
        }
        const wanted = slots(forms((en as Words)[key] ?? "")[0] ?? "")
        for (const form of forms(phrase)) expect([tag, key, slots(form)]).toEqual([tag, key, wanted])
      }
  })

  it("[K21] every key is used, and no text stands in the sources", () => {
    const code = sources()
    for (const key of Object.keys(en)) {
      const prefix = key.replace(/\.[^.]+$/, ".")
      const used = code.includes(`"${key}"`) || code.includes(`\`${prefix}\${`) || key === "languageName"
      expect([key, used]).toEqual([key, true])
    }
    expect(code.match(/>\s*[\p{L}]{3,}[^<>{}=;()]*<\//gu) ?? []).toEqual([])
  })

  it("[K21] whatever goes wrong with a relay's log or ring has its own sentence", () => {
    // The compiler keeps it whole.
    const causes: Record<Exclude<(LogTrouble | RingError)["kind"], "relay-down">, true> = {
      "disk-failed": true,
      "disk-full": true,
      "disk-read-only": true,
      "log-forked": true,
      "log-rolled-back": true,
      "mirror-ahead": true,
      "mirror-gap": true,
      "relay-cannot-store": true,
      "relay-refuses": true,
      "relay-talks-nonsense": true,
      "ring-rolled-back": true,
    }
    for (const cause of Object.keys(causes)) expect([cause, `cause.${cause}` in en]).toEqual([cause, true])
  })

  it("[K21] the error and problem kinds that the desk can give have a sentence each", () => {
    const names = readdirSync(DESK, { recursive: true, encoding: "utf8" }).filter(
      (name) => /\.ts$/.test(name) && !/dist|test|node_modules|(^|\/)view\/|run\.ts|cipher/.test(name),
    )
    const textOf = (some: readonly string[]): string =>
      some.map((name) => readFileSync(join(DESK, name), "utf8")).join("\n")
    const server = textOf(names)
    const kinds = [...server.matchAll(/err\(\{ kind: "([a-z-]+)"/g)].map((match) => match[1])
    for (const kind of kinds) {
      const isInternal = [
        "port-in-use",
        "vault-in-use",
        "answer-too-long",
        "timeout",
        "proxy-down",
        "unreachable",
        // `kunak restore` says it, with the file's name.
        "malformed-backup",
      ].includes(kind ?? "")
      expect([kind, isInternal || `error.${kind}` in en]).toEqual([kind, true])
    }
    const problems = [
      ...textOf(names.filter((name) => name.startsWith("warnings"))).matchAll(/push\(\{ kind: "([a-z-]+)"/g),
    ].map((match) => match[1])
    expect(problems.length).toBeGreaterThan(10)
    for (const kind of problems) expect([kind, `problem.${kind}` in en]).toEqual([kind, true])
  })
})
