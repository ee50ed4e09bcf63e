/**
 * Every note, warning and refusal of linking from real lists, and every sentence read: plain words, and what to do. A
 * code without a case here is an error of types and fails.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test, vi } from "vitest"
import { parseCsv } from "../tabular/csv.ts"
import { notPlain } from "../testing/plain-sentence.ts"
import { planBlocking, planFromRules } from "./blocking/plan.ts"
import { guessMapping, mappingOf } from "./mapping/guess-mapping.ts"
import { nameVariants } from "./names/name-variants.ts"
import { NOTE_CODES, type NoteCode } from "./notes.ts"
import { buildRecords } from "./records/build-records.ts"
import { LINK_FAILURES, type LinkFailureKind, type LinkRequest, runLink } from "./run/run-link.ts"
import { generatePeople } from "./testing/generate-people.ts"
import { threeLists, windows1251 } from "./testing/three-lists.ts"

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), "kunak-notes-"))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function file(content: string | Uint8Array): string {
  const path = join(folder, `list-${++files}.csv`)
  writeFileSync(path, content)
  return path
}

type Request = Omit<Partial<LinkRequest>, "files">
const run = (lists: readonly (string | Uint8Array)[], request: Request = {}) =>
  runLink({ seed: 1, clean: [], decisions: [], files: lists.map(file), ...request })

interface Said {
  readonly code: string
  readonly text: string
  readonly warns: boolean
}

async function saidOf(
  lists: readonly (string | Uint8Array)[],
  request: Request = {},
): Promise<readonly Said[]> {
  const result = await run(lists, request)
  if (!result.ok) throw new Error(result.error.text)
  const { warnings, notes } = result.value.summary
  return [
    ...warnings.map((one) => ({ ...one, warns: true })),
    ...notes.map((one) => ({ ...one, warns: false })),
  ]
}

const GIVEN = ["Amina", "Boris", "Vera", "Zarema", "Ruslan", "Heda", "Oleg", "Maria", "Issa", "Lena", "Adam"]
const FAMILY = ["Akhmadov", "Dudaev", "Isaev", "Khasanov", "Petrov", "Sadulaev", "Orlov"]
const PLACE = ["Grozny", "Argun", "Shali", "Gudermes", "Vedeno"]
const two = (part: number): string => String(part).padStart(2, "0")
const born = (at: number): string =>
  `${1950 + ((at * 7) % 47)}-${two(1 + ((at * 5) % 12))}-${two(1 + ((at * 11) % 28))}`

type Row = readonly (string | number)[]
const HEAD = "id,given_name,surname,dob,city"
/** Rows of people who are told apart well enough; every third one comes twice. */
const person = (at: number): Row => {
  const who = at % 3 === 2 ? at - 1 : at
  return [at, GIVEN[(who * 3) % 11] ?? "", FAMILY[(who * 5) % 7] ?? "", born(who), PLACE[who % 5] ?? ""]
}
const table = (rows: number, change: (row: Row, at: number) => Row = (row) => row, head = HEAD): string =>
  [head, ...Array.from({ length: rows }, (_, at) => change(person(at), at).join())].join("\n")
const with1 = (row: Row, column: number, value: string): Row =>
  row.map((old, at) => (at === column ? value : old))

/** Blocking alone, for what leaves nothing to link. */
function recordsOf(text: string) {
  const read = parseCsv(new TextEncoder().encode(text), "list.csv")
  if (!read.ok) throw new Error(read.error.kind)
  const { columns, cells } = read.value
  const guesses = guessMapping(columns.map((name, at) => ({ name, lists: [cells[at] ?? []] })))
  return buildRecords([read.value], mappingOf(guesses), nameVariants()).records
}
const planned = ({ notes }: ReturnType<typeof planBlocking>): readonly Said[] =>
  notes.map(({ code, text, severity }) => ({ code, text, warns: severity === "warning" }))

/** Ten records of each person, with errors in every column. */
function generated(records: number): string {
  const { columns, cells, rows } = generatePeople(records, 5).table
  return [
    columns.join(),
    ...Array.from({ length: rows }, (_, row) => cells.map((cell) => cell[row]).join()),
  ].join("\n")
}

const mapping = (roles: Readonly<Record<string, string>>): Request => ({
  mapping: file(JSON.stringify(roles)),
})
const manyColumns = Array.from({ length: 18 }, (_, column) => `mark_${column}`)

type Case = () => readonly Said[] | Promise<readonly Said[]>

