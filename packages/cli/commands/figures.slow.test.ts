/** The two commands as a statistician runs them: a process, a file, what it prints. */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"

const folder = mkdtempSync(join(tmpdir(), "kunak-figures-"))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

interface Run {
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

/** Says when the command listens for Ctrl-C: before that the signal would end it, as it ends any program. */
const SAY_LISTENING = `data:text/javascript,${encodeURIComponent(
  'process.on("newListener",(name)=>{if(name==="SIGINT")process.stderr.write("listening\\n")})',
)}`

function kunak(args: readonly string[], interruptAfterMs?: number): Promise<Run> {
  const main = new URL("../main.ts", import.meta.url).pathname
  const watched = interruptAfterMs === undefined ? [] : ["--import", SAY_LISTENING]
  const child = spawn(process.execPath, [...watched, main, ...args])
  let out = ""
  let errors = ""
  child.stdout.on("data", (data) => {
    out += data
  })
  child.stderr.on("data", (data) => {
    errors += data
  })
  if (interruptAfterMs !== undefined) {
    child.stderr.on("data", (data) => {
      if (String(data).includes("listening")) setTimeout(() => child.kill("SIGINT"), interruptAfterMs)
    })
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, errors })))
}

const csv = (lists: string, cells: string): string =>
  `${lists},count\n${cells
    .split(" ")
    .map((cell) => {
      const [history = "", count] = cell.split(":")
      return `${[...history].join(",")},${count}`
    })
    .join("\n")}\n`

const KOSOVO = csv(
  "EXH,ABA,OSCE,HRW",
  "1000:1131 0100:845 1100:177 0010:936 1010:228 0110:217 1110:181 0001:306 1001:106 0101:31 1101:18 0011:123 1011:42 0111:32 1111:27",
)
const KOREA = csv("b,c,d", "001:41 010:5 100:5 110:54 101:6 011:0 111:12")
const QUICK = ["--rounds", "1", "--replicates", "100"]

