/** A clock that tests move: a visit of a quarter of an hour takes as long as its arithmetic. */

export interface VirtualClock {
  readonly nowMs: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly pause: () => Promise<void>
  /** An answer on its way; forgotten when nobody waits for it any more. */
  readonly after: (ms: number, signal: AbortSignal) => Promise<void>
  /** A device that sleeps: time goes on and nobody is woken. */
  readonly skip: (ms: number) => void
  /** Wakes one after the other, each at its time, until `isOver`. @param before each, with its time. */
  readonly run: (isOver: () => boolean, before?: (ms: number) => Promise<void> | void) => Promise<void>
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
  /** Ends a wait for answers: nobody rests in it. */
  readonly isPatience: boolean
}

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** @param patienceMs sleeps of this length end a wait for answers. @param pauseMs time between two slices of a puzzle. */
export function virtualClock(patienceMs: number, pauseMs = 0): VirtualClock {
  let now = 0
  let sleepers: readonly Sleeper[] = []
  const add = (sleeper: Sleeper): void => {
    sleepers = [...sleepers, sleeper]
  }
  const drop = (sleeper: Sleeper): void => {
    sleepers = sleepers.filter((one) => one !== sleeper)
  }
  return {
    nowMs: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        add({ at: now + ms, wake, isPatience: ms === patienceMs })
      }),
    after: (ms, signal) =>
      new Promise((wake, fail) => {
        if (signal.aborted) return fail(signal.reason)
        const sleeper = { at: now + ms, wake, isPatience: false }
        add(sleeper)
        signal.addEventListener("abort", () => {
          drop(sleeper)
          fail(signal.reason)
        })
      }),
    pause: async () => {
      now += pauseMs
      await nextTurn()
    },
    skip: (ms) => {
      now += ms
    },
    run: async (isOver, before) => {
      for (;;) {
        // While nobody rests, something is being worked on.
        while (!isOver() && sleepers.every(({ isPatience }) => isPatience)) await nextTurn()
        if (isOver()) return
        const first = [...sleepers].sort((a, b) => a.at - b.at)[0] as Sleeper
        await before?.(first.at)
        drop(first)
        now = Math.max(now, first.at)
        first.wake()
        await nextTurn()
      }
    },
  }
}
