/** How long something takes, as people say it before they wait. */
export type WaitUnit = "seconds" | "minutes"

const STEP = 10
const MINUTE = 60

/** Tens of seconds up to a minute and a half, then minutes, always rather more than less. */
export function waitOf(seconds: number): { readonly unit: WaitUnit; readonly count: number } {
  const rounded = Math.max(STEP, Math.ceil(seconds / STEP) * STEP)
  return rounded <= 1.5 * MINUTE
    ? { unit: "seconds", count: rounded }
    : { unit: "minutes", count: Math.ceil(seconds / MINUTE) }
}

/** Of what is left: rather less than more, in steps that are said as they are. */
export const lessThan = (seconds: number): number =>
  seconds >= 2 * MINUTE
    ? Math.floor(seconds / MINUTE) * MINUTE
    : Math.min(1.5 * MINUTE, Math.floor(seconds / STEP) * STEP)
