import { Label, Radio, RadioGroup } from "react-aria-components"
import { useDesk, useTimes } from "../../view/desk-context.ts"
import { Choice } from "../../view/parts/choice.tsx"
import { Field } from "../../view/parts/field.tsx"
import { useSpeech } from "../../view/words.ts"
import type { Problem } from "../compose.ts"
import { MOST_HOURS } from "../limits.ts"
import { localDay, localMinute, parseLocal } from "../local-time.ts"
import { problemAt } from "./problem-text.ts"
import type { DraftEditing } from "./use-draft.ts"

const SPANS = [3, 6, 12, 24, 48, 72, 120, 168, 240, MOST_HOURS] as const

/** Since when, from when, how long. */
export function TimeFields(props: { readonly draft: DraftEditing; readonly problems: readonly Problem[] }) {
  const speech = useSpeech()
  const { say } = speech
  const { context } = useDesk()
  const times = useTimes()
  const { draft, problems } = props
  const { form, check } = draft
  const wording = context.wordings.find(({ id }) => id === form.wording)
  const most = form.kind === "approved" && wording ? wording.maxHours : MOST_HOURS
  const spans = [...new Set([...SPANS.filter((hours) => hours <= most), most, form.hours])].sort(
    (a, b) => a - b,
  )
  const [since, starts] = [form.since, form.starts].map((typed) => parseLocal(typed, context))
  const now = Math.floor(Date.now() / 1000) as never
  return (
    <>
      {form.kind === "approved" && (
        <Field
          label={say("since")}
          // A browser may write the day with the month first: in words nobody takes it for another.
          hint={`${since == null ? "" : `${times.day(since)} · `}${say("since.hint")}`}
          type="date"
          value={form.since}
          onChange={(since) => draft.change({ since })}
          max={localDay(now, context)}
          error={problemAt(problems, "since", speech)}
        />
      )}
      <RadioGroup
        className="field kinds"
        value={form.starts === "" ? "now" : "later"}
        onChange={(when) => draft.change({ starts: when === "now" ? "" : localMinute(now, context) })}
      >
        <Label>{say("starts")}</Label>
        <Radio value="now">{say("starts.now")}</Radio>
        <Radio value="later">{say("starts.later")}</Radio>
      </RadioGroup>
      {form.starts !== "" && (
        <Field
          label={say("starts.at", { zone: times.zone })}
          type="datetime-local"
          hint={starts == null ? undefined : times.time(starts)}
          value={form.starts}
          onChange={(starts) => draft.change({ starts })}
          error={problemAt(problems, "starts", speech)}
        />
      )}
      <Choice
        label={say("hours")}
        hint={say("hours.until", { time: times.time(check.shown.expires), zone: times.zone })}
        value={String(form.hours)}
        options={spans.map((hours) => ({
          value: String(hours),
          label:
            hours % 24 === 0 && hours > 24
              ? say("span.days", { count: hours / 24 })
              : say("span.hours", { count: hours }),
        }))}
        onChange={(hours) => draft.change({ hours: Number(hours) })}
        error={problemAt(problems, "hours", speech)}
      />
    </>
  )
}
