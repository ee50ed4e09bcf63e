import { useTimes } from "../../view/desk-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { ClosedView } from "../model.ts"

/** What the closing leaves to this desk, in the order in which it is done. docs/closing.md has what others do. */
export function ClosedPanel({ closed }: { readonly closed: ClosedView }) {
  const { say } = useSpeech()
  const steps = useSteps(closed)
  const current = steps.findIndex(({ isDone }) => !isDone)
  return (
    <section className="closed" aria-labelledby="closed">
      <h2 id="closed">{say(closed.since === null ? "closed.titleNotYet" : "closed.title")}</h2>
      <p>{say(closed.since === null ? "closed.notYet" : "closed.text")}</p>
      <h3>{say("closed.left")}</h3>
      <ol>
        {steps.map(({ key, text, isDone }, place) => (
          <li key={key} data-done={isDone} aria-current={place === current ? "step" : undefined}>
            {isDone && <strong>{say("closed.done")} </strong>}
            {text}
          </li>
        ))}
      </ol>
      <p>
        <a href="#/help/closing">{say("help.closing")}</a>
      </p>
    </section>
  )
}

interface Step {
  readonly key: string
  readonly text: string
  readonly isDone: boolean
}

function useSteps({ stayUntil, isOpened, withdrawsUntil, isRevoked }: ClosedView): readonly Step[] {
  const { say } = useSpeech()
  const times = useTimes()
  const isOver = stayUntil !== null && stayUntil * 1000 <= Date.now()
  const staying =
    stayUntil === null
      ? say("closed.stay")
      : isOpened
        ? say("closed.opened")
        : isOver
          ? say("closed.stayLonger")
          : say("closed.stayUntil", { time: times.time(stayUntil), away: times.away(stayUntil) })
  return [
    { key: "stay", text: staying, isDone: isOpened },
    {
      key: "warnings",
      text:
        withdrawsUntil === null
          ? say("closed.warningsOver")
          : say("closed.warnings", { time: times.time(withdrawsUntil) }),
      isDone: withdrawsUntil === null,
    },
    { key: "key", text: say(isRevoked ? "closed.keyTaken" : "closed.key"), isDone: isRevoked },
    { key: "end", text: say("closed.end"), isDone: false },
  ]
}
