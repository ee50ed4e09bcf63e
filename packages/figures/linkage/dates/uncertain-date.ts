/**
 * Dates as people know them: a day, a month, a year, "about 1994", a span. Each is an interval of days and a
 * precision; comparing never pretends to more than was said.
 */

export type DatePrecision = "day" | "month" | "year" | "span"

export interface UncertainDate {
  /** First and last possible day, counted from 1970-01-01. */
  readonly from: number
  readonly to: number
  readonly precision: DatePrecision
  /** 0 where not known. */
  readonly year: number
  readonly month: number
  readonly day: number
}

/** In which order a column writes day and month when both are numbers. */
export type DayOrder = "day-first" | "month-first"

const MONTH_STEMS: readonly (readonly string[])[] = [
  ["jan", "янв", "січ", "jän"],
  ["feb", "фев", "лют"],
  ["mar", "мар", "бер", "mär", "maerz"],
  ["apr", "апр", "кві"],
  ["may", "мая", "май", "мае", "тра", "mai", "maj"],
  ["jun", "июн", "чер", "juin"],
  ["jul", "июл", "лип", "juil"],
  ["aug", "авг", "сер"],
  ["sep", "сен", "вер"],
  ["oct", "окт", "жов", "okt"],
  ["nov", "ноя", "лис"],
  ["dec", "дек", "гру", "dez", "déc"],
]

const EARLIEST_YEAR = 1000
const LATEST_YEAR = 2200

/**
 * Reads one date.
 *
 * Understood: `1994-05-01`, `19940501`, `1.5.1994`, `01/05/1994` (by `order`), `1.5.94` (1900 to 1999), `1 мая 1994`, `May 1994`,
 * `05.1994`, `1994-05`, `1994`, `1990s`, `199x`, `c. 1994`, `около 1994`, `1994?`, `1994~`, `1994/1996`,
 * `1994-05-01..1994-06-15`, a time of day after the date (ignored).
 *
 * @returns undefined when the text is no date or names a day that does not exist (31 February): never a guess.
 */
export function parseUncertainDate(text: string, order: DayOrder = "day-first"): UncertainDate | undefined {
  const value = text.trim().toLowerCase()
  if (value === "") return undefined
  const span = /^(.+?)\s*(?:\.\.|—|–|\/(?=\d{4})|\s-\s)\s*(.+)$/.exec(value)
  if (span?.[1] !== undefined && span[2] !== undefined) {
    const first = parseSingle(span[1], order)
    const last = parseSingle(span[2], order)
    if (first !== undefined && last !== undefined && first.from <= last.to) {
      return { from: first.from, to: last.to, precision: "span", year: 0, month: 0, day: 0 }
    }
  }
  return parseSingle(value, order)
}

const ABOUT = /^(?:c\.?|ca\.?|circa|about|около|прибл\.?|примерно|ок\.|um|omkring|~)\s*(?=\d)|[~?]+$/g
/** "About 1994" allows for a year on either side. */
const ABOUT_DAYS = 366

function parseSingle(raw: string, order: DayOrder): UncertainDate | undefined {
  const clean = raw.replace(ABOUT, "").trim()
  const exact = parsePrecise(clean, order)
  if (exact === undefined || clean === raw.trim()) return exact
  return { ...exact, from: exact.from - ABOUT_DAYS, to: exact.to + ABOUT_DAYS, precision: "span" }
}

/** `1.5.94`: whoever links says that such years are read as 1900 to 1999. */
export const SHORT_YEAR = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{2})\s*$/
const SHORT_YEARS_FROM = 1900

function parsePrecise(value: string, order: DayOrder): UncertainDate | undefined {
  let parts =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t\s].*)?$/.exec(value) ?? /^(\d{4})(\d{2})(\d{2})(?:\.0)?$/.exec(value)
  parts ??= /^(\d{4})[./](\d{1,2})[./](\d{1,2})$/.exec(value)
  if (parts !== null) return dayDate(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  parts =
    /^(\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4})(?:\s*г\.?)?(?:\s+\d{1,2}:.*)?$/.exec(value) ??
    SHORT_YEAR.exec(value)
  if (parts !== null) {
    const [first, second, written] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
    const year = written < 100 ? SHORT_YEARS_FROM + written : written
    if (order === "month-first" && first <= 12) return dayDate(year, first, second)
    if (order === "day-first" && second > 12) return dayDate(year, first, second)
    return dayDate(year, second, first)
  }
  parts = /^(\d{4})[-./](\d{1,2})$/.exec(value)
  if (parts !== null) return monthDate(Number(parts[1]), Number(parts[2]))
  parts = /^(\d{1,2})[./](\d{4})$/.exec(value)
  if (parts !== null) return monthDate(Number(parts[2]), Number(parts[1]))
  parts = /^(\d{4})(?:\.0)?(?:\s*(?:г\.?|год[а-я]*|-00-00))?$/.exec(value)
  if (parts !== null) return yearDate(Number(parts[1]))
  parts = /^(\d{3})(?:0s|0-е|0'?s|[xuх])$/.exec(value)
  if (parts !== null) return decadeDate(Number(parts[1]) * 10)
  return parseWithMonthName(value)
}

