import { useCallback, useEffect, useRef } from "react"
import { Button } from "react-aria-components"
import { useTimes } from "../../view/desk-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { ConversationItem, ConversationView } from "../model.ts"
import { PutAside } from "./put-aside.tsx"
import { itemKey } from "./since-opened.ts"

/** So near to the end, new items are followed; further up somebody reads. */
const NEAR_PX = 160

/** What was written on both sides, in order; the newest is in sight first. */
export function ConversationItems(props: {
  readonly view: ConversationView
  readonly onUseAgain: (text: string) => void
}) {
  const { say } = useSpeech()
  const { items, thread } = props.view
  const place = useRef<HTMLOListElement>(null)
  const wasNear = useRef(true)
  const newest = items.at(-1)
  const newestKey = newest ? itemKey(newest) : ""
  const follow = useCallback(() => {
    const list = place.current
    if (list && wasNear.current) list.scrollTop = list.scrollHeight
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new item is the reason to scroll
  useEffect(follow, [follow, newestKey])
  // What stands below grows with the answer: the end must not go out of sight behind it.
  useEffect(() => {
    const list = place.current
    if (!list) return undefined
    const watch = new ResizeObserver(follow)
    watch.observe(list)
    return () => watch.disconnect()
  }, [follow])
  return (
    <ol
      className="said"
      ref={place}
      // A region that scrolls can be reached by keyboard.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 for what scrolls
      tabIndex={0}
      aria-label={say("hotline.said")}
      onScroll={({ currentTarget: at }) => {
        wasNear.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_PX
      }}
    >
      <li className="said-note">{say("message.openedOnly")}</li>
      {items.map((item) => (
        <li key={itemKey(item)} data-kind={item.kind} data-item={itemKey(item)} tabIndex={-1}>
          <Item item={item} view={props.view} onUseAgain={props.onUseAgain} />
        </li>
      ))}
      {thread.putAside > 0 && (
        <li className="said-note">
          <PutAside thread={thread} />
        </li>
      )}
    </ol>
  )
}

function Item(props: {
  readonly item: ConversationItem
  readonly view: ConversationView
  readonly onUseAgain: (text: string) => void
}) {
  const { say } = useSpeech()
  const times = useTimes()
  const { item, view } = props
  if (item.kind === "handed-over")
    return (
      <p className="said-note">
        {item.to === ""
          ? say("message.putBack", { by: item.by, time: times.time(item.time) })
          : item.to === item.by
            ? say("message.taken", { by: item.by, time: times.time(item.time) })
            : say("message.handedOver", { by: item.by, to: item.to, time: times.time(item.time) })}
      </p>
    )
  if (item.kind === "message")
    return (
      <article className="said-item" data-quarantined={item.isQuarantined}>
        <h3>
          {view.thread.label} <span>{say("message.opened", { time: times.time(item.opened) })}</span>
        </h3>
        {item.isQuarantined && <p className="note problem">{say("message.quarantined")}</p>}
        <p className="pre" dir="auto" lang={view.language}>
          {item.text}
        </p>
      </article>
    )
  return (
    <article className="said-item" data-side="staff">
      <h3>
        {item.by} <span>{say("message.written", { time: times.time(item.written) })}</span>
      </h3>
      <p className="pre" dir="auto" lang={view.language}>
        {item.text}
      </p>
      <p className="reply-state" data-state={item.state}>
        <span>
          {item.parts > 1 && `${say("reply.parts", { count: item.parts })} · `}
          {say(`replyState.${item.state}`, { until: times.time(item.expires) })}
        </span>
        {item.state === "gone" && (
          <Button className="button small" onPress={() => props.onUseAgain(item.text)}>
            {say("reply.useAgain")}
          </Button>
        )}
      </p>
    </article>
  )
}
