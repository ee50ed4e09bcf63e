import { phrase, type Slots, type Words } from "@kunak/core/text/words"
import { LATER_WORDS_ID, LIVE_WORDS_ID, type LiveWords, SOON_WORDS_ID } from "../document/live-words.ts"
import type { WordKey, WordsByLanguage } from "../document/words.ts"

/** The first script's own words: those that `live-words.ts` puts into the page before it. */
export type LiveKey = Extract<WordKey, `live.${string}`> | "exit.address"
/** The second's. */
export type SoonKey = Extract<WordKey, `soon.${string}`>
/** The third's. */
export type LaterKey = Extract<WordKey, `later.${string}`> | "pass.copy" | "pass.copyLabel"

export interface SpeechOf<Key extends WordKey> {
  readonly language: string
  say(key: Key, slots?: Slots): string
}
export type LiveSpeech = SpeechOf<LiveKey>
export type SoonSpeech = SpeechOf<SoonKey>
export type LaterSpeech = SpeechOf<LaterKey>

/** From the page's own block. @throws SyntaxError on a damaged page, which then goes on without script. */
const readBlock = (page: Document, id: string): unknown =>
  JSON.parse(page.getElementById(id)?.textContent ?? "")

export const readLiveWords = (page: Document): LiveWords => readBlock(page, LIVE_WORDS_ID) as LiveWords
export const readSoonWords = (page: Document): WordsByLanguage =>
  readBlock(page, SOON_WORDS_ID) as WordsByLanguage
export const readLaterWords = (page: Document): WordsByLanguage =>
  readBlock(page, LATER_WORDS_ID) as WordsByLanguage

/** @param words those of one block: `Key` names no others. */
export const speechOf = <Key extends WordKey>(words: WordsByLanguage, language: string): SpeechOf<Key> => ({
  language,
  say: (key, slots) => phrase(words[language] as Words, language, key, slots),
})
