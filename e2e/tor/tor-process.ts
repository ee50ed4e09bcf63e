/** One process of Debian's tor, with a configuration of its own; ended by its id. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { existsSync } from "node:fs"

export const TOR = existsSync("/usr/sbin/tor") ? "/usr/sbin/tor" : "tor"

export interface TorProcess {
  readonly name: string
  readonly pid: number
  /** Resolves as soon as it has said so on its log. @throws Error with its last lines when it ends or stays silent before. */
  readonly says: (wanted: RegExp, seconds?: number) => Promise<void>
  readonly log: () => string
  readonly stop: () => Promise<void>
}

/** What this tor can do: its version, and whether it was built with the proof of work for onion services. */
export function torAbilities(): { readonly version: string; readonly pow: boolean } | null {
  const asked = spawnSync(TOR, ["--version"], { encoding: "utf8" })
  const version = /^Tor version (\S+?)\.?$/m.exec(asked.stdout ?? "")?.[1]
  if (!version) return null
  const modules = spawnSync(TOR, ["--list-modules"], { encoding: "utf8" }).stdout
  return { version, pow: /^pow: yes$/m.test(modules) }
}

/** @param files read in this order, as Debian's service reads its defaults first. */
export function startTor(name: string, file: string, defaults: string): TorProcess {
  const child = spawn(
    TOR,
    [
      "-f",
      file,
      "--defaults-torrc",
      defaults,
      "--Log",
      "notice stdout",
      "--__OwningControllerProcess",
      String(process.pid),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  )
  let said = ""
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part: Buffer) => {
      said += part.toString()
      for (const listener of listeners) listener()
    })
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      resolve()
      for (const listener of listeners) listener()
    })
  })
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    name,
    pid: child.pid ?? 0,
    log: () => said,
    says: (wanted, seconds = 120) =>
      new Promise((resolve, reject) => {
        const finish = (problem: string | null): void => {
          clearTimeout(timer)
          listeners.delete(look)
          if (problem === null) resolve()
          else reject(new Error(`${name} ${problem}: ${said.slice(-2_000)}`))
        }
        const look = (): void => {
          if (wanted.test(said)) finish(null)
          else if (hasEnded()) finish("ended")
        }
        const timer = setTimeout(() => finish(`did not say ${wanted} within ${seconds} s`), seconds * 1000)
        listeners.add(look)
        look()
      }),
    stop: () => stop(child, ended),
  }
}

/** Tor takes half a minute to say goodbye to its circuits: nobody here needs that. */
async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL")
  await ended
}
