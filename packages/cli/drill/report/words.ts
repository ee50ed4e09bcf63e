import { phrase, type Slots, type Words } from "@kunak/core/text/words"
import en from "./words/en.json" with { type: "json" }
import ru from "./words/ru.json" with { type: "json" }

export const REPORT_WORDS = { en, ru } as const
export type ReportLanguage = keyof typeof REPORT_WORDS

export type Say = (key: keyof typeof en, slots?: Slots) => string

export const sayIn =
  (language: ReportLanguage): Say =>
  (key, slots = {}) =>
    phrase(REPORT_WORDS[language] as Words, language, key, slots)
