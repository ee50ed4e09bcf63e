/**
 * Time crossed with place is what identifies an event. Alone, time may be shown by month; with anything beside it,
 * by year. The rule holds for each value that is a date, however it is written and whatever else its column holds: one
 * "unknown" among two hundred days must not put days into print.
 */
import { type DayOrder, parseUncertainDate, type UncertainDate } from "../linkage/dates/uncertain-date.ts"
import { isPlaceholder } from "../linkage/names/fold-name.ts"

/** From this share of what is written on, a column is one of dates. */
const MOSTLY = 0.5

const YEAR_DAYS = 365

const isFine = ({ precision, from, to }: UncertainDate): boolean =>
  precision === "day" || precision === "month" || to - from < YEAR_DAYS - 1

/** Whether most values that say anything are dates finer than a year. */
export const isFineTime = (values: readonly string[], order: DayOrder = "day-first"): boolean => {
  const written = values.filter((value) => !isPlaceholder(value))
  const fine = written.filter((value) => {
    const date = parseUncertainDate(value, order)
    return date !== undefined && isFine(date)
  })
  return fine.length > 0 && fine.length >= MOSTLY * written.length
}

/** What stands for a value that says nothing. */
export const UNKNOWN = "(unknown)"

/**
 * A value as coarse as it may be shown; any other than a date as it is.
 *
 * @param alone whether time is the only dimension of the table.
 */
export function coarseTime(value: string, alone: boolean, order: DayOrder = "day-first"): string {
  const date = parseUncertainDate(value, order)
  if (date === undefined || !isFine(date)) return value
  const [from, to] = [yearOf(date.from), yearOf(date.to)]
  if (from !== to) return `${from}–${to}`
  return alone && date.month > 0 ? `${from}-${String(date.month).padStart(2, "0")}` : from
}

const yearOf = (day: number): string => String(new Date(day * 86_400_000).getUTCFullYear())

/** Whether a value in a column of dates is neither a date nor a word for "not known": nobody can say how fine it is. */
export const isUnclearTime = (value: string, order: DayOrder): boolean =>
  !isPlaceholder(value) && parseUncertainDate(value, order) === undefined
