import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DATE_LEVELS, dateLevel } from "./date-levels.ts"
import { guessDayOrder, parseUncertainDate, type UncertainDate } from "./uncertain-date.ts"

const date = (text: string): UncertainDate => {
  const parsed = parseUncertainDate(text)
  if (parsed === undefined) throw new Error(`${text} was not read`)
  return parsed
}
const level = (a: string, b: string) => DATE_LEVELS[dateLevel(date(a), date(b))]

describe("uncertain dates", () => {
  test("[reading] one day in many writings", () => {
    for (const text of [
      "1994-05-03",
      "19940503",
      "3.5.1994",
      "03/05/1994",
      "3 мая 1994",
      "3 May 1994",
      "May 3, 1994",
      "1994-05-03T00:00:00",
      "1994-05-03 00:00:00",
      "03.05.1994 г.",
    ]) {
      expect(date(text), text).toMatchObject({ year: 1994, month: 5, day: 3, precision: "day" })
    }
  })

  test("[reading] partial, approximate and spanning dates keep their uncertainty", () => {
    expect(date("1994")).toMatchObject({ precision: "year", year: 1994 })
    expect(date("1994-05")).toMatchObject({ precision: "month" })
    expect(date("май 1994")).toMatchObject({ precision: "month", month: 5 })
    expect(date("1994-00-00")).toMatchObject({ precision: "year" })
    expect(date("около 1994").precision).toBe("span")
    expect(date("1994?").to - date("1994?").from).toBeGreaterThan(1000)
    expect(date("1994/1996")).toMatchObject({ from: date("1994").from, to: date("1996").to })
    expect(date("1990s")).toMatchObject({ from: date("1990").from, to: date("1999").to })
  })

  test("[short years] two digits are a year from 1900 to 1999, by the column's order; two numbers are no date", () => {
    expect(date("3.5.94")).toMatchObject({ year: 1994, month: 5, day: 3, precision: "day" })
    expect(parseUncertainDate("05/03/94", "month-first")).toMatchObject({ year: 1994, month: 5, day: 3 })
    expect(date("25/03/05")).toMatchObject({ year: 1905 })
    expect(level("3.5.94", "1994-05-03")).toBe("same day")
    expect(guessDayOrder(["01/02/90", "03/25/91"])).toMatchObject({ order: "month-first", proved: true })
    for (const text of ["3.5", "31.02.94", "3.5.9", "1.2.3.94"])
      expect(parseUncertainDate(text), text).toBeUndefined()
  })

  test("[refusal] no such day, no date, never a guess", () => {
    for (const text of ["1994-02-31", "19551192", "Грозный", "12", "0000-00-00", "32.01.1994", ""]) {
      expect(parseUncertainDate(text), text).toBeUndefined()
    }
  })

  test("[order] a column with a 25th in it says which number is the day", () => {
    expect(guessDayOrder(["01/02/1990", "25/03/1991"])).toMatchObject({ order: "day-first", proved: true })
    expect(guessDayOrder(["01/02/1990", "03/25/1991"])).toMatchObject({ order: "month-first", proved: true })
    expect(guessDayOrder(["01/02/1990"])).toMatchObject({ proved: false, ambiguous: 1 })
  })

  test("[levels] grades of agreement", () => {
    expect(level("1994-05-03", "3.5.1994")).toBe("same day")
    expect(level("1994-05-03", "1994-03-05")).toBe("day and month exchanged")
    expect(level("1994-05-03", "1994-05-08")).toBe("one digit differs")
    expect(level("1994-05-03", "1994-05-28")).toBe("same month, another day")
    expect(level("1994-05-03", "1994")).toBe("same year, one known only to the year")
    expect(level("1994-05-03", "1994-05")).toBe("same month, one known only to the month")
    expect(level("1994-05-03", "1990s")).toBe("may be the same (one is a long span)")
    expect(level("1994-05-03", "1971-05-03")).toBe("same day and month, another year")
    expect(level("1994-05-03", "1950-11-20")).toBe("differ")
  })

  test("[levels] do not depend on the order of the two dates", () => {
    const any = fc.oneof(
      fc
        .date({ min: new Date("1900-01-01"), max: new Date("2020-01-01"), noInvalidDate: true })
        .map((day) => day.toISOString().slice(0, 10)),
      fc.integer({ min: 1900, max: 2020 }).map(String),
      fc.integer({ min: 1900, max: 2020 }).map((year) => `c. ${year}`),
    )
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(dateLevel(date(a), date(b))).toBe(dateLevel(date(b), date(a)))
      }),
    )
  })

  test("[reading] any text is read or refused, never thrown", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseUncertainDate(text)))
  })
})
