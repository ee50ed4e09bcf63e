import { formatDay, formatTime, type Zone } from "@kunak/core/time/format"
import { MINUTE_SECONDS } from "@kunak/core/time/instant"
import type { Speech } from "./words.ts"

export interface Times {
  readonly time: (instant: number) => string
  readonly day: (instant: number) => string
  /** "in 3 h", "2 days ago", rounded down. */
  readonly away: (instant: number) => string
  /** "2 days ago", for what has happened: "just now" where a colleague's clock is a little ahead of this one. */
  readonly ago: (instant: number) => string
  /** "3 hours": since then. */
  readonly span: (instant: number) => string
  /** "8 min", rounded up: so many seconds. */
  readonly lasting: (seconds: number) => string
  readonly zone: string
}

interface Place extends Zone {
  readonly zoneNames: Readonly<Record<string, string>>
}

/** @param now seconds since 1970. */
export function timesIn(speech: Speech, place: Place, now: () => number): Times {
  const { language } = speech
  return {
    time: (instant) => unbroken(formatTime(instant as never, language, place)),
    day: (instant) => unbroken(formatDay(instant as never, language, place)),
    away: (instant) => away(instant - now(), speech),
    ago: (instant) => {
      const seconds = instant - now()
      return away(seconds < AHEAD_SECONDS ? Math.min(seconds, -1) : seconds, speech)
    },
    span: (instant) => span(Math.floor((now() - instant) / MINUTE_SECONDS), speech),
    lasting: (seconds) => span(Math.ceil(seconds / MINUTE_SECONDS), speech),
    zone: place.zoneNames[language] ?? Object.values(place.zoneNames)[0] ?? "",
  }
}

/** From here on a clock is wrong, and that is not hidden. */
const AHEAD_SECONDS = 5 * MINUTE_SECONDS

/** No line begins with the "г." that Russian puts behind a year. */
const unbroken = (text: string): string => text.replace(" г.", "\u00a0г.")

function away(seconds: number, speech: Speech): string {
  const minutes = Math.floor(Math.abs(seconds) / MINUTE_SECONDS)
  if (minutes === 0 && seconds < 0) return speech.say("span.justNow")
  const words = span(minutes, speech)
  return speech.say(seconds >= 0 ? "span.in" : "span.ago", { span: words })
}

function span(minutes: number, { say }: Speech): string {
  if (minutes < 1) return say("span.moment")
  if (minutes < 120) return say("span.minutes", { count: minutes })
  return minutes < 48 * 60
    ? say("span.hours", { count: Math.floor(minutes / 60) })
    : say("span.days", { count: Math.floor(minutes / (24 * 60)) })
}
