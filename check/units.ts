import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { QUICK_RHYTHM } from "@kunak/cli/demo/description"
import { prepareDemo } from "@kunak/cli/demo/folder"
import { freePorts } from "@kunak/cli/demo/ports"
import { buildArchive, unpackArchive } from "./built-archive.ts"
import type { Check } from "./main.ts"

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "")
const NEEDED = [
  "/lib/systemd/systemd",
  "/usr/bin/unshare",
  "/usr/bin/setpriv",
  "/usr/sbin/useradd",
  "/sbin/ip",
]
const LONGEST_MS = 1_200_000

/** What was seen inside (units/inside.ts). */
export interface UnitsReport {
  readonly problems: readonly string[]
  readonly figures: Readonly<Record<string, unknown>>
}

/** The shipped units under a systemd of their own (units/boot.sh). A machine on which none can be booted has shown nothing. */
export async function units(): Promise<Check> {
  const common = {
    id: "units.started",
    what: "installed as the handbook says, relay and duty run under systemd: the page is served and verifies, killed and crashed they come back, no core dump, fences closed",
  }
  const reason = whyNot()
  if (reason !== null) return { ...common, shown: "not shown", detail: reason }
  const folder = await mkdtemp(join(tmpdir(), "kunak-units-check-"))
  try {
    const built = buildArchive(folder)
    if (!built.ok) return { ...common, shown: "fails", detail: built.said }
    const archive = join(folder, "archive")
    unpackArchive(built, archive)
    await mkdir(join(folder, "units"))
    await prepareDemo(join(folder, "units", "ceremony"), await freePorts(), QUICK_RHYTHM, true)
    const booted = spawnSync("bash", [join(ROOT, "check/units/boot.sh"), folder, ROOT, archive], {
      encoding: "utf8",
      timeout: LONGEST_MS,
    })
    const report = await readFile(join(folder, "units", "report.json"), "utf8").then(
      (text) => JSON.parse(text) as UnitsReport,
      () => null,
    )
    return { ...common, ...judgedUnits(report, booted.stderr) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function whyNot(): string | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "it needs Linux and root"
  const missing = NEEDED.filter((path) => !existsSync(path))
  return missing.length > 0 ? `this machine lacks ${missing.join(", ")}` : null
}

/** @param report null where none was left. @param said by what was to boot it. */
export function judgedUnits(report: UnitsReport | null, said: string): Pick<Check, "shown" | "detail"> {
  if (report === null)
    return { shown: "not shown", detail: `no systemd of its own came up here: ${said.trim().slice(-300)}` }
  if (report.problems.length > 0)
    return { shown: "fails", detail: report.problems.join("; ").slice(0, 2_000) }
  // A report without a single figure is of nothing.
  if (Object.keys(report.figures).length === 0) return { shown: "not shown", detail: "nothing was looked at" }
  const told = Object.entries(report.figures).map(([what, value]) => `${what}: ${value}`)
  return { shown: "holds", detail: told.join("; ") }
}