describe("kunak estimate", () => {
  test("[json] has the promised shape, and the named model's published figure", async () => {
    const path = file("kosovo.csv", KOSOVO)
    const args = [
      "estimate",
      path,
      "--model",
      "[EXH ABA OSCE][EXH HRW][OSCE HRW]",
      "--json",
      "--seed",
      "7",
      ...QUICK,
    ]
    const first = await kunak(args)
    expect(first.code).toBe(0)
    const result = JSON.parse(first.out)
    expect(result).toMatchObject({ n: 4400, lists: ["EXH", "ABA", "OSCE", "HRW"], minimum: 4400 })
    const ids = result.estimators.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(
      "log-linear-model independence chapman chao chao-mth log-linear-bic log-linear-aicc log-linear-averaged log-linear-stepwise log-linear-bootstrap decomposable-graphs lcmcr no-highest-order".split(
        " ",
      ),
    )
    for (const estimator of result.estimators) {
      expect(estimator).toMatchObject({ level: 0.95, details: expect.anything() })
      expect(["ok", "refused"]).toContain(estimator.status)
    }
    expect(result.estimators[0].estimate.toFixed(2)).toBe("10356.52")
    expect(result.agreement.agrees).toBe(true)
    // The same seed, the same bytes.
    expect((await kunak(args)).out).toBe(first.out)
  })

  test("[refused] a refused model has no number anywhere in what is printed for it", async () => {
    const path = file("korea.csv", KOREA)
    const run = await kunak(["estimate", path, "--model", "[b c][b d][c d]", "--json", ...QUICK])
    const model = JSON.parse(run.out).estimators[0]
    expect(model).toMatchObject({ status: "refused", estimate: null, lower: null, upper: null })
    expect(model.warnings[0].text.length).toBeGreaterThan(20)
  })

  test("[order] warnings come before numbers, for people", async () => {
    const { out } = await kunak(["estimate", file("korea.csv", KOREA), ...QUICK])
    expect(out.indexOf("Confirmed minimum")).toBeLessThan(out.indexOf("Reported range"))
    expect(out.indexOf("Reported range")).toBeLessThan(out.indexOf("Estimated total"))
    const warned = await kunak(["estimate", file("two.csv", "A,B,count\n1,0,60\n0,1,40\n1,1,20\n"), ...QUICK])
    expect(warned.out.indexOf("Before the numbers")).toBe(0)
    expect(warned.out).toContain("Estimated total    refused")
  })

  test("[report] stands alone, escapes names, and asks nothing of the network", async () => {
    const path = file("odd.csv", KOREA.replace("b,c,d", '"<script>alert(1)</script>",c,d'))
    const report = join(folder, "report.html")
    expect((await kunak(["estimate", path, "--report", report, ...QUICK])).code).toBe(0)
    const html = readFileSync(report, "utf8")
    expect(html).not.toContain("<script")
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/)
    expect(html.indexOf("Before the numbers")).toBeLessThan(html.indexOf("Confirmed minimum"))
    for (const part of ["upset", "posterior", "intervals", "Log-linear models"]) expect(html).toContain(part)
  })

  test("[strata] each value apart, and their sum", async () => {
    const strata = `period,${KOREA.split("\n")[0]}\n${[1, 2]
      .flatMap((period) =>
        KOREA.trim()
          .split("\n")
          .slice(1)
          .map((line) => `${period},${line}`),
      )
      .join("\n")}\n`
    const run = await kunak([
      "estimate",
      file("strata.csv", strata),
      "--strata",
      "period",
      "--json",
      ...QUICK,
    ])
    const result = JSON.parse(run.out)
    expect(result.strata).toHaveLength(2)
    const bic = (list: { id: string; estimate: number }[]) => list.find(({ id }) => id === "log-linear-bic")
    expect(bic(result.sum)?.estimate).toBeCloseTo(2 * 157.16666, 3)
  })

  test("[interrupt] a run that is interrupted says so, prints what it has, and ends with 1: no script takes it for the answer", async () => {
    const run = await kunak(
      ["estimate", file("kosovo.csv", KOSOVO), "--json", "--replicates", "100000", "--rounds", "500"],
      3000,
    )
    expect(run.code).toBe(1)
    const text = JSON.stringify(JSON.parse(run.out).estimators)
    expect(text).toContain("stopped-early")
    expect(JSON.parse(run.out).total).toEqual({ kind: "refused" })
    expect(run.errors).toContain("what is done so far is shown and marked")
  })

  test.each([
    ["a fraction", "A,B,C,count\n1,0,0,1.5\n0,1,1,3\n", "count-not-whole"],
    ["no lists", "name\nAmina\n", "no-list-columns"],
    ["an empty file", "", "empty"],
  ])("[file] refuses %s with a sentence and code 2", async (_, text, kind) => {
    const run = await kunak(["estimate", file("bad.csv", text), "--json"])
    expect(run.code).toBe(2)
    expect(run.out).toBe("")
    expect(JSON.parse(run.errors).error.kind).toBe(kind)
  })

  test("[help] shows an example", async () => {
    for (const command of ["estimate", "tables", "link"])
      expect((await kunak([command, "--help"])).out).toContain("Example:")
  })
})

