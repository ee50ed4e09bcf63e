import { useState } from "react"
import { ToggleButton, ToggleButtonGroup } from "react-aria-components"
import { Field } from "../../view/parts/field.tsx"
import { useToday } from "../../view/today-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { QueueView } from "../model.ts"
import { CatchingUp, MissedWindows } from "./catching-up.tsx"
import { ExportButton } from "./export-button.tsx"
import { FILTERS, type Filter, filtered, passes } from "./queue-filter.ts"
import { ThreadList } from "./thread-list.tsx"

/** With more than this many, the list can be searched. */
const MANY = 8

export function QueuePane(props: {
  readonly view: QueueView
  readonly current: string
  readonly onChosen: () => void
}) {
  const { say } = useSpeech()
  const { view } = props
  const closed = useToday()?.closed ?? null
  const [filter, setFilter] = useState<Filter>("all")
  const [search, setSearch] = useState("")
  const shown = filtered(view.threads, filter, search)
  const count = (one: Filter): number => view.threads.filter((thread) => passes(thread, one)).length
  const newSpam = view.threads.filter(
    ({ state, wroteAgain }) => state === "spam" && wroteAgain !== null,
  ).length
  return (
    <>
      <CatchingUp unopened={view.unopened} />
      <MissedWindows windows={view.missedWindows} />
      {closed && (
        <p className="note soon">{say(closed.since === null ? "closed.hotlineNotYet" : "closed.hotline")}</p>
      )}
      {view.receivingUntil === null && !closed && <p className="note problem">{say("today.notReceiving")}</p>}
      {!view.canAcknowledge && !closed && <p className="note soon">{say("today.cannotAcknowledge")}</p>}
      {view.threads.length === 0 ? (
        closed === null && <EmptyQueue />
      ) : (
        <>
          <ToggleButtonGroup
            className="chips"
            aria-label={say("hotline.filter")}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[filter]}
            onSelectionChange={(keys) => {
              for (const key of keys) setFilter(key as Filter)
            }}
          >
            {FILTERS.map((one) => (
              <ToggleButton key={one} id={one}>
                {say(`filter.${one}`)} <span className="number">{count(one)}</span>
                {one === "spam" && newSpam > 0 && (
                  <span className="number"> {say("filter.new", { count: newSpam })}</span>
                )}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          {view.threads.length > MANY && (
            <Field label={say("hotline.search")} value={search} onChange={setSearch} />
          )}
          {shown.length === 0 ? (
            <p className="quiet">{say(search.trim() === "" ? `filterEmpty.${filter}` : "hotline.none")}</p>
          ) : (
            <ThreadList
              key={`${filter} ${search}`}
              threads={shown}
              current={props.current}
              isGrouped={filter !== "closed" && filter !== "spam"}
              onChosen={props.onChosen}
            />
          )}
          <ExportButton />
        </>
      )}
      {view.unopenable > 0 && <p className="hint">{say("hotline.unopenable", { count: view.unopenable })}</p>}
    </>
  )
}

/** What will appear here, and why nothing else could. */
function EmptyQueue() {
  const { say } = useSpeech()
  return (
    <div className="empty">
      <p>{say("hotline.empty")}</p>
      <p>{say("hotline.emptyWhy")}</p>
    </div>
  )
}
