import { useTimes } from "../../view/desk-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { ShownWarning } from "../model.ts"

/** A warning in full, as it is or would be signed. */
export function ShownWarningView({ shown }: { readonly shown: ShownWarning }) {
  const { say } = useSpeech()
  const times = useTimes()
  return (
    <div className="shown">
      {shown.warningKind === "withdrawal" && <p className="note">{say("kind.withdrawalText")}</p>}
      {shown.texts.map((text) => (
        <article key={text.language} lang={text.language} className="shown-text">
          <h3>{text.headline}</h3>
          <p>{text.description}</p>
          <p className="instruction">{text.instruction}</p>
        </article>
      ))}
      <dl className="facts">
        <div>
          <dt>{say("fact.areas")}</dt>
          <dd>{shown.areas === "" ? "–" : shown.areas}</dd>
        </div>
        <div>
          <dt>{say("fact.validity")}</dt>
          <dd>
            {times.time(shown.effective)} – {times.time(shown.expires)} ({times.zone})
          </dd>
        </div>
        <div>
          <dt>{say("fact.scales")}</dt>
          <dd>
            {[
              say(`severity.${shown.severity}`),
              say(`urgencyScale.${shown.urgency}`),
              say(`certainty.${shown.certainty}`),
            ].join(" · ")}
          </dd>
        </div>
        {shown.responses.length > 0 && (
          <div>
            <dt>{say("fact.responses")}</dt>
            <dd>{shown.responses.map((response) => say(`response.${response}`)).join(" · ")}</dd>
          </div>
        )}
      </dl>
    </div>
  )
}
