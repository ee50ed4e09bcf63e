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
    zone: context.zoneNames[language] ?? Object.values(context.zoneNames)[0] ?? "",
  }
}

function away(seconds: number, { say }: Speech): string {
  const minutes = Math.floor(Math.abs(seconds) / MINUTE_SECONDS)
  const span =
    minutes < 120
      ? say("span.minutes", { count: minutes })
      : minutes < 48 * 60
        ? say("span.hours", { count: Math.floor(minutes / 60) })
        : say("span.days", { count: Math.floor(minutes / (24 * 60)) })
  return seconds >= 0 ? say("span.in", { span }) : say("span.ago", { span })
}
