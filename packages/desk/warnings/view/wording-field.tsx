import { useDesk } from "../../view/desk-context.ts"
import { Choice } from "../../view/parts/choice.tsx"
import { useSpeech } from "../../view/words.ts"
import type { Problem } from "../compose.ts"
import { problemAt } from "./problem-text.ts"
import type { DraftEditing } from "./use-draft.ts"

/** One of the wordings that the charter's signers approved. */
export function WordingField(props: { readonly draft: DraftEditing; readonly problems: readonly Problem[] }) {
  const speech = useSpeech()
  const { context } = useDesk()
  const { draft } = props
  const choose = (value: string) => {
    const wording = context.wordings.find(({ id }) => String(id) === value)
    if (wording) draft.change({ wording: wording.id, hours: Math.min(draft.form.hours, wording.maxHours) })
  }
  return (
    <Choice
      label={speech.say("wording")}
      hint={speech.say("wording.hint")}
      value={String(draft.form.wording)}
      options={context.wordings.map(({ id, headlines }) => ({
        value: String(id),
        label: (headlines[speech.language] ?? Object.values(headlines)[0] ?? "").replace(
          /\{(area|since)\}/g,
          "…",
        ),
      }))}
      onChange={choose}
      error={problemAt(props.problems, "wording", speech)}
    />
  )
}
