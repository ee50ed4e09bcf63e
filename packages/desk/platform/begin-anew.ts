/**
 * A desk that locks begins anew: the same process id, the same port, and none of the memory in which texts, keys and the
 * passphrase have stood.
 */
import { replaceProcess } from "@kunak/duty/replace-process"
import type { BeforeLock } from "../desk.ts"
import type { LockReason } from "./desk-host.ts"

/** Marks of sessions and a reason, no secret: others of this user can read a process's environment. */
const VARIABLE = "KUNAK_DESK_BEFORE"
const REASONS: ReadonlySet<string> = new Set(["start", "button", "passphrase", "idle", "suspend"])

export interface Handed extends BeforeLock {
  readonly port: number
}

/** Does not return. Everything that has to be closed is closed. */
export const beginAnew = (handed: Handed): void => replaceProcess(VARIABLE, JSON.stringify(handed))

/** What the process before handed over; null for a desk that somebody started. Forgets it for the programs it starts. */
export function takeHanded(environment: NodeJS.ProcessEnv): Handed | null {
  const text = environment[VARIABLE]
  delete environment[VARIABLE]
  if (text === undefined) return null
  try {
    const { port, reason, sessions } = JSON.parse(text) as Partial<Handed>
    const isSound =
      Number.isInteger(port) &&
      REASONS.has(reason ?? "") &&
      Array.isArray(sessions) &&
      sessions.every((mark) => typeof mark === "string")
    return isSound ? { port: port as number, reason: reason as LockReason, sessions: sessions ?? [] } : null
  } catch {
    return null
  }
}
