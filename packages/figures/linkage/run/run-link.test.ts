import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test, vi } from "vitest"
import { parseCsv } from "../../tabular/csv.ts"
import { generatePeople } from "../testing/generate-people.ts"
import { threeLists, windows1251 } from "../testing/three-lists.ts"
import { type LinkRequest, runLink } from "./run-link.ts"

// Each links a file or two with worker threads: a second where nothing else runs, half a minute where much does.
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), "kunak-link-"))
afterAll(() => rmSync(folder, { recursive: true }))

const FAKE = fileURLToPath(new URL("../testing/data/fake_1000.csv", import.meta.url))
const defaults = { seed: 1, clean: [], decisions: [] } as const

async function linked(request: Partial<LinkRequest> & { readonly files: readonly string[] }) {
  const result = await runLink({ ...defaults, ...request })
  if (!result.ok) throw new Error(result.error.text)
  return result.value.summary
}

async function refused(request: Partial<LinkRequest> & { readonly files: readonly string[] }) {
  const result = await runLink({ ...defaults, ...request })
  if (result.ok) throw new Error("was not refused")
  return result.error
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** The first 300 records: enough where a test is not about quality. */
const SMALL = file("small.csv", `${readFileSync(FAKE, "utf8").split("\n").slice(0, 301).join("\n")}\n`)

const column = (path: string, index: number) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").at(index) ?? "")

describe("linking files", () => {
  test("[truth] the truth column changes nothing but the report on it", async () => {
    const [head = "", ...lines] = readFileSync(SMALL, "utf8").trim().split("\n")
    const shuffled = file(
      "shuffled.csv",
      `${[head, ...lines.map((line, at) => line.replace(/\d+\s*$/, String(at % 7)))].join("\n")}\n`,
    )
    const [right, wrong] = [join(folder, "right"), join(folder, "wrong")]
    await linked({ files: [SMALL], truth: "cluster", out: right })
    await linked({ files: [shuffled], truth: "cluster", out: wrong })
    for (const partition of [1, 2, 3]) {
      expect(column(join(wrong, "clusters.csv"), partition)).toEqual(
        column(join(right, "clusters.csv"), partition),
      )
    }
  })

  test("[json] without a truth column there is none, and the promised fields are all there", async () => {
    const summary = await linked({ files: [SMALL] })
    expect(summary).toMatchObject({ records: 300, truth: null })
    expect(summary.candidates).toBeGreaterThan(0)
    expect(summary.threshold).toBeTypeOf("number")
    expect(Object.keys(summary.clusters)).toEqual(["strict", "best", "loose"])
  })

  test("[seed] the same seed gives the same files to the byte", async () => {
    const outs = ["one", "two"].map((name) => join(folder, name))
    for (const out of outs) await linked({ files: [SMALL], truth: "cluster", out, samples: 2 })
    for (const name of readdirSync(outs[0] as string)) {
      const [first, second] = outs.map((out) => readFileSync(join(out, name), "utf8").replaceAll(out, ""))
      expect(second, name).toBe(first)
    }
  })

  test("[three lists] Russian in windows-1251, Chechen spellings with semicolons, Latin with tabs: one population", async () => {
    const lists = threeLists(400, 5)
    const files = [
      file("ngo.csv", windows1251(lists.ngo.replaceAll(",", ";"))),
      file("hotline.csv", `\ufeff${lists.hotline}`),
      file("newspaper.tsv", lists.newspaper),
    ]
    const summary = await linked({ files, truth: "person", clean: ["all"] })
    // Record numbers begin anew in each list: they are ids, never compared.
    expect(summary.mapping).toMatchObject({
      record_id: "id",
      name: "name",
      born: "date",
      place: "place",
      person: "ignore",
    })
    expect(summary.truth?.f1).toBeGreaterThan(0.93)
    expect(summary.truth?.clusterPrecision).toBeGreaterThan(0.93)
  })

  test("[resume] another version of the program, or of its table of names, begins anew", async () => {
    const rules = file("anew.json", '[["surname"],["first_name"]]')
    const named = { files: [SMALL], rules, version: "1" }
    for (const other of [{ version: "2" }, { variants: new Map([["magomed", [0]]]) }, {}]) {
      const out = join(folder, `anew-${Object.keys(other).join("")}`)
      const controller = new AbortController()
      await refused({
        ...named,
        out,
        signal: controller.signal,
        onProgress: (text) => {
          if (text.startsWith("learning")) controller.abort(new Error("stopped"))
        },
      })
      const compared: string[] = []
      const onProgress = (text: string) => {
        if (text.startsWith("comparing")) compared.push(text)
      }
      await linked({ ...named, ...other, out, onProgress })
      expect(compared[0], Object.keys(other).join()).toBe(
        Object.keys(other).length === 0 ? "comparing 100 %" : "comparing 0 %",
      )
    }
  })

  test("[stop] a stopped run keeps its parts, writes no result, and goes on to the same result", async () => {
    const whole = join(folder, "whole")
    const broken = join(folder, "broken")
    const rules = file("rules.json", '[["surname"],["first_name"],["dob"],["email"],["city"]]')
    const unbroken = await linked({ files: [SMALL], truth: "cluster", out: whole, rules })
    const controller = new AbortController()
    const onProgress = (text: string) => {
      if (text.startsWith("learning")) controller.abort(new Error("stopped"))
    }
    const error = await refused({
      files: [SMALL],
      truth: "cluster",
      out: broken,
      rules,
      signal: controller.signal,
      onProgress,
    })
    expect(error).toMatchObject({ kind: "stopped", exitCode: 1 })
    expect(error.text).toMatch(/same command again: it goes on from there/)
    expect(readdirSync(broken)).toEqual([".unfinished"])
    const compared: string[] = []
    const resumed = await linked({
      files: [SMALL],
      truth: "cluster",
      out: broken,
      rules,
      onProgress: (text) => compared.push(text),
    })
    // All parts were kept: nothing is compared a second time.
    expect(compared.filter((text) => text.startsWith("comparing"))).toEqual(["comparing 100 %"])
    expect({ ...resumed, out: whole }).toEqual(unbroken)
    expect(resumed.truth?.recall).toBeGreaterThan(0.5)
    expect(readdirSync(broken).sort()).toEqual(readdirSync(whole).sort())
    for (const name of ["clusters.csv", "pairs.csv", "clerical.csv"])
      expect(readFileSync(join(broken, name), "utf8"), name).toBe(readFileSync(join(whole, name), "utf8"))
  })

  test("[bad rule] a rule that makes a million candidates is set aside with a warning", async () => {
    const rules = file("coarse.json", '[["city"],["email"],["dob"]]')
    const summary = await linked({ files: [SMALL], truth: "cluster", rules, maxCandidates: 2_000 })
    expect(summary.candidates).toBeLessThanOrEqual(2_000)
    expect(summary.warnings.map(({ code }) => code)).toContain("rule-too-coarse")
    const error = await refused({
      files: [SMALL],
      rules: file("only.json", '[["city"]]'),
      maxCandidates: 2_000,
    })
    expect(error.text).toMatch(/rule city is set aside/)
  })

  test("[coverage] rules that miss people confirm no minimum: without that more people are said than there are", async () => {
    const { columns, cells, rows } = generatePeople(2400, 5).table
    const lines = Array.from({ length: rows }, (_, row) => cells.map((cell) => cell[row]).join())
    const path = file("missed.csv", [columns.join(), ...lines].join("\n"))
    const rules = file("narrow.json", '[["surname","dob.year"],["first_name","postcode"]]')
    const out = join(folder, "missed")
    const result = await runLink({ ...defaults, files: [path], truth: "person", rules, out })
    if (!result.ok) throw new Error(result.error.text)
    const { summary, text } = result.value
    const people = summary.truth?.people ?? 0
    // What the rules never brought together stands apart, and nothing in the pairs that they made shows it.
    expect(summary.clusters.best).toBeGreaterThan(2 * people)
    expect(summary.truth?.recallCap ?? 1).toBeLessThan(0.7)
    expect(summary.warnings.map(({ code }) => code)).toEqual(["pairs-missed"])
    expect(summary.minimum).toBeNull()
    expect(new Set(column(join(out, "clusters.csv"), 5))).toEqual(new Set(["0"]))
    expect(new Set(column(join(out, "clusters.csv"), -1))).toEqual(new Set(["pairs-missed"]))
    expect(text).toMatch(/Of [\d,]+ random pairs that are surely one person [\d,]+ were compared\./)
    const { minimum, warnings, coverage } = await linked({ files: [path], truth: "person" })
    expect(warnings).toEqual([])
    expect(coverage?.surelyOne).toBeGreaterThan(2000)
    expect(coverage?.missedAtLeast).toBeLessThan(0.01)
    expect(minimum).toBeLessThanOrEqual(people)
    expect(minimum).toBeGreaterThan(0.6 * people)
  })

  test("[name in a place column] is said with its rows", async () => {
    const [head = "", ...lines] = readFileSync(SMALL, "utf8").trim().split("\n")
    const spoiled = lines.map((line, at) => {
      const values = line.split(",")
      if (at === 41 || at === 99) values[4] = at === 41 ? "Oliver" : "Oliver Kelly"
      return values.join(",")
    })
    const summary = await linked({
      files: [file("spoiled.csv", `${[head, ...spoiled].join("\n")}\n`)],
      truth: "cluster",
    })
    const warning = summary.warnings.find(({ code }) => code === "name-in-place")
    expect(warning?.text).toMatch(/row 43: "Oliver".*row 101: "Oliver Kelly"/)
    expect(
      (await linked({ files: [SMALL], truth: "cluster" })).warnings.map(({ code }) => code),
    ).not.toContain("name-in-place")
  })

  test("[ids] numbers that repeat are said, as evidence where guessed and as no way back where mapped", async () => {
    const [head = "", ...lines] = readFileSync(SMALL, "utf8").trim().split("\n")
    const path = file(
      "ids.csv",
      `${[head, ...lines.map((line, at) => line.replace(/^[^,]*/, String(at >> 1)))].join("\n")}\n`,
    )
    const codes = (summary: Awaited<ReturnType<typeof linked>>) => summary.warnings.map(({ code }) => code)
    expect(codes(await linked({ files: [path] }))).toContain("id-repeats")
    const mapping = file(
      "ids.json",
      '{"unique_id":"id","first_name":"given","surname":"family","dob":"date"}',
    )
    const mapped = await linked({ files: [path], mapping })
    expect(codes(mapped)).toContain("repeated-ids")
    expect(mapped.records).toBe(300)
    expect(codes(await linked({ files: [SMALL] }))).not.toContain("repeated-ids")
  })

  test("[large group] names and places that say the same make groups of people, and that is said", async () => {
    const given = ["Amina", "Boris", "Vera"]
    const family = ["Akhmadov", "Dudaev", "Isaev", "Khasanov"]
    const rows = Array.from({ length: 360 }, (_, at) => {
      const born = `${1950 + (at % 37)}-${String((at % 11) + 1).padStart(2, "0")}-${String((at % 27) + 1).padStart(2, "0")}`
      return [at, given[at % 3], family[at % 4], born, ["Grozny", "Argun", "Shali"][at % 3]].join(",")
    })
    const path = file("groups.csv", `id,given_name,surname,dob,city\n${rows.join("\n")}\n`)
    const out = join(folder, "groups")
    const result = await runLink({ ...defaults, files: [path], out })
    if (!result.ok) throw new Error(result.error.text)
    const { summary, text } = result.value
    expect(summary.warnings.map(({ code }) => code)).toContain("large-group")
    // Groups are no number of people: only the least is said, to people; programs get what was found.
    expect(text).toMatch(/ at least \(no two of them could be one\)\. How many .* is not said/)
    expect(text).not.toMatch(/by the likeliest reading \(/)
    const page = readFileSync(join(out, "report.html"), "utf8")
    expect(page.match(/not said: see the warning/g)).toHaveLength(3)
    expect(page).not.toContain("the most people these records can be")
    expect(summary.clusters.best).toBeGreaterThan(0)
    expect((await linked({ files: [SMALL] })).warnings.map(({ code }) => code)).not.toContain("large-group")
  })

  test("[duplicate] a record given twice joins its twin and makes nobody new", async () => {
    const text = readFileSync(SMALL, "utf8").trim()
    const lines = text.split("\n")
    const twin = file("twin.csv", `${text}\n${(lines[12] as string).replace(/^\d+/, "twin")}\n`)
    const out = join(folder, "twin")
    const [before, after] = [
      await linked({ files: [SMALL], truth: "cluster" }),
      await linked({ files: [twin], truth: "cluster", out }),
    ]
    // The model is learnt anew from 301 records: a doubtful pair elsewhere may change sides.
    expect(Math.abs(after.clusters.best - before.clusters.best)).toBeLessThanOrEqual(2)
    for (const partition of [1, 2, 3]) {
      const clusters = column(join(out, "clusters.csv"), partition)
      expect(clusters.at(-1)).toBe(clusters[11])
    }
  })

  test("[carry] clusters.csv gets the column as the lists have it, and linking is the same with it as without", async () => {
    const [head = "", ...lines] = readFileSync(SMALL, "utf8").trim().split("\n")
    const first = [
      `${head},region`,
      ...lines.slice(0, 150).map((line, at) => `${line},${at % 3 ? "Nord" : ""}`),
    ]
    const files = [
      file("with.csv", first.join("\n")),
      file("without.csv", [head, ...lines.slice(150)].join("\n")),
    ]
    const mapping = file(
      "carry.json",
      '{"unique_id":"id","first_name":"given","surname":"family","dob":"date","city":"place"}',
    )
    const [plain, carried] = [join(folder, "plain"), join(folder, "carried")]
    await linked({ files, mapping, out: plain, samples: 1 })
    await linked({ files, mapping, out: carried, samples: 1, carry: ["region", "city"] })
    const written = readFileSync(join(carried, "clusters.csv"), "utf8").trim().split("\n")
    expect(written[0]).toBe("record_id,strict,best,loose,list,counted,region,city,sample-1,linkage_warnings")
    expect(column(join(carried, "clusters.csv"), 6)).toEqual(
      lines.map((_, at) => (at < 150 && at % 3 > 0 ? "Nord" : "")),
    )
    expect(column(join(carried, "clusters.csv"), 7)).toEqual(lines.map((line) => line.split(",")[4]))
    for (const at of [0, 1, 2, 3, 4, 5])
      expect(column(join(carried, "clusters.csv"), at)).toEqual(column(join(plain, "clusters.csv"), at))
  })

  test("[refusal] each thing a user can get wrong has its sentence", async () => {
    expect((await refused({ files: [join(folder, "none.csv")] })).text).toMatch(/there is no such file/)
    expect((await refused({ files: [SMALL], truth: "people" })).text).toMatch(/no column "people".*cluster/)
    expect(
      (await refused({ files: [SMALL], mapping: file("m1.json", '{"surname":"nickname"}') })).text,
    ).toMatch(/role "nickname".*one of id, name/)
    expect((await refused({ files: [SMALL], mapping: file("m2.json", '{"sur":"family"}') })).text).toMatch(
      /no file has/,
    )
    expect((await refused({ files: [SMALL], mapping: file("m3.json", "surname") })).text).toMatch(
      /is not JSON/,
    )
    expect((await refused({ files: [SMALL], mapping: file("m4.json", '{"unique_id":"id"}') })).text).toMatch(
      /No column is left/,
    )
    expect((await refused({ files: [SMALL], clean: ["other.csv"] })).text).toMatch(/not among the files/)
    expect((await refused({ files: [SMALL], carry: ["region"] })).text).toMatch(
      /"region" that --carry.*surname/,
    )
    const best = file("best.csv", readFileSync(SMALL, "utf8").replace("city", "best"))
    expect((await refused({ files: [best], carry: ["best"] })).text).toMatch(/of its own.*Rename/)
    expect((await refused({ files: [SMALL], decisions: [SMALL] })).text).toMatch(/no clerical file/)
    expect((await refused({ files: [file("one.csv", "name,born\nAmina,1990\n")] })).kind).toBe(
      "too-few-records",
    )
  })

  test("[refusal] an output folder that takes no files is said before anything is compared", async () => {
    for (const out of [SMALL, join(SMALL, "below"), "/proc/kunak"]) {
      const said: string[] = []
      const error = await refused({ files: [SMALL], out, onProgress: (text) => said.push(text) })
      expect(error).toMatchObject({ kind: "cannot-write", exitCode: 3 })
      expect(said).toEqual([])
    }
  })

  test("[few] four records are not enough to learn from, and that is said instead of a confident number", async () => {
    const few = file(
      "few.csv",
      "name,born\nAmina Boriseva,1990-01-02\nAmina Boriseva,1990-01-02\nEve Smith,1980-05-06\nBoris Smith,1970-07-08\n",
    )
    const result = await runLink({ ...defaults, files: [few] })
    const said = result.ok ? result.value.summary.warnings.map(({ code }) => code) : [result.error.kind]
    expect(said.some((code) => ["nothing-learnt", "no-candidates"].includes(code))).toBe(true)
  })

  test("[nothing learnt] lists that taught nothing: no number of people anywhere, no estimate offered, and clusters.csv says why", async () => {
    const people = [
      "Amina Boriseva,1990-01-02,Argun",
      "Eve Smith,1980-05-06,Shali",
      "Boris Orlov,1970-07-08,Grozny",
    ]
    const list = (name: string, rows: readonly string[]) => file(name, ["name,born,city", ...rows].join("\n"))
    const run = async (files: readonly string[], out: string) => {
      const result = await runLink({ ...defaults, files, out: join(folder, out) })
      if (!result.ok) throw new Error(result.error.text)
      return result.value
    }
    const few = await run(
      [list("few-1.csv", people), list("few-2.csv", people.slice(0, 2))],
      "nothing-learnt",
    )
    const warning = few.summary.warnings.find(({ code }) => code === "nothing-learnt")
    expect(warning?.text).toMatch(/No number of people is drawn .* by hand .*--clean/)
    expect(few.text).not.toContain("How many people, seen and unseen")
    expect(few.text).toContain("People: nobody is surely distinct from others, so no least number is said.")
    expect(few.text).not.toMatch(/by the likeliest reading \(/)
    expect(few.summary.minimum).toBeNull()
    const page = readFileSync(join(folder, "nothing-learnt", "report.html"), "utf8")
    expect(page.match(/not said: see the warning above/g)).toHaveLength(3)
    expect(page).not.toContain("confirmed minimum<")
    const written = join(folder, "nothing-learnt", "clusters.csv")
    expect(new Set(column(written, 5))).toEqual(new Set(["0"]))
    for (const said of column(written, -1)) expect(said.split(" ")).toContain("nothing-learnt")
    const { hotline, newspaper } = threeLists(150, 5)
    const many = await run([file("many-1.csv", hotline), file("many-2.tsv", newspaper)], "learnt")
    expect(many.summary.warnings.map(({ code }) => code)).not.toContain("nothing-learnt")
    expect(many.text).toContain("How many people, seen and unseen: kunak estimate")
    expect(new Set(column(join(folder, "learnt", "clusters.csv"), -1))).toEqual(
      new Set([many.summary.warnings.map(({ code }) => code).join(" ") || "no-warning"]),
    )
  })

  test("[nothing learnt] weights that nobody has tried confirm nobody: they take 14 people for 28", async () => {
    const given = ["Amina", "Boris", "Vera", "Zarema", "Ruslan", "Heda", "Oleg"]
    const family = ["Akhmadov", "Dudaev", "Isaev", "Khasanov", "Petrov"]
    const place = ["Grozny", "Argun", "Shali"]
    const two = (part: number) => String(part).padStart(2, "0")
    // On the second list nobody is sure when the others were born, nor where they live now.
    const list = (off: number) =>
      Array.from({ length: 14 }, (_, at) => {
        const born = [
          1950 + ((at * 13) % 45) + off,
          two(1 + ((at * 5 + 4 * off) % 12)),
          two(1 + ((at * 11 + off) % 28)),
        ]
        return [`${given[(at * 3) % 7]} ${family[at % 5]}`, born.join("-"), place[(at + off) % 3]].join()
      })
    const files = [0, 1].map((off) => file(`sure-${off}.csv`, ["name,born,city", ...list(off)].join("\n")))
    const summary = await linked({ files })
    expect(summary.warnings.map(({ code }) => code)).toContain("nothing-learnt")
    expect(summary.clusters).toEqual({ strict: 28, best: 28, loose: 28 })
    expect(summary.minimum).toBeNull()
  })

  test("[nothing learnt] what people know is a minimum all the same: the longest list that names each person once", async () => {
    const people = ["Amina Boriseva,1990-01-02", "Eve Smith,1980-05-06", "Boris Orlov,1970-07-08"]
    const files = [
      file("once-1.csv", ["name,born", ...people].join("\n")),
      file("once-2.csv", ["name,born", ...people.slice(0, 2), "Vera Isaeva,1960-03-04"].join("\n")),
    ]
    const out = join(folder, "once")
    const summary = await linked({ files, out, clean: ["once-1.csv"] })
    expect(summary.warnings.map(({ code }) => code)).toContain("nothing-learnt")
    expect(summary.minimum).toBe(3)
    expect(column(join(out, "clusters.csv"), 5)).toEqual(["1", "1", "1", "0", "0", "0"])
  })

  test("[audit] two decisions by one person are obeyed, and measure nothing: that is said, and no number is printed", async () => {
    const out = join(folder, "hardly-decided")
    await linked({ files: [SMALL], truth: "cluster", out })
    const [head = "", first = "", second = ""] = readFileSync(join(out, "clerical.csv"), "utf8").split("\n")
    const same = (line: string) => line.replace(/,,$/, ",same,")
    const decisions = [file("two.csv", [head, same(first), same(second)].join("\n"))]
    const result = await runLink({ ...defaults, files: [SMALL], truth: "cluster", out, decisions })
    if (!result.ok) throw new Error(result.error.text)
    const { summary, text } = result.value
    expect(summary.clerical).toMatchObject({ settled: 2, disputed: 0, agreement: null })
    const { audit } = summary.clerical as { audit: object }
    expect(audit).toMatchObject({ precision: undefined, recall: undefined })
    expect(text).not.toMatch(/measured/)
    const page = readFileSync(join(out, "report.html"), "utf8")
    expect(page.match(/not measured, too few of the sampled pairs are decided/g)).toHaveLength(2)
    expect(page).toContain("Only one person decided: their agreement cannot be told.")
  })

  test("[as typed] clerical.csv and the report show every name as its list has it, whatever was typed for the palochka, and no weight", async () => {
    const lists = threeLists(150, 5)
    const forms = ["ХӀамзат", "Хӏамзат", "ХIамзат", "Х1амзат", "хӀамзат"]
    let typed = 0
    const hotline = lists.hotline.replaceAll("ХӀамзат", () => forms[typed++ % forms.length] ?? "")
    const files = [file("typed-ngo.csv", lists.ngo), file("typed-hotline.csv", hotline)]
    const out = join(folder, "typed")
    await linked({ files, truth: "person", out })
    const read = (text: string, name: string) => {
      const table = parseCsv(new TextEncoder().encode(text), name)
      if (!table.ok) throw new Error(table.error.kind)
      return table.value
    }
    const written = [read(lists.ngo, "ngo.csv"), read(hotline, "hotline.csv")]
    const sheet = read(readFileSync(join(out, "clerical.csv"), "utf8"), "clerical.csv")
    // Whoever decides is led by nothing: neither by a number nor by the band that a pair was drawn from.
    const shown = ["name", "born", "place"]
    expect(sheet.columns).toEqual([
      "pair",
      ...shown.flatMap((label) => [`${label} (1)`, `${label} (2)`]),
      "decision",
      "remark",
    ])
    const cell = (record: string, label: string) => {
      const [list = 0, row = 0] = record.split(":").map(Number)
      const { columns, cells } = written[list - 1] as (typeof written)[number]
      return cells[columns.indexOf(label)]?.[row - 1]
    }
    expect(sheet.rows).toBeGreaterThan(40)
    const seen = new Set<string>()
    for (let row = 0; row < sheet.rows; row++) {
      const pair = (sheet.cells[0]?.[row] ?? "").split("~")
      shown.forEach((label, c) => {
        for (const side of [0, 1]) {
          const value = sheet.cells[1 + 2 * c + side]?.[row] ?? ""
          expect(value).toBe(cell(pair[side] ?? "", label))
          for (const form of forms) if (value.includes(form)) seen.add(form)
        }
      })
      expect([sheet.cells.at(-2)?.[row], sheet.cells.at(-1)?.[row]]).toEqual(["", ""])
    }
    expect([...seen]).toEqual(expect.arrayContaining(["ХӀамзат", "Хӏамзат", "Х1амзат"]))
    const [, page = ""] = readFileSync(join(out, "report.html"), "utf8").split(
      /<h2>(?:Examples|How it was made)/,
    )
    const examples = [...page.matchAll(/<tr><th>name<\/th><td>([^<]*)<\/td><td>([^<]*)<\/td><\/tr>/g)]
    const names = written.flatMap(({ columns, cells }) => cells[columns.indexOf("name")] ?? [])
    expect(examples.length).toBeGreaterThan(5)
    for (const [, a, b] of examples) expect(names).toEqual(expect.arrayContaining([a, b]))
    expect(examples.flat().some((name) => /[Ӏӏ]/.test(name))).toBe(true)
  })

  test("[report] loads nothing from anywhere and lets no value become markup or a formula", async () => {
    const [head = "", ...lines] = readFileSync(SMALL, "utf8").trim().split("\n")
    const nasty = lines.map((line, at) => {
      const values = line.split(",")
      if (at < 120) values[1] = at % 2 === 0 ? "<script>alert(1)</script>" : "=HYPERLINK(1)"
      return values.join(",")
    })
    const out = join(folder, "nasty")
    await linked({ files: [file("nasty.csv", `${[head, ...nasty].join("\n")}\n`)], truth: "cluster", out })
    const report = readFileSync(join(out, "report.html"), "utf8")
    expect(report).not.toMatch(/<script|https?:|src=|@import|url\(/i)
    expect(report).toMatch(/default-src 'none'/)
    expect(readFileSync(join(out, "clerical.csv"), "utf8")).not.toMatch(/(^|,)=HYPERLINK/m)
  })
})
