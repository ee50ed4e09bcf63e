import { Confirm } from "../../view/parts/confirm.tsx"
import { useSpeech } from "../../view/words.ts"
import type { ShownWarning } from "../model.ts"
import { ShownWarningView } from "./shown-warning-view.tsx"

/** Says who will see it and that it can't be unsaid, and shows the very words once more. */
export function SignQuestion(props: {
  readonly shown: ShownWarning | null
  /** Whether this signature is the one that publishes. */
  readonly isLast: boolean
  readonly isBusy: boolean
  readonly onCancel: () => void
  readonly onSign: () => void
}) {
  const { say } = useSpeech()
  const { shown, isLast } = props
  return (
    <Confirm
      isOpen={shown !== null}
      title={say(isLast ? "sign.title" : "sign.titleFirst")}
      cancel={say("cancel")}
      confirm={say(isLast ? "sign.publish" : "sign.first")}
      isGrave={isLast}
      isBusy={props.isBusy}
      onCancel={props.onCancel}
      onConfirm={props.onSign}
    >
      <p>{say(isLast ? "sign.whoSees" : "sign.whoSeesFirst")}</p>
      <p>{say("sign.unsaid")}</p>
      {shown && <ShownWarningView shown={shown} />}
    </Confirm>
  )
}
