import { LanguageSwitch } from "../../view/parts/language-switch.tsx"
import { type UiLanguage, useSpeech } from "../../view/words.ts"
import { HelpWindow } from "./help-window.tsx"

/** The handbook without an open desk: public text, for the hour in which nobody has a passphrase. */
export function HelpScreen(props: {
  readonly id: string
  readonly language: UiLanguage
  readonly onLanguage: (language: UiLanguage) => void
}) {
  const { say } = useSpeech()
  return (
    <div className="shell">
      <header className="bar">
        <a className="to-lock" href="#/">
          {say("help.back")}
        </a>
        <LanguageSwitch language={props.language} onChange={props.onLanguage} />
      </header>
      <main id="main">
        <HelpWindow id={props.id} />
      </main>
    </div>
  )
}
