/** Languages that have a list of words: docs/phrase.md says how one is made. */
export type PhraseLanguage = "en" | "ru"

export const phraseLanguages: readonly PhraseLanguage[] = ["en", "ru"]
