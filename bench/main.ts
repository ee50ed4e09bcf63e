/**
 * npm run bench: every measurement beside its limit or peer, in one run. Leaves bench/results.json: { rows }, each with
 * the machine and commit it was measured on; npm run bench -- GROUP measures one group and keeps the others' rows.
 */
import { execFileSync } from "node:child_process"
import { readFile, writeFile } from "node:fs/promises"
import { cpus, totalmem } from "node:os"
import { deskBench } from "./desk.ts"
import { editionBench } from "./edition.ts"
import { figuresEstimatorRows } from "./figures-estimators.ts"
import { benchLinkage } from "./figures-linkage.ts"
import { pageBench } from "./page.ts"
import { relayBench } from "./relay.ts"
import type { Row } from "./row.ts"

/** Named by the first word of their ids, so that `npm run bench -- page` runs one group. */
const GROUPS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  desk: deskBench,
  edition: editionBench,
  figures: async () => [...(await figuresEstimatorRows()), ...(await benchLinkage(() => {}))],
  page: pageBench,
  relay: relayBench,
}

const wanted = process.argv.slice(2)
const rows: Row[] = []
for (const [name, measure] of Object.entries(GROUPS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stderr.write(`measuring ${name} …\n`)
  rows.push(...(await measure()))
}

const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim()
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`
const commit =
  git("rev-parse", "HEAD") +
  (git("status", "--porcelain", "--untracked-files=no", "--", ":!bench/results.json") === ""
    ? ""
    : "+changes")
type Measured = Row & { readonly machine: string; readonly commit: string }
const RESULTS = new URL("results.json", import.meta.url)
const measured = rows.map((one): Measured => ({ ...one, machine, commit }))
const groupOf = ({ id }: Row): string => id.split(".")[0] ?? ""
const groups = new Set(measured.map(groupOf))
const kept = await readFile(RESULTS, "utf8").then(
  (text) =>
    (JSON.parse(text) as { readonly rows: readonly Measured[] }).rows.filter(
      (one) => !groups.has(groupOf(one)),
    ),
  () => [],
)
const all = [...kept, ...measured].sort((a, b) =>
  groupOf(a) < groupOf(b) ? -1 : groupOf(a) > groupOf(b) ? 1 : 0,
)
await writeFile(RESULTS, `${JSON.stringify({ rows: all }, null, 2)}\n`)
print(rows)
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1

function print(all: readonly Row[]): void {
  const number = (value: number | null): string =>
    value === null ? "–" : Math.abs(value) >= 100 ? String(Math.round(value)) : value.toPrecision(3)
  const lines = all.map((row) => [
    row.holds ? "✓" : "✗",
    row.id,
    `${number(row.value)} ${row.unit}`,
    row.beside === null ? "" : `${number(row.besideValue)} (${row.beside})`,
    row.ratio === null ? "" : `× ${number(row.ratio)}`,
    row.goal === null ? "" : `${row.direction === "lower is better" ? "≤" : "≥"} ${number(row.goal)}`,
  ])
  const widths = [0, 1, 2, 4, 5].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  for (const [mark = "", id = "", value = "", beside = "", ratio = "", goal = ""] of lines) {
    const cells = [
      mark,
      id.padEnd(widths[1] ?? 0),
      value.padStart(widths[2] ?? 0),
      ratio.padStart(widths[3] ?? 0),
      goal.padEnd(widths[4] ?? 0),
      beside,
    ]
    process.stdout.write(`${cells.join("  ").trimEnd()}\n`)
  }
}
