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
