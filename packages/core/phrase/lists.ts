/** The words that a phrase is made of: docs/phrase.md. */
import type { PhraseLanguage } from "./language.ts"
import { FRONT_CODED_EN } from "./lists/en.ts"
import { FRONT_CODED_RU } from "./lists/ru.ts"

export interface WordList {
  /** Salts the key of every phrase: any change of words, however small, takes a new id. */
  readonly id: "en-1" | "ru-1"
  /** 2,048 words, sorted, unique after four letters. */
  readonly words: readonly string[]
}

/** Each word is a digit, how many letters it shares with the one before, and the letters that follow. */
function decode(frontCoded: string): readonly string[] {
  let word = ""
  return Array.from(frontCoded.matchAll(/(\d)(\D+)/g), ([, shared, rest]) => {
    word = word.slice(0, Number(shared)) + rest
    return word
  })
}

/** From а to я, one byte each: close to their sounds, so that vowels lie among vowels, which compresses best. */
const ASCII_OF_CYRILLIC = "abvgdejziqklmnoprstufhcCwWQyXEUA"

const toCyrillic = (ascii: string): string =>
  ascii.replace(/[a-z]/gi, (letter) => String.fromCharCode(0x430 + ASCII_OF_CYRILLIC.indexOf(letter)))

let en: readonly string[] | undefined
let ru: readonly string[] | undefined

/** Decoded when first asked for: most visitors never see a word of them. */
export const wordLists: Readonly<Record<PhraseLanguage, WordList>> = {
  en: {
    id: "en-1",
    get words() {
      en ??= decode(FRONT_CODED_EN)
      return en
    },
  },
  ru: {
    id: "ru-1",
    get words() {
      ru ??= decode(toCyrillic(FRONT_CODED_RU))
      return ru
    },
  },
}
