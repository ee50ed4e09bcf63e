import type { PhraseLanguage } from "./language.ts"
import { neighbouringKeys } from "./letters.ts"

/** A slip to the next key is likelier than another wrong letter, yet still an error: between two words at one error
 *  each it decides, never between one error and two. */
const NEIGHBOUR = 0.75

/**
 * Errors that turn `word` into `typed`: a letter left out, added, replaced (a neighbouring key counts 0.75) or two
 * swapped (optimal string alignment, Damerau 1964). Infinity, soon, for more than `most`.
 */
export function distance(language: PhraseLanguage, typed: string, word: string, most: number): number {
  if (Math.abs(typed.length - word.length) > most) return Number.POSITIVE_INFINITY
  const near = neighbouringKeys[language]
  let before: number[] = []
  let above = Array.from({ length: word.length + 1 }, (_, j) => j)
  let leastAbove = 0
  for (let i = 1; i <= typed.length; i++) {
    const a = typed[i - 1] as string
    const row = [i]
    let leastInRow = i
    for (let j = 1; j <= word.length; j++) {
      const b = word[j - 1] as string
      const aslant = above[j - 1] as number
      let least = Math.min(above[j] as number, row[j - 1] as number) + 1
      if (a === b) least = Math.min(least, aslant)
      else if (aslant < least)
        least = Math.min(least, aslant + (aslant < most && near.has(a + b) ? NEIGHBOUR : 1))
      if (i > 1 && a === word[j - 2] && b === typed[i - 2])
        least = Math.min(least, (before[j - 2] as number) + 1)
      row.push(least)
      if (least < leastInRow) leastInRow = least
    }
    // A swap reaches back over one row, so two rows must have gone too far.
    if (leastInRow > most && leastAbove > most) return Number.POSITIVE_INFINITY
    before = above
    above = row
    leastAbove = leastInRow
  }
  const errors = above[word.length] ?? 0
  return errors > most ? Number.POSITIVE_INFINITY : errors
}
