import { useTimes } from "../../view/desk-context.ts"
import { placeName } from "../../view/place-names.ts"
import { useSpeech } from "../../view/words.ts"
import type { ThreadSummary } from "../model.ts"

/** One line of the queue: who, how grave, how long, the first words. */
export function ThreadRow(props: {
  readonly thread: ThreadSummary
  readonly isCurrent: boolean
  readonly isStop: boolean
  readonly onFocus: (id: string) => void
  readonly onChosen: () => void
}) {
  const { say } = useSpeech()
  const { thread } = props
  return (
    <a
      className="thread"
      href={`#/hotline/${placeName(thread.id)}`}
      data-thread={thread.id}
      data-urgency={thread.urgency}
      aria-current={props.isCurrent ? "true" : undefined}
      tabIndex={props.isStop ? 0 : -1}
      onFocus={() => props.onFocus(thread.id)}
      onClick={props.onChosen}
    >
      <span className="thread-head">
        <strong>{thread.label}</strong>
        {thread.urgency !== "none" && (
          <span className="tag" data-risk={thread.urgency}>
            {say(`threadUrgency.${thread.urgency}`)}
          </span>
        )}
      </span>
      <span className="thread-excerpt" dir="auto">
        {thread.excerpt}
      </span>
      <span className="thread-state">
        <Standing thread={thread} /> · <Holder thread={thread} />
      </span>
    </a>
  )
}

/** How long somebody has waited; or when they were last answered. */
export function Standing({ thread }: { readonly thread: ThreadSummary }) {
  const { say } = useSpeech()
  const times = useTimes()
  if (thread.unansweredSince !== null)
    return <b className="waits">{say("thread.unanswered", { span: times.span(thread.unansweredSince) })}</b>
  // Of spam nothing is unanswered; that it goes on is said, since whoever set it aside may have erred.
  if (thread.wroteAgain !== null && thread.state === "spam")
    return <b>{say("thread.wroteAgain", { away: times.ago(thread.wroteAgain) })}</b>
  if (thread.lastReply !== null) return say("thread.answered", { away: times.ago(thread.lastReply) })
  return say("thread.quiet")
}

export function Holder({ thread }: { readonly thread: ThreadSummary }) {
  const { say } = useSpeech()
  if (thread.isMine) return say("thread.mine")
  return thread.assignee === "" ? say("thread.nobody") : say("thread.has", { officer: thread.assignee })
}
