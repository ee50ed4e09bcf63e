/** The seizure drill, the whole week: once as things are, once with every leak planted. docs/drill.md */
import { spawnSync } from "node:child_process"
import type { Check } from "./main.ts"

export interface Report {
  readonly days: number
  readonly seconds: number
  readonly canaries: number
  readonly patterns: number
  readonly bytes: number
  /** Of the whole; "not shown" where something was not looked at that can be. */
  readonly shown: Check["shown"]
  readonly unexplained: readonly { readonly what: string; readonly form: string; readonly where: string }[]
  readonly planted: readonly { readonly name: string; readonly outcome: string }[]
  readonly sections: readonly {
    readonly id: string
    readonly verdict: string
    readonly bytes: number
    readonly seconds: number
    readonly notShown: readonly string[]
  }[]
}

const MOST_TOLD = 12

function run(...args: readonly string[]): Report | null {
  const done = spawnSync(process.execPath, ["packages/cli/main.ts", "drill", "--json", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  })
  try {
    return JSON.parse(done.stdout.toString()) as Report
  } catch {
    return null
  }
}

const told = (report: Report): string =>
  report.unexplained
    .slice(0, MOST_TOLD)
    .map(({ what, form, where }) => `${what} (${form}) in ${where}`)
    .join("; ")

export const drillForNothing = async (): Promise<Check> => nothingCheck(run())
export const drillForLeaks = async (): Promise<Check> => leaksCheck(run("--plant-leak", "all"))

export function nothingCheck(report: Report | null): Check {
  const id = "drill.nothing-is-left"
  const what = "after a week of a whole organisation nothing is found in what an enemy could take"
  if (!report) return { id, what, shown: "not shown", detail: "the drill did not come to its end" }
  const { sections, days, canaries, patterns, bytes, seconds } = report
  const searched = sections.reduce((sum, section) => sum + section.seconds, 0)
  const notShown = sections.filter(({ verdict }) => verdict === "not-shown")
  const figures = [
    `${days} days in ${seconds} s`,
    `${canaries} canaries in ${patterns} forms`,
    `${Math.round(bytes / 1e6)} MB at ${Math.round(bytes / 1e6 / searched)} MB/s`,
    `${sections.filter(({ verdict }) => verdict === "nothing").length} of ${sections.length} places: nothing found`,
    ...(notShown.length > 0
      ? [`not shown: ${notShown.map((one) => `${one.id} (${one.notShown[0]})`).join(", ")}`]
      : []),
    ...(report.unexplained.length > 0 ? [`FOUND: ${told(report)}`] : []),
  ]
  return { id, what, shown: report.shown, detail: figures.join("; ") }
}

export function leaksCheck(report: Report | null): Check {
  const id = "drill.leaks-are-found"
  const what = "every leak that is planted on purpose is found, and beyond them nothing"
  if (!report) return { id, what, shown: "not shown", detail: "the drill did not come to its end" }
  const by = (outcome: string): readonly string[] =>
    report.planted.filter((leak) => leak.outcome === outcome).map(({ name }) => name)
  const detail = [
    `${by("found").length} of ${report.planted.length} found`,
    ...(by("missed").length > 0 ? [`missed: ${by("missed").join(", ")}`] : []),
    ...(by("not-shown").length > 0 ? [`not shown: ${by("not-shown").join(", ")}`] : []),
    ...(report.unexplained.length > 0 ? [`FOUND: ${told(report)}`] : []),
  ].join("; ")
  return { id, what, shown: report.shown, detail }
}
