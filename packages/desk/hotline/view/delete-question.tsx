import { useState } from "react"
import type { AskError } from "../../view/ask.ts"
import { Confirm } from "../../view/parts/confirm.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"
import type { ConversationView } from "../model.ts"
import { askHotline } from "./ask-hotline.ts"

/** Says exactly what goes, what stays with others, and that nobody can bring it back. */
export function DeleteQuestion(props: {
  readonly isOpen: boolean
  readonly id: string
  readonly view: ConversationView
  readonly onCancel: () => void
  readonly onDeleted: () => void
}) {
  const { say } = useSpeech()
  const { items, thread } = props.view
  const [error, setError] = useState<AskError | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const messages = items.filter(({ kind }) => kind === "message").length
  const replies = items.filter(({ kind }) => kind === "reply").length
  const erase = async () => {
    setIsBusy(true)
    const answer = await askHotline("hotline/delete", { id: props.id })
    setIsBusy(false)
    setError(answer.ok ? null : answer.error)
    if (answer.ok) props.onDeleted()
  }
  return (
    <Confirm
      isOpen={props.isOpen}
      title={say("delete.title", { label: thread.label })}
      cancel={say("cancel")}
      confirm={say("delete.do")}
      isGrave
      isBusy={isBusy}
      onCancel={props.onCancel}
      onConfirm={() => void erase()}
    >
      <ul className="bullets">
        <li>
          {say("delete.messages", { count: messages })}, {say("delete.replies", { count: replies })}:{" "}
          {say("delete.here")}
        </li>
        <li>{say("delete.colleagues")}</li>
        <li>{say("delete.board")}</li>
        <li>{say("delete.later")}</li>
        <li>{say("delete.stays")}</li>
      </ul>
      <p>
        <strong>{say("delete.final")}</strong>
      </p>
      <ProblemNote error={error} />
    </Confirm>
  )
}
