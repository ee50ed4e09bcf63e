/** The life of a desk: locked, unlocking, unlocked. The only holder of the open vault. */
import { err, ok, type Result } from "@kunak/core/result"
import type { OpenError } from "../vault/open-vault.ts"
import type { Clock } from "./clock.ts"
import { makeThrottle } from "./throttle.ts"
import { type Absence, makeWatch, type Watch } from "./watch.ts"

/** What is there while a desk is unlocked; `close` stops every loop, closes the vault, erases its secrets. */
export interface Opened {
  close(): void
}

export type LockReason = "start" | "button" | Absence

export type UnlockError =
  | OpenError
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "busy" }
  | { readonly kind: "enrolment-cannot-open" }
  | { readonly kind: "enrolment-malformed"; readonly what: string }
  | { readonly kind: "passphrase-short"; readonly least: number }

export interface DeskHost<Open extends Opened, Attempt> {
  readonly watch: Watch
  /** The open desk, or null while it is locked. Looks at the watch first: no request slips in after a sleep. */
  open(): Open | null
  lockReason(): LockReason
  unlock(attempt: Attempt): Promise<Result<null, UnlockError>>
  lock(reason: LockReason): void
}

export function makeDeskHost<Open extends Opened, Attempt>(parts: {
  readonly clock: Clock
  readonly idleMs: (open: Open) => number
  readonly tryToOpen: (attempt: Attempt) => Promise<Result<Open, UnlockError>>
}): DeskHost<Open, Attempt> {
  let opened: Open | null = null
  let reason: LockReason = "start"
  let busy = false
  const throttle = makeThrottle(parts.clock)
  const watch = makeWatch(parts.clock, () => (opened ? parts.idleMs(opened) : Number.POSITIVE_INFINITY))

  const lock = (why: LockReason): void => {
    const closing = opened
    opened = null
    if (!closing) return
    reason = why
    closing.close()
  }
  const look = (): void => {
    const absence = watch.look()
    if (absence) lock(absence)
  }
  return {
    watch,
    open: () => {
      look()
      return opened
    },
    lockReason: () => reason,
    lock,
    unlock: async (attempt) => {
      if (opened) return ok(null)
      if (busy) return err({ kind: "busy" })
      const seconds = throttle.secondsLeft()
      if (seconds > 0) return err({ kind: "wait", seconds })
      busy = true
      try {
        const result = await parts.tryToOpen(attempt)
        if (!result.ok) {
          if (result.error.kind === "cannot-open" || result.error.kind === "enrolment-cannot-open")
            throttle.failed()
          return result
        }
        throttle.succeeded()
        watch.look()
        watch.touch()
        opened = result.value
        return ok(null)
      } finally {
        busy = false
      }
    },
  }
}
