import { ToggleButton, ToggleButtonGroup } from "react-aria-components"
import { LANGUAGES, type UiLanguage, useSpeech } from "../words.ts"

/** Each language is named in itself. */
export function LanguageSwitch(props: {
  readonly language: UiLanguage
  readonly onChange: (language: UiLanguage) => void
}) {
  const { say } = useSpeech()
  return (
    <ToggleButtonGroup
      className="switch"
      aria-label={say("language")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.language]}
      onSelectionChange={(keys) => {
        for (const key of keys) props.onChange(key as UiLanguage)
      }}
    >
      {Object.entries(LANGUAGES).map(([tag, words]) => (
        <ToggleButton key={tag} id={tag} lang={tag}>
          {words.languageName}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
