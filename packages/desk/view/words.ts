import { phrase, type Slots } from "@kunak/core/text/words"
import { createContext, useContext } from "react"
import en from "./words/en.json" with { type: "json" }
import ru from "./words/ru.json" with { type: "json" }

export const LANGUAGES = { ru, en } as const
export type UiLanguage = keyof typeof LANGUAGES
export type WordKey = keyof typeof en

export interface Speech {
  readonly language: UiLanguage
  readonly say: (key: WordKey, slots?: Slots) => string
  /** For keys put together at run time, such as an error's kind; `fallback` when there is none. */
  readonly sayOr: (key: string, fallback: WordKey, slots?: Slots) => string
}

export const speechIn = (language: UiLanguage): Speech => ({
  language,
  say: (key, slots) => phrase(LANGUAGES[language], language, key, slots),
  sayOr: (key, fallback, slots) =>
    phrase(LANGUAGES[language], language, key in LANGUAGES[language] ? key : fallback, slots),
})

/** Until a vault says otherwise: what the browser is set to. */
export const browserLanguage = (): UiLanguage =>
  navigator.languages.some((tag) => tag.toLowerCase().startsWith("ru")) ? "ru" : "en"

export const SpeechContext = createContext<Speech>(speechIn("en"))
export const useSpeech = (): Speech => useContext(SpeechContext)
