import { useEffect, useState } from "react"
import { Checkbox } from "react-aria-components"
import { Confirm } from "../../view/parts/confirm.tsx"
import { useSpeech } from "../../view/words.ts"
import type { ReplyCheck } from "../model.ts"
import { News } from "./news.tsx"
import { ReplyJudged, Risks } from "./reply-judged.tsx"
import type { SinceOpened } from "./since-opened.ts"

/** A reply as it will go, and the state of things at the moment of asking. */
export interface Prepared {
  readonly text: string
  readonly check: ReplyCheck
  readonly until: number
  /** Another officer who has the conversation; "" for none. */
  readonly holder: string
  readonly since: SinceOpened
}

/** Shows the very words once more; with a risk, or a colleague's answer, it wants one more deliberate yes. */
export function SendQuestion(props: {
  readonly prepared: Prepared | null
  readonly isBusy: boolean
  readonly onCancel: () => void
  readonly onSend: () => void
}) {
  const { say } = useSpeech()
  const { prepared } = props
  const [isSure, setIsSure] = useState(false)
  useEffect(() => {
    if (prepared) setIsSure(false)
  }, [prepared])
  const hasRisks = (prepared?.check.risks.length ?? 0) > 0
  const hasNews = prepared?.since.first != null
  const wantsMore = hasRisks || hasNews
  return (
    <Confirm
      isOpen={prepared !== null}
      title={say("send.title")}
      cancel={say("send.back")}
      confirm={say("send.do")}
      isBusy={props.isBusy || (wantsMore && !isSure)}
      onCancel={props.onCancel}
      onConfirm={props.onSend}
    >
      {prepared && (
        <>
          {prepared.holder !== "" && (
            <p className="note soon">{say("reply.theirs", { officer: prepared.holder })}</p>
          )}
          {hasNews && (
            <p className="note soon">
              <News since={prepared.since} />
            </p>
          )}
          <section
            className="shown-text sending"
            aria-label={say("reply")}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 for what scrolls
            tabIndex={0}
          >
            <p dir="auto">{prepared.text}</p>
          </section>
          <ReplyJudged
            check={prepared.check}
            until={prepared.until * 1000 > Date.now() ? prepared.until : null}
          />
          <p className="hint">{say("send.unsaid")}</p>
          <Risks risks={prepared.check.risks} />
          {wantsMore && (
            <Checkbox isSelected={isSure} onChange={setIsSure}>
              <span className="box" aria-hidden="true" />
              {say(hasRisks ? "send.sureRisk" : "send.sureNews")}
            </Checkbox>
          )}
        </>
      )}
    </Confirm>
  )
}
