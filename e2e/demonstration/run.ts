/** The demonstration organisation as `npm start` runs it, in a quicker rhythm, for scenarios: its own folder, ports and processes. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const CLI = fileURLToPath(new URL("../../packages/cli/main.ts", import.meta.url))

export interface Demonstration {
  readonly page: string
  readonly mirror: string
  readonly desks: readonly string[]
  readonly passphrase: string
  readonly folder: string
  readonly processes: Readonly<Record<string, number>>
  readonly stop: () => Promise<void>
}

export async function runDemonstration(): Promise<Demonstration> {
  const folder = await mkdtemp(join(tmpdir(), "kunak-demo-"))
  const child = spawn(process.execPath, [CLI, "demo", "--dir", folder, "--any-ports", "--quick", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM")
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    return { ...(JSON.parse(await firstLine(child)) as Omit<Demonstration, "stop">), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const firstLine = ({ stdout }: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ""
    stdout?.on("data", (part: Buffer) => {
      text += part.toString()
      if (text.includes("\n")) resolve(text.split("\n")[0] ?? "")
    })
    stdout?.on("end", () => reject(new Error("the demonstration ended before it began")))
  })

export interface CommandResult {
  readonly code: number
  readonly out: string
}

/** Runs `kunak …` to its end. */
export async function kunak(args: readonly string[], input = ""): Promise<CommandResult> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["pipe", "pipe", "inherit"] })
  let out = ""
  child.stdout.on("data", (part: Buffer) => {
    out += part.toString()
  })
  child.stdin.end(input)
  const code = await new Promise<number>((resolve) => child.once("exit", (status) => resolve(status ?? -1)))
  return { code, out }
}

/** Asks until it holds. @throws Error with `what` when it doesn't within the minutes that a slow machine needs. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  seconds = 90,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const found = await ask().catch(() => null)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`${what}: not within ${seconds} s`)
}
