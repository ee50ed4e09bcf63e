/** What people type for what they mean: cases, accents, invisible letters, look-alikes, a keyboard left in the other layout. */
import type { PhraseLanguage } from "./language.ts"

/** Pairs of letters that look alike in one case at least. */
const LATIN_ALIKE = "abcehkmoptxyijs"
const CYRILLIC_ALIKE = "авсенкмортхуіјѕ"
/** The same keys of the two usual layouts, ANSI QWERTY and ЙЦУКЕН, row by row. */
const LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
const CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбю"
const KEYS_IN_A_ROW = [0, 12, 23, 32]

/** Replaces each letter of `from` by the one at the same place of `to`. */
const exchange = (text: string, from: string, to: string): string =>
  Array.from(text, (letter) => to[from.indexOf(letter)] ?? letter).join("")

/**
 * Lower case without accents (ё is е, й stays й), without invisible letters, in whatever script it was typed.
 */
export const plainLetters = (typed: string): string =>
  typed
    .normalize("NFKD")
    .toLowerCase()
    .replace(/и\u0306/g, "й")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .trim()

/** Letters of the other script that look like letters of this one are taken for them. */
export const inScript = (language: PhraseLanguage, plain: string): string =>
  language === "ru"
    ? exchange(plain, LATIN_ALIKE, CYRILLIC_ALIKE)
    : exchange(plain, CYRILLIC_ALIKE, LATIN_ALIKE)

/** What the same keys would have written in the layout of this language. */
export const inLayout = (language: PhraseLanguage, plain: string): string =>
  language === "ru" ? exchange(plain, LATIN_KEYS, CYRILLIC_KEYS) : exchange(plain, CYRILLIC_KEYS, LATIN_KEYS)

/** Whether two letters lie side by side, or one below the other, on the keyboard of this language. */
export function areNeighbours(language: PhraseLanguage, a: string, b: string): boolean {
  const keys = language === "ru" ? CYRILLIC_KEYS : LATIN_KEYS
  const [rowA, columnA] = place(keys, a)
  const [rowB, columnB] = place(keys, b)
  const step = columnB - columnA
  // Each row is shifted to the right: the key below lies under the same column or the one before.
  if (rowA === rowB) return Math.abs(step) === 1
  return Math.abs(rowA - rowB) === 1 && (step === 0 || step === rowA - rowB)
}

/** Row and column of a letter's key. */
function place(keys: string, letter: string): readonly [row: number, column: number] {
  const at = keys.indexOf(letter)
  const row = KEYS_IN_A_ROW.findLastIndex((start) => start <= at)
  return [row, at - (KEYS_IN_A_ROW[row] ?? 0)]
}
