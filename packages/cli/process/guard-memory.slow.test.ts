/** Processes that hold secrets, as they are started: rules MEM1, MEM2. */
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, onTestFinished, test } from "vitest"

const GUARD = fileURLToPath(new URL("./guard-memory.ts", import.meta.url))

interface Guarded {
  readonly pid: number
  readonly exposures: readonly string[]
  readonly folder: string
  readonly said: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<NodeJS.Signals | null>
}

/** A process that guards its memory, with core dumps allowed by whoever started it. */
async function guarded(options: readonly string[] = [], guards = true): Promise<Guarded> {
  const folder = mkdtempSync(join(tmpdir(), "kunak-guard-"))
  const source = guards
    ? `import { guardMemory } from ${JSON.stringify(GUARD)}; console.log(JSON.stringify(guardMemory())); setInterval(() => {}, 1000)`
    : "console.log('[]'); setInterval(() => {}, 1000)"
  const child = spawn(
    "prlimit",
    ["--core=unlimited:unlimited", process.execPath, ...options, "--input-type=module", "--eval", source],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  )
  let said = ""
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("exit", (_, signal) => resolve(signal)),
  )
  onTestFinished(async () => {
    child.kill("SIGKILL")
    await ended
    rmSync(folder, { recursive: true })
  })
  child.stderr.on("data", (part: Buffer) => {
    said += part.toString()
  })
  const first = await new Promise<string>((resolve) => {
    child.stdout.once("data", (part: Buffer) => resolve(part.toString()))
    child.once("exit", () => resolve("null"))
  })
  return {
    pid: child.pid ?? 0,
    exposures: JSON.parse(first) as string[],
    folder,
    said: () => said,
    kill: (signal) => child.kill(signal),
    ended,
  }
}

const coreLimit = (pid: number): string =>
  /^Max core file size\s+(\S+\s+\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8"))?.[1] ?? ""

test("[MEM1] started where core dumps are allowed it takes that from itself, and a crash leaves no file", async () => {
  const open = await guarded([], false)
  expect(coreLimit(open.pid)).toMatch(/^unlimited/)
  const { pid, exposures, folder, kill, ended } = await guarded()
  expect(exposures).not.toContain("core-dumps")
  expect(coreLimit(pid)).toMatch(/^1\s+1$/)
  kill("SIGABRT")
  expect(await ended).toBe("SIGABRT")
  expect(readdirSync(folder)).toEqual([])
})

const opensDebugger = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })

/** Ports on which this process listens, whatever it says. */
function listens(pid: number): readonly number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map(
      (fd) => /^socket:\[(\d+)\]$/.exec(linkTo(`/proc/${pid}/fd/${fd}`))?.[1],
    ),
  )
  return ["tcp", "tcp6"]
    .flatMap((kind) => readFileSync(`/proc/${pid}/net/${kind}`, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTENING && sockets.has(inode))
    .map(([, address = ""]) => Number.parseInt(address.slice(address.indexOf(":") + 1), 16))
}
const LISTENING = "0A"
/** Closed between listing and looking: no socket. */
function linkTo(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ""
  }
}

const LISTENS = /Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)\//

test("[MEM2] SIGUSR1, which opens Node's debugger to everybody on the machine, opens nothing", async () => {
  // A port that the system chooses: whichever a test chose, another process could have taken in between.
  const anyPort = "--inspect-port=0"
  // Without the guard it does: the test would see it.
  const open = await guarded([anyPort], false)
  expect(listens(open.pid)).toEqual([])
  open.kill("SIGUSR1")
  await expect.poll(() => open.said()).toMatch(LISTENS)
  const port = Number(LISTENS.exec(open.said())?.[1])
  expect(await opensDebugger(port)).toBe(true)
  expect(listens(open.pid)).toEqual([port])
  open.kill("SIGKILL")
  await open.ended
  const guard = await guarded([anyPort])
  guard.kill("SIGUSR1")
  // It has had its turn when the next signal has ended the process.
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(existsSync(`/proc/${guard.pid}`)).toBe(true)
  expect(listens(guard.pid)).toEqual([])
  guard.kill("SIGTERM")
  await guard.ended
  expect(guard.said()).not.toContain("Debugger")
})

test("[MEM2] a process started with something that writes its memory out says so", async () => {
  expect((await guarded()).exposures).not.toContain("diagnostics")
  for (const option of ["--heapsnapshot-signal=SIGUSR2", "--report-on-fatalerror", "--inspect=127.0.0.1:0"])
    expect((await guarded([option])).exposures, option).toContain("diagnostics")
})
