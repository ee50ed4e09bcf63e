import { describe, expect, test } from "vitest"
import { parseCsv } from "../tabular/csv.ts"
import { type PeopleOptions, readPeople } from "./read-people.ts"

function read(text: string, options: Partial<PeopleOptions> = {}) {
  const table = parseCsv(new TextEncoder().encode(text), "test.csv")
  if (!table.ok) throw new Error(table.error.kind)
  return readPeople(table.value, { by: ["region"], ...options })
}

function totals(text: string, options: Partial<PeopleOptions> = {}): Record<string, number> | string {
  const rows = read(text, options)
  if (!rows.ok) return rows.error.kind
  const sums: Record<string, number> = {}
  for (const { at, count } of rows.value.rows) sums[at[0] ?? ""] = (sums[at[0] ?? ""] ?? 0) + count
  return sums
}

const counts = (name: string, odd = "17"): string =>
  `region,year,sex,${name}\n${["A", "B"]
    .flatMap((region) =>
      [2019, 2020, 2021].flatMap((year) =>
        ["f", "m"].map((sex) => `${region},${year},${sex},${region === "A" ? 40 : odd}`),
      ),
    )
    .join("\n")}\n`

describe("people of a file", () => {
  test.each(["count", "Counts", "n", "antal", "Anzahl", "freq", "число", "people", "nombre"])(
    "[count] finds the number of people in a column called %s",
    (name) => {
      expect(totals(counts(name))).toEqual({ A: 240, B: 102 })
    },
  )

  test("[count] a table of counts under a name that nobody knows is asked about, never counted by rows", () => {
    expect(totals(counts("ofre"))).toBe("count-unclear")
    expect(totals(counts("ofre"), { count: "ofre" })).toEqual({ A: 240, B: 102 })
    expect(totals(counts("ofre"), { everyRow: true })).toEqual({ A: 6, B: 6 })
  })

  test("[count] people with an age, a year, a row number are people", () => {
    const people = Array.from(
      { length: 60 },
      (_, at) => `${at + 1},P${at},${at % 2 ? "A" : "B"},${20 + (at % 9)},2019`,
    )
    expect(totals(`n,name,region,age,year\n${people.join("\n")}\n`)).toEqual({ A: 30, B: 30 })
  })

  test("[fraction] a fraction of a person is refused with its row", () => {
    for (const odd of ["1.5", "-3", "many", ""]) {
      const refused = read(counts("count", odd))
      expect(refused).toMatchObject({ ok: false, error: { kind: "count-not-whole", row: 8, value: odd } })
    }
    expect(totals(counts("count", "17.0"))).toEqual({ A: 240, B: 102 })
  })

  test("[clusters] records that linking found to be one person are one person", () => {
    const linked = ["record_id,strict,best,loose,list,counted,sample-1,region"]
    // Four people of B on all three lists, one of them in A by one list; five people of A on one list.
    for (let person = 0; person < 4; person++)
      for (const list of ["ngo", "court", "paper"])
        linked.push(
          `${list}${person},${person},${person},${person},${list}.csv,1,${person},${person === 0 && list === "paper" ? "A" : "B"}`,
        )
    for (let person = 4; person < 9; person++)
      linked.push(`x${person},${person},${person},${person},ngo.csv,1,${person},A`)
    const text = `${linked.join("\n")}\n`
    expect(totals(text)).toEqual({ A: 5, B: 4 })
    expect(totals(text, { by: ["list"] })).toBe("not-of-people")
    expect(totals(text, { by: ["nothing"] })).toBe("no-such-column")
  })
})