const CASES: Readonly<Record<NoteCode, Case>> = {
  "read-as": () => saidOf([table(60)]),
  "encoding-guessed": () => saidOf([windows1251(threeLists(60, 5).ngo)]),
  "columns-joined": () => saidOf([table(60), table(60, undefined, "id,Vorname,surname,dob,city")]),
  "whole-name-completes": () =>
    saidOf([table(60, (row) => [...row, `${row[1]} ${row[2]}`], `${HEAD},full_name`)]),
  "date-parts": () =>
    saidOf([
      table(
        60,
        (row, at) => [...row.slice(0, 3), 1950 + (at % 40), 1 + (at % 12), 1 + (at % 28)],
        "id,given_name,surname,birth_year,birth_month,birth_day",
      ),
    ]),
  "day-order-unproved": () =>
    saidOf([
      table(60, (row, at) =>
        with1(row, 3, `${two(1 + (at % 9))}/${two(1 + (at % 7))}/19${two(50 + (at % 40))}`),
      ),
    ]),
  "unreadable-dates": () =>
    saidOf([table(60, (row, at) => (at % 9 === 0 ? with1(row, 3, "31.02.1990") : row))]),
  "short-years": () =>
    saidOf([
      table(60, (row, at) =>
        with1(row, 3, `${two(1 + (at % 28))}.${two(1 + (at % 12))}.${two(50 + (at % 40))}`),
      ),
    ]),
  "new-year-dates": () =>
    saidOf([table(60, (row, at) => (at % 3 === 0 ? with1(row, 3, `19${two(50 + (at % 40))}-01-01`) : row))]),
  "mostly-absent": () => saidOf([table(60, (row, at) => (at % 4 === 0 ? row : with1(row, 4, "")))]),
  "name-in-place": () => saidOf([table(200, (row, at) => (at === 41 ? with1(row, 4, "Zarema") : row))]),
  "shared-identifier": () =>
    saidOf([table(60, (row, at) => [...row, at % 2 === 0 ? "000000" : 100_000 + at], `${HEAD},passport`)]),
  "lists-alike": () => saidOf([table(60), table(60)]),
  "id-repeats": () => saidOf([table(60, (row, at) => [at >> 1, ...row.slice(1)])]),
  "repeated-ids": () =>
    saidOf(
      [table(60, (row, at) => [at >> 1, ...row.slice(1)])],
      mapping({ id: "id", given_name: "given", surname: "family", dob: "date" }),
    ),
  "too-many-columns": () =>
    saidOf([
      table(
        60,
        (row, at) => [...row, ...manyColumns.map((_, column) => `v${(at * (column + 3)) % 7}`)],
        [HEAD, ...manyColumns].join(),
      ),
    ]),
  "every-pair": () => saidOf([table(60)]),
  "no-blocking-rule": () => planned(planBlocking(recordsOf(table(60)), { maxCandidates: 3 })),
  "unknown-key": () => planned(planFromRules(recordsOf(table(60)), [["shoe size"]], { maxCandidates: 2000 })),
  "rule-too-coarse": () => saidOf([table(200)], { rules: file('[["city"],["dob"]]'), maxCandidates: 1000 }),
  "block-passed-over": () =>
    saidOf([table(400, (row, at) => (at % 12 === 0 ? with1(row, 3, "1900-06-06") : row))], {
      rules: file('[["dob"]]'),
      maxCandidates: 500,
    }),
  "pairs-missed": () =>
    saidOf([generated(1200)], { rules: file('[["surname","dob.year"]]'), truth: "person" }),
  "nothing-learnt": () =>
    saidOf([
      "name,born,city\nAmina Boriseva,1990-01-02,Argun\nAmina Boriseva,1990-01-02,Argun\nEve Smith,1980-05-06,Shali\nBoris Orlov,1970-07-08,Grozny\n",
    ]),
  "too-many-matches": () =>
    saidOf([
      table(600, (_, at) => [
        at,
        GIVEN[at % 2] ?? "",
        FAMILY[at % 2] ?? "",
        born(at % 2),
        PLACE[at % 2] ?? "",
      ]),
    ]),
  "few-columns": () => saidOf([table(60, (row) => row.slice(0, 3), "id,given_name,surname")]),
  "large-group": () =>
    saidOf([
      table(360, (row, at) => [
        at,
        GIVEN[at % 3] ?? "",
        FAMILY[at % 4] ?? "",
        row[3] ?? "",
        PLACE[at % 3] ?? "",
      ]),
    ]),
}

