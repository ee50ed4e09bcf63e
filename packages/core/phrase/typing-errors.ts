import type { PhraseLanguage } from "./language.ts"
import { areNeighbours } from "./letters.ts"

/** A slip to the next key is likelier than another wrong letter, yet still an error: between two words at one error
 *  each it decides, never between one error and two. */
const NEIGHBOUR = 0.75

/**
 * Errors that turn `word` into `typed`: a letter left out, added, replaced (a neighbouring key counts 0.75) or two
 * swapped (optimal string alignment, Damerau 1964). Infinity when the lengths alone are further apart than two.
 */
export function distance(language: PhraseLanguage, typed: string, word: string): number {
  if (Math.abs(typed.length - word.length) > 2) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let above = Array.from({ length: word.length + 1 }, (_, j) => j)
  for (let i = 1; i <= typed.length; i++) {
    const row = [i]
    for (let j = 1; j <= word.length; j++) {
      const a = typed[i - 1] as string
      const b = word[j - 1] as string
      const wrong = a === b ? 0 : areNeighbours(language, a, b) ? NEIGHBOUR : 1
      let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + wrong)
      if (i > 1 && a === word[j - 2] && b === typed[i - 2]) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[word.length] ?? 0
}
