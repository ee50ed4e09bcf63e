/** Both clocks, in milliseconds. The wall clock may jump; the other only runs, and stands still while the machine sleeps. */
export interface Clock {
  readonly wall: () => number
  readonly monotonic: () => number
}

export const systemClock: Clock = { wall: () => Date.now(), monotonic: () => performance.now() }
