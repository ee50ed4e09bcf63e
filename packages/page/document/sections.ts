/** What stands below the warnings, in one language. */

import { equalBytes } from "@kunak/core/bytes/equal"
import type { CharterChain } from "@kunak/core/charter/charter"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import type { EditionId } from "@kunak/core/edition/header"
import { type Html, html, NOTHING, paragraphs, text } from "./html.ts"
import type { Place } from "./place.ts"
import { GUIDANCE_KEYS, guidanceHash, type WordKey, type WordsByLanguage } from "./words.ts"

const SECTIONS = ["ask", "check", "detained", "contact", "pass", "exit", "about"] as const
type SectionName = (typeof SECTIONS)[number]
/** Whoever comes for help finds nobody here: whom to turn to stands first. */
const CLOSED_SECTIONS: readonly SectionName[] = ["contact", ...SECTIONS.filter((name) => name !== "contact")]

/** Where a closed line would invite to what it no longer does (rule C8). */
const CLOSED_HEADINGS: Partial<Record<SectionName, WordKey>> = {
  ask: "closed.askHeading",
  contact: "closed.contactHeading",
}

const headingOf = (name: SectionName, isClosed: boolean): WordKey =>
  (isClosed ? CLOSED_HEADINGS[name] : undefined) ?? `${name}.heading`

const section = (name: SectionName, place: Place, content: readonly Html[], isClosed = false): Html =>
  html`<section id="${text(place.id(name))}" tabindex="-1"><h2>${text(place.speech.say(headingOf(name, isClosed)))}</h2>
${content}
</section>`

/** @param key of one paragraph. */
const said = (place: Place, key: WordKey): Html => html`<p>${text(place.speech.say(key))}</p>`

export function indexView(place: Place, isClosed: boolean): Html {
  const { say } = place.speech
  const links = (isClosed ? CLOSED_SECTIONS : SECTIONS).map(
    (name) => html`<li><a href="#${text(place.id(name))}">${text(say(headingOf(name, isClosed)))}</a></li>`,
  )
  return html`<nav class="index" aria-label="${text(say("index.heading"))}"><ul>${links}</ul></nav>`
}

/**
 * Writing needs script altogether: without one the page says how else to reach the line (rule G7). Of a closed line
 * nothing is there for the script either, so nobody types where nobody reads (rule C8).
 */
export const askView = (place: Place, isClosed: boolean): Html =>
  isClosed
    ? section("ask", place, [said(place, "closed.ask"), said(place, "closed.words")], true)
    : section("ask", place, [
        html`<p class="without-script">${text(place.speech.say("ask.withoutScript"))}</p>
<div class="with-script" hidden></div>`,
      ])

/** The form is there for the script alone: it stays hidden without one (rule G7). */
export function checkView(place: Place): Html {
  const { say } = place.speech
  const id = (name: string) => text(place.id(name))
  return section("check", place, [
    html`<p class="without-script">${text(say("check.withoutScript"))}</p>
<div class="with-script" hidden>
<p>${text(say("check.lead"))}</p>
<label for="${id("paste")}">${text(say("check.paste"))}</label>
<p class="hint" id="${id("paste-hint")}">${text(say("check.pasteHint"))}</p>
<textarea id="${id("paste")}" class="paste" rows="5" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" translate="no" aria-describedby="${id("paste-hint")}"></textarea>
<p class="buttons"><button type="button" class="check">${text(say("check.button"))}</button> <button type="button" class="clear quiet">${text(say("check.clear"))}</button></p>
<label for="${id("picture")}">${text(say("check.picture"))}</label>
<p class="hint" id="${id("picture-hint")}">${text(say("check.pictureHint"))}</p>
<input id="${id("picture")}" class="picture" type="file" accept="image/*" autocomplete="off" aria-describedby="${id("picture-hint")}">
<div class="verdict" role="status" aria-live="polite" aria-atomic="true" tabindex="-1"></div>
</div>`,
  ])
}

export function detainedView(place: Place, words: WordsByLanguage): Html {
  const { say } = place.speech
  const { reviewer, reviewedTexts } = place.language
  const hash = guidanceHash(words, place.language.tag)
  const isReviewed = reviewer !== "" && hash !== null && equalBytes(hash, reviewedTexts)
  const mark = isReviewed
    ? html`<p class="mark">${text(say("detained.reviewed", { reviewer }))}</p>`
    : html`<p class="mark"><strong>${text(say("detained.sample"))}</strong></p>`
  const items = GUIDANCE_KEYS.map((key) => html`<li>${text(say(key))}</li>`)
  return section("detained", place, [mark, html`<ol>${items}</ol>`])
}

/** @param isClosed names who is left, in the closing charter's own words. */
export function contactView(place: Place, isClosed: boolean): Html {
  const { contact } = place.language
  const ways =
    contact.trim() === ""
      ? said(place, isClosed ? "closed.contactNone" : "contact.none")
      : html`<div class="contact">${paragraphs(contact)}</div>`
  return section("contact", place, [ways], isClosed)
}

export const passView = (place: Place): Html =>
  section("pass", place, [
    said(place, "pass.how"),
    said(place, "pass.risk"),
    html`<div class="with-script pass" hidden></div>`,
  ])

export const exitView = (place: Place): Html =>
  section("exit", place, [
    said(place, "exit.how"),
    html`<p class="with-script" hidden>${text(place.speech.say("exit.keys"))}</p>`,
    said(place, "exit.history"),
  ])

export function aboutView(place: Place, chain: CharterChain, id: EditionId | null): Html {
  const { say } = place.speech
  const edition = id ? html`<p class="quiet">${text(say("about.edition", { ...id }))}</p>` : NOTHING
  return section("about", place, [
    said(place, "about.nothingKept"),
    said(place, "about.save"),
    html`<p>${text(say("about.fingerprint"))} <code>${text(fingerprint(chain.organisationId))}</code></p>`,
    edition,
  ])
}
