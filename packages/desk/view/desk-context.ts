import { formatDay, formatTime } from "@kunak/core/time/format"
import { MINUTE_SECONDS } from "@kunak/core/time/instant"
import { createContext, useContext } from "react"
import type { Settings } from "../settings/model.ts"
import type { DeskContext } from "../warnings/model.ts"
import { type Speech, useSpeech } from "./words.ts"

export interface OpenDeskView {
  readonly context: DeskContext
  readonly settings: Settings
  readonly saveSettings: (settings: Settings) => Promise<boolean>
  /** Opens one of the windows at a thing in it: "warnings", id. */
  readonly go: (window: string, id?: string) => void
}

export const OpenDeskContext = createContext<OpenDeskView | null>(null)

/** @throws TypeError outside an open desk. */
export function useDesk(): OpenDeskView {
  const desk = useContext(OpenDeskContext)
  if (!desk) throw new TypeError("no open desk")
  return desk
}

export interface Times {
  readonly time: (instant: number) => string
  readonly day: (instant: number) => string
  /** "in 3 h", "2 days ago", rounded down. */
  readonly away: (instant: number) => string
  /** "3 hours": since then. */
  readonly span: (instant: number) => string
  /** "8 min", rounded up: so many seconds. */
  readonly lasting: (seconds: number) => string
  readonly zone: string
}

/** Times in the organisation's own zone, in the window's language. */
export function useTimes(): Times {
  const { context } = useDesk()
  const speech = useSpeech()
  const { language } = speech
  return {
    time: (instant) => formatTime(instant as never, language, context),
    day: (instant) => formatDay(instant as never, language, context),
    away: (instant) => away(instant - Date.now() / 1000, speech),
    span: (instant) => span(Math.floor((Date.now() / 1000 - instant) / MINUTE_SECONDS), speech),
    lasting: (seconds) => span(Math.ceil(seconds / MINUTE_SECONDS), speech),
    zone: context.zoneNames[language] ?? Object.values(context.zoneNames)[0] ?? "",
  }
}

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
