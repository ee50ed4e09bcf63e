/**
 * npm run check: what takes too long for npm test. Leaves check/results.json: each check with the commit and machine it was
 * made on; npm run check -- NAME makes only that one and keeps the others' rows.
 * A check that can't be made on this machine counts as not shown, never as passed.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { readFile, writeFile } from "node:fs/promises"
import { cpus } from "node:os"
import { archiveRuns } from "./archive.ts"
import { audit } from "./audit.ts"
import { drillForLeaks, drillForNothing } from "./drill.ts"
import { inputs } from "./inputs.ts"
import { licences } from "./licences.ts"
import { loss, lossOnPostgres } from "./loss.ts"
import { sameTemplateTwice } from "./same-template.ts"
import { tor } from "./tor.ts"
import { units } from "./units.ts"

export interface Check {
  readonly id: string
  readonly what: string
  readonly shown: "holds" | "fails" | "not shown"
  /** Figures and, where it fails, what was found. */
  readonly detail: string
}

/** How many times the runs that npm test makes of each property. */
const FUZZ_FACTOR = 10

async function fuzz(): Promise<Check> {
  const report = new URL("../.cache/check-fuzz.json", import.meta.url).pathname
  const done = spawnSync(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--project",
      "quick",
      "--testTimeout=3600000",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, KUNAK_RUNS: String(FUZZ_FACTOR) } },
  )
  const { numPassedTests, numFailedTests } = JSON.parse(await readFile(report, "utf8")) as Record<
    string,
    number
  >
  return {
    id: "fuzz.parsers-and-routes",
    what: `every property of every parser and route, ${FUZZ_FACTOR} times the runs of npm test`,
    shown: done.status === 0 ? "holds" : "fails",
    detail: `${numPassedTests} passed, ${numFailedTests} failed`,
  }
}

/** Two hundred visits of each kind: on a machine that does something else at the same time they would measure that. */
async function moments(): Promise<Check> {
  const done = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", "check/vitest.config.ts", "check/"],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, KUNAK_RUNS: String(FUZZ_FACTOR) } },
  )
  const told = /moments: .*/.exec(done.stdout.toString())?.[0]
  return {
    id: "wire.moments",
    what: "who asks can't be told from who reads by the moments on the wire, and 20 planted milliseconds are found",
    shown: done.status === 0 ? "holds" : "fails",
    detail: told ?? "see the test's output",
  }
}

const CHECKS: Readonly<Record<string, () => Promise<Check>>> = {
  template: sameTemplateTwice,
  archive: archiveRuns,
  units,
  licences,
  drill: drillForNothing,
  leaks: drillForLeaks,
  audit,
  tor,
  fuzz,
  inputs,
  loss,
  "loss-postgres": lossOnPostgres,
  moments,
}

const RESULTS = new URL("results.json", import.meta.url)
const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim()
const changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!check/results.json") !== ""
const commit = git("rev-parse", "HEAD") + (changed ? "+changes" : "")
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.version}, ${process.platform}`

/** Each check with the commit and the machine that it was made on: made one by one, they keep what the others left. */
type Made = Check & { readonly commit: string; readonly machine: string }

async function keep(made: readonly Made[]): Promise<void> {
  const before = await readFile(RESULTS, "utf8").then(
    (text) => (JSON.parse(text) as { readonly checks: readonly Made[] }).checks,
    () => [],
  )
  const order = (checks: readonly Made[]): readonly Made[] =>
    [...checks].sort((a, b) => (a.id < b.id ? -1 : 1))
  const others = before.filter(({ id }) => !made.some((one) => one.id === id))
  await writeFile(RESULTS, `${JSON.stringify({ checks: order([...others, ...made]) }, null, 2)}\n`)
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !Object.hasOwn(CHECKS, name))
if (unknown !== undefined) {
  process.stderr.write(`There is no check "${unknown}": choose from ${Object.keys(CHECKS).join(", ")}.\n`)
  process.exit(2)
}
const checks: Made[] = []
for (const [name, make] of Object.entries(CHECKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stderr.write(`checking ${name} …\n`)
  checks.push({ ...(await make()), commit, machine })
  // After each: whoever ends a run of hours keeps what it had shown.
  await keep(checks)
}
for (const { id, shown, detail } of checks) process.stdout.write(`${shown.padEnd(9)}  ${id}: ${detail}\n`)
process.exitCode = checks.every(({ shown }) => shown === "holds") ? 0 : 1
