/** A record that a list holds twice is nobody new: not in the minimum, not in a list's total, not in the estimate. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test, vi } from "vitest"
import { runLink } from "../linkage/run/run-link.ts"
import { threeLists } from "../linkage/testing/three-lists.ts"
import { parseCsv } from "../tabular/csv.ts"
import { estimateCaptures } from "./estimate-captures.ts"
import { readCaptures } from "./read-captures.ts"
import { estimationJson } from "./report/json.ts"

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), "kunak-duplicate-"))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const { ngo, hotline, newspaper } = threeLists(300, 5)

/** The three lists, the second as given here, linked and estimated from clusters.csv. */
async function figuresOf(second: string) {
  const files = [file("ngo.csv", ngo), file("hotline.csv", second), file("newspaper.tsv", newspaper)]
  const linked = await runLink({ seed: 1, clean: [], decisions: [], files, truth: "person", out: folder })
  if (!linked.ok) throw new Error(linked.error.text)
  const table = parseCsv(readFileSync(join(folder, "clusters.csv")), "clusters.csv")
  if (!table.ok) throw new Error(table.error.kind)
  const captures = readCaptures(table.value)
  if (!captures.ok) throw new Error(captures.error.kind)
  const { minimum, whole } = captures.value
  const totals = whole.lists.map((_, list) =>
    whole.histories.reduce(
      (sum, history, at) => sum + ((history >> list) & 1 ? (whole.counts[at] ?? 0) : 0),
      0,
    ),
  )
  const estimation = await estimateCaptures(captures.value, {
    seed: 1,
    skip: ["lcmcr", "log-linear-bootstrap"],
  })
  const { reported, total } = estimationJson(estimation)
  const estimates = estimation.whole.estimators.map(({ id, estimate }) => [id, estimate])
  return { records: linked.value.summary.records, people: { minimum, totals, reported, total, estimates } }
}

describe("a record given twice", () => {
  test("[duplicate] in one list: minimum, list totals, range and every estimate are those without it", async () => {
    const lines = hotline.trim().split("\n")
    const once = await figuresOf(hotline)
    expect(once.people.total).toMatchObject({ kind: "stated" })
    expect(once.people.minimum).toBeGreaterThan(250)
    for (const at of [1, 40]) {
      const twin = (lines[at] ?? "").replace(/^\d+/, "9999")
      const twice = await figuresOf(`${[...lines, twin].join("\n")}\n`)
      expect(twice.records).toBe(once.records + 1)
      expect(twice.people).toEqual(once.people)
    }
  })
})
