/** A warning as a visitor reads it: standing, withdrawn or cleared, so that no state passes for another (rule G6). */
import { type CharterChain, charterByHash } from "@kunak/core/charter/charter"
import type { ResolvedWarning } from "@kunak/core/warning/resolve"
import type { Warning, WarningText } from "@kunak/core/warning/warning"
import { areasOf, textIn } from "@kunak/core/warning/wording"
import { type Html, html, NOTHING, paragraphs, text } from "./html.ts"
import type { Place } from "./place.ts"

/** @param level of the headline: 2 for the newest, 3 below the heading of the others. */
export function warningView(
  resolved: ResolvedWarning,
  chain: CharterChain,
  place: Place,
  level: "2" | "3",
): Html {
  const { state, warning, by } = resolved
  switch (state) {
    case "withdrawn":
      return withdrawnView(warning, by ?? warning, chain, place, level)
    case "cleared":
      return clearedView(warning, by ?? warning, chain, place, level)
    default:
      return standingView(warning, chain, place, level)
  }
}

function standingView(warning: Warning, chain: CharterChain, place: Place, level: "2" | "3"): Html {
  const { say } = place.speech
  return article("stands", warning, say("warning.stands"), [
    ...body(warning, chain, place, level),
    times(warning, place),
  ])
}

function withdrawnView(
  warning: Warning,
  by: Warning,
  chain: CharterChain,
  place: Place,
  level: "2" | "3",
): Html {
  const { say } = place.speech
  const spoken = textFor(warning, chain, place)
  return article("withdrawn", warning, say("warning.withdrawn"), [
    html`<h${level as Html}${languageOf(spoken, place)}><s>${text(spoken.headline)}</s></h${level as Html}>
<p class="means">${text(say("warning.withdrawnMeans"))}</p>`,
    html`<details><summary>${text(say("warning.withdrawnText"))}</summary>${inner(warning, spoken, place, chain)}</details>
<p class="times">${text(say("warning.published", { time: place.time(by.core.signedAt) }))}</p>`,
  ])
}

function clearedView(
  warning: Warning,
  by: Warning,
  chain: CharterChain,
  place: Place,
  level: "2" | "3",
): Html {
  const { say } = place.speech
  const { headline } = textFor(warning, chain, place)
  return article("cleared", by, say("warning.cleared"), [
    ...body(by, chain, place, level),
    html`<p class="means">${text(say("warning.clearedMeans", { headline }))}</p>`,
    times(by, place),
  ])
}

/** `data-until` lets the script mark what has run out since the page was issued. */
const article = (state: string, shown: Warning, label: string, parts: readonly Html[]): Html =>
  html`<article class="w ${state as Html}" data-until="${text(String(shown.core.expires))}">
<p class="label">${text(label)}</p>
${parts}
</article>`

function body(warning: Warning, chain: CharterChain, place: Place, level: "2" | "3"): readonly Html[] {
  const spoken = textFor(warning, chain, place)
  return [
    html`<h${level as Html}${languageOf(spoken, place)}>${text(spoken.headline)}</h${level as Html}>`,
    inner(warning, spoken, place, chain),
  ]
}

function inner(warning: Warning, spoken: WarningText, place: Place, chain: CharterChain): Html {
  const { say } = place.speech
  const area = areasOf(warning.core, charterOf(warning, chain), spoken.language)
  const lang = languageOf(spoken, place)
  const where = area === "" ? NOTHING : html`<p class="area">${text(say("warning.area", { area }))}</p>`
  const act =
    spoken.instruction === ""
      ? NOTHING
      : html`<div class="do"><p class="do-label">${text(say("warning.do"))}</p><div${lang}>${paragraphs(spoken.instruction)}</div></div>`
  return html`${where}<div class="said"${lang}>${paragraphs(spoken.description)}</div>${act}`
}

function times({ core }: Warning, place: Place): Html {
  const { say } = place.speech
  const from =
    core.effective > core.signedAt ? [say("warning.from", { time: place.time(core.effective) })] : []
  const all = [
    say("warning.until", { time: place.time(core.expires) }),
    ...from,
    say("warning.published", { time: place.time(core.signedAt) }),
  ]
  const [until = "", ...rest] = all
  return html`<p class="times"><strong>${text(until)}</strong> ${rest.map((line) => html`<span>${text(line)}</span> `)}</p>`
}

const charterOf = (warning: Warning, chain: CharterChain) =>
  charterByHash(chain, warning.core.charterHash)?.charter ?? chain.current.charter

const textFor = (warning: Warning, chain: CharterChain, place: Place): WarningText =>
  textIn(warning.texts, charterOf(warning, chain), place.language.tag)

/** For texts that stand in another language than their place: screen readers then speak them rightly. */
const languageOf = (spoken: WarningText, place: Place): Html =>
  spoken.language === place.speech.language ? NOTHING : html` lang="${text(spoken.language)}"`
