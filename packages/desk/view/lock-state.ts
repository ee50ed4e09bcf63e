import { useCallback, useEffect, useRef, useState } from "react"
import { ask } from "./ask.ts"

/** What the desk says of itself while locked, too. */
export interface DeskState {
  readonly locked: boolean
  readonly lockReason: "start" | "button" | "idle" | "suspend" | "passphrase"
  readonly secondsToLock: number
  /** Whether there is a vault yet. */
  readonly exists: boolean
  /** Whether an enrolment waits to be taken in. */
  readonly enrols: boolean
  /** Whether this computer writes memory, passphrases and letters with it, to the disk in the clear. */
  readonly swap: "none" | "encrypted" | "clear" | "unknown"
}

export type Seen = DeskState | "veiled" | "no-session" | "gone"

const ASK_MS = 3000
/** The window's own timer came this late: the machine slept, so hide everything until the desk has answered. */
const VEIL_MS = 15_000
const PRESENCE_MS = 20_000
/** A desk that has locked begins anew: it is away for a moment. */
const MISSES = 4

/** Follows the desk's lock, and tells it that somebody is there. */
export function useDeskState(): { readonly seen: Seen; readonly refresh: () => void } {
  const [seen, setSeen] = useState<Seen>("veiled")
  const lastLook = useRef(Date.now())
  const isOpen = useRef(false)
  const missed = useRef(0)
  /** A process that slept answers, or fails, all that was asked meanwhile at once: one question at a time, one miss. */
  const asked = useRef(0)
  const refresh = useCallback(() => {
    asked.current += 1
    void ask<DeskState>("state").then((answer) => {
      asked.current -= 1
      isOpen.current = answer.ok && !answer.value.locked
      missed.current = !answer.ok && answer.error.kind === "desk-gone" ? missed.current + 1 : 0
      if (answer.ok) setSeen(answer.value)
      else if (missed.current === 0) setSeen("no-session")
      else
        setSeen((before) =>
          typeof before === "object" && missed.current < MISSES ? { ...before, locked: true } : "gone",
        )
    })
  }, [])
  useEffect(() => {
    refresh()
    const timer = setInterval(() => {
      if (Date.now() - lastLook.current > VEIL_MS) setSeen("veiled")
      lastLook.current = Date.now()
      if (asked.current === 0) refresh()
    }, ASK_MS)
    let told = 0
    const present = () => {
      // A locked desk has nobody to wait for: help is read there, too.
      if (!isOpen.current || Date.now() - told < PRESENCE_MS) return
      told = Date.now()
      void ask("presence")
    }
    const shown = () => {
      if (document.visibilityState === "visible") refresh()
    }
    document.addEventListener("visibilitychange", shown)
    document.addEventListener("keydown", present)
    document.addEventListener("pointerdown", present)
    return () => {
      clearInterval(timer)
      document.removeEventListener("visibilitychange", shown)
      document.removeEventListener("keydown", present)
      document.removeEventListener("pointerdown", present)
    }
  }, [refresh])
  return { seen, refresh }
}
