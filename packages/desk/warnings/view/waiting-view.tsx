import { useState } from "react"
import { Button } from "react-aria-components"
import { type AskError, ask } from "../../view/ask.ts"
import { Confirm } from "../../view/parts/confirm.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"
import type { TextChange, WarningDetail } from "../model.ts"
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
        {detail.changes && <Changes changes={detail.changes} />}
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

function Changes({ changes }: { readonly changes: readonly TextChange[] }) {
  const { say } = useSpeech()
  let at = 0
  const keyed = changes.map((change) => {
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
