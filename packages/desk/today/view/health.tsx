import type { ReactNode } from "react"
import { useTimes } from "../../view/desk-context.ts"
import { useSpeech } from "../../view/words.ts"
import type { HealthView } from "../model.ts"

/** A page calls a phone's clock wrong from five minutes on; here it is said earlier, for whoever can set it. */
const CLOCK_SECONDS = 60
const DAY_HOURS = 24

/** How everything is, for whoever keeps it running: read off what desks fetch anyway. */
export function Health({ health }: { readonly health: HealthView }) {
  const { say, language } = useSpeech()
  const times = useTimes()
  const number = (value: number) => value.toLocaleString(language)
  const until = (end: number) => say("health.until", { day: times.day(end), away: times.away(end) })
  const { duty, freeBytes } = health
  return (
    <section className="outside" aria-labelledby="health">
      <h2 id="health">{say("health")}</h2>
      <dl>
        <Row name={say("health.duty")}>
          {duty === null
            ? say("health.dutyNever")
            : duty.number === null
              ? times.ago(duty.seen)
              : say("health.dutySeen", { number: duty.number, away: times.ago(duty.seen) })}
        </Row>
        <Row name={say("health.delegations")}>{until(health.delegationsEnd)}</Row>
        <Row name={say("health.charter")}>{until(health.charterEnds)}</Row>
        {health.rings.map(({ relay, waiting, slots, hours }) => (
          <Row key={relay} name={say("health.ring", { relay })}>
            {say("health.ringHolds", { waiting: number(waiting), slots: number(slots) })}
            {hours !== null && (
              <>
                {"; "}
                {hours < 2 * DAY_HOURS
                  ? say("health.ringHours", { count: hours })
                  : say("health.ringDays", { count: Math.floor(hours / DAY_HOURS) })}
              </>
            )}
          </Row>
        ))}
        {health.clocks.map(({ relay, seconds }) => (
          <Row
            key={relay}
            name={say("health.clock", { relay })}
            isWrong={Math.abs(seconds ?? 0) > CLOCK_SECONDS}
          >
            {seconds === null
              ? say("health.clockUnknown")
              : Math.abs(seconds) <= CLOCK_SECONDS
                ? say("health.clockAgrees")
                : say(seconds > 0 ? "health.clockAhead" : "health.clockBehind", {
                    span: times.lasting(Math.abs(seconds)),
                  })}
          </Row>
        ))}
        <Row name={say("health.disk")}>
          {freeBytes === null
            ? say("health.clockUnknown")
            : say("health.diskFree", { gigabytes: number(Math.floor(freeBytes / 1e8) / 10) })}
        </Row>
        <Row name={say("health.version")}>{health.version}</Row>
      </dl>
      <p className="quiet">{say("health.asksNothing")}</p>
    </section>
  )
}

function Row(props: { readonly name: string; readonly isWrong?: boolean; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd data-state={props.isWrong ? "behind" : undefined}>{props.children}</dd>
    </div>
  )
}