function parseWithMonthName(value: string): UncertainDate | undefined {
  const words = value.split(/[\s.,-]+/).filter((word) => word !== "" && !/^г(?:ода)?$/.test(word))
  const monthAt = words.findIndex((word) => monthOf(word) > 0)
  if (monthAt < 0 || words.length > 3) return undefined
  const month = monthOf(words[monthAt] ?? "")
  const numbers = words
    .filter((_, index) => index !== monthAt)
    .map((word) => Number(word.replace(/(st|nd|rd|th)$/, "")))
  const year = numbers.find((number) => number >= EARLIEST_YEAR)
  const day = numbers.find((number) => number < EARLIEST_YEAR)
  if (year === undefined || numbers.some(Number.isNaN)) return undefined
  return day === undefined ? monthDate(year, month) : dayDate(year, month, day)
}

function monthOf(word: string): number {
  if (/\d/.test(word)) return 0
  return MONTH_STEMS.findIndex((stems) => stems.some((stem) => word.startsWith(stem))) + 1
}

const DAY_MS = 86_400_000

function dayNumber(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / DAY_MS)
}

const plausible = (year: number): boolean => year >= EARLIEST_YEAR && year <= LATEST_YEAR

/** @returns undefined when there is no such day. A day 0 or month 0 means "not known", as some registers write. */
export function dayDate(year: number, month: number, day: number): UncertainDate | undefined {
  if (month === 0 && plausible(year)) return yearDate(year)
  if (day === 0) return monthDate(year, month)
  if (!plausible(year) || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
    return undefined
  const at = dayNumber(year, month, day)
  return { from: at, to: at, precision: "day", year, month, day }
}

export function monthDate(year: number, month: number): UncertainDate | undefined {
  if (!plausible(year) || month < 1 || month > 12) return undefined
  return {
    from: dayNumber(year, month, 1),
    to: dayNumber(year, month, daysInMonth(year, month)),
    precision: "month",
    year,
    month,
    day: 0,
  }
}

export function yearDate(year: number): UncertainDate | undefined {
  if (!plausible(year)) return undefined
  return {
    from: dayNumber(year, 1, 1),
    to: dayNumber(year, 12, 31),
    precision: "year",
    year,
    month: 0,
    day: 0,
  }
}

function decadeDate(year: number): UncertainDate | undefined {
  if (!plausible(year)) return undefined
  return {
    from: dayNumber(year, 1, 1),
    to: dayNumber(year + 9, 12, 31),
    precision: "span",
    year: 0,
    month: 0,
    day: 0,
  }
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/**
 * Day first or month first, from a whole column: a first number above 12 proves one, a second the other.
 * @returns the order and whether anything proved it; unproved is read day first, as in most of the world.
 */
export function guessDayOrder(values: Iterable<string>): {
  readonly order: DayOrder
  readonly proved: boolean
  readonly ambiguous: number
} {
  let dayFirst = 0
  let monthFirst = 0
  let ambiguous = 0
  for (const value of values) {
    const parts = /^\s*(\d{1,2})[./\s-](\d{1,2})[./\s-]\d{4}/.exec(value) ?? SHORT_YEAR.exec(value)
    if (parts === null) continue
    const [first, second] = [Number(parts[1]), Number(parts[2])]
    if (first > 12 && second <= 12) dayFirst++
    else if (second > 12 && first <= 12) monthFirst++
    else if (first !== second) ambiguous++
  }
  const proved = dayFirst > 0 || monthFirst > 0 || ambiguous === 0
  return { order: monthFirst > dayFirst ? "month-first" : "day-first", proved, ambiguous }
}
