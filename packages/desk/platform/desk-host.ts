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

export type LockReason = "start" | "button" | "passphrase" | Absence

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
  /** Somebody's passphrase is being tried. */
  isOpening(): boolean
  lockReason(): LockReason
  unlock(attempt: Attempt): Promise<Result<null, UnlockError>>
  /** Wrong guesses at the old passphrase wait like those at the lock screen. Locks when it has been changed. */
  changePassphrase(change: PassphraseChange): Promise<Result<null, UnlockError>>
  lock(reason: LockReason): void
}

export interface PassphraseChange {
  readonly old: string
  readonly next: string
}

export function makeDeskHost<Open extends Opened, Attempt>(parts: {
  readonly clock: Clock
  readonly idleMs: (open: Open) => number
  /** Why a desk that begins in another's place is locked. */
  readonly lockedBefore?: LockReason
  /** Once everything is closed. */
  readonly onLock?: (reason: LockReason) => void
  readonly tryToOpen: (attempt: Attempt) => Promise<Result<Open, UnlockError>>
  /** Shuts the vault of `open` when it succeeds. */
  readonly tryToChange: (open: Open, change: PassphraseChange) => Promise<Result<null, UnlockError>>
}): DeskHost<Open, Attempt> {
  let opened: Open | null = null
  let reason: LockReason = parts.lockedBefore ?? "start"
  let busy = false
  const throttle = makeThrottle(parts.clock)
  const watch = makeWatch(parts.clock, () => (opened ? parts.idleMs(opened) : Number.POSITIVE_INFINITY))

  const lock = (why: LockReason): void => {
    const closing = opened
    opened = null
    if (!closing) return
    reason = why
    closing.close()
    parts.onLock?.(why)
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
    isOpening: () => busy,
    lockReason: () => reason,
    lock,
    unlock: async (attempt) => {
      look()
      if (opened) return ok(null)
      return guess(async () => {
        const result = await parts.tryToOpen(attempt)
        if (!result.ok) return result
        watch.look()
        watch.touch()
        opened = result.value
        return ok(null)
      })
    },
    changePassphrase: async (change) => {
      const open = opened
      if (!open) return err({ kind: "cannot-open" })
      return guess(async () => {
        const result = await parts.tryToChange(open, change)
        if (result.ok) lock("passphrase")
        return result
      })
    },
  }

  /** One try at a passphrase at a time, and after wrong ones a wait (K4). */
  async function guess(work: () => Promise<Result<null, UnlockError>>): Promise<Result<null, UnlockError>> {
    if (busy) return err({ kind: "busy" })
    const seconds = throttle.secondsLeft()
    if (seconds > 0) return err({ kind: "wait", seconds })
    busy = true
    try {
      const result = await work()
      if (result.ok) throttle.succeeded()
      else if (result.error.kind === "cannot-open" || result.error.kind === "enrolment-cannot-open")
        throttle.failed()
      return result
    } finally {
      busy = false
    }
  }
}
