import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react"
import { useDesk } from "../../view/desk-context.ts"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useToday } from "../../view/today-context.ts"
import { useAnswer } from "../../view/use-answer.ts"
import { useSpeech } from "../../view/words.ts"
import type { ConversationView, QueueView } from "../model.ts"
import type { AnswerOf } from "./ask-hotline.ts"
import { useCanned } from "./canned-menu.tsx"
import { ConversationHead } from "./conversation-head.tsx"
import { ConversationItems } from "./conversation-items.tsx"
import { ReplyBox, type ReplyHandle } from "./reply-box.tsx"
import { SidePanel } from "./side-panel.tsx"
import { seenKeys, sinceOpened } from "./since-opened.ts"
import type { Undoing } from "./use-undo.ts"

/** The ready text that offers one: ../replies/canned-texts.ts. */
const CHECK_QUESTION = "check-question"

interface ConversationProps {
  readonly id: string
  readonly officers: QueueView["officers"]
  /** Each choice in the queue, the same conversation's again too, brings the focus here. */
  readonly choices: number
  readonly undo: Undoing
  readonly onChanged: () => void
  /** Back to the queue, by Escape. */
  readonly onLeave: () => void
}

export function Conversation(props: ConversationProps) {
  const { say } = useSpeech()
  const { id } = props
  const { answer, again } = useAnswer<AnswerOf<"hotline/open">>("hotline/open", { id }, 4)
  const isGone = answer?.ok === true && answer.value === null
  const { onChanged } = props
  // A colleague has deleted it: its first words go from the queue at once, too.
  useEffect(() => {
    if (isGone) onChanged()
  }, [isGone, onChanged])
  return (
    <section className="conversation" aria-label={say("hotline.conversation")}>
      <a className="way-back" href="#/hotline">
        ← {say("hotline.back")}
      </a>
      {!answer && <p className="quiet">{say("loading")}</p>}
      {answer && !answer.ok && <ProblemNote error={answer.error} />}
      {isGone && <p className="quiet choose">{say("hotline.gone")}</p>}
      {answer?.ok && answer.value && <OpenConversation {...props} view={answer.value} again={again} />}
    </section>
  )
}

function OpenConversation(
  props: ConversationProps & { readonly view: ConversationView; readonly again: () => void },
) {
  const { context, go } = useDesk()
  const { say } = useSpeech()
  const isClosed = useToday()?.closed?.since != null
  const { id, view, again, onChanged, undo } = props
  const me = props.officers.find(({ isMe }) => isMe)?.label ?? context.label
  /** What was there when it was opened, or last looked at on purpose. */
  const [seen, setSeen] = useState(() => seenKeys(view.items))
  const since = sinceOpened(seen, view.items, me)
  const canned = useCanned(view.language)
  const reply = useRef<ReplyHandle>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const place = useRef<HTMLDivElement>(null)

  const { choices } = props
  useEffect(() => {
    if (choices > 0) heading.current?.focus()
  }, [choices])
  // The taking back of a step is an answer, too: look again when the offer goes.
  const { said } = undo
  // biome-ignore lint/correctness/useExhaustiveDependencies: the offer's end is the reason to ask
  useEffect(again, [said, again])

  const changed = useCallback(() => {
    again()
    onChanged()
  }, [again, onChanged])
  const read = () => {
    place.current?.querySelector<HTMLElement>(`[data-item="${since.first}"]`)?.focus()
    setSeen(seenKeys(view.items))
  }
  const pressed = (event: KeyboardEvent<HTMLElement>) => {
    // A dialog's Escape comes by here, too, though it stands elsewhere in the document.
    const isOurs = event.target instanceof Node && event.currentTarget.contains(event.target)
    if (event.key === "Escape" && isOurs) props.onLeave()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leads back from whatever is focused within
    <div className="conversation-grid" ref={place} onKeyDown={pressed}>
      <ConversationHead
        id={id}
        view={view}
        me={me}
        officers={props.officers}
        heading={heading}
        undo={undo}
        onChanged={changed}
        onDeleted={() => {
          onChanged()
          go("hotline")
          props.onLeave()
        }}
      />
      <SidePanel
        id={id}
        view={view}
        undo={undo}
        offer={
          canned.find((text) => text.id === CHECK_QUESTION && text.language === view.language)?.text ?? null
        }
        onChanged={changed}
        onInsert={(text) => reply.current?.insert(text)}
      />
      <ConversationItems view={view} onUseAgain={(text) => reply.current?.insert(text)} />
      {isClosed ? (
        <p className="note soon">{say("closed.reply")}</p>
      ) : (
        <ReplyBox
          ref={reply}
          id={id}
          view={view}
          me={me}
          canned={canned}
          seen={seen}
          since={since}
          onRead={read}
          onSent={(items) => {
            setSeen(seenKeys(items))
            changed()
          }}
        />
      )}
    </div>
  )
}
