/** Typing errors counted. */
import { bitCount, letterMask } from "./letters.ts"

/**
 * Whether one typing error turns `a` into `b`: a letter changed, missing, added, or two neighbours exchanged
 * (Damerau 1964). False for equal strings.
 */
export function isOneEditApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  const extra = long.length - short.length
  if (extra > 1) return false
  let from = 0
  while (from < short.length && short.charCodeAt(from) === long.charCodeAt(from)) from++
  if (from === short.length) return extra === 1
  if (extra === 1) return short.slice(from) === long.slice(from + 1)
  if (short.slice(from + 1) === long.slice(from + 1)) return true
  return (
    short.charCodeAt(from) === long.charCodeAt(from + 1) &&
    short.charCodeAt(from + 1) === long.charCodeAt(from) &&
    short.slice(from + 2) === long.slice(from + 2)
  )
}

const MAX = 64
const rows = [new Uint8Array(MAX + 1), new Uint8Array(MAX + 1), new Uint8Array(MAX + 1)] as const

/** Restricted Damerau–Levenshtein distance; `limit + 1` as soon as it must exceed `limit`. Beyond 64 letters, cut. */
export function editDistance(a: string, b: string, limit: number): number {
  const lengthA = Math.min(a.length, MAX)
  const lengthB = Math.min(b.length, MAX)
  if (Math.abs(lengthA - lengthB) > limit) return limit + 1
  // One error takes one letter away and brings one in, at most.
  if (bitCount(letterMask(a) ^ letterMask(b)) > 2 * limit) return limit + 1
  let [before, previous, current]: Uint8Array[] = [...rows] as [Uint8Array, Uint8Array, Uint8Array]
  if (before === undefined || previous === undefined || current === undefined) return limit + 1
  for (let j = 0; j <= lengthB; j++) previous[j] = j
  for (let i = 1; i <= lengthA; i++) {
    current[0] = i
    let least = i
    for (let j = 1; j <= lengthB; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      )
      if (
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      ) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      }
      current[j] = cost
      if (cost < least) least = cost
    }
    if (least > limit) return limit + 1
    const recycled: Uint8Array = before
    before = previous
    previous = current
    current = recycled
  }
  return Math.min(previous[lengthB] ?? limit + 1, limit + 1)
}
