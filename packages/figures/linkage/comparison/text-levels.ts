/** How two identifiers, postcodes or categories agree, in grades. */
import { editDistance, isOneEditApart } from "../similarity/edit-distance.ts"
import { jaroWinklerFrom } from "../similarity/jaro-winkler.ts"

export const IDENTIFIER_LEVELS = [
  "not known",
  "differ",
  "in part the same",
  "two typing errors",
  "one typing error",
  "same",
] as const
export const POSTCODE_LEVELS = ["not known", "differ", "same beginning", "one typing error", "same"] as const
export const CATEGORY_LEVELS = ["not known", "differ", "share a word", "alike", "same"] as const

export function identifierLevel(a: string, b: string): number {
  if (a === b) return 5
  if (isOneEditApart(a, b)) return 4
  const shortest = Math.min(a.length, b.length)
  if (shortest >= 6 && editDistance(a, b, 2) === 2) return 3
  const atA = a.indexOf("@")
  const atB = b.indexOf("@")
  if (atA > 2 && atB > 2) {
    const [userA, userB] = [a.slice(0, atA), b.slice(0, atB)]
    if (userA === userB || isOneEditApart(userA, userB)) return 2
    return jaroWinklerFrom(0.9, userA, userB) >= 0.9 ? 2 : 1
  }
  return shortest >= 6 && jaroWinklerFrom(0.93, a, b) >= 0.93 ? 2 : 1
}

export function postcodeLevel(a: string, b: string): number {
  if (a === b) return 4
  if (isOneEditApart(a, b)) return 3
  const beginning = Math.max(2, Math.ceil(Math.min(a.length, b.length) / 2))
  return a.slice(0, beginning) === b.slice(0, beginning) ? 2 : 1
}

export function categoryLevel(a: string, b: string): number {
  if (a === b) return 4
  const shortest = Math.min(a.length, b.length)
  if (shortest >= 4 && (isOneEditApart(a, b) || jaroWinklerFrom(0.92, a, b) >= 0.92)) return 3
  if (shortest >= 2 && shortest < 4 && /^\d+$/.test(a) && isOneEditApart(a, b)) return 3
  if (!a.includes(" ") && !b.includes(" ")) return 1
  const words = b.split(" ")
  return a.split(" ").some((word) => word.length >= 4 && words.includes(word)) ? 2 : 1
}
