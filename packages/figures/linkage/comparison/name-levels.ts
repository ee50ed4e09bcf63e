/** How two names agree, in grades. */
import type { NameDictionary } from "../records/fields.ts"
import { isOneEditApart } from "../similarity/edit-distance.ts"
import { jaroWinklerFrom } from "../similarity/jaro-winkler.ts"

/** Grades from none to full agreement; the index is the level. */
export const NAME_LEVELS = [
  "not known",
  "differ",
  "distantly alike",
  "alike",
  "very alike",
  "initial agrees",
  "one typing error",
  "part of the name agrees",
  "same name in another form",
  "same",
  "stands where the other has the other name",
  "exchanged with the other name",
] as const

export const NAME_DIFFERS = 1
export const NAME_SAME_IN_OTHER_FORM = 8
export const NAME_EXACT = 9
export const NAME_HALF_EXCHANGED = 10
export const NAME_EXCHANGED = 11

/** Jaro–Winkler marks in common use (Winkler 1990; Splink's defaults): 0.92 and 0.88 alike, 0.7 distantly. */
const VERY_ALIKE = 0.92
const ALIKE = 0.85
const DISTANTLY_ALIKE = 0.72

/** The level of two known names, by their codes. Symmetric. Not cached: see `cachedLevel`. */
export function nameLevel(names: NameDictionary, a: number, b: number): number {
  if (a === b) return NAME_EXACT
  const wordsA = names.words[a] ?? []
  const wordsB = names.words[b] ?? []
  const shared = sharedWords(wordsA, wordsB)
  const fewer = Math.min(wordsA.length, wordsB.length)
  if (shared > 0 && shared === wordsA.length && shared === wordsB.length) return NAME_SAME_IN_OTHER_FORM
  const lightA = names.light[a] ?? ""
  const lightB = names.light[b] ?? ""
  if (lightA.length === 1 || lightB.length === 1) {
    return lightA.charCodeAt(0) === lightB.charCodeAt(0) ? 5 : NAME_DIFFERS
  }
  const heavyA = names.heavy[a] ?? ""
  const heavyB = names.heavy[b] ?? ""
  // "anna maria" and "annamaria", "al khatib" and "alkhatib".
  if ((wordsA.length > 1 || wordsB.length > 1) && joined(heavyA) === joined(heavyB))
    return NAME_SAME_IN_OTHER_FORM
  const shortest = Math.min(lightA.length, lightB.length)
  if (shortest >= 3 && (isOneEditApart(lightA, lightB) || isOneEditApart(heavyA, heavyB))) return 6
  if (shared > 0 && shared === fewer) return 7
  const similarity = Math.max(
    jaroWinklerFrom(DISTANTLY_ALIKE, lightA, lightB),
    jaroWinklerFrom(DISTANTLY_ALIKE, heavyA, heavyB),
  )
  if (similarity >= VERY_ALIKE) return 4
  if (similarity >= ALIKE || shared > 0) return 3
  return similarity >= DISTANTLY_ALIKE ? 2 : NAME_DIFFERS
}

/** How many words of `a` have a partner of the same name in `b`; each word of `b` is used once. */
function sharedWords(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  let shared = 0
  let used = 0
  for (const wordA of a) {
    for (let at = 0; at < b.length; at++) {
      if ((used & (1 << at)) !== 0) continue
      if (!meet(wordA, b[at] ?? [])) continue
      used |= 1 << at
      shared++
      break
    }
  }
  return shared
}

function meet(a: readonly number[], b: readonly number[]): boolean {
  for (const form of a) if (b.includes(form)) return true
  return false
}

const joined = (text: string): string => text.replaceAll(" ", "")
