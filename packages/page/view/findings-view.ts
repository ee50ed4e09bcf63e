/** Shows what `findings.ts` found, calmly, in every language of the page. */
import type { Charter } from "@kunak/core/charter/charter"
import { formatTime } from "@kunak/core/time/format"
import type { Instant } from "@kunak/core/time/instant"
import { type Finding, isCalm } from "../state/findings.ts"
import { spanOf } from "../state/span.ts"
import { all, element } from "./element.ts"
import type { SoonSpeech } from "./live-speech.ts"
import type { LivePlace, SoonPlace } from "./place.ts"
import { showIn } from "./state.ts"

/** @param places of the first script, each with the second's words. */
export type FindingsPlace = readonly [LivePlace, SoonPlace]

export function showFindings(
  places: readonly FindingsPlace[],
  findings: readonly Finding[],
  charter: Charter,
  address: string,
): void {
  for (const [live, place] of places) {
    const say = (finding: Finding): string => sentence(finding, place, charter, address)
    showIn(live, findings.filter((one) => !isCalm(one)).map(say), findings.filter(isCalm).map(say))
    // What an old page would mean is for those who can't be told that it is none.
    for (const old of all(place.root, ".old")) old.hidden = findings.some(({ kind }) => kind === "fresh")
  }
}

function sentence(
  finding: Finding,
  { root, index, speech }: SoonPlace,
  charter: Charter,
  address: string,
): string {
  const language = charter.languages[index]?.tag ?? root.lang
  const time = (at: Instant): string => formatTime(at, language, charter)
  return speech.say(`soon.${finding.kind}`, {
    address,
    ...("time" in finding ? { time: time(finding.time) } : {}),
    ...("count" in finding ? { count: finding.count } : {}),
    ...("seconds" in finding ? { span: spanIn(speech, finding.seconds) } : {}),
  })
}

function spanIn(speech: SoonSpeech, seconds: number): string {
  const { unit, count } = spanOf(seconds)
  return speech.say(`soon.${unit}`, { count })
}

/** Marks warnings whose time is over since the page was issued. */
export function markExpired(places: readonly FindingsPlace[], time: Instant): void {
  for (const [, { root, speech }] of places) {
    for (const over of all(root, ".over")) over.remove()
    for (const warning of all(root, ".w[data-until]")) {
      const isOver = Number(warning.dataset.until) <= time
      warning.classList.toggle("past", isOver)
      if (isOver)
        warning.querySelector(".label")?.append(element("span", "over", ` · ${speech.say("soon.expired")}`))
    }
  }
}
