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

  /** Forty people, each by two lists; the first `sure` of them surely distinct. */
  const clusters = (verdict: string | null, sure = 40, name = "linkage_warnings"): string =>
    [
      `record_id,strict,best,loose,list,counted,region${verdict === null ? "" : `,${name}`}`,
      ...Array.from({ length: 80 }, (_, record) => {
        const person = record >> 1
        const cells = [record, person, person, person, record % 2 ? "ngo" : "court", person < sure ? 1 : 0]
        return [...cells, person < 25 ? "A" : "B", ...(verdict === null ? [] : [verdict])].join()
      }),
    ].join("\n")
  const said = (text: string) => {
    const people = read(text)
    return people.ok ? people.value.warnings.map(({ code }) => code) : people.error
  }

  test("[verdict] people of a linkage that nothing speaks against are counted, without a word", () => {
    expect(totals(clusters("no-warning"))).toEqual({ A: 25, B: 15 })
    expect(said(clusters("no-warning"))).toEqual([])
  })

  test.each(["nothing-learnt", "too-many-matches", "large-group", "of-a-later-version"])(
    "[verdict] %s: no table of these people, also of one row for each that somebody made of them",
    (word) => {
      const code = word === "of-a-later-version" ? "linkage-unread" : word
      const people = `region,linkage_warnings\n${`A,${word}\n`.repeat(20)}`
      for (const text of [clusters(word), clusters(word, 40, "linkage.warnings"), people])
        expect(said(text)).toMatchObject({ kind: "linkage-untenable", reasons: [{ code }] })
    },
  )

  test("[verdict] a group too large to be one person is seen without a word of linking", () => {
    const merged = clusters("no-warning").replaceAll(/^(\d+),\d+,\d+,\d+/gm, "$1,1,1,1")
    expect(said(merged)).toMatchObject({ kind: "linkage-untenable", reasons: [{ code: "large-group" }] })
  })

  test("[verdict] fewer than four in five surely distinct: no table; fewer than all but one in twenty: said", () => {
    expect(said(clusters("no-warning", 31))).toEqual({ kind: "linkage-doubtful", minimum: 31, people: 40 })
    expect(said(clusters("no-warning", 32))).toEqual(["linkage-uncertain"])
    expect(said(clusters("no-warning", 38))).toEqual([])
    // The way out that is named: those who are surely distinct, alone.
    const sure = clusters("no-warning", 31)
      .split("\n")
      .filter((line) => !/,0,[AB],/.test(line))
    expect(totals(sure.join("\n"))).toEqual({ A: 25, B: 6 })
  })

  test("[verdict] what is less severe, and a file that does not say it, is told to whoever makes the table", () => {
    expect(said(clusters("few-columns"))).toEqual(["linkage-warned"])
    expect(said(clusters(null))).toEqual(["linkage-unsaid"])
    expect(said(counts("count"))).toEqual([])
  })

  test("[verdict] a row that a join left without its cluster is refused with its row", () => {
    const text = clusters("no-warning").replace(/^4,2,2,2/m, "4,2,,2")
    expect(said(text)).toEqual({ kind: "not-linked", column: "best", row: 6 })
  })

  test("[verdict] two linkages below one another are not counted: number 7 of each would be one person", () => {
    const other = clusters("no-warning").replaceAll(/^(\d+),\d+,/gm, "$1,$1,")
    const [, ...rows] = other.split("\n")
    expect(said([clusters("no-warning"), ...rows].join("\n"))).toMatchObject({ kind: "not-nested" })
  })

  test("[verdict] nobody counts people by what linking warned of", () => {
    expect(totals(clusters("no-warning"), { by: ["linkage_warnings"] })).toBe("not-of-people")
  })
})
