import en from "../text/words/en.json" with { type: "json" }
import ru from "../text/words/ru.json" with { type: "json" }
import { phrase, type Slots, type Words } from "../text/words.ts"

/** The languages in which forwards are framed; a warning in another language is framed in English. */
const FRAMES: Readonly<Record<string, Words>> = { en, ru }

export function frameWords(language: string, key: keyof typeof en, slots: Slots = {}): string {
  const tag = Object.hasOwn(FRAMES, language) ? language : "en"
  return phrase(FRAMES[tag] as Words, tag, key, slots)
}
