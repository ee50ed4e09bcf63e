import { expect, it } from "vitest"
import { timesIn } from "./times.ts"
import { speechIn } from "./words.ts"

const NOW = Date.UTC(2026, 10, 27, 3, 1) / 1000
const MOSCOW = { offsetMinutes: 180, zoneNames: { ru: "московское время", en: "Moscow time" } }
const ru = timesIn(speechIn("ru"), MOSCOW, () => NOW)
const en = timesIn(speechIn("en"), MOSCOW, () => NOW)

it("[K23] what has happened is not said to come because a colleague's clock is a little ahead; a wrong clock shows", () => {
  expect([ru.ago(NOW + 30), en.ago(NOW + 30)]).toEqual(["только что", "just now"])
  expect([ru.ago(NOW), en.ago(NOW)]).toEqual(["только что", "just now"])
  expect([ru.ago(NOW + 7200), en.ago(NOW + 7200)]).toEqual(["через 2 часа", "in 2 hours"])
  expect([ru.ago(NOW - 7200), en.ago(NOW - 7200)]).toEqual(["2 часа назад", "2 hours ago"])
  expect([ru.away(NOW + 30), en.away(NOW + 30)]).toEqual(["через меньше минуты", "in less than a minute"])
})

it("[K23] in Russian a year and its letter stay in one line", () => {
  expect(ru.time(NOW)).toBe("27 ноября 2026\u00a0г., 06:01")
  expect(ru.day(NOW)).toBe("27 ноября 2026\u00a0г.")
  expect(en.time(NOW)).toBe("27 November 2026, 06:01")
})
