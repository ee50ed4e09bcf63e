import type { PhraseLanguage } from "@kunak/core/phrase/language"
import { makePhrase, type Phrase, rootFromPhrase } from "@kunak/core/phrase/phrase"
import { signOf } from "@kunak/core/phrase/sign"
import type { ThreadRoot } from "@kunak/core/thread/keys"
import type { Hub, Opening } from "./hub.ts"

/** A list in the language that the page is shown in, else English. */
export const listFor = (language: string): PhraseLanguage => (language === "ru" ? "ru" : "en")

/** Ten new words, or those that were typed. */
export function openingOf(hub: Hub, typed?: Phrase): Opening {
  const phrase =
    typed ??
    makePhrase(listFor(hub.place().speech.language), (bytes) => crypto.getRandomValues(new Uint8Array(bytes)))
  const root = rootFromPhrase(phrase, hub.own.bulletin.chain.organisationId) as Promise<ThreadRoot>
  hub.pending.add(root)
  return { phrase, root, sign: root.then(signOf) }
}
