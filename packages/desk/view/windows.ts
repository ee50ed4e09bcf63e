import type { ComponentType } from "react"
import { HelpWindow } from "../help/view/help-window.tsx"
import { HotlineWindow } from "../hotline/view/hotline-window.tsx"
import { SettingsWindow } from "../settings/view/settings-window.tsx"
import { TodayWindow } from "../today/view/today-window.tsx"
import { WarningsWindow } from "../warnings/view/warnings-window.tsx"
import type { WordKey } from "./words.ts"

/** A window of the desk. A capability that comes adds its line here, and is in the menu. */
export interface DeskWindow {
  readonly name: string
  readonly title: WordKey
  readonly Window: ComponentType<{ readonly id: string }>
}

export const WINDOWS: readonly [DeskWindow, ...DeskWindow[]] = [
  { name: "today", title: "today", Window: TodayWindow },
  { name: "hotline", title: "hotline", Window: HotlineWindow },
  { name: "warnings", title: "warnings", Window: WarningsWindow },
  { name: "settings", title: "settings", Window: SettingsWindow },
  { name: "help", title: "help", Window: HelpWindow },
]
