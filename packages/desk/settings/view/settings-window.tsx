import { type FormEvent, useState } from "react"
import { Button } from "react-aria-components"
import { useDesk } from "../../view/desk-context.ts"
import { Choice } from "../../view/parts/choice.tsx"
import { Field } from "../../view/parts/field.tsx"
import { LanguageSwitch } from "../../view/parts/language-switch.tsx"
import { useSpeech } from "../../view/words.ts"
import { IDLE_MINUTES, type Settings } from "../model.ts"

const THEMES = ["system", "light", "dark"] as const

export function SettingsWindow() {
  const { say, language } = useSpeech()
  const { context, settings, saveSettings } = useDesk()
  const [idle, setIdle] = useState(String(settings.idleMinutes))
  const [proxy, setProxy] = useState(settings.proxy)
  const [outcome, setOutcome] = useState<"saved" | "refused" | null>(null)
  const save = async (change: Partial<Settings>) => {
    setOutcome((await saveSettings({ ...settings, ...change })) ? "saved" : "refused")
  }
  const minutes = Number(idle)
  const isIdleRight =
    Number.isInteger(minutes) && minutes >= IDLE_MINUTES.least && minutes <= IDLE_MINUTES.most
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isIdleRight) void save({ idleMinutes: minutes, proxy: proxy.trim() })
  }
  return (
    <div className="window narrow">
      <h1>{say("settings")}</h1>
      <section>
        <h2>{say("settings.view")}</h2>
        <LanguageSwitch language={language} onChange={(next) => void save({ language: next })} />
        <Choice
          label={say("settings.theme")}
          value={settings.theme}
          options={THEMES.map((value) => ({ value, label: say(`theme.${value}`) }))}
          onChange={(theme) => void save({ theme })}
        />
      </section>
      <form onSubmit={submit}>
        <h2>{say("settings.safety")}</h2>
        <Field
          label={say("settings.idle")}
          hint={say("settings.idleHint")}
          type="number"
          min={String(IDLE_MINUTES.least)}
          max={String(IDLE_MINUTES.most)}
          value={idle}
          onChange={setIdle}
          error={isIdleRight ? undefined : say("settings.idleWrong", IDLE_MINUTES)}
        />
        <Field
          label={say("settings.proxy")}
          hint={say("settings.proxyHint")}
          value={proxy}
          onChange={setProxy}
        />
        <Button type="submit" className="button primary">
          {say("settings.save")}
        </Button>
        <p role="status" className={outcome === "refused" ? "note problem" : "quiet"}>
          {outcome === "saved" && say("settings.saved")}
          {outcome === "refused" && say("settings.refused")}
        </p>
      </form>
      <section>
        <h2>{say("settings.about")}</h2>
        <dl>
          <div>
            <dt>{say("settings.fingerprint")}</dt>
            <dd className="code">{context.fingerprint}</dd>
          </div>
          <div>
            <dt>{say("settings.label")}</dt>
            <dd>{context.label}</dd>
          </div>
        </dl>
        <p className="quiet">{say("settings.keepers")}</p>
      </section>
    </div>
  )
}
