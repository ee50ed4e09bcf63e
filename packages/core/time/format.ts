import type { Instant } from "./instant.ts"

/**
 * Own tables, not the platform's: the page is made of the same bytes on every machine, and platforms
 * change their wording of dates from version to version.
 */
const MONTHS: Readonly<Record<string, readonly string[]>> = {
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
  ru: [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
  ],
}

/** Where people read the times: minutes east of UTC, fixed in the charter. */
export interface Zone {
  readonly offsetMinutes: number
}

const local = (time: Instant, zone: Zone): Date => new Date((time + zone.offsetMinutes * 60) * 1000)
const two = (value: number): string => String(value).padStart(2, "0")

/** "14 January 2019", "14 января 2019 г.", or ISO for a language without a table. */
export function formatDay(time: Instant, language: string, zone: Zone): string {
  const date = local(time, zone)
  const month = MONTHS[language]?.[date.getUTCMonth()]
  if (!month) return date.toISOString().slice(0, 10)
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}${language === "ru" ? " г." : ""}`
}

/** "14 January 2019, 18:05" */
export function formatTime(time: Instant, language: string, zone: Zone): string {
  const date = local(time, zone)
  return `${formatDay(time, language, zone)}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
}

/** ISO 8601 with the zone's offset, as CAP 1.2 and RFC 3339 want it: "2019-01-14T18:05:00+03:00". */
export function formatIso(time: Instant, zone: Zone): string {
  const sign = zone.offsetMinutes < 0 ? "-" : "+"
  const minutes = Math.abs(zone.offsetMinutes)
  return `${local(time, zone).toISOString().slice(0, 19)}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
