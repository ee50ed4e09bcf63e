import { Checkbox, CheckboxGroup, FieldError, Label } from "react-aria-components"
import { useDesk } from "../../view/desk-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { Problem } from "../compose.ts"
import type { DeskContext } from "../model.ts"
import { problemAt } from "./problem-text.ts"
import type { DraftEditing } from "./use-draft.ts"

export function AreaFields(props: { readonly draft: DraftEditing; readonly problems: readonly Problem[] }) {
  const speech = useSpeech()
  const { context } = useDesk()
  const error = problemAt(props.problems, "areas", speech)
  return (
    <CheckboxGroup
      className="field areas"
      value={props.draft.form.areas.map(String)}
      onChange={(areas) => props.draft.change({ areas: areas.map(Number) })}
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      <Label>{speech.say("areas")}</Label>
      <div className="area-list">
        {context.areas.map((area) => (
          <Checkbox key={area.id} value={String(area.id)} data-depth={depthOf(area.parent, context)}>
            <span className="box" aria-hidden="true" />
            {area.names[speech.language] ?? Object.values(area.names)[0]}
          </Checkbox>
        ))}
      </div>
      <FieldError className="error">{error}</FieldError>
    </CheckboxGroup>
  )
}

const depthOf = (parent: number, context: DeskContext): number => {
  const above = context.areas.find(({ id }) => id === parent)
  return above ? Math.min(3, depthOf(above.parent, context) + 1) : 0
}
