/** How two places agree, in grades. */
import type { Place } from "../places/place.ts"
import { isOneEditApart } from "../similarity/edit-distance.ts"
import { jaroWinklerFrom } from "../similarity/jaro-winkler.ts"

export const PLACE_LEVELS = [
  "not known",
  "differ",
  "lie in the same larger unit",
  "alike",
  "very alike",
  "one typing error",
  "one lies within the other",
  "same place in another spelling",
  "same",
] as const

export const PLACE_EXACT = 8

export function placeLevel(a: Place, b: Place): number {
  if (a.light === b.light) return PLACE_EXACT
  const narrowA = a.units[0]
  const narrowB = b.units[0]
  if (narrowA === undefined || narrowB === undefined) return 1
  if (narrowA === narrowB) return a.units.length === b.units.length ? 7 : 6
  if (a.units.includes(narrowB) || b.units.includes(narrowA)) return 6
  if (Math.min(a.light.length, b.light.length) >= 4 && isOneEditApart(a.light, b.light)) return 5
  const similarity = jaroWinklerFrom(0.85, a.light, b.light)
  if (similarity >= 0.92) return 4
  if (similarity >= 0.85) return 3
  for (let at = 1; at < a.units.length; at++) if (b.units.includes(a.units[at] ?? "")) return 2
  return sharesWord(a.light, b.light) ? 3 : 1
}

/** "wallaby place" and "12 wallaby": a word of four letters or more in common. */
function sharesWord(a: string, b: string): boolean {
  if (!a.includes(" ") && !b.includes(" ")) return false
  const words = b.split(" ")
  return a.split(" ").some((word) => word.length >= 4 && words.includes(word))
}
