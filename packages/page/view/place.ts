import type { LiveWords } from "../document/live-words.ts"
import { all } from "./element.ts"
import { type LiveSpeech, liveSpeech } from "./live-speech.ts"

/** One language's part of the page, as the script finds it. */
export interface LivePlace {
  readonly root: HTMLElement
  readonly index: number
  readonly speech: LiveSpeech
}

export const findPlaces = (page: Document, live: LiveWords): readonly LivePlace[] =>
  all(page, ".place").map((root, index) => ({ root, index, speech: liveSpeech(live, root.lang) }))
