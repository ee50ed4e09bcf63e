/** Days and minutes as officers type them, in the charter's zone. */
import { DAY_SECONDS, type Instant, MINUTE_SECONDS } from "@kunak/core/time/instant"

interface Zone {
  readonly offsetMinutes: number
}

/** "2026-11-22" or "2026-11-22T18:00" to the instant at which it begins, or null when it is no such time. */
export function parseLocal(typed: string, zone: Zone): Instant | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?$/.exec(typed)
  if (!match?.[1]) return null
  const ms = Date.parse(`${match[1]}T${match[2] ?? "00:00"}:00Z`)
  // A day such as 31 February is rolled over by some platforms: it must come back as it went in.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== match[1]) return null
  const seconds = ms / 1000 - zone.offsetMinutes * MINUTE_SECONDS
  return seconds >= 0 && seconds <= 0xffff_ffff ? (seconds as Instant) : null
}

/** "2026-11-22" */
export const localDay = (time: Instant, zone: Zone): string =>
  new Date((time + zone.offsetMinutes * MINUTE_SECONDS) * 1000).toISOString().slice(0, 10)

/** "2026-11-22T18:00" */
export const localMinute = (time: Instant, zone: Zone): string =>
  new Date((time + zone.offsetMinutes * MINUTE_SECONDS) * 1000).toISOString().slice(0, 16)

/** The first second of the day in which `time` lies. */
export function startOfLocalDay(time: Instant, zone: Zone): Instant {
  const shift = zone.offsetMinutes * MINUTE_SECONDS
  return (Math.floor((time + shift) / DAY_SECONDS) * DAY_SECONDS - shift) as Instant
}
