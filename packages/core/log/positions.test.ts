import { expect, test } from "vitest"
import { type Instant, plusSeconds } from "../time/instant.ts"
import {
  isLeap,
  MAX_POSITION,
  STRETCH_POSITIONS,
  STRETCH_SECONDS,
  stretchAt,
  stretchBegins,
  stretchOf,
  stretchStart,
  trimmedBetween,
} from "./positions.ts"

const NOW = 1_790_000_000 as Instant
const start = stretchStart(stretchAt(NOW))

test("[L10] a gap within a stretch was trimmed; one to a stretch's beginning was never written", () => {
  expect([isLeap(0, 40_000), trimmedBetween(0, 40_000)]).toEqual([false, 40_000])
  expect([isLeap(700, start), trimmedBetween(700, start)]).toEqual([true, 0])
  // Behind a leap it was trimmed, too: those cells are gone, and the ones between were never there.
  expect([isLeap(700, start + 90), trimmedBetween(700, start + 90)]).toEqual([true, 90])
  expect([isLeap(start + 5, start + 90), trimmedBetween(start + 5, start + 90)]).toEqual([false, 85])
})

test("[L10] a restoration's stretch begins after it, and the next one's is another", () => {
  for (let second = 0; second < 3 * STRETCH_SECONDS; second += 1) {
    const now = plusSeconds(NOW, second)
    const stretch = stretchAt(now)
    expect(stretchBegins(stretch)).toBeGreaterThan(now)
    expect(stretchBegins(stretch)).toBeLessThanOrEqual(now + STRETCH_SECONDS)
    expect(stretchAt(stretchBegins(stretch))).toBeGreaterThan(stretch)
  }
  expect(stretchOf(start)).toBe(stretchAt(NOW))
  expect(stretchOf(start - 1)).toBe(stretchAt(NOW) - 1)
  const in2088 = Date.UTC(2087, 11, 1) / 1000
  expect(stretchStart(stretchAt(in2088 as Instant)) + STRETCH_POSITIONS).toBeLessThan(MAX_POSITION)
})
