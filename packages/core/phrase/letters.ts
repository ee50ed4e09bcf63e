/** What people type for what they mean: cases, accents, invisible letters, look-alikes, a keyboard left in the other layout. */
import type { PhraseLanguage } from "./language.ts"

/** Pairs of letters that look alike in one case at least. */
const LATIN_ALIKE = "abcehkmoptxyijs"
const CYRILLIC_ALIKE = "авсенкмортхуіјѕ"
/** The same keys of the two usual layouts, ANSI QWERTY and ЙЦУКЕН, row by row. */
const LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
const CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбю"
const ROWS: readonly (readonly [start: number, end: number])[] = [
  [0, 12],
  [12, 23],
  [23, 32],
]

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

/** Every two letters side by side, or one above the other, on the keyboard of a language: "ab" and "ba". */
export const neighbouringKeys: Readonly<Record<PhraseLanguage, ReadonlySet<string>>> = {
  en: neighbours(LATIN_KEYS),
  ru: neighbours(CYRILLIC_KEYS),
}

/** Each row is shifted to the right: below a key lie that of its own column and that of the column before. */
function neighbours(keys: string): ReadonlySet<string> {
  const [top, middle, bottom] = ROWS.map(([start, end]) => Array.from(keys.slice(start, end)))
  const pairs: string[] = []
  for (const [row, below] of [[top, middle], [middle, bottom], [bottom]]) {
    for (const [i, key] of (row ?? []).entries()) {
      pairs.push(key + row?.[i + 1], key + below?.[i], key + below?.[i - 1])
    }
  }
  return new Set(pairs.flatMap(([a, b]) => [`${a}${b}`, `${b}${a}`]))
}
