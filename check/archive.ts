import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Check } from "./main.ts"

const ROOT = fileURLToPath(new URL("..", import.meta.url))
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
      build(join(folder, "one"), "022", { LANG: "ru_RU.UTF-8", TZ: "Europe/Moscow" }),
      build(join(folder, "two"), "077", { LANG: "C", TZ: "America/Lima" }),
    ]
    const [one, two] = built
    if (!one?.ok || !two?.ok) return result("fails", built.map(({ said }) => said).join("; "))
    if (one.hash !== two.hash) return result("fails", `${one.hash} ≠ ${two.hash}`)
    const unpacked = join(folder, "unpacked")
    await mkdir(unpacked)
    spawnSync("tar", ["xzf", one.file, "-C", unpacked, "--strip-components=1"])
    const problem = await tried(unpacked, folder)
    return problem ? result("fails", problem) : result("holds", `${one.hash}, ${one.size}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function build(out: string, mask: string, env: Readonly<Record<string, string>>) {
  const done = spawnSync(
    "sh",
    ["-c", `umask ${mask}; exec "$0" "$@"`, process.execPath, "scripts/archive.mjs", out],
    {
      cwd: ROOT,
      env: { ...process.env, ...env },
      encoding: "utf8",
    },
  )
  const [, hash = "", file = "", size = ""] = /([0-9a-f]{64}) {2}(.*)\n(.*)/.exec(done.stdout) ?? []
  return { ok: done.status === 0 && hash !== "", hash, file, size, said: done.stderr.slice(-300) }
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
  const page = await get(String(demo.first.page))
  await demo.stop()
  if (!page.includes("<!doctype html")) return "kunak demo: the relay served no page"
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

async function run(kunak: string, args: readonly string[], env: Record<string, string>) {
  const child = spawn(kunak, args, { env, stdio: ["ignore", "pipe", "pipe"] })
  let said = ""
  child.stderr.on("data", (part: Buffer) => {
    said = (said + part.toString()).slice(-300)
  })
  const late = setTimeout(() => child.kill("SIGKILL"), START_MS)
  const first = await new Promise<string | null>((resolve) => {
    createInterface({ input: child.stdout }).once("line", resolve)
    child.once("exit", () => resolve(null))
  })
  clearTimeout(late)
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
