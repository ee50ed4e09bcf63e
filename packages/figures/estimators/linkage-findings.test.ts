/** Whether a linkage may be counted at all, asked of the file that it left, and of what a statistician made of that file. */
import { describe, expect, test } from "vitest"
import { parseCsv } from "../tabular/csv.ts"
import { estimateCaptures } from "./estimate-captures.ts"
import { capturesErrorText, readCaptures } from "./read-captures.ts"
import { estimationJson } from "./report/json.ts"
import { estimationReport } from "./report/report.ts"
import { estimationText } from "./report/text.ts"

type Row = Readonly<Record<string, string | number>>

/** How many people are on which of three lists: drawn as if the lists were independent, so that methods agree. */
const ON_LISTS = { a: 66, b: 54, c: 44, ab: 54, ac: 44, bc: 36, abc: 36 } as const
const PEOPLE = Object.values(ON_LISTS).reduce((sum, people) => sum + people, 0)
/** A few might be somebody counted already. */
const SURE = PEOPLE - 10

/** These people as linking writes them; by columns, so that columns can be dropped and renamed. */
function linked(verdict: string, sure: number = SURE): Row[] {
  const rows: Row[] = []
  let person = 0
  for (const [lists, people] of Object.entries(ON_LISTS))
    for (let at = 0; at < people; at++, person++)
      for (const list of lists)
        rows.push({
          ...{ record_id: rows.length, strict: person, best: person, loose: person, list },
          ...{ counted: person < sure ? 1 : 0, region: person % 2 ? "north" : "south" },
          ...{ "sample-1": person, "sample-2": person % 40 ? person : `x${rows.length}` },
          linkage_warnings: verdict,
        })
  return rows
}

const without = (rows: readonly Row[], ...names: readonly string[]): Row[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))))

const tableOf = (rows: readonly Row[]) => {
  const names = Object.keys(rows[0] ?? {})
  const text = [names.join(), ...rows.map((row) => names.map((name) => row[name]).join())].join("\n")
  const table = parseCsv(new TextEncoder().encode(text), "clusters.csv")
  if (!table.ok) throw new Error(table.error.kind)
  return table.value
}
function read(rows: readonly Row[], strata: readonly string[] = []) {
  const captures = readCaptures(tableOf(rows), { strata })
  if (!captures.ok) throw new Error(capturesErrorText(captures.error, "clusters.csv"))
  return captures.value
}
const SETTINGS = { seed: 1, skip: ["lcmcr"], replicates: 100 } as const
const estimated = (rows: readonly Row[], strata?: readonly string[]) =>
  estimateCaptures(read(rows, strata), SETTINGS)
const codes = (found: readonly { readonly code: string }[]) => found.map(({ code }) => code)

