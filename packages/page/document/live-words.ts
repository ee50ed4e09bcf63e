/** The words that the scripts speak, as JSON that no browser runs: those of the first beside the data blocks, of the others before each. */
import type { Charter } from "@kunak/core/charter/charter"
import type { Words } from "@kunak/core/text/words"
import type { Html } from "./html.ts"
import type { PageVariant } from "./relay-addresses.ts"
import { LATER_PREFIX, LIVE_PREFIX, SOON_PREFIX, speechIn, type WordsByLanguage } from "./words.ts"

export const LIVE_WORDS_ID = "live-words"
export const SOON_WORDS_ID = "soon-words"
export const LATER_WORDS_ID = "later-words"

export interface LiveWords {
  readonly variant: PageVariant
  /** By language of the words, those keys only that the first script uses. */
  readonly words: WordsByLanguage
}

/** Keys outside their prefix that a script needs besides. */
const ALSO_LIVE: readonly string[] = ["exit.address"]
const ALSO_LATER: readonly string[] = ["pass.copy", "pass.copyLabel"]

export const liveWordsBlock = (words: WordsByLanguage, charter: Charter, variant: PageVariant): Html =>
  block(LIVE_WORDS_ID, {
    variant,
    words: spoken(words, charter, LIVE_PREFIX, ALSO_LIVE),
  } satisfies LiveWords)

export const soonWordsBlock = (words: WordsByLanguage, charter: Charter): Html =>
  block(SOON_WORDS_ID, spoken(words, charter, SOON_PREFIX, []))

export const laterWordsBlock = (words: WordsByLanguage, charter: Charter): Html =>
  block(LATER_WORDS_ID, spoken(words, charter, LATER_PREFIX, ALSO_LATER))

/** "<" alone could end the element: rule G5. */
const block = (id: string, value: unknown): Html =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll("<", "\\u003c")}</script>` as Html

function spoken(
  words: WordsByLanguage,
  charter: Charter,
  prefix: string,
  also: readonly string[],
): WordsByLanguage {
  const tags = new Set(charter.languages.map(({ tag }) => speechIn(words, tag).language))
  const chosen = (of: Words): Words =>
    Object.fromEntries(Object.entries(of).filter(([key]) => key.startsWith(prefix) || also.includes(key)))
  return Object.fromEntries([...tags].map((tag) => [tag, chosen(words[tag] ?? {})]))
}
