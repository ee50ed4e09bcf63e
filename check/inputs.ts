/** Bent inputs to every parser and route, guided by what they reach: e2e/fuzz. */
import { spawnSync } from "node:child_process"
import type { Fuzzed } from "../e2e/fuzz/fuzz.ts"
import { GROUPS } from "../e2e/fuzz/groups.ts"
import type { Check } from "./main.ts"

const INPUTS = 1_000_000

export async function inputs(): Promise<Check> {
  const seed = Date.now() % 1_000_000
  const done = spawnSync(
    process.execPath,
    ["e2e/fuzz/run.ts", "--inputs", String(INPUTS), "--seed", String(seed)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  )
  return {
    id: "fuzz.inputs",
    what: `${INPUTS.toLocaleString("en")} bent inputs to every parser and route: none throws, is answered 500, hangs or grows`,
    ...judgedInputs(done.stdout.toString(), done.status === 0, seed),
  }
}

type OfGroup = Fuzzed & { readonly group: string; readonly cpuSeconds: number }

/** @param said on standard output: a line for each group. @param passed whether none broke anything. */
export function judgedInputs(said: string, passed: boolean, seed: number): Pick<Check, "shown" | "detail"> {
  const groups = said
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as OfGroup)
  const findings = groups.flatMap((group) => group.findings)
  const told = groups.map(({ group, inputs: count, byTarget, kept, cpuSeconds, mostMiB }) => {
    const targets = Object.keys(byTarget).length
    return `${group} ${count} inputs to ${targets} targets, ${kept} kept for what they reached, ${cpuSeconds} s of a processor, ${mostMiB} MiB`
  })
  const found = findings
    .slice(0, 3)
    .map(({ target, what, input }) => `${target}: ${what} (${input.slice(0, 200)})`)
  const detail = `seed ${seed}; ${[...told, `${findings.length} findings`, ...found].join("; ")}`
  if (!passed || findings.length > 0) return { shown: "fails", detail }
  const made = groups.reduce((sum, { inputs: count }) => sum + count, 0)
  const isWhole = groups.length === Object.keys(GROUPS).length && made >= INPUTS
  return {
    shown: isWhole ? "holds" : "not shown",
    detail: isWhole ? detail : `only ${made} inputs; ${detail}`,
  }
}
