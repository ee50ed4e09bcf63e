import { Button } from "react-aria-components"
import { useTimes } from "../../view/desk-context.ts"
import { useToday } from "../../view/today-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { WarningDetail } from "../model.ts"
import { ForwardPanel } from "./forward-panel.tsx"
import { ShownWarningView } from "./shown-warning-view.tsx"

export function SignedView(props: {
  readonly detail: WarningDetail & { readonly kind: "signed" }
  readonly onStart: (start: object) => void
}) {
  const { say } = useSpeech()
  const { detail } = props
  const closed = useToday()?.closed ?? null
  const stands = detail.outcome === "stands" && detail.phase !== "expired"
  return (
    <div className="signed">
      <h2>{say("signed.title")}</h2>
      <p className="note" role="status">
        <Standing detail={detail} />
      </p>
      <ShownWarningView shown={detail.shown} />
      {detail.endedBy && (
        <section>
          <h3>{say(`outcome.${detail.outcome}`)}</h3>
          <ShownWarningView shown={detail.endedBy} />
        </section>
      )}
      {detail.note !== "" && (
        <section>
          <h3>{say("note")}</h3>
          <p className="pre">{detail.note}</p>
        </section>
      )}
      {stands && (closed === null || closed.withdrawsUntil !== null) && (
        <>
          <div className="actions">
            <Button className="button" onPress={() => props.onStart({ from: "withdrawal", hash: detail.id })}>
              {say("signed.withdraw")}
            </Button>
            {!closed && (
              <Button className="button" onPress={() => props.onStart({ from: "update", hash: detail.id })}>
                {say("signed.update")}
              </Button>
            )}
          </div>
          {!closed && <p className="hint">{say("signed.allClear")}</p>}
        </>
      )}
      {(stands || detail.outcome === "cleared") && (
        <ForwardPanel id={detail.id} languages={detail.languages} />
      )}
    </div>
  )
}

function Standing({ detail }: { readonly detail: WarningDetail & { readonly kind: "signed" } }) {
  const { say } = useSpeech()
  const times = useTimes()
  const { publication } = detail
  if (detail.outcome !== "stands") return say(`outcome.${detail.outcome}`)
  if (detail.phase === "expired") return say("item.expired", { away: times.away(detail.shown.expires) })
  const validity =
    detail.phase === "scheduled" ? ` ${say("item.starts", { away: times.away(detail.shown.effective) })}` : ""
  switch (publication.kind) {
    case "waiting-to-leave":
      return say("publication.waiting") + validity
    case "handed-over":
      return (
        say("publication.handedOver", {
          count: Math.max(1, Math.ceil(publication.nextEditionInSeconds / 60)),
        }) + validity
      )
    case "on-the-page":
      return say("publication.onThePage", { number: `${publication.term}.${publication.number}` }) + validity
  }
}
