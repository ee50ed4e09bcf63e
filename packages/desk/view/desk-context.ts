import { createContext, useContext } from "react"
import type { Settings } from "../settings/model.ts"
import type { DeskContext } from "../warnings/model.ts"
import { type Times, timesIn } from "./times.ts"
import { useSpeech } from "./words.ts"

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

/** Times in the organisation's own zone, in the window's language. */
export function useTimes(): Times {
  const { context } = useDesk()
  return timesIn(useSpeech(), context, () => Date.now() / 1000)
}
