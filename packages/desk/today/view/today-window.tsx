import type { ReactNode } from "react"
import { Button } from "react-aria-components"
import { ask } from "../../view/ask.ts"
import { useDesk, useTimes } from "../../view/desk-context.ts"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { placeName } from "../../view/place-names.ts"
import { useAnswer } from "../../view/use-answer.ts"
import { useSpeech } from "../../view/words.ts"
import type { TodayItem, TodayView } from "../model.ts"
import { ClosedPanel } from "./closed-panel.tsx"
import { Health } from "./health.tsx"

/** More unanswered conversations than this stand in the queue only. */
const MOST_UNANSWERED = 8

export function TodayWindow() {
  const { say } = useSpeech()
  const { answer, again } = useAnswer<TodayView>("today", {}, 5)
  if (!answer) return <p className="quiet">{say("loading")}</p>
  if (!answer.ok) return <ProblemNote error={answer.error} />
  const view = answer.value
  const unanswered = view.items.filter(({ kind }) => kind === "unanswered")
  const folded = new Set(unanswered.slice(MOST_UNANSWERED))
  const shown = view.items.filter((item) => !folded.has(item))
  const foldedUrgency = [...folded].some(({ urgency }) => urgency === "now") ? "now" : "soon"
  return (
    <div className="window">
      <div className="window-head">
        <h1>{say("today")}</h1>
        <Button className="button" onPress={() => void ask("sync").then(again)}>
          {say("today.sync")}
        </Button>
      </div>
      {view.closed && <ClosedPanel closed={view.closed} />}
      {view.progress && (
        <p role="status" className="note">
          {say("today.progress", view.progress)}{" "}
          <progress value={view.progress.read} max={view.progress.head} />
        </p>
      )}
      {view.items.length === 0 ? (
        <p className="empty">{say(view.closed ? "closed.nothingElse" : "today.empty")}</p>
      ) : (
        <ul className="today-list">
          {shown.map((item) => (
            <li
              key={`${item.kind} ${"id" in item ? item.id : ""}${"relay" in item ? item.relay : ""}`}
              data-urgency={item.urgency}
            >
              <span className="tag" data-urgency={item.urgency}>
                {say(`urgency.${item.urgency}`)}
              </span>
              <Line item={item} />
            </li>
          ))}
          {folded.size > 0 && (
            <li data-urgency={foldedUrgency}>
              <span className="tag" data-urgency={foldedUrgency}>
                {say(`urgency.${foldedUrgency}`)}
              </span>
              <p>
                <a href="#/hotline">{say("today.moreUnanswered", { count: folded.size })}</a>
              </p>
            </li>
          )}
        </ul>
      )}
      <p>
        <a href="#/help/detained">{say("help.detained")}</a>
      </p>
      <Outside view={view} />
      <Health health={view.health} />
    </div>
  )
}