describe("what linking warned of, when its clusters are counted", () => {
  test("[verdict] nothing: a total is stated, and pooled", async () => {
    const estimation = await estimated(linked("no-warning"))
    expect(estimation.whole.total.kind).toBe("stated")
    expect(estimation).toMatchObject({ minimum: SURE, untenable: false, linkages: 2 })
    expect(codes(estimation.whole.warnings)).toEqual([])
  })

  test.each(["nothing-learnt", "too-many-matches", "large-group", "of-a-later-version"])(
    "[verdict] %s: no total, no method's number, no part, no sum, and the reason first",
    async (word) => {
      const estimation = await estimated(linked(`few-columns ${word}`), ["region"])
      const code = word === "of-a-later-version" ? "linkage-unread" : word
      const { whole, strata, sum } = estimation
      const parts = [whole, ...strata.map(({ evaluation }) => evaluation)]
      expect(parts).toHaveLength(3)
      for (const { total, estimators, warnings, agreement } of parts) {
        expect(total).toEqual({ kind: "refused" })
        expect(agreement).toMatchObject({ low: null, high: null })
        expect(codes(warnings)[0]).toBe(code)
        for (const result of estimators) {
          expect(result, result.id).toMatchObject({
            ...{ status: "refused", estimate: null, lower: null, upper: null },
          })
          expect(codes(result.warnings), result.id).toEqual([code])
        }
      }
      expect(codes(whole.warnings)).toContain("linkage-warned")
      for (const { status } of sum) expect(status).toBe("refused")
      const json = estimationJson(estimation)
      expect(json).toMatchObject({ linkages: 0, reported: null, models: [] })
      // People are told nothing that a number could be taken from, but for a minimum that somebody confirmed.
      const text = estimationText(estimation)
      expect(text).toMatch(/^Before the numbers\n/)
      expect(text).toContain("Estimated total    refused")
      expect(text).toContain(`Confirmed minimum  ${SURE} distinct people (no two of whom could be one)`)
      const page = estimationReport(estimation, { source: "clusters.csv" })
      const body = page.replace(/<style>.*<\/style>/s, "")
      for (const [name, shown] of Object.entries({ text, body })) {
        expect(shown, name).toContain("not stated: how many people a list names")
        for (const { total } of whole.lists) expect(shown, name).not.toMatch(new RegExp(`\\b${total}\\b`))
        expect(shown, name).not.toContain("people seen")
      }
      expect(page).not.toMatch(/<svg|class="upset|class="intervals/)
    },
  )

  test("[verdict] nothing learnt, nobody confirmed: no minimum either, in no form", async () => {
    const estimation = await estimated(linked("nothing-learnt", 0))
    expect(estimation.minimum).toBeNull()
    expect(estimationJson(estimation).minimum).toBeNull()
    expect(estimationText(estimation)).toContain("Confirmed minimum  none: nobody is surely distinct")
    expect(estimationReport(estimation, { source: "clusters.csv" })).toContain("nobody is surely distinct")
    // That links were missed would be another reason, and not the one.
    expect(codes(estimation.whole.warnings)).toEqual(["nothing-learnt"])
  })

  test("[verdict] of what is less severe the total is told beside the number, by what it does to it", async () => {
    const { whole } = await estimated(linked("rule-too-coarse few-columns lists-alike repeated-ids"))
    expect(whole.total.kind).toBe("stated")
    const [said, ...others] = whole.warnings
    expect(others).toEqual([])
    expect(said?.code).toBe("linkage-warned")
    expect(said?.text).toMatch(/too high \(rule-too-coarse\).*too low \(few-columns\).*copy.*\(lists-alike\)/)
    expect(codes(read(linked("repeated-ids")).warnings)).toEqual([])
  })

  test("[verdict] without the column that is said; the rows of nobody confirmed still refuse the total", async () => {
    const dropped = await estimated(without(linked("no-warning"), "linkage_warnings"))
    expect(codes(dropped.whole.warnings)).toEqual(["linkage-unsaid"])
    expect(dropped.whole.total.kind).toBe("stated")
    const untried = await estimated(without(linked("nothing-learnt", 0), "linkage_warnings"))
    expect(codes(untried.whole.warnings)).toEqual(["linkage-doubtful", "linkage-unsaid"])
    expect(untried.whole.total).toEqual({ kind: "refused" })
    expect(untried.minimum).toBeNull()
  })

  test("[verdict] clusters in doubt merged confirm nobody where they are no people", () => {
    expect(read(without(linked("no-warning"), "counted")).minimum).toBe(PEOPLE)
    expect(read(without(linked("nothing-learnt"), "counted")).minimum).toBeNull()
    expect(read(without(linked("pairs-missed"), "counted")).minimum).toBeNull()
    expect(read(without(linked("few-columns"), "counted")).minimum).toBe(PEOPLE)
  })
})

