import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout } from "node:timers/promises"
import { DeskWindow } from "../e2e/loss/desk-window.ts"
import { buildArchive, unpackArchive } from "./built-archive.ts"
import type { Check } from "./main.ts"

const START_MS = 600_000

const result = (shown: Check["shown"], detail: string): Check => ({
  id: "archive.built-twice-and-run",
  what: "the archive has one hash, built twice; unpacked, it runs without npm and without the system's Node",
  shown,
  detail,
})

/** Builds it in two languages, time zones and file masks; then uses it with nothing else in reach. */
export async function archiveRuns(): Promise<Check> {
  const folder = await mkdtemp(join(tmpdir(), "kunak-archive-check-"))
  try {
    const built = [
      buildArchive(join(folder, "one"), "022", { LANG: "ru_RU.UTF-8", TZ: "Europe/Moscow" }),
      buildArchive(join(folder, "two"), "077", { LANG: "C", TZ: "America/Lima" }),
    ]
    const [one, two] = built
    if (!one?.ok || !two?.ok) return result("fails", built.map(({ said }) => said).join("; "))
    if (one.hash !== two.hash) return result("fails", `${one.hash} ≠ ${two.hash}`)
    const unpacked = join(folder, "unpacked")
    unpackArchive(one, unpacked)
    const problem = await tried(unpacked, folder)
    return problem ? result("fails", problem) : result("holds", `${one.hash}, ${one.size}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @returns what did not work; null when all did. */
async function tried(unpacked: string, folder: string): Promise<string | null> {
  const kunak = join(unpacked, "kunak")
  // Nothing of this machine: no PATH that holds a node or npm, no home that holds settings.
  const env = { PATH: "/nonexistent", HOME: folder }
  const help = spawnSync(kunak, ["--help"], { env, encoding: "utf8" })
  if (help.status !== 0 || !help.stdout.includes("charter"))
    return `kunak --help: ${help.stderr.slice(0, 200)}`
  const home = join(folder, "demo")
  const demo = await run(kunak, ["demo", "--any-ports", "--json", "--quick", "--dir", home], env)
  if (typeof demo === "string") return `kunak demo: ${demo}`
  const problem = await lookAtDemo(kunak, demo.first as unknown as Demo, env).finally(() => demo.stop())
  if (problem !== null) return problem
  const left = Object.entries((demo.first as unknown as Demo).processes).filter(([, pid]) => isAlive(pid))
  if (left.length > 0) return `kunak demo has ended, and left ${left.map(([name]) => name).join(", ")}`
  // And a relay alone, as the unit starts it, from a configuration somewhere else.
  const config = JSON.parse(await readFile(join(home, "relay-b", "relay.json"), "utf8")) as object
  await mkdir(join(folder, "relay"))
  await writeFile(
    join(folder, "relay", "relay.json"),
    JSON.stringify({
      ...config,
      charter: join(home, "relay-b", "charter.kunak"),
      store: { kind: "sqlite", path: "relay.db" },
    }),
  )
  const args = ["relay", "--config", join(folder, "relay", "relay.json"), "--listen", "127.0.0.1:0", "--json"]
  const relay = await run(kunak, args, env)
  if (typeof relay === "string") return `kunak relay: ${relay}`
  await relay.stop()
  return null
}

/** What `kunak demo --json` prints. */
interface Demo {
  readonly page: string
  readonly mirror: string
  readonly desks: readonly string[]
  readonly passphrase: string
  readonly processes: Readonly<Record<string, number>>
}

/** The page from both relays, judged by the archive's own verifier; then each desk, opened with its passphrase. */
async function lookAtDemo(kunak: string, demo: Demo, env: Record<string, string>): Promise<string | null> {
  for (const address of [demo.page, demo.mirror]) {
    const isServed = await becomes(async () => (await get(address)).includes("<!doctype html"))
    if (!isServed) return `kunak demo: no page at ${address}`
    const verified = spawnSync(kunak, ["verify", address], { env, encoding: "utf8" })
    if (!verified.stdout.startsWith("GENUINE.")) return `kunak verify: ${verified.stdout}${verified.stderr}`
  }
  for (const address of demo.desks) {
    if (!(await get(address)).includes("<!doctype html")) return `kunak demo: no window at a desk`
    const desk = new DeskWindow(Number(new URL(address).port))
    if (await desk.open(address, "not its passphrase")) return "a desk opened without its passphrase"
    // After a wrong one it takes none for a second.
    const opens = await becomes(async () => (await desk.unlock(demo.passphrase)).status === 200)
    if (!opens) return "a desk did not open with its passphrase"
    const today = await desk.ask<{ readonly items: readonly unknown[] }>("today")
    if (today.status !== 200 || !today.value?.items) return `a desk has no Today: ${today.status}`
  }
  return null
}

async function becomes(ask: () => Promise<boolean>): Promise<boolean> {
  for (const began = performance.now(); performance.now() - began < START_MS; ) {
    if (await ask()) return true
    await setTimeout(500)
  }
  return false
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function run(kunak: string, args: readonly string[], env: Record<string, string>) {
  const child = spawn(kunak, args, { env, stdio: ["ignore", "pipe", "pipe"] })
  let said = ""
  child.stderr.on("data", (part: Buffer) => {
    said = (said + part.toString()).slice(-300)
  })
  const late = new AbortController()
  void setTimeout(START_MS, null, { signal: late.signal }).then(
    () => child.kill("SIGKILL"),
    () => {},
  )
  const first = await new Promise<string | null>((resolve) => {
    createInterface({ input: child.stdout }).once("line", resolve)
    child.once("exit", () => resolve(null))
  })
  late.abort()
  if (first === null) return said || "it ended without a word"
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM")
    await once(child, "exit")
  }
  return { first: JSON.parse(first) as Record<string, unknown>, stop }
}

const get = (url: string): Promise<string> =>
  new Promise((resolve) => {
    request(url, (answer) => {
      let text = ""
      answer.on("data", (part: Buffer) => {
        text += part.toString()
      })
      answer.on("end", () => resolve(text.toLowerCase()))
    })
      .on("error", () => resolve(""))
      .end()
  })
