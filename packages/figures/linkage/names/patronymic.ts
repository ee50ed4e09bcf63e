/** Patronymics: `Русланович`, `Руслановна`, `Ruslan kyzy`, `Ruslan-ovich` all name a father, Ruslan. */
import { asciiWord } from "./transliterate.ts"

/** Endings on the light form, longest first, and what to put in their place. Source: Unbegaun (1972), ch. 1. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/(?<=[a-z]{2})(y?evich|yevych|y?evna|ievich|ievna|evych)$/, "y"],
  [/(?<=[a-z]{2})(ovich|ovych|ovitch|owitsch|owicz|ovna|owna|ivna)$/, ""],
  [/(?<=[a-z]{2})(inichna|inishna)$/, "a"],
  [/(?<=[a-z]{2})(ichna|ich)$/, "a"],
]

const FATHER_PARTICLE = /^(ogly|oglu|ogli|kyzy|kizi|gizi|qizi|uulu|uly|ibn|bin|bint|ould|ben)$/

/** Whether an ASCII word has the form of a Slavic patronymic. */
export function isPatronymic(word: string): boolean {
  return /(?<=[a-z]{3})(ovich|evich|ovych|ovitch|evitch|ovna|evna|ivna|ichna|inichna|ivich)$/.test(word)
}

/**
 * The father's name in ASCII, as far as the form tells it: `Ильинична` and `Ильич` → `ilya` is not restored
 * letter by letter, only to a stem that the fold of the father's own name comes close to.
 *
 * @param value a patronymic or a father's given name, in any script.
 * @returns ASCII words joined by a space; empty when nothing is left.
 */
export function fatherName(value: string): string {
  const words: string[] = []
  for (const raw of value.split(/[\s-]+/)) {
    const word = asciiWord(raw)
    if (word === "" || FATHER_PARTICLE.test(word)) continue
    const ending = ENDINGS.find(([pattern]) => pattern.test(word))
    words.push(ending === undefined ? word : word.replace(ending[0], ending[1]))
  }
  return words.join(" ")
}
