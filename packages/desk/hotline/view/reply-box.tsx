import { type Ref, useImperativeHandle, useLayoutEffect, useRef, useState } from "react"
import { Button, Label, TextArea, TextField, type TextFieldProps } from "react-aria-components"
import type { AskError } from "../../view/ask.ts"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"
import type { ConversationItem, ConversationView } from "../model.ts"
import { askHotline } from "./ask-hotline.ts"
import { type CannedIn, CannedMenu } from "./canned-menu.tsx"
import { insertionAt } from "./insert-at.ts"
import { News } from "./news.tsx"
import { ReplyJudged, Risks } from "./reply-judged.tsx"
import { type Prepared, SendQuestion } from "./send-question.tsx"
import { type SinceOpened, sinceOpened } from "./since-opened.ts"
import { useReply } from "./use-reply.ts"

export interface ReplyHandle {
  /** Puts a text in where the caret stands, in a paragraph of its own, and leaves the caret behind it. */
  readonly insert: (text: string) => void
}

export function ReplyBox(props: {
  readonly ref: Ref<ReplyHandle>
  readonly id: string
  readonly view: ConversationView
  readonly me: string
  readonly canned: readonly CannedIn[]
  readonly seen: ReadonlySet<string>
  readonly since: SinceOpened
  /** Shows what is new since it was opened. */
  readonly onRead: () => void
  readonly onSent: (items: readonly ConversationItem[]) => void
}) {
  const { say } = useSpeech()
  const { id, view, me, canned, seen, since } = props
  const { thread } = view
  const reply = useReply(id, view.draft)
  const [prepared, setPrepared] = useState<Prepared | null>(null)
  const [error, setError] = useState<AskError | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [wasSent, setWasSent] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const isOver = view.replyUntil * 1000 <= Date.now()
  const unreviewed = canned.some(({ isReviewed, text }) => !isReviewed && reply.text.includes(text))

  useGrowth(field, reply.text)
  const insert = (text: string) => {
    const area = field.current
    if (!area) return
    const { piece, start, end } = insertionAt(area.value, area.selectionStart, area.selectionEnd, text)
    area.focus()
    area.setSelectionRange(start, end)
    // Deprecated, but the only way that leaves the browser's own undo of typing whole.
    if (!document.execCommand("insertText", false, piece))
      reply.change(area.value.slice(0, start) + piece + area.value.slice(end))
  }
  useImperativeHandle(props.ref, () => ({ insert }))

  /** Everything is looked at anew, so that the question speaks of this moment. */
  const prepare = async () => {
    if (reply.text.trim() === "" || isBusy) return
    setIsBusy(true)
    setWasSent(false)
    const { text } = reply
    const [, check, now] = await Promise.all([
      reply.flush(),
      askHotline("hotline/check", { id, text }),
      askHotline("hotline/open", { id }),
    ])
    setIsBusy(false)
    if (!check.ok) return setError(check.error)
    if (!now.ok) return setError(now.error)
    if (!now.value) return setError({ kind: "no-such-thread" })
    setError(null)
    if (check.value.over > 0) return undefined
    setPrepared({
      text,
      check: check.value,
      until: now.value.replyUntil,
      holder: now.value.thread.isMine ? "" : now.value.thread.assignee,
      since: sinceOpened(seen, now.value.items, me),
    })
    return undefined
  }
  const send = async () => {
    if (!prepared) return
    setIsBusy(true)
    const answer = await askHotline("hotline/reply", { id, text: prepared.text })
    setIsBusy(false)
    setPrepared(null)
    if (!answer.ok) return setError(answer.error)
    reply.clear()
    setWasSent(true)
    const now = await askHotline("hotline/open", { id })
    props.onSent(now.ok && now.value ? now.value.items : view.items)
    return undefined
  }
  const pressed: NonNullable<TextFieldProps["onKeyDown"]> = (event) => {
    // Escape, too, means something above.
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return event.continuePropagation()
    event.preventDefault()
    void prepare()
  }

  return (
    <form className="reply" onSubmit={(event) => event.preventDefault()}>
      <div role="status" className="reply-news">
        {!thread.isMine && thread.assignee !== "" && thread.state === "open" && (
          <p className="note soon">{say("reply.theirs", { officer: thread.assignee })}</p>
        )}
        {since.first !== null && (
          <p className="note soon">
            <span>
              <News since={since} />
            </span>{" "}
            <Button className="button small" onPress={props.onRead}>
              {say("reply.readNews")}
            </Button>
          </p>
        )}
        {isOver && <p className="note soon">{say("reply.over")}</p>}
      </div>
      <TextField className="field" value={reply.text} onChange={reply.change} onKeyDown={pressed}>
        <Label>{say("reply")}</Label>
        <TextArea
          ref={field}
          rows={3}
          lang={view.language}
          spellCheck={false}
          autoComplete="off"
          dir="auto"
        />
      </TextField>
      <ProblemNote error={error ?? reply.error} />
      <ReplyJudged check={reply.check} until={isOver ? null : view.replyUntil} />
      <Risks risks={reply.check?.risks ?? []} />
      {unreviewed && <p className="note soon">{say("canned.unreviewedIn")}</p>}
      <div className="reply-actions">
        <CannedMenu texts={canned} language={view.language} onInsert={insert} />
        <p role="status" className={reply.state === "failed" ? "save-state failed" : "save-state"}>
          {wasSent && reply.text === "" ? say("reply.sent") : reply.text !== "" && say(`save.${reply.state}`)}
        </p>
        <Button
          className="button primary"
          aria-keyshortcuts="Control+Enter"
          isDisabled={reply.text.trim() === "" || isBusy || (reply.check?.over ?? 0) > 0}
          onPress={() => void prepare()}
        >
          {say("reply.send")} <kbd>{say("reply.key")}</kbd>
        </Button>
      </div>
      <SendQuestion
        prepared={prepared}
        isBusy={isBusy}
        onCancel={() => setPrepared(null)}
        onSend={() => void send()}
      />
    </form>
  )
}

/** The field grows with its text; its style's own limits hold. */
function useGrowth(field: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text is the reason to measure
  useLayoutEffect(() => {
    const area = field.current
    if (!area) return
    area.style.height = "auto"
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`
  }, [field, text])
}
