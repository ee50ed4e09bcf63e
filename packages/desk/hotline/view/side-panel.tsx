import { useState } from "react"
import { Button } from "react-aria-components"
import type { AskError } from "../../view/ask.ts"
import { Choice } from "../../view/parts/choice.tsx"
import { Field } from "../../view/parts/field.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { speechIn, useSpeech } from "../../view/words.ts"
import { type ConversationView, type ThreadUrgency, URGENCIES } from "../model.ts"
import { askHotline, type BodyOf } from "./ask-hotline.ts"
import { MOST_LETTERS } from "./limits.ts"
import { useSharedText } from "./use-shared-text.ts"
import type { Undoing } from "./use-undo.ts"

interface PanelProps {
  readonly id: string
  readonly view: ConversationView
  readonly onChanged: () => void
}

/** What staff know of a conversation beside its words. */
export function SidePanel(
  props: PanelProps & {
    readonly undo: Undoing
    /** The wording that offers a check question, in the person's language. */
    readonly offer: string | null
    readonly onInsert: (text: string) => void
  },
) {
  const { say } = useSpeech()
  const { id, view, undo, onChanged } = props
  const { thread } = view
  const setUrgency = async (urgency: ThreadUrgency) => {
    if (urgency === thread.urgency) return
    const said = `${thread.label}: ${say(`threadUrgency.${urgency}`)}`
    await undo.act("hotline/urgency", { id, urgency }, (before) => ({ id, urgency: before }), said)
    onChanged()
  }
  return (
    <aside className="side" aria-label={say("hotline.side")}>
      <Choice
        label={say("threadUrgency")}
        value={thread.urgency}
        options={URGENCIES.map((value) => ({ value, label: say(`threadUrgency.${value}`) }))}
        onChange={(urgency) => void setUrgency(urgency)}
      />
      <StaffNote {...props} />
      <CheckQuestion {...props} />
      <Label {...props} />
    </aside>
  )
}

/** Saves when the focus leaves it, or by its button. */
function StaffNote({ id, view, onChanged }: PanelProps) {
  const { say } = useSpeech()
  const note = useSharedText(view.note)
  const { error, save } = useSave("hotline/note", onChanged)
  const [startsOpen] = useState(hasRoom)
  const keep = () => {
    if (note.isDirty && note.theirs === null)
      void save({ id, note: note.text }).then((isSaved) => isSaved && note.saved())
  }
  return (
    <details className="side-part" open={startsOpen && view.note !== ""}>
      <summary>
        {say("staffNote")} {view.note !== "" && <span className="quiet">{firstLine(view.note)}</span>}
      </summary>
      <Field
        label={say("staffNote.field")}
        hint={say("staffNote.hint")}
        value={note.text}
        onChange={note.change}
        onBlur={keep}
        maxLength={MOST_LETTERS.note}
        rows={4}
      />
      {note.theirs !== null && (
        <div className="note" role="alert">
          <p>{say("staffNote.theirs")}</p>
          <p className="pre">{note.theirs}</p>
          <Button className="button small" onPress={note.merge}>
            {say("staffNote.merge")}
          </Button>
        </div>
      )}
      <ProblemNote error={error} />
      {note.isDirty && note.theirs === null && (
        <Button className="button small" onPress={keep}>
          {say("settings.save")}
        </Button>
      )}
    </details>
  )
}

/** Optional for the person: only for the day on which somebody may sit at their phone. */
function CheckQuestion(
  props: PanelProps & { readonly offer: string | null; readonly onInsert: (text: string) => void },
) {
  const { say } = useSpeech()
  const { id, view, offer, onChanged, onInsert } = props
  const agreed = view.checkQuestion
  const question = useSharedText(agreed?.question ?? "")
  const answer = useSharedText(agreed?.answer ?? "")
  const { error, save } = useSave("hotline/check-question", onChanged)
  const [startsOpen] = useState(hasRoom)
  /** What goes into the reply is in the person's language, not the desk's. */
  const theirs = speechIn(view.language)
  const keep = () =>
    void save({ id, question: question.text.trim(), answer: answer.text.trim() }).then((isSaved) => {
      if (!isSaved) return
      question.saved()
      answer.saved()
    })
  return (
    <details className="side-part" open={startsOpen && agreed !== null}>
      <summary>
        {say("checkQuestion")} {agreed && <span className="quiet">{firstLine(agreed.question)}</span>}
      </summary>
      {agreed === null && offer !== null && (
        <Button className="button small" onPress={() => onInsert(offer)}>
          {say("checkQuestion.insertOffer")}
        </Button>
      )}
      <Field
        label={say("checkQuestion.question")}
        rows={2}
        value={question.text}
        onChange={question.change}
        maxLength={MOST_LETTERS.question}
      />
      <Field
        label={say("checkQuestion.answer")}
        value={answer.text}
        onChange={answer.change}
        maxLength={MOST_LETTERS.question}
      />
      <ProblemNote error={error} />
      <div className="side-actions">
        {(question.isDirty || answer.isDirty) && (
          <Button className="button small" onPress={keep}>
            {say("settings.save")}
          </Button>
        )}
        {agreed !== null && !question.isDirty && (
          <Button
            className="button small"
            onPress={() => onInsert(theirs.say("checkQuestion.ask", { question: agreed.question }))}
          >
            {say("checkQuestion.insertQuestion")}
          </Button>
        )}
      </div>
      <p className="hint">{say("checkQuestion.why")}</p>
    </details>
  )
}

function Label({ id, view, onChanged }: PanelProps) {
  const { say } = useSpeech()
  const label = useSharedText(view.thread.label)
  const { error, save } = useSave("hotline/label", onChanged)
  const keep = () => void save({ id, label: label.text.trim() }).then((isSaved) => isSaved && label.saved())
  return (
    <details className="side-part">
      <summary>{say("label")}</summary>
      <Field
        label={say("label.field")}
        hint={say("label.hint")}
        value={label.text}
        onChange={label.change}
        maxLength={MOST_LETTERS.label}
      />
      <ProblemNote error={error} />
      {label.isDirty && (
        <Button className="button small" onPress={keep}>
          {say("settings.save")}
        </Button>
      )}
    </details>
  )
}

/** On a phone these stand between the head and the words: there they begin folded. */
const hasRoom = (): boolean => matchMedia("(min-width: 68rem)").matches
const firstLine = (text: string): string => text.split("\n", 1)[0] ?? ""

type SavedPath = "hotline/note" | "hotline/check-question" | "hotline/label"

function useSave<Path extends SavedPath>(path: Path, onChanged: () => void) {
  const [error, setError] = useState<AskError | null>(null)
  const save = async (body: BodyOf<Path>): Promise<boolean> => {
    const answer = await askHotline(path, body)
    setError(answer.ok ? null : answer.error)
    if (answer.ok) onChanged()
    return answer.ok
  }
  return { error, save }
}
