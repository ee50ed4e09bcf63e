import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { Button } from "react-aria-components"
import { useSpeech } from "../../view/words.ts"
import type { ThreadSummary } from "../model.ts"
import { ThreadRow } from "./thread-row.tsx"

/** Rows drawn at first, and with each step further down: a queue of hundreds stays quick and can be left by Tab. */
const PAGE = 50

/**
 * A list of links with one stop of the Tab key: the arrows, j and k, Home and End go along it, Enter opens. The
 * letters work only while the focus is in the list (WCAG 2.1.4).
 */
export function ThreadList(props: {
  readonly threads: readonly ThreadSummary[]
  readonly current: string
  /** Whether unanswered ones stand apart: not among closed ones and spam. */
  readonly isGrouped: boolean
  readonly onChosen: () => void
}) {
  const { say } = useSpeech()
  const { threads, current, onChosen } = props
  const [drawn, setDrawn] = useState(PAGE)
  /** Where the Tab key enters; by id, since the order changes while one works. */
  const [stop, setStop] = useState("")
  const wanted = useRef<string | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const shown = threads.slice(0, drawn)
  const entry = [stop, current].find((id) => shown.some((thread) => thread.id === id)) ?? shown[0]?.id

  useEffect(() => {
    if (wanted.current === null) return
    place.current?.querySelector<HTMLElement>(`[data-thread="${wanted.current}"]`)?.focus()
    wanted.current = null
  })

  const goTo = (index: number) => {
    const at = Math.max(0, Math.min(threads.length - 1, index))
    const thread = threads[at]
    if (!thread) return
    if (at >= drawn) setDrawn(at + PAGE)
    wanted.current = thread.id
    setStop(thread.id)
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.target instanceof HTMLElement)) return
    const from = threads.findIndex(({ id }) => id === (event.target as HTMLElement).dataset.thread)
    if (from < 0) return
    const to = {
      ArrowDown: from + 1,
      j: from + 1,
      ArrowUp: from - 1,
      k: from - 1,
      Home: 0,
      End: threads.length - 1,
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    goTo(to)
  }

  const groups = props.isGrouped
    ? ([
        { title: "hotline.unanswered", members: shown.filter((thread) => thread.unansweredSince !== null) },
        { title: "hotline.answered", members: shown.filter((thread) => thread.unansweredSince === null) },
      ] as const)
    : [{ title: null, members: shown }]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys act on the links within
    <div className="threads" ref={place} onKeyDown={pressed}>
      {groups.map(
        ({ title, members }) =>
          members.length > 0 && (
            <section key={title} className="group">
              {title && <h2>{say(title)}</h2>}
              <ul className="items">
                {members.map((thread) => (
                  <li key={thread.id}>
                    <ThreadRow
                      thread={thread}
                      isCurrent={thread.id === current}
                      isStop={thread.id === entry}
                      onFocus={setStop}
                      onChosen={onChosen}
                    />
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
      {threads.length > shown.length && (
        <Button className="button" onPress={() => goTo(drawn)}>
          {say("hotline.more", { count: threads.length - shown.length })}
        </Button>
      )}
      <p className="hint keys-hint">{say("hotline.keys")}</p>
    </div>
  )
}
