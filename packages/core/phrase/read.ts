/** Reads what somebody typed from memory. Nothing typed is kept: answers carry words of the list, and of errors the one word. */
import { err, ok, type Result } from "../result.ts"
import { type PhraseLanguage, phraseLanguages } from "./language.ts"
import { inLayout, inScript, plainLetters } from "./letters.ts"
import { wordLists } from "./lists.ts"
import { type Phrase, WORDS } from "./phrase.ts"
import { distance } from "./typing-errors.ts"

/** So many letters tell any two words of a list apart. */
export const ENOUGH_LETTERS = 4
const MAX_SUGGESTIONS = 3
/** Beyond two errors a suggestion is a guess. */
const MAX_DISTANCE = 2

export type WordReading =
  | { readonly kind: "word"; readonly index: number }
  /** Fewer than four letters so far: all words that begin with them. */
  | { readonly kind: "completions"; readonly words: readonly string[] }
  /** At most three, the likeliest first. */
  | { readonly kind: "unknown"; readonly suggestions: readonly string[] }

export type PhraseError =
  | { readonly kind: "empty" }
  | { readonly kind: "too-few" | "too-many"; readonly words: number }
  /** `place` counts from 1. */
  | {
      readonly kind: "unknown-word"
      readonly place: number
      readonly typed: string
      readonly suggestions: readonly string[]
    }
  /** Every word is one of the other list. */
  | { readonly kind: "other-language"; readonly language: PhraseLanguage }

/**
 * One word as typed. From four letters on it is known, if nothing after them contradicts. Tolerates case, accents,
 * invisible letters and look-alikes; a word typed in the other keyboard layout is suggested, not taken.
 */
export function readWord(language: PhraseLanguage, typed: string): WordReading {
  const plain = plainLetters(typed)
  const index = find(language, plain)
  if (index >= 0) return { kind: "word", index }
  const text = inScript(language, plain)
  const completions = text ? wordLists[language].words.filter((word) => word.startsWith(text)) : []
  return text && completions.length === 0
    ? { kind: "unknown", suggestions: suggest(language, plain) }
    : { kind: "completions", words: completions }
}

/** The place in the list of a word or of its first letters, four at least; -1 if none. */
function find(language: PhraseLanguage, plain: string): number {
  const text = inScript(language, plain)
  return text.length < ENOUGH_LETTERS
    ? -1
    : wordLists[language].words.findIndex((word) => word.startsWith(text))
}

/** The list's words nearest to what was typed, slips to neighbouring keys before others. */
function suggest(language: PhraseLanguage, plain: string): readonly string[] {
  const { words } = wordLists[language]
  const text = inScript(language, plain)
  const slipped = inLayout(language, plain)
  const inOtherLayout =
    slipped.length < ENOUGH_LETTERS ? [] : words.filter((word) => word.startsWith(slipped))
  const near = words
    .map((word) => ({ word, far: distance(language, text, word, MAX_DISTANCE) }))
    .filter(({ far }) => far <= MAX_DISTANCE)
    .sort((a, b) => a.far - b.far)
    .map(({ word }) => word)
  return [...inOtherLayout, ...near].slice(0, MAX_SUGGESTIONS)
}

/** A whole phrase as typed or pasted: words between anything that is no letter, numbering included. */
export function readPhrase(language: PhraseLanguage, typed: string): Result<Phrase, PhraseError> {
  const parts = typed.split(/[^\p{L}\p{M}\p{Cf}]+/u).filter((part) => plainLetters(part) !== "")
  if (parts.length === 0) return err({ kind: "empty" })
  const indices = indicesIn(language, parts)
  const other = phraseLanguages.find((each) => each !== language && !indicesIn(each, parts).includes(-1))
  if (other && indices.includes(-1)) return err({ kind: "other-language", language: other })
  if (parts.length !== WORDS) {
    return err({ kind: parts.length < WORDS ? "too-few" : "too-many", words: parts.length })
  }
  const unknown = indices.indexOf(-1)
  if (unknown < 0) return ok({ language, indices })
  const part = parts[unknown] as string
  const reading = readWord(language, part)
  const suggestions =
    reading.kind === "unknown"
      ? reading.suggestions
      : reading.kind === "completions"
        ? reading.words.slice(0, MAX_SUGGESTIONS)
        : []
  return err({ kind: "unknown-word", place: unknown + 1, typed: part, suggestions })
}

const indicesIn = (language: PhraseLanguage, parts: readonly string[]): readonly number[] =>
  parts.map((part) => find(language, plainLetters(part)))
