/** Wrong passphrases wait longer each time (K4). Counted in this process: a thief of the file guesses elsewhere. */
import type { Clock } from "./clock.ts"

const LONGEST_SECONDS = 300

/** Seconds to wait after so many failures in a row: 0, 1, 2, 4, 8 … 300. */
export const waitAfter = (failures: number): number =>
  failures === 0 ? 0 : Math.min(LONGEST_SECONDS, 2 ** (failures - 1))

export interface Throttle {
  /** Whole seconds until the next try is taken, 0 when it is taken now. */
  secondsLeft(): number
  failed(): void
  succeeded(): void
}

export function makeThrottle(clock: Clock): Throttle {
  let failures = 0
  let until = 0
  return {
    secondsLeft: () => Math.max(0, Math.ceil((until - clock.monotonic()) / 1000)),
    failed: () => {
      failures += 1
      until = clock.monotonic() + waitAfter(failures) * 1000
    },
    succeeded: () => {
      failures = 0
      until = 0
    },
  }
}
