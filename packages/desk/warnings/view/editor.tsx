import { useState } from "react"
import { Button, Label, Radio, RadioGroup } from "react-aria-components"
import { type AskError, ask } from "../../view/ask.ts"
import { useDesk } from "../../view/desk-context.ts"
import { Confirm } from "../../view/parts/confirm.tsx"
import { Field } from "../../view/parts/field.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"
import type { ShownWarning, WarningDetail } from "../model.ts"
import { AreaFields } from "./area-fields.tsx"
import { PhoneFrame } from "./phone-frame.tsx"
import { problemText } from "./problem-text.ts"
import { ShownWarningView } from "./shown-warning-view.tsx"
import { SignQuestion } from "./sign-question.tsx"
import { BlockLengths, FreeText } from "./text-fields.tsx"
import { TimeFields } from "./time-fields.tsx"
import { useDraft } from "./use-draft.ts"
import { WordingField } from "./wording-field.tsx"

export function Editor(props: {
  readonly detail: WarningDetail & { readonly kind: "draft" }
  readonly onChanged: () => void
}) {
  const speech = useSpeech()
  const { say } = speech
  const { go, context } = useDesk()
  const { id, replaces } = props.detail
  const draft = useDraft(id, props.detail.form, props.detail.check)
  const { form, check } = draft
  const [prepared, setPrepared] = useState<ShownWarning | null>(null)
  const [asksDiscard, setAsksDiscard] = useState(false)
  const [error, setError] = useState<AskError | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  /** Problems are told from the first try on; a new, empty form is not scolded. */
  const [wasTried, setWasTried] = useState(false)
  const problems = check.problems.filter(
    ({ kind }) => wasTried || kind === "block-too-long" || kind === "field-too-long",
  )
  const isWithdrawal = form.kind === "withdrawal"

  const prepare = async () => {
    setWasTried(true)
    setIsBusy(true)
    if (await draft.flush()) {
      const answer = await ask<ShownWarning>("drafts/prepare", { id })
      if (answer.ok) setPrepared(answer.value)
      setError(answer.ok || answer.error.kind === "not-ready" ? null : answer.error)
    }
    setIsBusy(false)
  }
  const sign = async () => {
    if (!prepared) return
    setIsBusy(true)
    const answer = await ask<"published" | "waiting">("drafts/sign", { id, digest: prepared.digest })
    setIsBusy(false)
    setPrepared(null)
    if (!answer.ok) return setError(answer.error)
    props.onChanged()
    if (answer.value === "published") go("warnings")
    return undefined
  }
  const discard = async () => {
    const answer = await ask("drafts/discard", { id })
    setAsksDiscard(false)
    if (!answer.ok) return setError(answer.error)
    props.onChanged()
    go("warnings")
    return undefined
  }

  return (
    <div className="with-phone">
      <form className="editor" onSubmit={(event) => event.preventDefault()}>
        <div className="window-head">
          <h2>{say(isWithdrawal ? "draft.withdrawal" : replaces ? "draft.update" : "draft.title")}</h2>
          <div className="tools">
            <Button className="button small" isDisabled={draft.undo === null} onPress={() => draft.undo?.()}>
              {say("undo")}
            </Button>
            <Button className="button small" isDisabled={draft.redo === null} onPress={() => draft.redo?.()}>
              {say("redo")}
            </Button>
          </div>
        </div>
        <p role="status" className={draft.state === "failed" ? "save-state failed" : "save-state"}>
          {say(`save.${draft.state}`)}
        </p>
        <ProblemNote error={draft.error} />
        {replaces && (
          <details className="replaced">
            <summary>{say("draft.replaces")}</summary>
            <ShownWarningView shown={replaces} />
          </details>
        )}
        {!isWithdrawal && context.wordings.length > 0 && (
          <RadioGroup
            className="field kinds"
            value={form.kind}
            onChange={(kind) => draft.change({ kind: kind === "free" ? "free" : "approved" })}
          >
            <Label>{say("kind")}</Label>
            <Radio value="approved">{say("kind.approved")}</Radio>
            <Radio value="free">{say("kind.free")}</Radio>
          </RadioGroup>
        )}
        {isWithdrawal && <p className="note">{say("kind.withdrawalText")}</p>}
        {form.kind === "approved" && <WordingField draft={draft} problems={problems} />}
        {!isWithdrawal && <AreaFields draft={draft} problems={problems} />}
        {!isWithdrawal && <TimeFields draft={draft} problems={problems} />}
        {form.kind === "free" && <FreeText draft={draft} problems={problems} />}
        <Field
          label={say("note")}
          hint={say("note.hint")}
          value={form.note}
          onChange={(note) => draft.change({ note })}
          rows={3}
        />
        <BlockLengths blocks={check.blocks} />
        <div role="alert">
          {problems.length > 0 && (
            <div className="note problem">
              <p>{say("problems", { count: problems.length })}</p>
              <ul>
                {problems.map((problem) => (
                  <li key={JSON.stringify(problem)}>{problemText(problem, speech)}</li>
                ))}
              </ul>
            </div>
          )}
        </div>
        <ProblemNote error={error} />
        <div className="actions sticky">
          <Button className="button" onPress={() => setAsksDiscard(true)}>
            {say("draft.discard")}
          </Button>
          <Button className="button primary" isDisabled={isBusy} onPress={() => void prepare()}>
            {say(check.shown.signaturesNeeded === 1 ? "draft.sign" : "draft.signFirst")}
          </Button>
        </div>
      </form>
      <PhoneFrame id={id} version={String(draft.version)} />
      <SignQuestion
        shown={prepared}
        isLast={check.shown.signaturesNeeded === 1}
        isBusy={isBusy}
        onCancel={() => setPrepared(null)}
        onSign={() => void sign()}
      />
      <Confirm
        isOpen={asksDiscard}
        title={say("draft.discardTitle")}
        cancel={say("cancel")}
        confirm={say("draft.discardDo")}
        isGrave
        onCancel={() => setAsksDiscard(false)}
        onConfirm={() => void discard()}
      >
        <p>{say("draft.discardText")}</p>
      </Confirm>
    </div>
  )
}
