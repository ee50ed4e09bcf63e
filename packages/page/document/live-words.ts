/** The words that the script speaks, beside the data blocks: as JSON that no browser runs. */
import type { Charter } from "@kunak/core/charter/charter"
import type { Words } from "@kunak/core/text/words"
import type { Html } from "./html.ts"
import type { PageVariant } from "./relay-addresses.ts"
import { LIVE_PREFIX, speechIn, type WordsByLanguage } from "./words.ts"

export const LIVE_WORDS_ID = "live-words"

export interface LiveWords {
  readonly variant: PageVariant
  /** By language of the words, those keys only that the script uses. */
  readonly words: WordsByLanguage
}

/** Keys outside `live.` that the script needs besides. */
const ALSO: readonly string[] = ["exit.address", "pass.copy", "pass.copyLabel"]

export function liveWordsBlock(words: WordsByLanguage, charter: Charter, variant: PageVariant): Html {
  const tags = charter.languages.map(({ tag }) => speechIn(words, tag).language)
  const live = Object.fromEntries([...new Set(tags)].map((tag) => [tag, liveWords(words[tag] ?? {})]))
  const json = JSON.stringify({ variant, words: live } satisfies LiveWords)
  // "<" alone could end the element: rule G5.
  return `<script type="application/json" id="${LIVE_WORDS_ID}">${json.replaceAll("<", "\\u003c")}</script>` as Html
}

const liveWords = (words: Words): Words =>
  Object.fromEntries(
    Object.entries(words).filter(([key]) => key.startsWith(LIVE_PREFIX) || ALSO.includes(key)),
  )
