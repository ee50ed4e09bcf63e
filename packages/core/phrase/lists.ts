/** The words that a phrase is made of: docs/phrase.md. */
import { nextTask } from "../suite/next-task.ts"
import type { PhraseLanguage } from "./language.ts"
import { PACKED_EN } from "./lists/en.ts"
import { PACKED_RU } from "./lists/ru.ts"
import { unpack } from "./unpack.ts"

export interface WordList {
  /** Salts the key of every phrase: any change of words, however small, takes a new id. */
  readonly id: "en-1" | "ru-1"
  /** 2,048 words, sorted, unique after four letters. */
  readonly words: readonly string[]
}

const COUNT = 2048

/** In order of their code points, without ё. */
export const LETTERS: Readonly<Record<PhraseLanguage, string>> = {
  en: "abcdefghijklmnopqrstuvwxyz",
  ru: "абвгдежзийклмнопрстуфхцчшщъыьэюя",
}

const unpacked = (packed: string, letters: string) => {
  const source = unpack(packed, letters)
  const words: string[] = []
  return {
    words,
    /** @returns whether there are more. */
    take: (most: number): boolean => {
      for (let i = 0; i < most && words.length < COUNT; i++) words.push(source.next().value)
      return words.length < COUNT
    },
  }
}
const lists = { en: unpacked(PACKED_EN, LETTERS.en), ru: unpacked(PACKED_RU, LETTERS.ru) }

function all({ words, take }: (typeof lists)["en"]): readonly string[] {
  take(COUNT)
  return words
}

/** Unpacked when first asked for, as far as it has not been before. */
export const wordLists: Readonly<Record<PhraseLanguage, WordList>> = {
  en: {
    id: "en-1",
    get words() {
      return all(lists.en)
    },
  },
  ru: {
    id: "ru-1",
    get words() {
      return all(lists.ru)
    },
  },
}

/** So many words a cheap phone unpacks in the blink of an eye. */
const SLICE = 64

/** Before they are asked for, in slices, so that whoever waits has their turn in between. */
export async function unpackLists(): Promise<void> {
  for (const list of Object.values(lists)) while (list.take(SLICE)) await nextTask()
}
