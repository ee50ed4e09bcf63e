import { STRETCH_SECONDS, stretchAt, stretchBegins } from "@kunak/core/log/positions"
import { type Instant, plusSeconds } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import { leapTo } from "./leap.ts"

const SLOTS = 2 ** 18
const NOW = 1_790_000_000 as Instant
const backup = { term: 12, logHead: 1_000, ringHead: 400_000 }

test("[BU8] of two restorations from one backup the second gives nothing that the first gave", () => {
  const first = stretchAt(NOW)
  const one = leapTo(first, backup, SLOTS, true)
  // In service no earlier than its stretch begins; the disk is lost again at once.
  const two = leapTo(stretchAt(stretchBegins(first)), backup, SLOTS, true)
  if (!one || !two) throw new TypeError("no numbers")
  // A thousand writes and half a takeover in every second between.
  const written = STRETCH_SECONDS * 1_000
  expect(two.logHead).toBeGreaterThan(one.logHead + written)
  expect(two.ringHead).toBeGreaterThan(one.ringHead + written)
  expect(two.term).toBeGreaterThan(one.term + STRETCH_SECONDS / 2)
  expect([one.ringHead % SLOTS, two.ringHead % SLOTS]).toEqual([0, 0])
  expect(Math.min(one.term, one.logHead, one.ringHead)).toBeGreaterThan(400_000)
})

test("[BU8] a backup of a restored relay is restored beyond it; with a clock that went back it is not", () => {
  const one = leapTo(stretchAt(NOW), backup, SLOTS, true)
  if (!one) throw new TypeError("no numbers")
  const later = stretchAt(plusSeconds(NOW, 2 * STRETCH_SECONDS))
  expect(leapTo(later, one, SLOTS, true)?.logHead).toBeGreaterThan(one.logHead)
  for (const seconds of [0, -1, -86_400]) {
    const stretch = stretchAt(plusSeconds(NOW, seconds))
    expect(leapTo(stretch, one, SLOTS, true)).toBeNull()
    expect(leapTo(stretch, { ...one, logHead: 0 }, SLOTS, false)).toBeNull()
  }
})

test("[T10] a mirror keeps the term, and takes the other relay's cells from its oldest on", () => {
  const mirror = leapTo(stretchAt(NOW), backup, SLOTS, false)
  expect(mirror).toMatchObject({ term: 12, logHead: 0 })
})