function Line({ item }: { readonly item: TodayItem }): ReactNode {
  const { say, sayOr } = useSpeech()
  const times = useTimes()
  const { go } = useDesk()
  const linkedTo = (text: string, window: string, id = "") => (
    <a
      href={id === "" ? `#/${window}` : `#/${window}/${placeName(id)}`}
      onClick={(event) => {
        event.preventDefault()
        go(window, id)
      }}
    >
      {text}
    </a>
  )
  const linked = (text: string, id: string) => linkedTo(text, "warnings", id)
  const toHotline = (text: string) => (
    <p>
      {text} {linkedTo(say("today.toHotline"), "hotline")}
    </p>
  )
  switch (item.kind) {
    case "sign":
      return <p>{linked(say("today.sign", { headline: item.headline }), item.id)}</p>
    case "not-out-yet":
      return <p>{linked(say("today.notOutYet", { headline: item.headline }), item.id)}</p>
    case "expiring":
      return (
        <p>
          {linked(
            say("today.expiring", { headline: item.headline, away: times.away(item.expires) }),
            item.id,
          )}
        </p>
      )
    case "delegations-end":
      return <p>{say("today.delegationsEnd", { count: item.days, day: times.day(item.ends) })}</p>
    case "charter-ends":
      return <p>{say("today.charterEnds", { count: item.days, day: times.day(item.ends) })}</p>
    case "receipt-due":
      return (
        <p>
          {item.last === null
            ? say("today.receiptNever")
            : say("today.receiptDue", { away: times.ago(item.last) })}
        </p>
      )
    case "edition-stale":
      return <p>{say("today.editionStale", { away: times.ago(item.issued) })}</p>
    case "no-edition":
      return <p>{say("today.noEdition")}</p>
    case "relay-down":
      return (
        <p>
          {say("today.relayDown", { relay: item.relay })}{" "}
          {item.cause === "proxy-down"
            ? linkedTo(say("cause.proxy-down"), "settings")
            : sayOr(`cause.${item.cause}`, "cause.unreachable")}{" "}
          {say("today.keptHere")}
        </p>
      )
    case "log-trouble":
      return (
        <p>
          {say("today.logTrouble", { relay: item.relay })} {sayOr(`cause.${item.cause}`, "cause.unreachable")}
        </p>
      )
    case "ring-trouble":
      return (
        <p>
          {say("today.ringTrouble", { relay: item.relay })}{" "}
          {sayOr(`cause.${item.cause}`, "cause.unreachable")}
        </p>
      )
    case "relay-behind":
      return <p>{say("today.relayBehind", { relay: item.relay })}</p>
    case "relay-lies":
      return <p>{say("today.relayLies", { relay: item.relay })}</p>
    case "not-shown":
      return <p>{say("today.notShown", { count: item.count })}</p>
    case "clock-wrong":
      return (
        <p>
          {say(
            item.by === "edition"
              ? "today.clockBehindEdition"
              : item.seconds > 0
                ? "today.clockAhead"
                : "today.clockBehind",
            { span: times.lasting(Math.abs(item.seconds)) },
          )}
        </p>
      )
    case "edition-ahead":
      return <p>{say("today.editionAhead", { span: times.lasting(item.seconds) })}</p>
    case "disk-low":
      return <p>{say("today.diskLow", { megabytes: Math.floor(item.freeBytes / 1e6) })}</p>
    case "unanswered":
      return (
        <p>
          {linkedTo(
            say(item.isMine ? "today.unansweredMine" : "today.unanswered", {
              label: item.label,
              span: times.span(item.since),
            }),
            "hotline",
            item.id,
          )}{" "}
          {item.thread !== "none" && (
            <span className="tag" data-risk={item.thread}>
              {say(`threadUrgency.${item.thread}`)}
            </span>
          )}
        </p>
      )
    case "ring-filling":
      return toHotline(
        item.hours === null
          ? say("today.ringFilling", { relay: item.relay, percent: item.percent })
          : say("today.ringFillingSoon", { relay: item.relay, percent: item.percent, count: item.hours }),
      )
    case "unopened":
      return toHotline(say("today.unopened", { count: item.count }))
    case "missed-windows":
      return toHotline(say("today.missedWindows", { count: item.count }))
    case "overwritten":
      return toHotline(say("today.overwritten", { relay: item.relay, count: item.count }))
    case "notes-lost":
      return toHotline(say("today.notesLost", { count: item.count }))
    case "not-receiving":
      return toHotline(say("today.notReceiving"))
    case "keys-ending":
      return toHotline(say("today.keysEnding", { count: item.hours }))
    case "swap":
      return <p>{say("today.swap")}</p>
    case "cannot-acknowledge":
      return toHotline(say("today.cannotAcknowledge"))
  }
}

/** What the public is served, as this desk sees it. */
function Outside({ view }: { readonly view: TodayView }) {
  const { say } = useSpeech()
  const times = useTimes()
  return (
    <section className="outside" aria-labelledby="outside">
      <h2 id="outside">{say("outside")}</h2>
      <dl>
        <div>
          <dt>{say("outside.edition")}</dt>
          <dd>
            {view.edition
              ? say("outside.editionIs", {
                  number: `${view.edition.term}.${view.edition.number}`,
                  away: times.ago(view.edition.issued),
                })
              : say("outside.none")}
          </dd>
        </div>
        {view.relays.map(({ name, state, served }) => (
          <div key={name}>
            <dt>{say("outside.relay", { relay: name })}</dt>
            <dd data-state={state}>
              {say(`relay.${state}`)}
              {state === "behind" && served && (
                <>
                  {": "}
                  {say("outside.editionIs", {
                    number: `${served.term}.${served.number}`,
                    away: times.ago(served.issued),
                  })}
                  {view.edition && served.issued < view.edition.issued && (
                    <> {say("outside.lag", { span: times.lasting(view.edition.issued - served.issued) })}</>
                  )}
                </>
              )}
            </dd>
          </div>
        ))}
        <div>
          <dt>{say("outside.outbox")}</dt>
          <dd>
            {view.waitingToLeave === 0
              ? say("outside.outboxEmpty")
              : say("outside.outboxHolds", { count: view.waitingToLeave })}
          </dd>
        </div>
      </dl>
    </section>
  )
}
