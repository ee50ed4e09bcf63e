/** Invented words that stand nowhere else: sixteen Russian letters, or sixteen Latin ones and digits. */
import { randomInt } from "node:crypto"

const LETTERS = 16
const CYRILLIC = "абвгдежзиклмнопрстуфхцчшщыэюя"
const LATIN = "abcdefghjkmnpqrstuvwxyz23456789"

const draw = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("")

export const russianWord = (): string => draw(CYRILLIC, LETTERS)
export const latinWord = (): string => draw(LATIN, LETTERS)
