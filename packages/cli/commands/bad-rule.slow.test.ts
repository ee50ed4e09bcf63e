/** One blocking rule that brings five million pairs together, through the command: measured, said, and never made unseen. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { generatePeople } from "@kunak/figures/linkage/testing/generate-people"
import { afterAll, describe, expect, test } from "vitest"

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "kunak-bad-rule-"))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const { table } = generatePeople(5000, 5)
const PEOPLE = file(
  "people.csv",
  [
    table.columns.join(","),
    ...Array.from({ length: table.rows }, (_, row) => table.cells.map((cells) => cells[row]).join(",")),
  ].join("\n"),
)
const COARSE = file("coarse.json", '[["gender"]]')
const BESIDE = file("beside.json", '[["gender"],["surname","dob.year"],["first_name","dob"]]')

/** @returns what was printed, and the most memory that the process had, in MiB. */
function link(...args: readonly string[]) {
  const report = `process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS+"\\n"))`
  const run = spawnSync(
    process.execPath,
    [
      ...["--import", `data:text/javascript,${encodeURIComponent(report)}`],
      ...[MAIN, "link", PEOPLE, "--truth", "person", "--json", ...args],
    ],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  )
  return {
    code: run.status,
    out: run.stdout,
    errors: run.stderr.replace(/\npeak \d+\n/, ""),
    mebibytes: Number(/peak (\d+)/.exec(run.stderr)?.[1]) / 1024,
  }
}

describe("a blocking rule that makes millions of pairs", () => {
  test("[bad rule] alone: refused with the count, the largest block and the way out; nothing that large was ever held", () => {
    const run = link("--rules", COARSE)
    expect(run.code).toBe(1)
    expect(run.out).toBe("")
    const { error } = JSON.parse(run.errors)
    expect(error.kind).toBe("no-candidates")
    const pairs = Number(/it makes ([\d,]+) pairs to compare/.exec(error.text)?.[1]?.replaceAll(",", ""))
    expect(pairs).toBeGreaterThan(5_000_000)
    expect(error.text).toMatch(
      /2,000,000 are allowed in all.*largest block holds 3,\d{3} records.*Add a second key/,
    )
    expect(run.mebibytes).toBeLessThan(300)
  })

  test("[bad rule] beside good ones: set aside with a warning, the good ones link", () => {
    const run = link("--rules", BESIDE)
    expect(run.code, run.errors).toBe(0)
    const { warnings, blocking, candidates, truth } = JSON.parse(run.out)
    expect(warnings.map(({ code }: { code: string }) => code)).toContain("rule-too-coarse")
    expect(blocking.map(({ rule }: { rule: string }) => rule)).toEqual([
      "surname + dob.year",
      "first_name + dob",
    ])
    expect(candidates).toBeLessThan(100_000)
    expect(truth.precision).toBeGreaterThan(0.95)
    expect(run.mebibytes).toBeLessThan(500)
  })

  test("[bad rule] asked for with --max-candidates: all five million are compared within 1 GiB, and that one rule teaches nothing is said", () => {
    const run = link("--rules", COARSE, "--max-candidates", "7000000")
    expect(run.code, run.errors).toBe(0)
    const { warnings, candidates } = JSON.parse(run.out)
    expect(candidates).toBeGreaterThan(5_000_000)
    expect(warnings.map(({ code }: { code: string }) => code)).toEqual(["nothing-learnt"])
    expect(run.mebibytes).toBeLessThan(1024)
  })
})
