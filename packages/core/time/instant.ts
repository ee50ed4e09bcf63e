import type { Brand } from "../brand.ts"

/** Whole seconds since 1970-01-01T00:00:00Z, as in every signed object (u32: until 2106). */
export type Instant = Brand<number, "Instant">

/** @throws RangeError unless it fits into u32. */
export function instant(seconds: number): Instant {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 0xffff_ffff) {
    throw new RangeError(`${seconds} is no instant`)
  }
  return seconds as Instant
}

export const instantFromMs = (ms: number): Instant => instant(Math.floor(ms / 1000))
export const plusSeconds = (time: Instant, seconds: number): Instant => instant(time + seconds)

export const MINUTE_SECONDS = 60
export const HOUR_SECONDS = 3600
export const DAY_SECONDS = 86_400
export const WEEK_SECONDS = 7 * DAY_SECONDS

/** Weeks are UTC, from Monday: week 0 began on 1969-12-29, so that an instant is never in a negative week. */
export type Week = Brand<number, "Week">
const FIRST_MONDAY = -3 * DAY_SECONDS

export const weekOf = (time: Instant): Week => Math.floor((time - FIRST_MONDAY) / WEEK_SECONDS) as Week
/** The last week that a signed object or a letter may name: the one after it, and two more, are instants too. */
export const MAX_WEEK = 7096 as Week
/** Whether bytes of strangers name a week that can be reckoned with. */
export const isWeek = (week: number): week is Week => week >= 1 && week <= MAX_WEEK

/** First second of the week. @throws RangeError for week 0, which began before the first instant. */
export const weekStart = (week: Week): Instant => instant(week * WEEK_SECONDS + FIRST_MONDAY)
/** First second after the week. */
export const weekEnd = (week: Week): Instant => weekStart((week + 1) as Week)
