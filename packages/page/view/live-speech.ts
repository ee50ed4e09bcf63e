import { phrase, type Slots, type Words } from "@kunak/core/text/words"
import { LIVE_WORDS_ID, type LiveWords } from "../document/live-words.ts"
import type { WordKey } from "../document/words.ts"

/** The script's own words: those that `live-words.ts` puts into the page. */
export type LiveKey = Extract<WordKey, `live.${string}`> | "exit.address" | "pass.copy" | "pass.copyLabel"

export interface LiveSpeech {
  readonly language: string
  say(key: LiveKey, slots?: Slots): string
}

/** From the page's own block. @throws SyntaxError on a damaged page, which then goes on without script. */
export const readLiveWords = (page: Document): LiveWords =>
  JSON.parse(page.getElementById(LIVE_WORDS_ID)?.textContent ?? "") as LiveWords

export const liveSpeech = (live: LiveWords, language: string): LiveSpeech => ({
  language,
  say: (key, slots) => phrase(live.words[language] as Words, language, key, slots),
})
