import { useRef } from "react"
import { useTimes } from "../../view/desk-context.ts"
import { useToday } from "../../view/today-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { QueueView } from "../model.ts"

/** A desk that was away reads first what colleagues did, then opens what has come. */
export function CatchingUp({ unopened }: { readonly unopened: number | null }) {
  const { say } = useSpeech()
  const today = useToday()
  /** The most that was ever left since it began, so that the bar only grows. */
  const most = useRef(0)
  most.current = unopened === null ? 0 : Math.max(most.current, unopened)
  const log = today?.progress ?? null
  if (log === null && unopened === null) return null
  return (
    <div role="status" className="note progress-note">
      {log && (
        <>
          <p id="progress-log">{say("today.progress", log)}</p>
          <progress aria-labelledby="progress-log" value={log.read} max={log.head} />
        </>
      )}
      {unopened !== null && (
        <>
          <p id="progress-open">{say("hotline.opening", { count: unopened })}</p>
          <progress
            aria-labelledby="progress-open"
            value={most.current - unopened}
            max={Math.max(1, most.current)}
          />
        </>
      )}
    </div>
  )
}

/** What this desk can't open by itself, and who can. */
export function MissedWindows({ windows }: { readonly windows: QueueView["missedWindows"] }) {
  const { say } = useSpeech()
  const times = useTimes()
  if (windows.length === 0) return null
  return (
    <details className="note missed">
      <summary>{say("hotline.missed", { count: windows.length })}</summary>
      <p>{say("hotline.missedDo")}</p>
      <ul>
        {windows.map(({ from, until }) => (
          <li key={from}>
            {times.time(from)} – {times.time(until)}
          </li>
        ))}
      </ul>
    </details>
  )
}
