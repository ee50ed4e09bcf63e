/** The form of every measurement: bench/results.json holds these, the table shows them. */
export interface Row {
  /** "relay.log-append": the first word groups. */
  readonly id: string
  readonly what: string
  readonly value: number
  readonly unit: string
  /** What was measured beside it in the same run: a peer, a limit of the machine; null without one. */
  readonly beside: string | null
  readonly besideValue: number | null
  /** value / besideValue */
  readonly ratio: number | null
  /** For the ratio where there is one, else for the value; null where a figure is shown without a goal. */
  readonly goal: number | null
  readonly direction: "higher is better" | "lower is better"
  /** Growth at 1, 10, 100 times the work, as a sentence. */
  readonly slope: string | null
  readonly holds: boolean
}

/** Fills in ratio and verdict. */
export function row(measured: Omit<Row, "ratio" | "holds">): Row {
  const { value, besideValue, goal, direction } = measured
  const ratio = besideValue === null ? null : value / besideValue
  const judged = ratio ?? value
  const holds = goal === null || (direction === "higher is better" ? judged >= goal : judged <= goal)
  return { ...measured, ratio, holds }
}

/** Machines are noisy: the middle of several runs. @throws RangeError without any. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError("no values")
  return middle
}
