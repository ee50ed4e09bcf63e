/**
 * Time crossed with place is what identifies an event. Alone, time may be shown by month; with anything beside it,
 * by year.
 */
const DAY = /^(\d{4})-(\d{2})(?:-\d{2})?(?:T.*)?$/
const LOCAL = /^\d{1,2}[./](\d{1,2})[./](\d{4})$/

/** Whether every value that is not empty is a date finer than a year. */
export const isFineTime = (values: readonly string[]): boolean => {
  const written = values.filter((value) => value !== "")
  return written.length > 0 && written.every((value) => DAY.test(value) || LOCAL.test(value))
}

/** @param alone whether time is the only dimension of the table. */
export function coarseTime(value: string, alone: boolean): string {
  const iso = DAY.exec(value)
  const local = LOCAL.exec(value)
  const year = iso?.[1] ?? local?.[2]
  const month = iso?.[2] ?? local?.[1]?.padStart(2, "0")
  if (year === undefined || month === undefined) return value
  return alone ? `${year}-${month}` : year
}
