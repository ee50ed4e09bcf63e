import { useEffect, useRef } from "react"
import { Button } from "react-aria-components"
import type { TodayView } from "../today/model.ts"
import { ask } from "./ask.ts"
import { useDesk } from "./desk-context.ts"
import { TodayContext } from "./today-context.ts"
import { useAnswer } from "./use-answer.ts"
import { WINDOWS } from "./windows.ts"
import { useSpeech } from "./words.ts"

export function Shell(props: {
  readonly window: string
  readonly id: string
  readonly onLocked: () => void
}) {
  const { say, language } = useSpeech()
  const { context } = useDesk()
  const current = WINDOWS.find(({ name }) => name === props.window) ?? WINDOWS[0]
  const { answer } = useAnswer<TodayView>("today", {}, 5)
  const today = answer?.ok ? answer.value : null
  const needed = today ? today.items.filter((item) => item.urgency === "now").length : 0
  const main = useRef<HTMLElement>(null)
  useEffect(() => {
    document.title = `${say(current.title)} · ${say("title")}`
  }, [current, say])
  const lock = () => void ask("lock").then(props.onLocked)
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {say("skip")}
      </button>
      <header className="bar">
        <p className="organisation">
          <strong>{context.organisation[language] ?? Object.values(context.organisation)[0]}</strong>
          <span>{context.label}</span>
        </p>
        <nav aria-label={say("windows")}>
          <ul>
            {WINDOWS.map(({ name, title }) => (
              <li key={name}>
                <a href={`#/${name}`} aria-current={name === current.name ? "page" : undefined}>
                  {say(title)}
                  {name === "today" && needed > 0 && (
                    <span className="count" title={say("today.needed", { count: needed })}>
                      <span aria-hidden="true">{needed}</span>
                      <span className="for-ears">{say("today.needed", { count: needed })}</span>
                    </span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <Button className="button lock-button" onPress={lock}>
          {say("lock.do")}
        </Button>
        {context.demonstration && <p className="demonstration">{say("demonstration")}</p>}
        {today?.closed && current.name !== "today" && (
          <p className="closed-line" role="note">
            {say(today.closed.since === null ? "closed.lineNotYet" : "closed.line")}{" "}
            <a href="#/today">{say("closed.toToday")}</a>
          </p>
        )}
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <TodayContext value={today}>
          <current.Window id={props.window === current.name ? props.id : ""} />
        </TodayContext>
      </main>
    </div>
  )
}
