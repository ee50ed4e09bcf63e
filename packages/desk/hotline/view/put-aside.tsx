import { useState } from "react"
import { useTimes } from "../../view/desk-context.ts"
import { useAnswer } from "../../view/use-answer.ts"
import { useSpeech } from "../../view/words.ts"
import type { ThreadSummary } from "../model.ts"
import type { AnswerOf } from "./ask-hotline.ts"

/** What was too much for its day, folded: asked for only when somebody wants to see it. */
export function PutAside({ thread }: { readonly thread: ThreadSummary }) {
  const { say } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="put-aside" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say("message.putAside", { count: thread.putAside })}</summary>
      <p>{say("message.putAsideHow")}</p>
      {isOpen && <Texts id={thread.id} />}
    </details>
  )
}

function Texts({ id }: { readonly id: string }) {
  const { say } = useSpeech()
  const times = useTimes()
  const { answer } = useAnswer<AnswerOf<"hotline/aside">>("hotline/aside", { id }, 30)
  if (!answer?.ok) return null
  const { messages, lost } = answer.value
  return (
    <>
      {lost > 0 && <p>{say("message.putAsideLost", { count: lost })}</p>}
      <ol className="items">
        {messages.map((one) => (
          <li key={one.id}>
            {say("message.opened", { time: times.time(one.opened) })}
            <p className="pre" dir="auto">
              {one.text}
            </p>
          </li>
        ))}
      </ol>
    </>
  )
}
