import { instant } from "@kunak/core/time/instant"
import fc from "fast-check"
import { expect, it } from "vitest"
import { localDay, localMinute, parseLocal } from "./local-time.ts"

it("[K23] a minute typed in the organisation's zone comes back as it was typed", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10_000_000, max: 4_200_000_000 }),
      fc.integer({ min: -720, max: 840 }),
      (seconds, offsetMinutes) => {
        const zone = { offsetMinutes }
        const time = instant(seconds - (seconds % 60))
        expect(parseLocal(localMinute(time, zone), zone)).toBe(time)
        expect(localDay(parseLocal(localDay(time, zone), zone) ?? instant(0), zone)).toBe(
          localDay(time, zone),
        )
      },
    ),
  )
})

it("[K23] refuses what is no day", () => {
  for (const typed of [
    "",
    "2019-02-31",
    "2019-13-01",
    "31.12.2019",
    "2019-01-01T25:00",
    "2019-01-01T10:00:00",
    "9999-01-01",
  ])
    expect([typed, parseLocal(typed, { offsetMinutes: 180 })]).toEqual([typed, null])
})
