import { Checkbox, CheckboxGroup, FieldError, Label } from "react-aria-components"
import { useDesk } from "../../view/desk-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { Problem } from "../compose.ts"
import { inTree } from "./area-tree.ts"
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
        {inTree(context.areas).map(({ area, depth }) => (
          <Checkbox key={area.id} value={String(area.id)} data-depth={depth}>
            <span className="box" aria-hidden="true" />
            {area.names[speech.language] ?? Object.values(area.names)[0]}
          </Checkbox>
        ))}
      </div>
      <FieldError className="error">{error}</FieldError>
    </CheckboxGroup>
  )
}
