/** String similarity on folded ASCII. One set of buffers per thread: no allocation per pair. */

import { bitCount, letterMask } from "./letters.ts"

const MAX = 128
const matchedA = new Uint8Array(MAX)
const matchedB = new Uint8Array(MAX)

/**
 * Jaro–Winkler similarity, 0 to 1, prefix weight 0.1 over at most four letters. Strings beyond 128 letters
 * are compared by their first 128. Source: Winkler (1990).
 */
export function jaroWinkler(a: string, b: string): number {
  const lengthA = Math.min(a.length, MAX)
  const lengthB = Math.min(b.length, MAX)
  if (lengthA === 0 || lengthB === 0) return lengthA === lengthB ? 1 : 0
  const reach = Math.max(0, (Math.max(lengthA, lengthB) >> 1) - 1)
  matchedA.fill(0, 0, lengthA)
  matchedB.fill(0, 0, lengthB)
  let matches = 0
  for (let i = 0; i < lengthA; i++) {
    const letter = a.charCodeAt(i)
    const to = Math.min(lengthB - 1, i + reach)
    for (let j = Math.max(0, i - reach); j <= to; j++) {
      if (matchedB[j] === 0 && b.charCodeAt(j) === letter) {
        matchedA[i] = 1
        matchedB[j] = 1
        matches++
        break
      }
    }
  }
  if (matches === 0) return 0
  let outOfOrder = 0
  let j = 0
  for (let i = 0; i < lengthA; i++) {
    if (matchedA[i] === 0) continue
    while (matchedB[j] === 0) j++
    if (a.charCodeAt(i) !== b.charCodeAt(j)) outOfOrder++
    j++
  }
  const jaro = (matches / lengthA + matches / lengthB + (matches - outOfOrder / 2) / matches) / 3
  let prefix = 0
  while (prefix < 4 && prefix < lengthA && prefix < lengthB && a.charCodeAt(prefix) === b.charCodeAt(prefix))
    prefix++
  return jaro + prefix * 0.1 * (1 - jaro)
}

/**
 * The same, but 0 as soon as it must stay below `floor`: a letter that the other word lacks can match nothing,
 * which bounds the similarity before any matching. Never changes a value of `floor` or more.
 */
export function jaroWinklerFrom(floor: number, a: string, b: string): number {
  const lengthA = a.length
  const lengthB = b.length
  if (lengthA === 0 || lengthB === 0 || lengthA > MAX || lengthB > MAX) return jaroWinkler(a, b)
  const maskA = letterMask(a)
  const maskB = letterMask(b)
  const matches = Math.min(lengthA - bitCount(maskA & ~maskB), lengthB - bitCount(maskB & ~maskA))
  if (matches <= 0) return 0
  const jaro = (matches / lengthA + matches / lengthB + 1) / 3
  let prefix = 0
  while (prefix < 4 && prefix < lengthA && prefix < lengthB && a.charCodeAt(prefix) === b.charCodeAt(prefix))
    prefix++
  if (jaro + prefix * 0.1 * (1 - jaro) < floor) return 0
  return jaroWinkler(a, b)
}
