/** The readable page: everything that a visitor without script has. */
import type { CharterChain } from "@kunak/core/charter/charter"
import type { EditionId } from "@kunak/core/edition/header"
import type { Instant } from "@kunak/core/time/instant"
import { type ResolvedWarning, shownWarnings } from "@kunak/core/warning/resolve"
import { type Html, html, NOTHING, text } from "./html.ts"
import { type Place, placesOf } from "./place.ts"
import {
  aboutView,
  askView,
  checkView,
  contactView,
  detainedView,
  exitView,
  indexView,
  passView,
} from "./sections.ts"
import { warningView } from "./warning-view.ts"
import type { WordsByLanguage } from "./words.ts"

export interface ContentOf {
  readonly chain: CharterChain
  readonly resolved: readonly ResolvedWarning[]
  readonly issued: Instant
  /** Null in a preview, which belongs to no edition yet. */
  readonly id: EditionId | null
}

export function contentView(words: WordsByLanguage, content: ContentOf): Html {
  const places = placesOf(content.chain.current.charter, words)
  const isPreview = content.id === null
  return html`<main>${tabs(places)}${isPreview ? mark("preview", places, (place) => previewMark(place)) : NOTHING}${
    content.chain.current.charter.demonstration ? mark("demonstration", places, demonstrationMark) : NOTHING
  }${content.chain.current.charter.closed ? mark("closed", places, closedMark) : NOTHING}
${places.map((place) => placeView(place, words, content, places.length === 1))}</main>`
}

/**
 * Radio buttons, so that the choice needs no script; beside the content, not around it, since that is all
 * that the oldest phones' selectors can do.
 */
function tabs(places: readonly Place[]): Html {
  if (places.length === 1) return NOTHING
  return html`${places.map(({ index, speech }) => {
    const id = text(`language-${index}`)
    const checked = (index === 0 ? " checked" : "") as Html
    return html`<input type="radio" name="language" autocomplete="off" class="tab t${text(String(index))}" id="${id}"${checked}><label class="tab-label" for="${id}" lang="${text(speech.language)}">${text(speech.say("language"))}</label>`
  })}`
}

/** In every language at once, whichever is chosen: this nobody may miss. */
const mark = (kind: string, places: readonly Place[], inner: (place: Place) => Html): Html =>
  html`<div class="banner ${kind as Html}" role="note">${places.map((place) => html`<div lang="${text(place.speech.language)}">${inner(place)}</div>`)}</div>`

const previewMark = ({ speech }: Place): Html =>
  html`<p><strong>${text(speech.say("preview.mark"))}</strong></p>`

const demonstrationMark = ({ speech }: Place): Html =>
  html`<p><strong>${text(speech.say("demonstration.heading"))}.</strong> ${text(speech.say("demonstration.text"))}</p>`

/** Rule C8. How else to reach somebody stands in the closing charter, under its own heading below. */
const closedMark = ({ speech }: Place): Html =>
  html`<p><strong>${text(speech.say("closed.heading"))}</strong> ${text(speech.say("closed.text"))}</p>`

function placeView(place: Place, words: WordsByLanguage, content: ContentOf, isOnly: boolean): Html {
  const { say, language } = place.speech
  const classes = `place p${place.index}${isOnly ? " only" : ""}`
  const { chain, issued, id } = content
  const isClosed = chain.current.charter.closed
  const contact = contactView(place, isClosed)
  const exit = html`<a class="leave" href="${text(say("exit.address"))}" rel="noreferrer noopener">${text(say("exit.label"))}</a>`
  return html`<div class="${text(classes)}" lang="${text(language)}" data-title="${text(say("title"))}">
${exit}
<header><h1>${text(place.language.organisation)}</h1>
<p class="issued">${text(say("issued.at", { time: place.time(issued), zone: place.language.zoneName }))}</p></header>
<div class="alarm" role="alert"></div>
${warningsView(place, content)}
<div class="more">
${isClosed ? contact : NOTHING}${askView(place, isClosed)}
${checkView(place)}
${detainedView(place, words)}
${isClosed ? NOTHING : contact}
${passView(place)}
${exitView(place)}
${aboutView(place, chain, id)}
</div>
</div>
`
}

/** Newest first; what else the page has stands right after the newest, where a thumb finds it. */
function warningsView(place: Place, { chain, resolved, issued }: ContentOf): Html {
  const { say } = place.speech
  const [newest, ...older] = shownWarnings(resolved, issued)
  if (!newest) {
    return html`<div class="w none"><h2>${text(say("warnings.none"))}</h2><p class="means">${text(say("warnings.noneMeans"))}</p></div>
${stateView(place)}${indexView(place, chain.current.charter.closed)}`
  }
  const rest =
    older.length === 0
      ? NOTHING
      : html`<div class="earlier"><h2>${text(say("warnings.older"))}</h2>${older.map((one) => warningView(one, chain, place, "3"))}</div>`
  return html`${warningView(newest, chain, place, "2")}
${stateView(place)}${indexView(place, chain.current.charter.closed)}
${rest}`
}

/** What an old page means; the script says here whether this one is. */
const stateView = ({ speech }: Place): Html =>
  html`<div class="state"><p class="old">${text(speech.say("issued.old"))}</p><div class="live" role="status"></div></div>
`
