/** Shows what `findings.ts` found, calmly, in every language of the page. */
import type { Charter } from "@kunak/core/charter/charter"
import { formatTime } from "@kunak/core/time/format"
import type { Instant } from "@kunak/core/time/instant"
import { type Finding, isCalm } from "../state/findings.ts"
import { spanOf } from "../state/span.ts"
import { all, element } from "./element.ts"
import type { LiveKey, LiveSpeech } from "./live-speech.ts"
import type { LivePlace } from "./place.ts"

export function showCalm(places: readonly LivePlace[], key: LiveKey): void {
  for (const place of places) showIn(place, [], [place.speech.say(key)])
}

/** The page's own signatures do not hold, or can't be checked: nothing else is worth saying. */
export function showSpoilt(places: readonly LivePlace[], key: LiveKey): void {
  for (const place of places) showIn(place, [place.speech.say(key)], [])
}

export function showFindings(
  places: readonly LivePlace[],
  findings: readonly Finding[],
  charter: Charter,
  address: string,
): void {
  for (const place of places) {
    const say = (finding: Finding): string => sentence(finding, place, charter, address)
    showIn(place, findings.filter((one) => !isCalm(one)).map(say), findings.filter(isCalm).map(say))
    // What an old page would mean is for those who can't be told that it is none.
    for (const old of all(place.root, ".old")) old.hidden = findings.some(({ kind }) => kind === "fresh")
  }
}

function showIn({ root }: LivePlace, alarming: readonly string[], calm: readonly string[]): void {
  const fill = (selector: string, sentences: readonly string[]): void => {
    for (const region of all(root, selector)) {
      region.replaceChildren(...sentences.map((one) => element("p", "", one)))
    }
  }
  fill(".alarm", alarming)
  fill(".live", calm)
}

function sentence(
  finding: Finding,
  { root, index, speech }: LivePlace,
  charter: Charter,
  address: string,
): string {
  const language = charter.languages[index]?.tag ?? root.lang
  const time = (at: Instant): string => formatTime(at, language, charter)
  return speech.say(`live.${finding.kind}`, {
    address,
    ...("time" in finding ? { time: time(finding.time) } : {}),
    ...("count" in finding ? { count: finding.count } : {}),
    ...("seconds" in finding ? { span: spanIn(speech, finding.seconds) } : {}),
  })
}

function spanIn(speech: LiveSpeech, seconds: number): string {
  const { unit, count } = spanOf(seconds)
  return speech.say(`live.${unit}`, { count })
}

/** Marks warnings whose time is over since the page was issued. */
export function markExpired(places: readonly LivePlace[], time: Instant): void {
  for (const { root, speech } of places) {
    for (const over of all(root, ".over")) over.remove()
    for (const warning of all(root, ".w[data-until]")) {
      const isOver = Number(warning.dataset.until) <= time
      warning.classList.toggle("past", isOver)
      if (isOver)
        warning.querySelector(".label")?.append(element("span", "over", ` · ${speech.say("live.expired")}`))
    }
  }
}
