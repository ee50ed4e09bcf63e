/** A program of the organisation as its machine runs it: `kunak …` with its own disk, home, temporary folder and log. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { Failure } from "../../failure.ts"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "./place.ts"

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url))
const START_MS = 600_000

export interface Program {
  readonly name: string
  readonly place: Place
  readonly pid: number
  /** All that it said so far on standard output and on standard error. */
  readonly said: () => { readonly out: string; readonly error: string }
  /** To its standard input. */
  readonly type: (text: string) => void
  readonly isRunning: () => boolean
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>
}

export interface ProgramOptions {
  readonly clock: DrillClock
  readonly nodeArguments?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** @returns once it has said its first line. @throws Failure with what it said where it ends before that. */
export async function startProgram(
  name: string,
  place: Place,
  args: readonly string[],
  options: ProgramOptions,
): Promise<Program> {
  const inside = (folder: string): string => {
    mkdirSync(join(place.folder, folder), { recursive: true, mode: 0o700 })
    return join(place.folder, folder)
  }
  const log = inside("log")
  const logs = { out: join(log, `${name}.out`), error: join(log, `${name}.err`) }
  const files = [openSync(logs.out, "a", 0o600), openSync(logs.error, "a", 0o600)] as const
  const child = spawn(
    process.execPath,
    [...options.clock.nodeArguments, ...(options.nodeArguments ?? []), MAIN, ...args],
    {
      stdio: ["pipe", ...files],
      cwd: inside("home"),
      env: {
        PATH: process.env.PATH,
        LANG: "C.UTF-8",
        HOME: inside("home"),
        TMPDIR: inside("tmp"),
        ...options.clock.environment,
        ...options.environment,
      },
    },
  )
  for (const file of files) closeSync(file)
  child.stdin?.on("error", () => {})
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const said = () => ({ out: readFileSync(logs.out, "utf8"), error: readFileSync(logs.error, "utf8") })
  const before = said().out.length
  for (const end = Date.now() + START_MS; !said().out.slice(before).includes("\n"); await sleep(50)) {
    if (isRunning() && Date.now() < end) continue
    await endChild(child, "SIGKILL")
    throw new Failure(`${name} did not start: ${said().error.trim() || "it said nothing"}`, "process", 3)
  }
  return {
    name,
    place,
    pid: child.pid ?? 0,
    said,
    type: (text) => child.stdin?.write(text),
    isRunning,
    stop: (signal = "SIGTERM") => endChild(child, signal),
  }
}

/** By its id; what does not end in ten seconds is ended. */
async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, "exit")
  child.kill(signal)
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000)
  await ended
  clearTimeout(late)
}
