/**
 * What holds secrets keeps its memory off the disk and away from debuggers: `main.ts` calls this before any command. What can't be done
 * from here (another system, a missing program, options of whoever started us) is said, so that it can be mended.
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { readSwap } from "@kunak/desk/platform/swap"

export type Exposure =
  /** A crash would write all memory into a file. */
  | "core-dumps"
  /** Node was started with a debugger, or with a signal that writes memory out. */
  | "diagnostics"
  | "swap"
  | "swap-unknown"

export const EXPOSURE_SENTENCES: Readonly<Record<Exposure, string>> = {
  "core-dumps":
    "A crash of this process could leave its memory on the disk: start it with 'ulimit -c 0', or LimitCORE=1 under systemd.",
  diagnostics:
    "Node was started so that others can read its memory (a debugger, a report or a heap snapshot): take that out of its options and of NODE_OPTIONS.",
  swap: "This computer writes memory to the disk unencrypted: switch it off ('swapoff -a') or encrypt it.",
  "swap-unknown":
    "Whether this computer writes memory to the disk unencrypted can't be told here: encrypt the disk.",
}

const DIAGNOSTICS =
  /--(inspect|inspect-brk|inspect-wait|debug|heapsnapshot-signal|heapsnapshot-near-heap-limit|heap-prof|cpu-prof|report-on-signal|report-on-fatalerror|report-uncaught-exception|abort-on-uncaught-exception)\b/

export function guardMemory(): readonly Exposure[] {
  // SIGUSR1 would open Node's debugger to everybody on this machine: a listener takes its place.
  if (process.platform !== "win32") process.on("SIGUSR1", () => {})
  if (process.report) {
    process.report.reportOnFatalError = false
    process.report.reportOnSignal = false
    process.report.reportOnUncaughtException = false
  }
  const options = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ")
  const swap = readSwap()
  return [
    ...(canDumpCore() ? (["core-dumps"] as const) : []),
    ...(DIAGNOSTICS.test(options) ? (["diagnostics"] as const) : []),
    ...(swap === "clear" ? (["swap"] as const) : swap === "unknown" ? (["swap-unknown"] as const) : []),
  ]
}

/** One line to standard error for each: nothing when all is well. */
export function sayExposures(exposures: readonly Exposure[], json: boolean): void {
  for (const kind of exposures) {
    const text = EXPOSURE_SENTENCES[kind]
    process.stderr.write(json ? `${JSON.stringify({ exposure: kind, text })}\n` : `${text}\n`)
  }
}

/**
 * Node can't lower its own limit: util-linux's prlimit does, for the process and whatever it starts. One byte forbids a file, as
 * zero does; where the system pipes crashes into a program, the kernel does not heed zero, but refuses at one byte.
 */
function canDumpCore(): boolean {
  if (process.platform === "win32") return false
  const isPiped = contentOf("/proc/sys/kernel/core_pattern").startsWith("|")
  const isClosed = (): boolean => hardLimit() === "1" || (hardLimit() === "0" && !isPiped)
  if (isClosed()) return false
  spawnSync("prlimit", ["--pid", String(process.pid), "--core=1:1"], { stdio: "ignore" })
  return !isClosed()
}

/** "0", "unlimited", bytes; "" where /proc does not say it. */
const hardLimit = (): string =>
  /^Max core file size\s+\S+\s+(\S+)/m.exec(contentOf("/proc/self/limits"))?.[1] ?? ""

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
