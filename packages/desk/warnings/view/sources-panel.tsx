import { useState } from "react"
import { Button, Checkbox, CheckboxGroup, Disclosure, DisclosurePanel, Heading } from "react-aria-components"
import { Field } from "../../view/parts/field.tsx"
import { useAnswer } from "../../view/use-answer.ts"
import { useSpeech } from "../../view/words.ts"
import type { PublicSource } from "../model.ts"

/** Shown at first; more with the button. */
const PAGE = 12

/** Public sources from which a draft can begin; they are noted beside it and never published. */
export function SourcesPanel({ onStart }: { readonly onStart: (ids: readonly string[]) => void }) {
  const { say } = useSpeech()
  return (
    <Disclosure className="sources">
      <Heading level={2}>
        <Button slot="trigger" className="fold">
          {say("sources")}
        </Button>
      </Heading>
      <DisclosurePanel>
        <Sources onStart={onStart} />
      </DisclosurePanel>
    </Disclosure>
  )
}

function Sources({ onStart }: { readonly onStart: (ids: readonly string[]) => void }) {
  const { say } = useSpeech()
  const { answer } = useAnswer<readonly PublicSource[]>("sources", {}, 600)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [filter, setFilter] = useState("")
  const [shown, setShown] = useState(PAGE)
  if (!answer?.ok) return null
  const words = filter.trim().toLowerCase()
  const found = answer.value.filter((source) =>
    Object.values(source).some((value) => value.toLowerCase().includes(words)),
  )
  return (
    <>
      <p className="hint">{say("sources.hint")}</p>
      <Field label={say("sources.filter")} value={filter} onChange={setFilter} />
      <CheckboxGroup
        aria-label={say("sources")}
        value={[...chosen]}
        onChange={setChosen}
        className="source-list"
      >
        {found.slice(0, shown).map((source) => (
          <Checkbox key={source.id} value={source.id} className="source">
            <span className="box" aria-hidden="true" />
            <span>
              <span className="source-head">
                {source.id} · {source.source} · {source.saidOn}
              </span>
              <span>{source.claim}</span>
            </span>
          </Checkbox>
        ))}
      </CheckboxGroup>
      <div className="actions">
        {found.length > shown && (
          <Button className="button" onPress={() => setShown(shown + PAGE)}>
            {say("sources.more", { count: found.length - shown })}
          </Button>
        )}
        <Button className="button primary" isDisabled={chosen.length === 0} onPress={() => onStart(chosen)}>
          {chosen.length === 0 ? say("sources.choose") : say("sources.start", { count: chosen.length })}
        </Button>
      </div>
    </>
  )
}
