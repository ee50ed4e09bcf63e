import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { LEAK_NAMES } from "./plant/leaks.ts"

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))
/** A minute of work on two free cores; a machine that does other things takes its time. */
const PATIENCE_MS = 1_800_000

interface Report {
  readonly shown: string
  readonly blind: readonly string[]
  readonly unexplained: readonly unknown[]
  readonly planted: readonly { readonly name: string; readonly outcome: string }[]
  readonly sections: readonly { readonly id: string; readonly notShown: readonly string[] }[]
}

async function drill(
  ...args: readonly string[]
): Promise<{ readonly code: unknown; readonly report: Report }> {
  const child = spawn(process.execPath, [MAIN, "drill", "--json", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  const [said, steps]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on("data", (bytes) => said.push(bytes))
  child.stderr.on("data", (bytes) => steps.push(bytes))
  const [code] = await once(child, "close")
  const text = Buffer.concat(said).toString()
  expect(text, Buffer.concat(steps).toString()).toMatch(/^\{/)
  return { code, report: JSON.parse(text) as Report }
}

it(
  "[DR6] [DR5] the short drill lives through its day, finds every planted leak that it looks for, and nothing beyond",
  async () => {
    const { code, report } = await drill("--short", "--plant-leak", "all")
    const missing = report.planted.filter(({ outcome }) => outcome !== "found")
    expect(report.planted).toHaveLength(LEAK_NAMES.length)
    expect(report.unexplained).toEqual([])
    // Firefox comes in a whole week only. Who may neither mount nor read memory is told so of more, and misses nothing.
    expect(missing.filter(({ outcome }) => outcome !== "not-shown")).toEqual([])
    expect(report.blind).toContain("visitor-firefox")
    expect([report.shown, code]).toEqual(["not shown", 4])
    if (process.getuid?.() !== 0) return
    const reasons = report.sections.map(({ id, notShown }) => `${id}: ${notShown.join("; ")}`).join("\n")
    // A machine that swaps is told so.
    expect(
      report.blind.filter((id) => id !== "swap"),
      reasons,
    ).toEqual(["visitor-firefox"])
    expect(missing.map(({ name }) => name)).toEqual(["firefox-profile"])
  },
  PATIENCE_MS,
)
