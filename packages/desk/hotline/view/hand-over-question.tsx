import { useEffect, useState } from "react"
import { Label, Radio, RadioGroup } from "react-aria-components"
import type { AskError } from "../../view/ask.ts"
import { Confirm } from "../../view/parts/confirm.tsx"
import { Field } from "../../view/parts/field.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"
import type { QueueView } from "../model.ts"
import { askHotline } from "./ask-hotline.ts"
import { MOST_LETTERS } from "./limits.ts"

const NOBODY = "nobody"

/** To a colleague, or back to everybody; with a word, which goes to the note among staff. */
export function HandOverQuestion(props: {
  readonly isOpen: boolean
  readonly id: string
  readonly me: string
  readonly officers: QueueView["officers"]
  readonly assignee: string
  readonly onCancel: () => void
  readonly onAssign: (officer: string) => void
}) {
  const { say } = useSpeech()
  const { isOpen, id, me, assignee } = props
  const colleagues = props.officers.filter((officer) => !officer.isMe && officer.label !== assignee)
  const [chosen, setChosen] = useState("")
  const [word, setWord] = useState("")
  const [error, setError] = useState<AskError | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  useEffect(() => {
    if (isOpen) return
    setChosen("")
    setWord("")
    setError(null)
  }, [isOpen])
  const to = chosen === NOBODY ? "" : chosen
  const confirm = async () => {
    setIsBusy(true)
    const failed = await leaveWord(id, word.trim(), me, to === "" ? say("handOver.everybody") : to)
    setIsBusy(false)
    setError(failed)
    if (!failed) props.onAssign(to)
  }
  return (
    <Confirm
      isOpen={isOpen}
      title={say("handOver.title")}
      cancel={say("cancel")}
      confirm={say("handOver.do")}
      isBusy={isBusy || chosen === ""}
      onCancel={props.onCancel}
      onConfirm={() => void confirm()}
    >
      <RadioGroup className="field" value={chosen} onChange={setChosen}>
        <Label>{say("handOver.to")}</Label>
        {colleagues.map(({ label }) => (
          <Radio key={label} value={label}>
            {label}
          </Radio>
        ))}
        {assignee !== "" && <Radio value={NOBODY}>{say("handOver.nobody")}</Radio>}
      </RadioGroup>
      {colleagues.length === 0 && <p className="quiet">{say("handOver.alone")}</p>}
      <Field
        label={say("handOver.word")}
        hint={say("handOver.wordHint")}
        value={word}
        onChange={setWord}
        rows={3}
      />
      <ProblemNote error={error} />
    </Confirm>
  )
}

/** Adds to the note as it is now, since a colleague may have written there meanwhile. */
async function leaveWord(id: string, word: string, me: string, to: string): Promise<AskError | null> {
  if (word === "") return null
  const now = await askHotline("hotline/open", { id })
  if (!now.ok) return now.error
  if (!now.value) return { kind: "no-such-thread" }
  const lines = [now.value.note, `${me} → ${to}: ${word}`].filter((line) => line !== "")
  const note = lines.join("\n")
  if (note.length > MOST_LETTERS.note) return { kind: "too-long" }
  const saved = await askHotline("hotline/note", { id, note })
  return saved.ok ? null : saved.error
}
