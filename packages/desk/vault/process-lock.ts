/** One process per vault (V6): a small file beside it names the process that has it open. */
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs"
import { err, ok, type Result } from "@kunak/core/result"

export interface Holder {
  readonly pid: number
  /** When that process started, in ticks since boot, so that a reused pid is told apart; null where unknown. */
  readonly startedTicks: string | null
}

export interface ProcessLock {
  release(): void
}

export type ProcessLockError = { readonly kind: "vault-in-use"; readonly holder: Holder }

/**
 * Takes `<vault>.lock`, or says who holds it. A file whose process is gone is taken over.
 *
 * The file is written aside and linked into place, so it is never seen half-written; a stale one is first
 * renamed away, so of two that take over at once only one moves it.
 */
export function takeProcessLock(vaultFile: string): Result<ProcessLock, ProcessLockError> {
  const file = `${vaultFile}.lock`
  const aside = `${file}.${process.pid}`
  const own: Holder = { pid: process.pid, startedTicks: startOf(process.pid) }
  writeWhole(aside, JSON.stringify(own))
  try {
    for (;;) {
      try {
        linkSync(aside, file)
        return ok({ release: () => rmSync(file, { force: true }) })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
      }
      const holder = readHolder(file)
      if (holder && isAlive(holder)) return err({ kind: "vault-in-use", holder })
      moveAway(file, `${aside}.stale`)
    }
  } finally {
    unlinkSync(aside)
  }
}

function moveAway(file: string, to: string): void {
  try {
    renameSync(file, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return
    throw error
  }
  const moved = readHolder(to)
  // Another took over between our look and our move: give it back.
  if (moved && isAlive(moved)) renameSync(to, file)
  else unlinkSync(to)
}

function writeWhole(file: string, text: string): void {
  const handle = openSync(file, "w", 0o600)
  try {
    writeSync(handle, text)
  } finally {
    closeSync(handle)
  }
}

function readHolder(file: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"))
    const { pid, startedTicks } = value as Record<string, unknown>
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0) return null
    return { pid: pid as number, startedTicks: typeof startedTicks === "string" ? startedTicks : null }
  } catch {
    return null
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
  const started = startOf(holder.pid)
  return started === null || holder.startedTicks === null || started === holder.startedTicks
}

/** Field 22 of /proc/<pid>/stat (proc(5)); the name in field 2 may hold spaces, so count from its bracket. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1")
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null
  } catch {
    return null
  }
}
