import fc from "fast-check"
import { expect, test } from "vitest"
import { formatDay, formatIso, formatTime } from "./format.ts"
import {
  type Instant,
  instant,
  instantFromMs,
  plusSeconds,
  WEEK_SECONDS,
  weekEnd,
  weekOf,
  weekStart,
} from "./instant.ts"

const at = (iso: string): Instant => instantFromMs(Date.parse(iso))
const MOSCOW = { offsetMinutes: 180 }

test("[D2] weeks are UTC, from Monday, without gaps", () => {
  expect(weekOf(at("2019-01-13T23:59:59Z")) + 1).toBe(weekOf(at("2019-01-14T00:00:00Z")))
  expect(weekOf(at("2019-01-14T00:00:00Z"))).toBe(weekOf(at("2019-01-20T23:59:59Z")))
  fc.assert(
    fc.property(fc.integer({ min: WEEK_SECONDS, max: 0xffff_ffff - WEEK_SECONDS }), (seconds) => {
      const time = instant(seconds)
      const week = weekOf(time)
      expect(weekStart(week) <= time && time < weekEnd(week)).toBe(true)
      expect(new Date(weekStart(week) * 1000).getUTCDay()).toBe(1)
    }),
  )
})

test("[B1] an instant is whole seconds within 32 bits", () => {
  for (const bad of [-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => instant(bad)).toThrow(RangeError)
  expect(() => plusSeconds(instant(5), -6)).toThrow(RangeError)
})

test("[F1] times are written the same on every machine, in the charter's zone", () => {
  const time = at("2019-01-14T22:05:00Z")
  expect(formatTime(time, "en", MOSCOW)).toBe("15 January 2019, 01:05")
  expect(formatTime(time, "ru", MOSCOW)).toBe("15 января 2019 г., 01:05")
  expect(formatDay(time, "ce", MOSCOW)).toBe("2019-01-15")
  expect(formatDay(time, "constructor", MOSCOW)).toBe("2019-01-15")
  expect(formatIso(time, MOSCOW)).toBe("2019-01-15T01:05:00+03:00")
  expect(formatIso(time, { offsetMinutes: -210 })).toBe("2019-01-14T18:35:00-03:30")
})
