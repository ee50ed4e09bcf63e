import { useState } from "react"
import { Button } from "react-aria-components"
import { type AskError, ask } from "../../view/ask.ts"
import { useTimes } from "../../view/desk-context.ts"
import { Confirm } from "../../view/parts/confirm.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"
import { difference } from "../difference.ts"
import type { ShownWarning, WarningDetail } from "../model.ts"
import { PhoneFrame } from "./phone-frame.tsx"
import { ShownWarningView } from "./shown-warning-view.tsx"
import { SignQuestion } from "./sign-question.tsx"

/** What a colleague has signed and waits for the second signature. */
export function WaitingView(props: {
  readonly detail: WarningDetail & { readonly kind: "waiting" }
  readonly onChanged: () => void
}) {
  const { say } = useSpeech()
  const { detail, onChanged } = props
  const [question, setQuestion] = useState<"sign" | "discard" | null>(null)
  const [error, setError] = useState<AskError | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const send = (path: string, body: object) => {
    setIsBusy(true)
    void ask(path, body).then((answer) => {
      setIsBusy(false)
      setQuestion(null)
      setError(answer.ok ? null : answer.error)
      onChanged()
    })
  }
  return (
    <div className="with-phone">
      <div>
        <h2>{say(detail.mine ? "waiting.titleMine" : "waiting.title")}</h2>
        <p>
          {say("waiting.signatures", { have: detail.shown.signatures, need: detail.shown.signaturesNeeded })}
        </p>
        <ProblemNote error={error ?? (detail.problem ? { kind: detail.problem } : null)} />
        <ShownWarningView shown={detail.shown} />
        {detail.earlier && <Changes before={detail.earlier} after={detail.shown} />}
        {detail.note !== "" && (
          <section>
            <h3>{say("note")}</h3>
            <p className="pre">{detail.note}</p>
          </section>
        )}
        <div className="actions">
          <Button className="button" onPress={() => setQuestion("discard")}>
            {say("draft.discard")}
          </Button>
          <Button className="button" onPress={() => send("drafts/reopen", { id: detail.id })}>
            {say("waiting.reopen")}
          </Button>
          {detail.mine && detail.problem === null && (
            <Button className="button primary" onPress={() => setQuestion("sign")}>
              {say("waiting.sign")}
            </Button>
          )}
        </div>
      </div>
      <PhoneFrame id={detail.id} version={detail.shown.digest} />
      <SignQuestion
        shown={question === "sign" ? detail.shown : null}
        isLast
        isBusy={isBusy}
        onCancel={() => setQuestion(null)}
        onSign={() => send("waiting/sign", { id: detail.id, digest: detail.shown.digest })}
      />
      <Confirm
        isOpen={question === "discard"}
        title={say("draft.discardTitle")}
        cancel={say("cancel")}
        confirm={say("draft.discardDo")}
        isGrave
        isBusy={isBusy}
        onCancel={() => setQuestion(null)}
        onConfirm={() => send("drafts/discard", { id: detail.id })}
      >
        <p>{say("draft.discardShared")}</p>
      </Confirm>
    </div>
  )
}

/** Every word that a reader would meet, before and after, so that no field's change is missed. */
function Changes({ before, after }: { readonly before: ShownWarning; readonly after: ShownWarning }) {
  const { say } = useSpeech()
  const times = useTimes()
  const whole = (shown: ShownWarning): string => {
    const texts = [...shown.texts].sort((a, b) => (a.language < b.language ? -1 : 1))
    const responses = shown.responses.map((response) => say(`response.${response}`))
    return [
      ...texts.flatMap(({ headline, description, instruction }) => [headline, description, instruction, ""]),
      shown.areas,
      [
        say(`severity.${shown.severity}`),
        say(`urgencyScale.${shown.urgency}`),
        say(`certainty.${shown.certainty}`),
        ...responses,
      ].join(" · "),
      `${times.time(shown.effective)} – ${times.time(shown.expires)}`,
    ].join("\n")
  }
  let at = 0
  const keyed = difference(whole(before), whole(after)).map((change) => {
    at += change.text.length + 1
    return { ...change, at }
  })
  return (
    <section className="changes">
      <h3>{say("waiting.changes")}</h3>
      <p className="pre">
        {keyed.map(({ kind, text, at: key }) =>
          kind === "added" ? (
            <ins key={key}>{text}</ins>
          ) : kind === "removed" ? (
            <del key={key}>{text}</del>
          ) : (
            <span key={key}>{text}</span>
          ),
        )}
      </p>
    </section>
  )
}
