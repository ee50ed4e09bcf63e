/** Every command that opens a key, as its people start it: rule MEM1. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { closeSync, constants, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Command } from "commander"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { commands } from "../commands.ts"
import { type RealLine, realLine, until } from "../testing/real-line.ts"
import { HOLDS_KEYS } from "./holds-keys.ts"

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))

let line: RealLine
beforeAll(async () => {
  line = await realLine()
  const weeks = await line.kunak("charter", "delegate", "--from", at("public"), "--out", at("weeks.json"))
  expect(weeks.error).toBe("")
  for (const i of [1, 2]) {
    const key = at(`signer-${i}`, "signer.age")
    const signed = await line.kunak(
      ...["charter", "sign", at("weeks.json"), "--key", key, "--passphrase-file", line.words, "--json"],
    )
    expect(signed.error).toBe("")
  }
})
afterAll(() => line?.close())

const at = (...names: readonly string[]): string => join(line.folder, ...names)

interface Started {
  readonly child: ChildProcess
  /** Where a crash would leave its file. */
  readonly folder: string
}

/** A program started where core dumps are allowed, in an empty folder of its own. */
function start(...program: readonly string[]): Started {
  const folder = mkdtempSync(at("crashes-"))
  const child = spawn("prlimit", ["--core=unlimited:unlimited", ...program], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  })
  onTestFinished(async () => {
    await crash(child, "SIGKILL")
    rmSync(folder, { recursive: true, force: true })
  })
  return { child, folder }
}
const kunak = (...args: readonly string[]): Started => start(process.execPath, MAIN, ...args)

async function crash(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, "exit")
  child.kill(signal)
  await ended
}

const coreLimit = ({ child }: Started): string =>
  /^Max core file size\s+(\S+\s+\S+)/m.exec(readFileSync(`/proc/${child.pid}/limits`, "utf8"))?.[1] ?? ""

async function leavesNothing(started: Started): Promise<void> {
  expect(coreLimit(started)).toMatch(/^1\s+1$/)
  await crash(started.child, "SIGABRT")
  expect(started.child.signalCode).toBe("SIGABRT")
  expect(readdirSync(started.folder).filter((name) => name.startsWith("core"))).toEqual([])
}

/** A file that keeps whoever reads it waiting. */
function waitingFile(): string {
  const path = join(mkdtempSync(at("fifo-")), "words")
  expect(spawnSync("mkfifo", [path]).status).toBe(0)
  return path
}
/** Once somebody has opened it to read. */
async function isRead(path: string, { child }: Started): Promise<void> {
  let said = ""
  child.stderr?.on("data", (part: Buffer) => {
    said += part.toString()
  })
  const file = await until(`a reader of ${path}`, async () => {
    if (child.exitCode !== null) throw new Error(`it ended before it asked: ${said}`)
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch {
      return null
    }
  })
  onTestFinished(() => closeSync(file))
}

const EXAMPLE = fileURLToPath(new URL("../ceremony/example-organisation.json", import.meta.url))
const signer = () => ["--key", at("signer-1", "signer.age")]
const officer = () => at("officer-1", "enrolment.age")
const publicFiles = () => ["--from", at("public")]

/** Each waits for the passphrase of the key that it is about to open or to make. */
const ASKING: Readonly<Record<string, (words: string) => readonly string[]>> = {
  init: (words) => [EXAMPLE, "--out", at("founded"), "--passphrase-file", words],
  "charter veto": (words) => [
    ...[...publicFiles(), "--out", at("veto.json"), ...signer(), "--passphrase-file", words],
  ],
  "charter new-signer": (words) => ["--out", at("new.age"), "--passphrase-file", words],
  "charter new-enrolment": (words) => [
    ...[...publicFiles(), "--like", officer(), "--out", at("new-officer.age")],
    ...["--like-passphrase-file", words],
  ],
  "charter sign": (words) => [at("weeks.json"), ...signer(), "--passphrase-file", words],
  "charter send": (words) => [at("weeks.json"), "--enrolment", officer(), "--passphrase-file", words],
  "backup vault": (words) => [
    ...[at("officer-1", "officer.vault"), "--to", at("v.age"), "--vault-passphrase-file", words],
  ],
  "backup relay": (words) => [
    ...[at("relay-a", "relay.json"), "--to", at("r.age"), "--passphrase-file", words],
  ],
  "backup duty": (words) => [at("duty-1"), "--to", at("d.age"), "--passphrase-file", words],
  restore: (words) => [line.words, "--to", at("restored"), "--passphrase-file", words],
  // They open no key, and are guarded like all.
  close: (notice) => [...publicFiles(), "--notice", notice, "--out", at("closing.json")],
  "charter all-clear": (text) => [
    ...[...publicFiles(), "--warning", "w", "--text", text, "--hours", "48", "--out", at("clear.json")],
  ],
}

