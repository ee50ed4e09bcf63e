/** The demonstration's processes: the same commands that an organisation runs, each on its own. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { Failure } from "../failure.ts"

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))
/** A relay fills its ring first, and a busy machine takes its time. */
const START_MS = 120_000

export interface Process {
  readonly name: string
  readonly child: ChildProcess
  /** Its first line on standard output, as JSON. */
  readonly first: Readonly<Record<string, unknown>>
}

/** Starts `kunak …` and waits for its first line. @throws Failure with what it said on standard error. */
export async function startProcess(
  name: string,
  args: readonly string[],
  onLine?: (line: string) => void,
): Promise<Process> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] })
  let said = ""
  child.stderr.on("data", (part: Buffer) => {
    said = (said + part.toString()).slice(-4000)
  })
  const lines = createInterface({ input: child.stdout })
  const first = await new Promise<string>((resolve, reject) => {
    const failed = (): void => {
      child.kill("SIGKILL")
      reject(new Failure(`${name} did not start: ${said.trim() || "it said nothing"}`, "process", 3))
    }
    const timer = setTimeout(failed, START_MS)
    lines.once("line", (line) => {
      clearTimeout(timer)
      resolve(line)
    })
    child.once("exit", failed)
  })
  child.removeAllListeners("exit")
  if (onLine) lines.on("line", onLine)
  return { name, child, first: JSON.parse(first) as Record<string, unknown> }
}

/** Ends them by their ids, in reverse order, and waits. */
export async function stopProcesses(processes: readonly Process[]): Promise<void> {
  for (const { child } of [...processes].reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, "exit")
    child.kill("SIGTERM")
    const late = setTimeout(() => child.kill("SIGKILL"), 5000)
    await ended
    clearTimeout(late)
  }
}
