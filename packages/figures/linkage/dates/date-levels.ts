/** How two uncertain dates agree, in grades. */
import { isOneEditApart } from "../similarity/edit-distance.ts"
import type { UncertainDate } from "./uncertain-date.ts"

/** Grades from none to full agreement; the index is the level. Level 0 is reserved for "not known". */
export const DATE_LEVELS = [
  "not known",
  "differ",
  "within ten years",
  "within a year",
  "same year, another day",
  "same day and month, another year",
  "day and month exchanged",
  "one digit differs",
  "same month, another day",
  "may be the same (one is a long span)",
  "same year, one known only to the year",
  "same month, one known only to the month",
  "same day",
] as const

export const DATE_DIFFERS = 1
export const DATE_EXACT = 12
/** A span longer than this says little by agreeing. */
const LONG_SPAN_DAYS = 800
const YEAR_DAYS = 366

/** The level of two known dates. Symmetric. */
export function dateLevel(a: UncertainDate, b: UncertainDate): number {
  if (a.precision === "day" && b.precision === "day") return preciseLevel(a, b)
  const overlap = a.from <= b.to && b.from <= a.to
  if (overlap) {
    const widest = Math.max(a.to - a.from, b.to - b.from)
    if (widest <= 31) return 11
    return widest <= LONG_SPAN_DAYS ? 10 : 9
  }
  const gap = a.from > b.to ? a.from - b.to : b.from - a.to
  if (gap <= YEAR_DAYS) return 3
  return gap <= 10 * YEAR_DAYS ? 2 : 1
}

function preciseLevel(a: UncertainDate, b: UncertainDate): number {
  if (a.from === b.from) return DATE_EXACT
  if (a.year === b.year) {
    if (a.day === b.month && a.month === b.day) return 6
    if (isOneEditApart(digits(a), digits(b))) return 7
    return a.month === b.month ? 8 : 4
  }
  if (isOneEditApart(digits(a), digits(b))) return 7
  if (a.day === b.day && a.month === b.month) return 5
  const gap = Math.abs(a.from - b.from)
  if (gap <= YEAR_DAYS) return 3
  return gap <= 10 * YEAR_DAYS ? 2 : 1
}

function digits(date: UncertainDate): string {
  return `${date.year}${String(date.month).padStart(2, "0")}${String(date.day).padStart(2, "0")}`
}