describe("what a statistician made of the clusters", () => {
  test("[verdict] rows cut out keep the warning, also where the group that was warned of is gone", async () => {
    const north = linked("large-group").filter(({ region }) => region === "north")
    expect((await estimated(north)).whole.total).toEqual({ kind: "refused" })
  })

  test("[verdict] two linkages below one another, numbered apart: what one warned of holds for both", () => {
    const apart = (value: string | number | undefined) => `second ${value}`
    const second = linked("nothing-learnt").map((row) => ({
      ...row,
      ...{ strict: apart(row.strict), best: apart(row.best), loose: apart(row.loose) },
    }))
    expect(codes(read([...linked("no-warning"), ...second]).refusals)).toEqual(["nothing-learnt"])
  })

  test("[join] two linkages below one another, numbered alike, are refused: different people would be one", () => {
    const weaker = linked("no-warning").map((row) => ({ ...row, strict: row.record_id ?? "" }))
    for (const both of [
      [...linked("no-warning"), ...weaker],
      [...weaker, ...linked("no-warning").map((row) => ({ ...row, loose: Number(row.loose) >> 1 }))],
    ]) {
      const captures = readCaptures(tableOf(both))
      expect(captures).toMatchObject({ ok: false, error: { kind: "not-nested" } })
    }
    // Whoever corrected who is who by hand says so by leaving out what no longer fits.
    const split = linked("no-warning").map((row, at) => (at === 300 ? { ...row, best: "apart" } : row))
    expect(readCaptures(tableOf(split))).toMatchObject({ ok: false, error: { kind: "not-nested" } })
    expect(read(without(split, "strict", "loose")).whole.n).toBe(PEOPLE + 1)
  })

  test("[verdict] one row for each person, made of the clusters with their column: refused as the clusters are", async () => {
    const people = new Map<string, Record<string, string | number>>()
    for (const { best, list, linkage_warnings } of linked("nothing-learnt")) {
      const person = people.get(String(best)) ?? {
        a: 0,
        b: 0,
        c: 0,
        linkage_warnings: linkage_warnings ?? "",
      }
      person[String(list)] = 1
      people.set(String(best), person)
    }
    const estimation = await estimated([...people.values()])
    expect(estimation.whole.lists.map(({ name }) => name)).toEqual(["a", "b", "c"])
    expect(estimation.whole.total).toEqual({ kind: "refused" })
    expect(estimation.minimum).toBeNull()
    // A table that no linkage was written for is asked for nothing, and the column is no list that was left out.
    const plain = read(without([...people.values()], "linkage_warnings"))
    expect(plain).toMatchObject({ minimum: PEOPLE, refusals: [], warnings: [] })
    const tried = read([...people.values()].map((row) => ({ ...row, linkage_warnings: "no-warning" })))
    expect(tried).toMatchObject({ minimum: PEOPLE, refusals: [], warnings: [] })
  })

  test("[verdict] columns as a data frame renames them are the same columns: none is lost without a word", async () => {
    const renamed = linked("no-warning").map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name.replace(/[-_]/g, "."),
          name === "counted" ? `${value}.0` : value,
        ]),
      ),
    )
    const estimation = await estimated(renamed)
    expect(estimation).toMatchObject({ minimum: SURE, linkages: 2 })
    expect(codes(estimation.whole.warnings)).toEqual([])
  })

  test("[join] beside a list's own column of sources, lists are those of the linkage", () => {
    const joined = linked("no-warning").map((row, at) => ({
      source: at % 2 ? "interview" : "letter",
      ...row,
    }))
    expect(read(joined).whole.lists).toEqual(["a", "b", "c"])
  })

  test.each(["best", "list", "sample-2"])(
    "[join] a row that found no record, its %s empty, is refused with its row: never one person with all others",
    (name) => {
      for (const cell of ["", "NA"]) {
        const rows = linked("no-warning").map((row, at) => (at === 5 ? { ...row, [name]: cell } : row))
        const captures = readCaptures(tableOf(rows))
        expect(captures).toMatchObject({ ok: false, error: { kind: "not-linked", column: name, row: 7 } })
      }
    },
  )
})