describe("kunak tables", () => {
  const persons =
    "region,day,count\nA,2018-12-27,40\nA,2019-01-02,3\nB,2018-12-30,22\nB,2019-02-01,31\nC,2018-11-01,25\nC,2019-03-03,28\n"

  test("[protect] prints no small count, in no form, and says why only in the private log", async () => {
    const run = await kunak([
      "tables",
      file("persons.csv", persons),
      "--protect",
      "--by",
      "region",
      "--by",
      "day",
      "--json",
    ])
    const { published, log } = JSON.parse(run.out)
    for (const { value } of published.cells) if (value !== null) expect(value).toBeGreaterThanOrEqual(10)
    expect(published.narrowestRange).toBeGreaterThanOrEqual(10)
    expect(log.some(({ reason }: { reason: string }) => reason === "small")).toBe(true)
    expect(JSON.stringify(published)).not.toContain("2018-12")
  })

  test("[editions] is checked against an earlier one; rounding by one key repeats", async () => {
    const key = file("key", new Uint8Array(32).fill(9))
    const args = [
      "tables",
      file("persons.csv", persons),
      "--protect",
      "round",
      "--key-file",
      key,
      "--by",
      "region",
      "--json",
    ]
    const first = await kunak(args)
    expect((await kunak(args)).out).toBe(first.out)
    for (const { value } of JSON.parse(first.out).published.cells) expect((value ?? 0) % 5).toBe(0)
    const earlier = file(
      "edition.json",
      (await kunak(["tables", file("p.csv", persons), "--protect", "--by", "region", "--json"])).out,
    )
    const later = file("later.csv", persons.replace("B,2019-02-01,31", "B,2019-02-01,34"))
    const run = await kunak(["tables", later, "--protect", "--by", "region", "--against", earlier, "--json"])
    const region = JSON.parse(run.out).published.cells.find(
      ({ name }: { name: string }) => name === "region=B",
    )
    expect(region.value).toBeNull()
  })

  test.each([
    ["without --protect", ["--by", "region"], "not-protected", 2],
    [
      "below a threshold of five",
      ["--protect", "--by", "region", "--threshold", "4"],
      "threshold-too-low",
      2,
    ],
    ["rounding without a key", ["--protect", "round", "--by", "region"], "no-key", 2],
    [
      "a folder that is not there",
      ["--protect", "--by", "region", "--seed", "1", "--out", join(folder, "none", "table.csv")],
      "cannot-write",
      3,
    ],
  ])("[tables] refuses %s", async (_, args, kind, code) => {
    const run = await kunak(["tables", file("persons.csv", persons), ...args, "--json"])
    expect(run.code).toBe(code)
    expect(JSON.parse(run.errors).error.kind).toBe(kind)
  })

  test("[rounding] another key rounds otherwise: without the key nobody repeats it", async () => {
    const rows = Array.from({ length: 50 }, (_, at) => `P${at},${21 + 5 * at + (at % 4)}`)
    const regions = file("fifty.csv", ["region,count", ...rows].join("\n"))
    const rounded = async (byte: number) => {
      const key = file(`key-${byte}`, new Uint8Array(32).fill(byte))
      const run = await kunak([
        "tables",
        regions,
        "--protect",
        "round",
        "--key-file",
        key,
        "--by",
        "region",
        "--json",
      ])
      return JSON.parse(run.out).published.cells.map((cell: { value: number }) => cell.value) as number[]
    }
    const [one, other] = [await rounded(1), await rounded(2)]
    const different = one.filter((value, at) => value !== other[at]).length
    expect(different).toBeGreaterThan(5)
    expect(different).toBeLessThan(45)
  })

  test("[limits] what only people know is said where the command is told", async () => {
    const run = await kunak([
      ...["estimate", file("korea.csv", KOREA), "--json", "--not-closed", "--misses", "women", ...QUICK],
    ])
    const said = JSON.parse(run.out).warnings as { code: string; text: string }[]
    expect(said.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["population-not-closed", "source-misses-group"]),
    )
    expect(JSON.stringify(said)).toContain("women")
  })

  test("[count] people are counted, not rows: by their column of counts, and linked records once; a fraction is refused", async () => {
    const by = ["--protect", "--by", "region", "--json"]
    const rows = ["A", "B"].flatMap((region) =>
      ["f", "m"].flatMap((sex) =>
        [1, 2].map((year) => `${region},${sex},y${year},${region === "A" ? 850 : 12}`),
      ),
    )
    const antal = await kunak([
      "tables",
      file("antal.csv", ["region,sex,year,antal", ...rows].join("\n")),
      ...by,
    ])
    const value = ({ out }: Run, name: string) =>
      JSON.parse(out).published.cells.find((cell: { name: string }) => cell.name === name)?.value
    expect([value(antal, "region=A"), value(antal, "region=B")]).toEqual([3400, 48])
    const unclear = await kunak([
      "tables",
      file("odd.csv", ["region,sex,year,zz", ...rows].join("\n")),
      ...by,
    ])
    expect(unclear.code).toBe(2)
    expect(JSON.parse(unclear.errors).error.kind).toBe("count-unclear")
    const told = await kunak([
      "tables",
      file("odd.csv", ["region,sex,year,zz", ...rows].join("\n")),
      ...by,
      "--count",
      "zz",
    ])
    expect(value(told, "region=A")).toBe(3400)
    const linked = [
      ...Array.from({ length: 4 }, (_, person) => person).flatMap((person) =>
        ["ngo", "court", "paper"].map(
          (list) => `${list}-${person},${person},${person},${person},${list},1,B`,
        ),
      ),
      ...Array.from({ length: 40 }, (_, at) => `n-${at},${at + 4},${at + 4},${at + 4},ngo,1,A`),
    ]
    const clusters = await kunak([
      "tables",
      file("clusters.csv", ["record_id,strict,best,loose,list,counted,region", ...linked].join("\n")),
      ...by,
    ])
    expect(value(clusters, "region=B")).toBeNull()
    expect(JSON.parse(clusters.out).log.find(({ name }: { name: string }) => name === "region=B").count).toBe(
      4,
    )
    const fraction = await kunak(["tables", file("half.csv", "region,count\nA,40\nB,1.5\n"), ...by])
    expect(fraction.code).toBe(2)
    expect(JSON.parse(fraction.errors).error.kind).toBe("count-not-whole")
  })

  test("[time] one value that is no day prints no day; one that cannot be read is refused by its row", async () => {
    const rows = Array.from(
      { length: 200 },
      (_, row) => `${row % 2 === 0 ? "A" : "B"},2018-12-${10 + (row % 4)}`,
    )
    const by = ["--protect", "--by", "region", "--by", "day", "--json"]
    const table = (name: string, more: string) =>
      kunak(["tables", file(name, ["region,day", ...rows, more].join("\n")), ...by])
    for (const dirty of ["unknown", "2018-12-27 00:00:00", ""]) {
      const run = await table("dirty.csv", `A,${dirty}`)
      expect(run.code, dirty).toBe(0)
      expect(run.out, dirty).not.toContain("2018-12")
      expect(run.out, dirty).toContain("day=2018")
    }
    const refused = await table("unclear.csv", "A,Ramadan")
    expect(refused.code).toBe(2)
    expect(JSON.parse(refused.errors).error.kind).toBe("unclear-date")
    expect(refused.errors).toContain("row 202")
  })

  test.each([
    ["numbers", "1", "0"],
    ["words", "ja", "Nej"],
    ["crosses", "x", ""],
  ])("[pattern] refuses who-told-whom in a small group, lists marked by %s", async (name, on, off) => {
    const rows = csv("clinic,lawyer", "10:30 01:25 11:12").split("\n")
    const [head = "", ...lines] = rows
    const marked = lines.map((line) =>
      line.replace(/^(\d),(\d)/, (_, a, b) => [a, b].map((mark) => (mark === "1" ? on : off)).join(",")),
    )
    const run = await kunak([
      "tables",
      file(`pattern-${name}.csv`, [head, ...marked].join("\n")),
      "--protect",
      "--by",
      "clinic",
      "--by",
      "lawyer",
      "--json",
    ])
    expect(run.code).toBe(1)
    expect(JSON.parse(run.errors).error.kind).toBe("pattern-by-source")
  })
})

describe("wrong usage", () => {
  test("[usage] an option that is none, and a file that is missing from the command, are exit code 2", async () => {
    for (const args of [["estimate"], ["tables", "x.csv", "--nonsense"], ["link", "x.csv", "--seed", "x"]]) {
      const run = await kunak(args)
      expect(run.code, args.join(" ")).toBe(2)
      expect(run.errors).toMatch(/--help/)
    }
  })
})
