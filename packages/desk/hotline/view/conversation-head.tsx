import { type RefObject, useState } from "react"
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components"
import { useSpeech } from "../../view/words.ts"
import type { ConversationView, QueueView, ThreadStateName } from "../model.ts"
import { DeleteQuestion } from "./delete-question.tsx"
import { HandOverQuestion } from "./hand-over-question.tsx"
import { Holder, Standing } from "./thread-row.tsx"
import type { Undoing } from "./use-undo.ts"

/** Whose conversation it is, how it stands, and what can be done with it as a whole. */
export function ConversationHead(props: {
  readonly id: string
  readonly view: ConversationView
  readonly me: string
  readonly officers: QueueView["officers"]
  readonly heading: RefObject<HTMLHeadingElement | null>
  readonly undo: Undoing
  readonly onChanged: () => void
  readonly onDeleted: () => void
}) {
  const { say } = useSpeech()
  const { id, view, me, undo, onChanged } = props
  const { thread } = view
  const [question, setQuestion] = useState<"hand-over" | "delete" | null>(null)

  const assign = async (to: string) => {
    const said =
      to === me
        ? say("toast.taken")
        : to === ""
          ? say("toast.putBack")
          : say("toast.handedOver", { officer: to })
    await undo.act("hotline/assign", { id, to }, (before) => ({ id, to: before }), `${thread.label}: ${said}`)
    onChanged()
  }
  const move = async (state: ThreadStateName) => {
    const said = `${thread.label}: ${say(`toast.state.${state}`)}`
    const seen = thread.messages
    await undo.act("hotline/state", { id, state, seen }, (before) => ({ id, state: before, seen }), said)
    onChanged()
  }
  return (
    <header className="conversation-head">
      <div>
        <h2 ref={props.heading} tabIndex={-1}>
          {thread.label}
        </h2>
        <p className="conversation-state">
          {thread.state !== "open" && (
            <>
              <b>{say(`state.${thread.state}`)}</b> ·{" "}
            </>
          )}
          {(thread.state === "open" || thread.wroteAgain !== null) && (
            <>
              <Standing thread={thread} /> ·{" "}
            </>
          )}
          <Holder thread={thread} />
          {thread.state === "open" && thread.wroteAgain !== null && <> · {say("thread.reopened")}</>}
          {thread.urgency !== "none" && (
            <>
              {" "}
              <span className="tag" data-risk={thread.urgency}>
                {say(`threadUrgency.${thread.urgency}`)}
              </span>
            </>
          )}
        </p>
      </div>
      <div className="tools">
        {!thread.isMine && thread.state === "open" && (
          <Button className="button" onPress={() => void assign(me)}>
            {say("thread.take")}
          </Button>
        )}
        <Button className="button" onPress={() => setQuestion("hand-over")}>
          {say("handOver")}
        </Button>
        <Button className="button" onPress={() => void move(thread.state === "open" ? "closed" : "open")}>
          {say(thread.state === "open" ? "thread.close" : "thread.reopen")}
        </Button>
        <MenuTrigger>
          <Button className="button">
            {say("thread.more")} <span aria-hidden="true">▾</span>
          </Button>
          <Popover className="choice-list menu" placement="bottom end">
            <Menu
              aria-label={say("thread.more")}
              onAction={(key) => (key === "delete" ? setQuestion("delete") : void move("spam"))}
              disabledKeys={thread.state === "spam" && thread.wroteAgain === null ? ["spam"] : []}
            >
              <MenuItem id="spam">{say("thread.spam")}</MenuItem>
              <MenuItem id="delete" className="grave-item">
                {say("delete")}
              </MenuItem>
            </Menu>
          </Popover>
        </MenuTrigger>
      </div>
      <HandOverQuestion
        isOpen={question === "hand-over"}
        id={id}
        me={me}
        officers={props.officers}
        assignee={thread.assignee}
        onCancel={() => setQuestion(null)}
        onAssign={(officer) => {
          setQuestion(null)
          void assign(officer)
        }}
      />
      <DeleteQuestion
        isOpen={question === "delete"}
        id={id}
        view={view}
        onCancel={() => setQuestion(null)}
        onDeleted={props.onDeleted}
      />
    </header>
  )
}
