import { useCallback, useEffect, useMemo, useRef, useState } from "react"
import { I18nProvider } from "react-aria-components"
import { HelpScreen } from "../help/view/help-screen.tsx"
import type { Settings } from "../settings/model.ts"
import type { DeskContext } from "../warnings/model.ts"
import { ask } from "./ask.ts"
import { OpenDeskContext } from "./desk-context.ts"
import { LockScreen } from "./lock-screen.tsx"
import { useDeskState } from "./lock-state.ts"
import { Notice } from "./parts/notice.tsx"
import { Shell } from "./shell.tsx"
import { useRoute } from "./use-route.ts"
import { browserLanguage, SpeechContext, speechIn, type UiLanguage } from "./words.ts"

interface Loaded {
  readonly context: DeskContext
  readonly settings: Settings
}

export function App({ isSignedIn }: { readonly isSignedIn: boolean }) {
  const { seen, refresh } = useDeskState()
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [language, setLanguage] = useState<UiLanguage>(browserLanguage)
  /** Chosen on the lock screen: holds against what the vault has, and is kept in it. */
  const chosen = useRef<UiLanguage | null>(null)
  const { go, window, id, home } = useRoute()
  const speech = useMemo(() => speechIn(language), [language])
  const isOpen = typeof seen === "object" && !seen.locked
  /** Not yet known, right after a reload or a sleep: whoever comes back finds their window if the desk is still open. */
  const isKnown = seen !== "veiled"
  const isHelp = window === "help"

  useEffect(() => {
    // Nothing of the open desk stays in the window's memory, or in the tab's history, once it is locked.
    // The handbook is public: it stays where it is.
    if (isKnown && !isOpen && !isHelp) home()
  }, [isKnown, isOpen, isHelp, home])

  useEffect(() => {
    if (!isOpen) return setLoaded(null)
    void Promise.all([ask<DeskContext>("context"), ask<Settings>("settings/read")]).then(
      ([context, settings]) => {
        if (!context.ok || !settings.ok) return refresh()
        const wanted = chosen.current ?? settings.value.language
        const current = { ...settings.value, language: wanted }
        chosen.current = null
        setLanguage(wanted)
        setLoaded({ context: context.value, settings: current })
        if (wanted !== settings.value.language) void ask("settings/save", { settings: current })
        return undefined
      },
    )
    return undefined
  }, [isOpen, refresh])

  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dataset.theme = loaded?.settings.theme ?? "system"
    document.title = speech.say("title")
  }, [language, loaded, speech])

  const saveSettings = useCallback(async (settings: Settings) => {
    const saved = await ask("settings/save", { settings })
    if (!saved.ok) return false
    setLanguage(settings.language)
    setLoaded((before) => before && { ...before, settings })
    return true
  }, [])

  const choose = useCallback((tag: UiLanguage) => {
    chosen.current = tag
    setLanguage(tag)
  }, [])

  const desk = useMemo(() => loaded && { ...loaded, saveSettings, go }, [loaded, saveSettings, go])
  return (
    <I18nProvider locale={language}>
      <SpeechContext value={speech}>{screen()}</SpeechContext>
    </I18nProvider>
  )

  function screen() {
    if (isHelp && isKnown && !isOpen) return <HelpScreen id={id} language={language} onLanguage={choose} />
    if (seen === "gone") return <Notice title={speech.say("gone.title")} text={speech.say("gone.text")} />
    if (!isSignedIn || seen === "no-session")
      return <Notice title={speech.say("noSession.title")} text={speech.say("noSession.text")} />
    if (seen === "veiled") return <main className="veil" aria-busy="true" />
    if (seen.locked)
      return <LockScreen state={seen} language={language} onLanguage={choose} onUnlocked={refresh} />
    if (!desk) return <main className="veil" aria-busy="true" />
    return (
      <OpenDeskContext value={desk}>
        <Shell window={window} id={id} onLocked={refresh} />
      </OpenDeskContext>
    )
  }
}
