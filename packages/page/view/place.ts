import type { WordKey, WordsByLanguage } from "../document/words.ts"
import { all } from "./element.ts"
import { type LaterKey, type LiveKey, type SoonKey, type SpeechOf, speechOf } from "./live-speech.ts"

/** One language's part of the page, as a script finds it, with that script's words. */
export interface PlaceOf<Key extends WordKey> {
  readonly root: HTMLElement
  readonly index: number
  readonly speech: SpeechOf<Key>
}
export type LivePlace = PlaceOf<LiveKey>
export type SoonPlace = PlaceOf<SoonKey>
export type LaterPlace = PlaceOf<LaterKey>

export const findPlaces = <Key extends WordKey>(
  page: Document,
  words: WordsByLanguage,
): readonly PlaceOf<Key>[] =>
  all(page, ".place").map((root, index) => ({ root, index, speech: speechOf(words, root.lang) }))
