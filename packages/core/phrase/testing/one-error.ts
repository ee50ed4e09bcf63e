import type { PhraseLanguage } from "../language.ts"

const ALPHABETS = { en: "abcdefghijklmnopqrstuvwxyz", ru: "абвгдежзийклмнопрстуфхцчшщъыьэюя" }

/** Every text that one error makes of `word`: a letter left out, replaced or added, or two swapped. */
export function oneErrorFrom(word: string, language: PhraseLanguage): readonly string[] {
  const letters = Array.from(ALPHABETS[language])
  const made = Array.from({ length: word.length + 1 }, (_, i) => {
    const before = word.slice(0, i)
    const after = word.slice(i)
    const swapped = after.length > 1 ? [`${before}${after[1]}${after[0]}${after.slice(2)}`] : []
    const shorter = after ? [before + after.slice(1)] : []
    const replaced = after ? letters.map((letter) => before + letter + after.slice(1)) : []
    return [...shorter, ...replaced, ...letters.map((letter) => before + letter + after), ...swapped]
  })
  return [...new Set(made.flat())].filter((text) => text !== word)
}
