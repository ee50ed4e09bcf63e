import { ok } from "@kunak/core/result"
import type { OpenDesk } from "../open-desk.ts"
import { object } from "../platform/json.ts"
import { type Route, route } from "../platform/route.ts"
import { parseSettings, saveSettings } from "./settings.ts"

export const settingsRoutes: readonly Route<OpenDesk>[] = [
  route("window", "settings/read", object({}), (desk: OpenDesk) => ok(desk.settings())),
  route("person", "settings/save", object({ settings: parseSettings }), (desk: OpenDesk, body) => {
    const saved = saveSettings(desk.vault, body.settings)
    if (saved.ok) desk.setSettings(body.settings)
    return saved
  }),
]
