/**
 * npm run check: what takes too long for npm test. Leaves check/results.json: { machine, commit, checks }.
 * A check that can't be made on this machine counts as not shown, never as passed.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { readFile, writeFile } from "node:fs/promises"
import { cpus } from "node:os"
import { archiveRuns } from "./archive.ts"
import { audit } from "./audit.ts"
import { drillForLeaks, drillForNothing } from "./drill.ts"
import { licences } from "./licences.ts"
import { sameTemplateTwice } from "./same-template.ts"
import { tor } from "./tor.ts"

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
  licences,
  drill: drillForNothing,
  leaks: drillForLeaks,
  audit,
  tor,
  fuzz,
  moments,
}

const wanted = process.argv.slice(2)
const checks: Check[] = []
for (const [name, make] of Object.entries(CHECKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stderr.write(`checking ${name} …\n`)
  checks.push(await make())
}

const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim()
const changed = git("status", "--porcelain", "--untracked-files=no") !== ""
const results = {
  machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.version}, ${process.platform}`,
  commit: git("rev-parse", "HEAD") + (changed ? "+changes" : ""),
  checks,
}
if (wanted.length === 0)
  await writeFile(new URL("results.json", import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
for (const { id, shown, detail } of checks) process.stdout.write(`${shown.padEnd(9)}  ${id}: ${detail}\n`)
process.exitCode = checks.every(({ shown }) => shown === "holds") ? 0 : 1
