import { useState } from "react"
import { Button } from "react-aria-components"
import { type AskError, ask } from "../../view/ask.ts"
import { useDesk, useTimes } from "../../view/desk-context.ts"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useToday } from "../../view/today-context.ts"
import { useAnswer } from "../../view/use-answer.ts"
import { useSpeech } from "../../view/words.ts"
import type { WarningDetail, WarningItem } from "../model.ts"
import { Editor } from "./editor.tsx"
import { ItemList } from "./item-list.tsx"
import { SignedView } from "./signed-view.tsx"
import { SourcesPanel } from "./sources-panel.tsx"
import { WaitingView } from "./waiting-view.tsx"

/** List and detail side by side; on a phone one after the other. */
export function WarningsWindow({ id }: { readonly id: string }) {
  const { say } = useSpeech()
  const times = useTimes()
  const { go, context } = useDesk()
  const closed = useToday()?.closed ?? null
  const { answer, again } = useAnswer<readonly WarningItem[]>("warnings/list", {}, 5)
  const [error, setError] = useState<AskError | null>(null)
  const start = (start: object) => {
    void ask<string>("drafts/start", { start }).then((started) => {
      if (started.ok) {
        again()
        go("warnings", started.value)
      } else setError(started.error)
    })
  }
  return (
    <div className={id === "" ? "warnings" : "warnings has-detail"}>
      <section className="warnings-list" aria-labelledby="warnings-title">
        <div className="window-head">
          <h1 id="warnings-title">{say("warnings")}</h1>
          {!closed && (
            <Button className="button primary" onPress={() => start({ from: "nothing" })}>
              {say("warnings.new")}
            </Button>
          )}
        </div>
        {closed && (
          <p className="note soon">
            {closed.withdrawsUntil === null
              ? say("closed.warningsOver")
              : say("closed.warnings", { time: times.time(closed.withdrawsUntil) })}
          </p>
        )}
        <ProblemNote error={error ?? (answer && !answer.ok ? answer.error : null)} />
        {answer?.ok && (closed === null || answer.value.length > 0) && (
          <ItemList items={answer.value} current={id} />
        )}
        {context.sources > 0 && !closed && (
          <SourcesPanel onStart={(ids) => start({ from: "sources", ids })} />
        )}
      </section>
      <section className="warnings-detail">
        {id === "" ? (
          <p className="quiet choose">{say(closed ? "closed.choose" : "warnings.choose")}</p>
        ) : (
          <Detail key={id} id={id} onStart={start} onChanged={again} />
        )}
      </section>
    </div>
  )
}

function Detail(props: {
  readonly id: string
  readonly onStart: (start: object) => void
  readonly onChanged: () => void
}) {
  const { say } = useSpeech()
  const { id } = props
  const { answer, again } = useAnswer<WarningDetail | null>("warnings/open", { id }, 5)
  const changed = () => {
    again()
    props.onChanged()
  }
  const back = (
    <a className="back" href="#/warnings">
      ← {say("warnings.back")}
    </a>
  )
  if (!answer) return <p className="quiet">{say("loading")}</p>
  if (!answer.ok)
    return (
      <>
        {back}
        <ProblemNote error={answer.error} />
      </>
    )
  const detail = answer.value
  return (
    <>
      {back}
      {detail === null && <p className="quiet">{say("warnings.gone")}</p>}
      {detail?.kind === "draft" && <Editor detail={detail} onChanged={changed} />}
      {detail?.kind === "waiting" && <WaitingView detail={detail} onChanged={changed} />}
      {detail?.kind === "signed" && <SignedView detail={detail} onStart={props.onStart} />}
    </>
  )
}
