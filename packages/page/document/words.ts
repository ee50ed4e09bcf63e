/** The page's words: one file per language in `words/`, carried by the template so that its hash covers them. */
import { sha256 } from "@kunak/core/suite"
import { phrase, type Slots, type Words } from "@kunak/core/text/words"
import type en from "../words/en.json"

export type WordKey = keyof typeof en

/** By language tag. English is always there: a language without a file of its own falls back to it. */
export type WordsByLanguage = Readonly<Record<string, Words>>

export interface Speech {
  /** Of the words, for the `lang` attribute; another than was asked for when the file is missing. */
  readonly language: string
  say(key: WordKey, slots?: Slots): string
}

export function speechIn(words: WordsByLanguage, wanted: string): Speech {
  const language = [wanted, wanted.split("-")[0] ?? ""].find((tag) => Object.hasOwn(words, tag)) ?? "en"
  const own = words[language] ?? {}
  return { language, say: (key, slots) => phrase(own, language, key, slots) }
}

/** Keys of the texts "if you are detained", in their order: what a reviewer signs for. */
export const GUIDANCE_KEYS = [
  "detained.now",
  "detained.talk",
  "detained.sign",
  "detained.others",
  "detained.force",
  "detained.remember",
  "detained.after",
] as const satisfies readonly WordKey[]

/** The words that each of the first three scripts speaks; the others stand in the document already. */
export const LIVE_PREFIX = "live."
export const SOON_PREFIX = "soon."
export const LATER_PREFIX = "later."

/**
 * SHA-256 of the guidance in one language, UTF-8, texts parted by line feeds: a charter names the reviewer
 * and this hash (rule G8). @returns null for a language without words of its own.
 */
export function guidanceHash(words: WordsByLanguage, language: string): Uint8Array | null {
  if (!Object.hasOwn(words, language)) return null
  const { say } = speechIn(words, language)
  return sha256(new TextEncoder().encode(GUIDANCE_KEYS.map((key) => say(key)).join("\n")))
}
