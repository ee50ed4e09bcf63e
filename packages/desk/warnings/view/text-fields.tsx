import { CERTAINTIES, RESPONSES, SEVERITIES, URGENCIES } from "@kunak/core/warning/scale"
import { Checkbox, CheckboxGroup, Label } from "react-aria-components"
import { useDesk } from "../../view/desk-context.ts"
import { Choice } from "../../view/parts/choice.tsx"
import { Field } from "../../view/parts/field.tsx"
import { useSpeech } from "../../view/words.ts"
import type { BlockLength, Problem } from "../compose.ts"
import { EMPTY_TEXT } from "../form.ts"
import { problemText } from "./problem-text.ts"
import type { DraftEditing } from "./use-draft.ts"

/** Free text in every language of the charter, and its place on CAP's scales. */
export function FreeText(props: { readonly draft: DraftEditing; readonly problems: readonly Problem[] }) {
  const { context } = useDesk()
  return (
    <>
      {context.languages.map((tag) => (
        <OneLanguage key={tag} tag={tag} {...props} />
      ))}
      <Scales draft={props.draft} />
    </>
  )
}

function OneLanguage(props: {
  readonly tag: string
  readonly draft: DraftEditing
  readonly problems: readonly Problem[]
}) {
  const speech = useSpeech()
  const { say, sayOr } = speech
  const { tag, draft } = props
  const text = draft.form.texts[tag] ?? EMPTY_TEXT
  const put = (change: Partial<typeof text>) =>
    draft.change({ texts: { ...draft.form.texts, [tag]: { ...text, ...change } } })
  const errorOf = (part: keyof typeof text): string | undefined => {
    const found = props.problems.find(
      (problem) =>
        "language" in problem &&
        problem.language === tag &&
        (problem.kind === "field-too-long"
          ? problem.part === part
          : part === "headline" && (problem.kind === "no-headline" || problem.kind === "language-missing")),
    )
    return found && problemText(found, speech)
  }
  return (
    <fieldset className="language" lang={tag}>
      <legend lang={speech.language}>{sayOr(`languageOf.${tag}`, "languageOf.other", { tag })}</legend>
      {(["headline", "description", "instruction"] as const).map((part) => (
        <Field
          key={part}
          label={say(`text.${part}`)}
          value={text[part]}
          onChange={(value) => put({ [part]: value })}
          lang={tag}
          error={errorOf(part)}
          {...(part === "headline" ? {} : { rows: 4 })}
        />
      ))}
    </fieldset>
  )
}

function Scales({ draft }: { readonly draft: DraftEditing }) {
  const { say } = useSpeech()
  const { form } = draft
  return (
    <div className="scales">
      <Choice
        label={say("fact.severity")}
        value={form.severity}
        options={SEVERITIES.map((value) => ({ value, label: say(`severity.${value}`) }))}
        onChange={(severity) => draft.change({ severity })}
      />
      <Choice
        label={say("fact.urgency")}
        value={form.urgency}
        options={URGENCIES.map((value) => ({ value, label: say(`urgencyScale.${value}`) }))}
        onChange={(urgency) => draft.change({ urgency })}
      />
      <Choice
        label={say("fact.certainty")}
        value={form.certainty}
        options={CERTAINTIES.map((value) => ({ value, label: say(`certainty.${value}`) }))}
        onChange={(certainty) => draft.change({ certainty })}
      />
      <CheckboxGroup
        className="field responses"
        value={[...form.responses]}
        onChange={(chosen) => draft.change({ responses: RESPONSES.filter((one) => chosen.includes(one)) })}
      >
        <Label>{say("fact.responses")}</Label>
        <div className="response-list">
          {RESPONSES.filter((one) => one !== "AllClear" && one !== "None").map((one) => (
            <Checkbox key={one} value={one}>
              <span className="box" aria-hidden="true" />
              {say(`response.${one}`)}
            </Checkbox>
          ))}
        </div>
      </CheckboxGroup>
    </div>
  )
}

/** Live count of the message to forward, in each language. */
export function BlockLengths({ blocks }: { readonly blocks: readonly BlockLength[] }) {
  const { say, sayOr } = useSpeech()
  if (blocks.length === 0) return null
  return (
    <dl className="lengths">
      {blocks.map(({ language, letters, limit, qrOver }) => (
        <div key={language} data-over={letters > limit}>
          <dt>
            {say("length", {
              language: sayOr(`languageOf.${language}`, "languageOf.other", { tag: language }),
            })}
          </dt>
          <dd>
            {letters > limit
              ? say("length.over", { count: letters - limit, letters, limit })
              : say("length.left", { count: limit - letters, letters, limit })}
            {letters <= limit && qrOver > 0 && ` ${say("length.noPoster", { count: qrOver })}`}
          </dd>
        </div>
      ))}
    </dl>
  )
}
