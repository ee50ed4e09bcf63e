import { useState } from "react"
import { useTimes } from "../../view/desk-context.ts"
import { Field } from "../../view/parts/field.tsx"
import { placeName } from "../../view/place-names.ts"
import { useSpeech, type WordKey } from "../../view/words.ts"
import type { WarningItem } from "../model.ts"

type Group = "mine" | "drafts" | "waiting" | "live" | "scheduled" | "ended"
const GROUPS: readonly Group[] = ["mine", "waiting", "drafts", "live", "scheduled", "ended"]
/** With more than this many, a filter appears and ended ones are folded. */
const MANY = 12

function groupOf(item: WarningItem): Group {
  if (item.kind === "draft") return "drafts"
  if (item.kind === "waiting") return item.mine ? "mine" : "waiting"
  if (item.outcome !== "stands" || item.phase === "expired") return "ended"
  return item.phase
}

export function ItemList({
  items,
  current,
}: {
  readonly items: readonly WarningItem[]
  readonly current: string
}) {
  const { say } = useSpeech()
  const [filter, setFilter] = useState("")
  if (items.length === 0) return <p className="empty">{say("warnings.empty")}</p>
  const wanted = items.filter(({ headline }) => headline.toLowerCase().includes(filter.trim().toLowerCase()))
  return (
    <>
      {items.length > MANY && <Field label={say("warnings.filter")} value={filter} onChange={setFilter} />}
      {wanted.length === 0 && <p className="quiet">{say("warnings.none")}</p>}
      {GROUPS.map((group) => {
        const members = wanted.filter((item) => groupOf(item) === group)
        if (members.length === 0) return null
        const list = (
          <ul className="items">
            {members.map((item) => (
              <li key={item.id}>
                <Item item={item} isCurrent={item.id === current} />
              </li>
            ))}
          </ul>
        )
        const title = `${say(`group.${group}`)} · ${members.length}`
        if (group === "ended" && members.length > MANY)
          return (
            <details key={group} open={filter !== ""}>
              <summary>{title}</summary>
              {list}
            </details>
          )
        return (
          <section key={group} className="group" data-group={group}>
            <h2>{title}</h2>
            {list}
          </section>
        )
      })}
    </>
  )
}

function Item({ item, isCurrent }: { readonly item: WarningItem; readonly isCurrent: boolean }) {
  const { say } = useSpeech()
  const times = useTimes()
  return (
    <a
      className="item"
      href={`#/warnings/${placeName(item.id)}`}
      aria-current={isCurrent ? "true" : undefined}
    >
      <span className="item-headline">{item.headline === "" ? say("warnings.untitled") : item.headline}</span>
      <span className="item-state">{item.areas === "" ? state() : `${state()} · ${item.areas}`}</span>
    </a>
  )

  function state(): string {
    if (item.kind !== "signed") return say("item.changed", { away: times.ago(item.changed) })
    if (item.outcome !== "stands") return say(`outcome.${item.outcome}`)
    if (item.phase === "expired") return say("item.expired", { away: times.away(item.expires) })
    const until = say("item.until", { away: times.away(item.expires) })
    return item.publication.kind === "on-the-page"
      ? until
      : `${until} · ${say(publicationKey(item.publication.kind))}`
  }
}

const publicationKey = (kind: "waiting-to-leave" | "handed-over"): WordKey =>
  kind === "handed-over" ? "publication.handedOverShort" : "publication.waitingShort"
