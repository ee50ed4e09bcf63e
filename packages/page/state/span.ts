import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from "@kunak/core/time/instant"

export type SpanUnit = "minutes" | "hours" | "days" | "years"

/** A length of time as people say it: the largest unit of which there are two, or one year. */
export function spanOf(seconds: number): { readonly unit: SpanUnit; readonly count: number } {
  const units = [
    ["years", 365 * DAY_SECONDS, 1],
    ["days", DAY_SECONDS, 2],
    ["hours", HOUR_SECONDS, 2],
  ] as const
  const found = units.find(([, length, least]) => seconds >= length * least)
  return found
    ? { unit: found[0], count: Math.floor(seconds / found[1]) }
    : { unit: "minutes", count: Math.max(1, Math.floor(seconds / MINUTE_SECONDS)) }
}