/** These go on: their first line says that they have their keys. */
const RUNNING: Readonly<Record<string, () => readonly string[]>> = {
  relay: () => ["--config", at("relay-a", "relay.json")],
  duty: () => ["--dir", at("duty-1")],
  desk: () => ["--vault", at("officer-1", "officer.vault"), "--no-open"],
}

test("[MEM1] where nothing guards, a crash leaves its core, with what the program held", async () => {
  const held = "eleven words that somebody typed"
  const open = start(process.execPath, "--eval", `globalThis.held = "${held}"; setInterval(() => {}, 1000)`)
  await until("Node", async () => readFileSync(`/proc/${open.child.pid}/comm`, "utf8") !== "prlimit\n")
  await new Promise((resolve) => setTimeout(resolve, 1000))
  expect(coreLimit(open)).toMatch(/^unlimited\s+unlimited$/)
  await crash(open.child, "SIGABRT")
  // Elsewhere the system hands crashes to a program of its own, or keeps them in another folder.
  if (/^[|/]/.test(readFileSync("/proc/sys/kernel/core_pattern", "utf8"))) return
  const [core] = readdirSync(open.folder).filter((name) => name.startsWith("core"))
  expect(core).toBeDefined()
  const isHeld = spawnSync("grep", ["-c", "-a", "-F", held, join(open.folder, core ?? "")])
  expect(isHeld.status).toBe(0)
})

test.each(Object.keys(RUNNING))(
  "[MEM1] kunak %s: started where core dumps are allowed, a crash leaves no core",
  async (name) => {
    const started = kunak(name, ...(RUNNING[name]?.() ?? []))
    await Promise.race([
      once(started.child.stdout as NodeJS.ReadableStream, "data"),
      // A duty without relays says so on standard error alone.
      once(started.child.stderr as NodeJS.ReadableStream, "data"),
    ])
    expect(started.child.exitCode).toBe(null)
    await leavesNothing(started)
  },
)

test.each(Object.keys(ASKING))(
  "[MEM1] kunak %s: when it is about to open what it was given, a crash leaves no core",
  async (name) => {
    const words = waitingFile()
    const started = kunak(...name.split(" "), ...(ASKING[name]?.(words) ?? []))
    await isRead(words, started)
    await leavesNothing(started)
  },
)

test("[MEM1] the demonstration, which makes every key by itself, is guarded before it does", async () => {
  const started = kunak("demo", "--dir", at("demo"), "--any-ports")
  await once(started.child.stderr as NodeJS.ReadableStream, "data")
  await leavesNothing(started)
})

test("[MEM1] a command that takes a key or a passphrase says what it could not close, and is tried here", async () => {
  const taking: string[] = []
  const all: string[] = []
  for (const entry of Object.values(commands)) {
    const program = new Command("kunak")
    ;(await entry.load()).register(program)
    const visit = (command: Command, name: string): void => {
      if (command.commands.length > 0)
        for (const below of command.commands) visit(below, `${name} ${below.name()}`.trim())
      else {
        all.push(name)
        if (command.options.some(({ long }) => /passphrase|enrol/.test(long ?? ""))) taking.push(name)
      }
    }
    for (const command of program.commands) visit(command, command.name())
  }
  expect(taking.filter((name) => !HOLDS_KEYS.has(name))).toEqual([])
  expect([...HOLDS_KEYS].filter((name) => !all.includes(name))).toEqual([])
  expect([...HOLDS_KEYS].filter((name) => !(name in ASKING) && !(name in RUNNING))).toEqual([])
})