const DOCUMENT = readFileSync(new URL("../../../docs/figures-linkage.md", import.meta.url), "utf8")

describe("every note and warning of a linkage", () => {
  test.each(NOTE_CODES)("[notes] %s stands in the document", (code) => {
    expect(DOCUMENT).toContain(`\`${code}\``)
  })

  test("[notes] has its case, and there is no case for what is no note", () => {
    expect(Object.keys(CASES).toSorted()).toEqual([...NOTE_CODES].toSorted())
  })

  test.each(NOTE_CODES)(
    "[notes] %s comes from real lists, in plain words; a warning says what to do",
    async (code) => {
      const said = await CASES[code]()
      expect(said.map((one) => one.code)).toContain(code)
      for (const { text, warns } of said) {
        const wrong = notPlain(
          text.replace(/^(list-\d+\.csv|In "|No column|The rule [^.:]*|In the rule [^.:]*)/, 'List "'),
        )
        if (warns || wrong !== "does not say what to do") expect(wrong, text).toBeNull()
      }
    },
  )
})

const LISTS = [table(60)]
const stopped = new AbortController()
stopped.abort(new Error("stopped"))

/** Refusals that are linking's own, then one of each kind that a table, a mapping or a sheet brings. */
const FAILURES: Readonly<Record<LinkFailureKind, () => ReturnType<typeof runLink>>> = {
  "too-few-records": () => run(["name,born\nAmina,1990\n"]),
  "no-truth-column": () => run(LISTS, { truth: "person" }),
  "no-such-column": () => run(LISTS, { carry: ["region"] }),
  "column-taken": () => run([table(60).replace("city", "best")], { carry: ["best"] }),
  "not-places": () => run(LISTS, { places: file("town,in\nArgun,Shali\n") }),
  "not-rules": () => run(LISTS, { rules: file('{"surname":1}') }),
  "not-json": () => run(LISTS, { rules: file("surname") }),
  "unknown-list": () => run(LISTS, { clean: ["other.csv"] }),
  "no-candidates": () => run(LISTS, { rules: file('[["city"]]'), maxCandidates: 3 }),
  "cannot-write": () => run(LISTS, { out: "/proc/kunak" }),
  stopped: () => run(LISTS, { signal: stopped.signal }),
  "cannot-read": () => run(LISTS, { rules: join(folder, "none.json") }),
  empty: () => run([`${HEAD}\n`]),
  "not-text": () => run([new Uint8Array([1, 0, 2, 0, 0, 3, 0, 0])]),
  "no-header": () => run([",,\n1,2,3\n"]),
  "duplicate-column": () => run(["name,name\nAmina,Boris\nVera,Eve\n"]),
  "open-quote": () => run(['name,born\n"Amina,1990\nBoris,1991\n']),
  "uneven-row": () => run(["name,born\nAmina,1990,x\nBoris,1991\n"]),
  "not-an-object": () => run(LISTS, { mapping: file("[]") }),
  "unknown-role": () => run(LISTS, mapping({ surname: "nickname" })),
  "unknown-column": () => run(LISTS, mapping({ sur: "family" })),
  "nothing-to-compare": () => run(LISTS, mapping({ id: "id" })),
  "not-a-sheet": () => run(LISTS, { decisions: [file(table(9))] }),
  "other-lists": () => run(LISTS, { decisions: [file("pair,decision\n1:1~7:2,same\n")] }),
  "unknown-decision": () => run(LISTS, { decisions: [file("pair,decision\n1:1~1:2,perhaps\n")] }),
}

describe("every refusal of linking", () => {
  test("[refusal] linking's own kinds all have their case", () => {
    expect(Object.keys(FAILURES)).toEqual(expect.arrayContaining([...LINK_FAILURES]))
  })

  test.each(Object.entries(FAILURES))(
    "[refusal] %s is said in plain words that say what to do",
    async (kind, refuse) => {
      const result = await refuse()
      if (result.ok) throw new Error("was not refused")
      expect(result.error.kind).toBe(kind)
      // A path begins it; an example of JSON or the name of a pair stands in it.
      const said = result.error.text
        .replace(/^\/\S+/, "It")
        .replace(/\{".*"\}|\[\[.*\]\]/, "an example")
        .replace(/\d:\d+~\d:\d+/, "one")
      expect(notPlain(said), said).toBeNull()
    },
  )
})
