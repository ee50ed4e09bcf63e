/** Debian's PostgreSQL in a folder of its own, on a socket of its own, as the user that Debian made for it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

export interface PostgresServer {
  readonly url: string
  readonly folder: string
  /** kill -9 of the server and every process of it. */
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

function programs(): string {
  const root = "/usr/lib/postgresql"
  const version = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a))[0] : undefined
  if (!version) throw new Error("PostgreSQL is missing: install it with 'apt-get install postgresql'")
  return join(root, version, "bin")
}

/** PostgreSQL refuses to run as root. */
function asPostgres(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("postgres:"))
  const [, , uid, gid] = (line ?? "").split(":")
  if (!uid || !gid) throw new Error("there is no user 'postgres': install Debian's postgresql")
  return { uid: Number(uid), gid: Number(gid) }
}

export async function postgresServer(): Promise<PostgresServer> {
  const folder = mkdtempSync("/tmp/kunak-pg-")
  chmodSync(folder, 0o777)
  const data = join(folder, "data")
  const owner = asPostgres()
  const bin = programs()
  const made = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-A", "trust", "-U", "relay", "--no-sync", "-E", "UTF8", "--locale=C"],
    owner,
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)

  let server: ChildProcess | undefined
  const isUp = (): boolean =>
    spawnSync(join(bin, "pg_isready"), ["-h", folder, "-U", "relay", "-q"], owner).status === 0
  const start = async (): Promise<void> => {
    server = spawn(join(bin, "postgres"), ["-D", data, "-k", folder, "-c", "listen_addresses="], {
      ...owner,
      stdio: "ignore",
      // Its own group, so that `kill` reaches every backend.
      detached: true,
    })
    for (let tries = 0; tries < 200 && !isUp(); tries++) await sleep(100)
    if (!isUp()) throw new Error("PostgreSQL did not start")
  }
  const end = async (signal: "SIGKILL" | "SIGINT"): Promise<void> => {
    const running = server
    server = undefined
    if (!running?.pid || running.exitCode !== null) return
    const ended = new Promise((resolve) => running.once("exit", resolve))
    process.kill(signal === "SIGKILL" ? -running.pid : running.pid, signal)
    await ended
  }
  await start()
  return {
    url: `postgres://relay@localhost/postgres?host=${encodeURIComponent(folder)}`,
    folder,
    start,
    kill: () => end("SIGKILL"),
    stop: async () => {
      await end("SIGINT")
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
