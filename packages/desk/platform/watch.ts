/** Why a desk locks by itself: nobody is there, or the machine slept (K5, K6). */
import type { Clock } from "./clock.ts"

/** The watch looks this often, and before every request. */
export const WATCH_MS = 1000
/** Between two looks no more than this may pass on either clock: else the machine slept, or its clock was set. */
export const GAP_MS = 30_000

export type Absence = "idle" | "suspend"

export interface Watch {
  /** A person did something. */
  touch(): void
  /** @returns why the desk is to lock now, or null. */
  look(): Absence | null
  /** Seconds until it locks for idleness. */
  secondsLeft(): number
}

export function makeWatch(clock: Clock, idleMs: () => number): Watch {
  let touched = clock.monotonic()
  let seenWall = clock.wall()
  let seenMonotonic = clock.monotonic()
  return {
    touch: () => {
      touched = clock.monotonic()
    },
    look: () => {
      const wallGap = clock.wall() - seenWall
      const monotonicGap = clock.monotonic() - seenMonotonic
      seenWall += wallGap
      seenMonotonic += monotonicGap
      // Backwards too: a sleeping machine's clock is sometimes set back on waking.
      if (Math.abs(wallGap) > GAP_MS || monotonicGap > GAP_MS) return "suspend"
      return seenMonotonic - touched >= idleMs() ? "idle" : null
    },
    secondsLeft: () => Math.max(0, Math.ceil((touched + idleMs() - clock.monotonic()) / 1000)),
  }
}
