import { useCallback, useRef, useState } from "react"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useAnswer } from "../../view/use-answer.ts"
import { useSpeech } from "../../view/words.ts"
import type { QueueView } from "../model.ts"
import { Conversation } from "./conversation.tsx"
import { QueuePane } from "./queue-pane.tsx"
import { UndoToast } from "./undo-toast.tsx"
import { useUndo } from "./use-undo.ts"

/** Queue and conversation side by side; on a phone one after the other. */
export function HotlineWindow({ id }: { readonly id: string }) {
  const { say } = useSpeech()
  const { answer, again } = useAnswer<QueueView>("hotline/queue", {}, 5)
  const undo = useUndo(again)
  const queue = useRef<HTMLElement>(null)
  /** How often one was chosen here: the focus goes along. A link from elsewhere leaves it alone. */
  const [choices, setChoices] = useState(0)
  const chosen = useCallback(() => setChoices((before) => before + 1), [])
  const leave = useCallback(() => {
    const row = (which: string) => queue.current?.querySelector<HTMLElement>(which)
    ;(row("a.thread[aria-current]") ?? row("a.thread"))?.focus()
  }, [])
  const view = answer?.ok ? answer.value : null
  return (
    <div className="hotline">
      <div className="hotline-panes">
        <section
          className={id === "" ? "queue" : "queue turned-away"}
          aria-labelledby="hotline-title"
          ref={queue}
        >
          <h1 id="hotline-title">{say("hotline")}</h1>
          {answer && !answer.ok && <ProblemNote error={answer.error} />}
          {!answer && <p className="quiet">{say("loading")}</p>}
          {view && <QueuePane view={view} current={id} onChosen={chosen} />}
        </section>
        {id === "" ? (
          <section className="conversation turned-away">
            <p className="quiet choose">{say("hotline.choose")}</p>
          </section>
        ) : (
          <Conversation
            key={id}
            id={id}
            officers={view?.officers ?? []}
            choices={choices}
            undo={undo}
            onChanged={again}
            onLeave={leave}
          />
        )}
      </div>
      <UndoToast undo={undo} />
    </div>
  )
}
