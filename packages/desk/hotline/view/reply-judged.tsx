import { useTimes } from "../../view/desk-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { ReplyCheck } from "../model.ts"

/** How long it is, when it can be read at the earliest, and until when: while it is written. */
export function ReplyJudged(props: {
  readonly check: ReplyCheck | null
  /** Null: there are no keys until the person is back. */
  readonly until: number | null
}) {
  const { say } = useSpeech()
  const times = useTimes()
  const { check } = props
  const until = props.until === null ? "" : say("reply.until", { until: times.time(props.until) })
  if (!check) return <p className="judged hint">{until}</p>
  if (check.over > 0)
    return (
      <p className="judged error" role="status">
        {say("reply.tooLong", { count: check.over })}
      </p>
    )
  const parts = say("reply.parts", { count: check.parts })
  const earliest =
    check.expectedSeconds === null
      ? say("reply.visits")
      : say("reply.earliest", { span: times.lasting(check.expectedSeconds) })
  return <p className="judged hint">{(until === "" ? [parts] : [parts, earliest, until]).join(" · ")}</p>
}

const KINDS = ["name", "address", "route", "number", "link"] as const

/** A calm word on what must not be in a reply: it names the words, and leaves the decision where it belongs. */
export function Risks({ risks }: { readonly risks: ReplyCheck["risks"] }) {
  const { say } = useSpeech()
  return (
    <div role="status" className={risks.length > 0 ? "note soon risks" : "note-none"}>
      {risks.length > 0 && (
        <>
          <p>
            <strong>{say("risk.title")}</strong> {say("risk.why")}
          </p>
          <ul>
            {KINDS.map((kind) => {
              const words = [...new Set(risks.filter((risk) => risk.kind === kind).map((risk) => risk.words))]
              if (words.length === 0) return null
              return (
                <li key={kind}>
                  {say(`risk.${kind}`)}{" "}
                  {words.map((word) => (
                    <mark key={word}>{word}</mark>
                  ))}
                </li>
              )
            })}
          </ul>
        </>
      )}
    </div>
  )
}
