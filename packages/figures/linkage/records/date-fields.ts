/** Columns with dates become uncertain dates: parts put together, order of day and month settled, defaults seen through. */
import {
  dayDate,
  guessDayOrder,
  monthDate,
  parseUncertainDate,
  SHORT_YEAR,
  type UncertainDate,
  yearDate,
} from "../dates/uncertain-date.ts"
import { isPlaceholder } from "../names/fold-name.ts"
import { counted, type Note, note, percent, warning } from "../notes.ts"
import { type AlignedColumn, codeValues } from "./build-records.ts"
import type { DateField } from "./fields.ts"

export function dateFields(columns: readonly AlignedColumn[], notes: Note[]): readonly DateField[] {
  const parts = columns.filter(isPart)
  if (parts.length >= 2) {
    const joined = joinParts(parts)
    if (joined !== undefined) {
      const whole = columns.filter((column) => !parts.includes(column))
      notes.push(
        note(
          "date-parts",
          `${parts.map(({ label }) => `"${label}"`).join(", ")} are read together as one date.`,
        ),
      )
      return [joined, ...whole].map((column) => dateField(column, notes))
    }
  }
  return columns.map((column) => dateField(column, notes))
}

function dateField(column: AlignedColumn, notes: Note[]): DateField {
  const { order, proved, ambiguous } = guessDayOrder(column.values)
  if (!proved) {
    notes.push(
      warning(
        "day-order-unproved",
        `In "${column.label}" nothing shows whether 01/02 is 1 February or 2 January; it is read as 1 February (${counted(ambiguous)} values). Write the dates as 1994-02-01 to be certain.`,
      ),
    )
  }
  const short = column.values.reduce((sum, value) => sum + (SHORT_YEAR.test(value) ? 1 : 0), 0)
  if (short > 0) {
    notes.push(
      warning(
        "short-years",
        `In "${column.label}" ${counted(short)} ${short === 1 ? "date has a year" : "dates have years"} of two digits, read as 1900 to 1999. Write years in full if anybody's is another.`,
      ),
    )
  }
  let unreadable = 0
  const examples: string[] = []
  const coded = codeValues(column.values, (value) => {
    if (isPlaceholder(value)) return undefined
    const date = parseUncertainDate(value, order)
    if (date === undefined) {
      if (examples.length < 3) examples.push(`"${value}"`)
      unreadable++
      return undefined
    }
    return { key: `${date.precision} ${date.from} ${date.to}`, value: date }
  })
  if (unreadable > 0) {
    notes.push(
      warning(
        "unreadable-dates",
        `In "${column.label}" ${counted(unreadable)} different values are no dates that can be read (${examples.join(", ")}); those records are compared without it. Write the dates as 1994-02-01 to have them used.`,
      ),
    )
  }
  const dates = seeThroughDefaults(column.label, coded.codes, coded.values, notes)
  return { kind: "date", label: column.label, codes: coded.codes, counts: coded.counts, dates }
}

/** 1 January must be this many times too frequent before it is read as "that year". */
const HEAPED = 3
const LEAST_HEAPED = 10

/**
 * Registers write 1 January where only the year is known. Two people who "agree" on it agree on the year
 * only, so such dates lose their day when there are far too many of them.
 */
function seeThroughDefaults(
  label: string,
  codes: Int32Array,
  dates: readonly UncertainDate[],
  notes: Note[],
): readonly UncertainDate[] {
  let days = 0
  let newYears = 0
  for (const code of codes) {
    const date = dates[code]
    if (date?.precision !== "day") continue
    days++
    if (date.month === 1 && date.day === 1) newYears++
  }
  if (newYears < LEAST_HEAPED || newYears < (HEAPED * days) / 365) return dates
  notes.push(
    note(
      "new-year-dates",
      `${percent(newYears / days)} of the dates in "${label}" are 1 January: they are read as "some day of that year".`,
    ),
  )
  return dates.map((date) =>
    date.precision === "day" && date.month === 1 && date.day === 1 ? (yearDate(date.year) ?? date) : date,
  )
}

type DatePart = "year" | "month" | "day"

function isPart(column: AlignedColumn): boolean {
  return partKind(column) !== undefined
}

/** By the values that nearly all rows keep to: a mistyped month 13 makes no day of a month. */
function partKind({ values }: AlignedColumn): DatePart | undefined {
  const filled = values.filter((value) => value !== "")
  const numbers = filled.filter((value) => /^\d{1,4}(\.0)?$/.test(value)).map(Number)
  if (numbers.length === 0 || numbers.length < NEARLY_ALL * filled.length) return undefined
  const share = (fits: (value: number) => boolean) => numbers.filter(fits).length / numbers.length
  if (share((value) => value >= 1000 && value <= 2200) >= NEARLY_ALL) return "year"
  if (share((value) => value <= 12) >= NEARLY_ALL) return "month"
  return share((value) => value <= 31) >= NEARLY_ALL ? "day" : undefined
}

const NEARLY_ALL = 0.95

/** One of each kind at most; a year is needed. */
function joinParts(columns: readonly AlignedColumn[]): AlignedColumn | undefined {
  const of = (kind: DatePart) => columns.filter((column) => partKind(column) === kind)
  const [year, month, day] = [of("year")[0], of("month")[0], of("day")[0]]
  if (year === undefined || month === undefined || of("year").length > 1 || of("month").length > 1)
    return undefined
  const values = year.values.map((written, record) => {
    const y = Number(written)
    const m = Number(month.values[record] ?? "")
    const d = Number(day?.values[record] ?? "")
    if (written === "") return ""
    const date =
      (d > 0 ? dayDate(y, m, d) : undefined) ?? (m > 0 ? monthDate(y, m) : undefined) ?? yearDate(y)
    if (date === undefined) return written
    const two = (part: number) => String(part).padStart(2, "0")
    if (date.precision === "day") return `${y}-${two(m)}-${two(d)}`
    return date.precision === "month" ? `${y}-${two(m)}` : String(y)
  })
  return {
    label: [year, month, day].flatMap((part) => (part === undefined ? [] : [part.label])).join("-"),
    role: "date",
    values,
  }
}
