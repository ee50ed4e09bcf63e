import type { Charter, CharterLanguage } from "@kunak/core/charter/charter"
import { formatTime } from "@kunak/core/time/format"
import type { Instant } from "@kunak/core/time/instant"
import { type Speech, speechIn, type WordsByLanguage } from "./words.ts"

/** One language's part of the page: which words, which texts of the charter, and the ids of its elements. */
export interface Place {
  readonly index: number
  readonly charter: Charter
  readonly language: CharterLanguage
  readonly speech: Speech
  /** "check" → "check-0": one id for each language's element. */
  id(name: string): string
  time(at: Instant): string
}

/** In the charter's order: its first language is shown first (rule G3). */
export const placesOf = (charter: Charter, words: WordsByLanguage): readonly Place[] =>
  charter.languages.map((language, index) => ({
    index,
    charter,
    language,
    speech: speechIn(words, language.tag),
    id: (name) => `${name}-${index}`,
    time: (at) => formatTime(at, language.tag, charter),
  }))
