/** What in the lists gives reason to doubt before any linking: said where it is so, and not where it only looks so. */
import { describe, expect, test } from "vitest"
import { recordsOf, tableOf } from "../testing/records-of.ts"
import { listDoubts } from "./doubts.ts"

const GIVEN = ["Amina", "Boris", "Vera", "Zarema", "Ruslan", "Heda", "Oleg"]
const FAMILY = ["Akhmadov", "Dudaev", "Isaev", "Khasanov", "Petrov"]
const PLACE = ["Grozny", "Argun", "Shali", "Gudermes"]
const born = (at: number): string =>
  `${1950 + ((at * 7) % 47)}-${String(1 + ((at * 5) % 12)).padStart(2, "0")}-${String(1 + ((at * 11) % 28)).padStart(2, "0")}`

type Row = Record<"id" | "given_name" | "surname" | "dob" | "city" | "passport", string>
const usual = (at: number): Row => ({
  id: `${at}`,
  given_name: GIVEN[at % 7] ?? "",
  surname: FAMILY[at % 5] ?? "",
  dob: born(at),
  city: PLACE[at % 4] ?? "",
  passport: `${7_100_000 + at}`,
})
const COLUMNS = Object.keys(usual(0)) as (keyof Row)[]

function list(
  source: string,
  rows: number,
  change: (row: Row, at: number) => Partial<Row> = () => ({}),
  from = 0,
) {
  const lines = Array.from({ length: rows }, (_, at) => {
    const row = { ...usual(from + at), ...change(usual(from + at), at) }
    return COLUMNS.map((column) => row[column]).join(",")
  })
  return tableOf(source, [COLUMNS.join(","), ...lines].join("\n"))
}
const doubts = (...tables: readonly ReturnType<typeof list>[]) => listDoubts(recordsOf(tables).records)
const codes = (...tables: readonly ReturnType<typeof list>[]) => doubts(...tables).map(({ code }) => code)

describe("doubtful lists", () => {
  test("[doubts] usual lists give none", () => {
    expect(codes(list("a.csv", 200), list("b.csv", 200, undefined, 900))).toEqual([])
  })

  test("[name in a place column] is said with the file and its row, as a person counts rows", () => {
    const spoiled = list("b.csv", 200, (_, at) => (at === 41 ? { city: "Zarema" } : {}), 900)
    const [one] = doubts(list("a.csv", 200), spoiled)
    expect(one).toMatchObject({ code: "name-in-place", severity: "warning" })
    expect(one?.text).toMatch(/^In "city" 1 value looks like a person's name.*b\.csv row 43: "Zarema"/)
  })

  test("[name in a place column] a whole column of names is called a wrong mapping", () => {
    const [one] = doubts(list("a.csv", 200, (_, at) => ({ city: GIVEN[(at * 3) % 7] ?? "" })))
    expect(one).toMatchObject({ code: "name-in-place" })
    expect(one?.text).toMatch(/100 % of its values are given names.*Say in a mapping/)
  })

  test("[name in a place column] a place that is also somebody's family name is no doubt; nor a mistyped frequent place", () => {
    expect(codes(list("a.csv", 200, (_, at) => (at < 3 ? { surname: "Argun" } : {})))).toEqual([])
    // "Vira" is one letter from "Viru", a frequent place, and no misplaced Vera.
    const near = (_: Row, at: number) => ({ city: at === 5 ? "Vera" : at % 2 === 0 ? "Vere" : "Grozny" })
    expect(codes(list("a.csv", 200, near))).toEqual([])
  })

  test("[absent] a column that is mostly empty is noted from six in ten on, with the share", () => {
    const empty = (share: number) => list("a.csv", 200, (_, at) => (at % 10 < share ? { city: "" } : {}))
    expect(codes(empty(5))).toEqual([])
    const [one] = doubts(empty(7))
    expect(one).toMatchObject({ code: "mostly-absent", severity: "note" })
    expect(one?.text).toContain("70 %")
  })

  test("[default] one passport in many records is called a default; in nineteen it is not yet", () => {
    const shared = (times: number) =>
      list("a.csv", 200, (_, at) => (at < times ? { passport: "7000000" } : {}))
    expect(codes(shared(19))).toEqual([])
    const [one] = doubts(shared(20))
    expect(one).toMatchObject({ code: "shared-identifier", severity: "warning" })
    expect(one?.text).toMatch(/"passport" stands in 20 records/)
  })

  test("[copy] two lists that share a quarter of their records to the letter look copied; one list never does", () => {
    const copied = (rows: number) =>
      list("b.csv", 200, (row, at) => ({ id: row.id, ...(at < rows ? {} : { dob: born(at + 5000) }) }))
    expect(codes(list("a.csv", 200), copied(60))).toEqual([])
    expect(codes(list("a.csv", 200), copied(150))).toEqual(["lists-alike"])
    expect(codes(list("a.csv", 100, () => ({ ...usual(1), id: "" })))).not.toContain("lists-alike")
  })
})
