/** Ten words while they are typed. Pure: what is typed goes in, what to say about it comes out. Rule G20. */
import { type PhraseLanguage, phraseLanguages } from "@kunak/core/phrase/language"
import { inScript, plainLetters } from "@kunak/core/phrase/letters"
import { wordLists } from "@kunak/core/phrase/lists"
import { ENOUGH_LETTERS, readWord, type WordReading } from "@kunak/core/phrase/read"

export interface TypedWords {
  /** Of the list in which most of the words stand; the page's where that is undecided. */
  readonly language: PhraseLanguage
  readonly count: number
  /** The first finished word that is in no list, counted from 1; the last one too where a hand pauses on it. */
  readonly unknown: number | null
  /** What the unknown word may have been, or what the word under the hand may become: at most three. */
  readonly offers: readonly string[]
}

/** Letters, and what lies between them. */
const TOKEN = /[\p{L}\p{M}\p{Cf}]+/gu
const SHOWN = 3

const tokensOf = (typed: string): readonly string[] => typed.match(TOKEN) ?? []

/** Digits, or letters of a third script: nothing in it can be a word of a list. */
export const isForeign = (typed: string): boolean => /\S/.test(typed) && !/[a-zа-яё]/i.test(typed)

/** The word that a token stands for: looking for what an unknown one may have been takes a phone too long at every letter. */
function wordOf(language: PhraseLanguage, token: string): string | undefined {
  const letters = inScript(language, plainLetters(token))
  if (letters.length < ENOUGH_LETTERS) return undefined
  return wordLists[language].words.find((word) => word.startsWith(letters))
}

/** A phrase is of one list, whichever language the page is shown in. */
export function languageOf(tokens: readonly string[], preferred: PhraseLanguage): PhraseLanguage {
  const known = (language: PhraseLanguage): number =>
    tokens.filter((token) => wordOf(language, token) !== undefined).length
  const others = phraseLanguages.filter((language) => language !== preferred)
  return others.find((other) => known(other) > known(preferred)) ?? preferred
}

export function readTyped(typed: string, preferred: PhraseLanguage): TypedWords {
  const tokens = tokensOf(typed)
  const language = languageOf(tokens, preferred)
  const finished = endsApart(typed) ? tokens : tokens.slice(0, -1)
  const wrong = finished.findIndex((token) => wordOf(language, token) === undefined)
  const asked = tokens[wrong < 0 ? finished.length : wrong]
  const reading = asked === undefined ? null : readWord(language, asked)
  const isUnknown = wrong >= 0 || reading?.kind === "unknown"
  return {
    language,
    count: tokens.length,
    unknown: isUnknown ? (wrong < 0 ? tokens.length : wrong + 1) : null,
    // Whoever has typed a word whole needs no offer of it.
    offers: reading === null ? [] : offersOf(reading, language).filter((word) => word !== asked),
  }
}

function offersOf(reading: WordReading, language: PhraseLanguage): readonly string[] {
  switch (reading.kind) {
    case "word":
      return wordLists[language].words.slice(reading.index, reading.index + 1)
    case "completions":
      return reading.words.slice(0, SHOWN)
    case "unknown":
      return reading.suggestions
  }
}

const endsApart = (typed: string): boolean => /[^\p{L}\p{M}\p{Cf}]$/u.test(typed)

/** Every finished word as its list has it, with one space after each: "снег Рома " is "снегирь ромашка ". */
export function completed(typed: string, preferred: PhraseLanguage): string {
  const tokens = tokensOf(typed)
  const language = languageOf(tokens, preferred)
  const isLastUnderHand = !endsApart(typed)
  return tokens
    .map((token, i) => {
      if (isLastUnderHand && i === tokens.length - 1) return token
      return `${wordOf(language, token) ?? token} `
    })
    .join("")
}

/** @param place counted from 1. */
export const withWord = (typed: string, place: number, word: string): string =>
  `${tokensOf(typed)
    .map((token, i) => (i + 1 === place ? word : token))
    .join(" ")} `
