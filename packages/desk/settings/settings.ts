/** Settings as the vault keeps them: one JSON text, parsed like anything else that is read. */
import type { Result } from "@kunak/core/result"
import { integer, object, oneOf, type Parser, REFUSED, text } from "../platform/json.ts"
import { type ProxySetting, parseProxy } from "../platform/outgoing.ts"
import { sql } from "../vault/sql.ts"
import type { UnlockedVault, VaultReader, VaultWriteError } from "../vault/unlocked-vault.ts"
import { IDLE_MINUTES, type Settings } from "./model.ts"

export const DEFAULT_SETTINGS: Settings = { language: "ru", theme: "system", idleMinutes: 10, proxy: "" }

const parseProxyText: Parser<string> = (value) => {
  const typed = text(200)(value)
  return typed === REFUSED || (typed !== "" && parseProxy(typed) === null) ? REFUSED : typed
}

export const parseSettings: Parser<Settings> = object({
  language: oneOf(["ru", "en"]),
  theme: oneOf(["system", "light", "dark"]),
  idleMinutes: integer(IDLE_MINUTES.least, IDLE_MINUTES.most),
  proxy: parseProxyText,
})

export function readSettings(vault: VaultReader): Settings {
  const kept = vault.first(sql`select value from setting where name = 'settings'`, (row) => row.text("value"))
  const parsed = kept === null ? REFUSED : parseSettings(JSON.parse(kept))
  return parsed === REFUSED ? DEFAULT_SETTINGS : parsed
}

export const saveSettings = (vault: UnlockedVault, settings: Settings): Result<null, VaultWriteError> =>
  vault.change((change) => {
    change.run(sql`insert into setting (name, value) values ('settings', ${JSON.stringify(settings)})
      on conflict (name) do update set value = excluded.value`)
    return null
  })

export const proxyOf = (settings: Settings): ProxySetting => parseProxy(settings.proxy)
