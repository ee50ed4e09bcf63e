import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components"
import { useAnswer } from "../../view/use-answer.ts"
import { LANGUAGES, type UiLanguage, useSpeech } from "../../view/words.ts"
import type { CannedText, ConversationView } from "../model.ts"

export interface CannedIn extends CannedText {
  readonly language: UiLanguage
}

const RARELY_SECONDS = 3600

/** The ready texts, those in the person's language first. */
export function useCanned(language: ConversationView["language"]): readonly CannedIn[] {
  const other = language === "ru" ? "en" : "ru"
  const first = useAnswer<readonly CannedText[]>("hotline/canned", { language }, RARELY_SECONDS).answer
  const second = useAnswer<readonly CannedText[]>(
    "hotline/canned",
    { language: other },
    RARELY_SECONDS,
  ).answer
  return [
    ...(first?.ok ? first.value.map((text) => ({ ...text, language })) : []),
    ...(second?.ok ? second.value.map((text) => ({ ...text, language: other }) as const) : []),
  ]
}

/** Puts a ready text into the reply, where it can be changed like any other. */
export function CannedMenu(props: {
  readonly texts: readonly CannedIn[]
  readonly language: ConversationView["language"]
  readonly onInsert: (text: string) => void
}) {
  const { say } = useSpeech()
  const { texts } = props
  if (texts.length === 0) return null
  const name = (text: CannedIn) => `${text.language} ${text.id}`
  const languages = [...new Set(texts.map(({ language }) => language))]
  return (
    <MenuTrigger>
      <Button className="button">
        {say("canned")} <span aria-hidden="true">▾</span>
      </Button>
      <Popover className="choice-list menu canned" placement="top start">
        <Menu
          aria-label={say("canned")}
          onAction={(key) => {
            const text = texts.find((one) => name(one) === key)
            // After the menu has given the focus back to its button: the caret belongs in the field.
            if (text) setTimeout(() => props.onInsert(text.text), 0)
          }}
        >
          {languages.map((language) => (
            <MenuSection key={language} id={language}>
              <Header lang={language}>{LANGUAGES[language].languageName}</Header>
              {texts
                .filter((text) => text.language === language)
                .map((text) => (
                  <MenuItem key={name(text)} id={name(text)} textValue={text.title}>
                    <strong lang={language}>{text.title}</strong>
                    <span className="beginning">
                      {!text.isReviewed && <b>{say("canned.unreviewed")} · </b>}
                      <span lang={language}>{text.text}</span>
                    </span>
                  </MenuItem>
                ))}
            </MenuSection>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
