/** "Check a warning": nothing that is entered leaves the form, neither to a network nor into the document (rule G14). */
import { type CheckerKnowledge, checkForward } from "@kunak/core/forward/check"
import { MAX_TEXT_BLOCK } from "@kunak/core/parameters"
import type { Instant } from "@kunak/core/time/instant"
import { type Verdict, verdictOn } from "../check/verdict.ts"
import { element } from "./element.ts"
import type { LaterKey } from "./live-speech.ts"
import { readCode } from "./picture.ts"
import type { LaterPlace } from "./place.ts"

/** Room for what messengers and people put around a text block. */
const MAX_PASTED = 2 * MAX_TEXT_BLOCK

export interface Judge {
  readonly knowledge: CheckerKnowledge
  /** Asked at each check: the page may have been open for hours. */
  readonly time: () => Instant
  readonly isFresh: () => boolean
}

interface Form {
  readonly place: LaterPlace
  readonly paste: HTMLTextAreaElement
  readonly picture: HTMLInputElement
  readonly verdict: HTMLElement
  readonly judge: Judge
}

export function openCheckForm(place: LaterPlace, judge: Judge): void {
  const find = <E extends HTMLElement>(selector: string): E => {
    const found = place.root.querySelector<E>(selector)
    if (!found) throw new TypeError(`no ${selector}`)
    return found
  }
  const form: Form = {
    place,
    paste: find("textarea.paste"),
    picture: find("input.picture"),
    verdict: find(".verdict"),
    judge,
  }
  form.verdict.replaceChildren()
  find("button.check").addEventListener("click", () => void checkPasted(form))
  find("button.clear").addEventListener("click", () => {
    form.paste.value = ""
    form.picture.value = ""
    form.verdict.replaceChildren()
    form.paste.focus()
  })
  form.picture.addEventListener("change", () => void checkPicture(form, form.picture.files?.[0]))
  acceptDropped(form)
}

/** Pictures dropped on, or pasted into, the shown form. */
function acceptDropped(form: Form): void {
  const section = form.paste.closest("section") ?? form.place.root
  const pictureIn = (data: DataTransfer | null): File | undefined =>
    Array.from(data?.files ?? []).find(({ type }) => type.startsWith("image/"))
  section.addEventListener("dragover", (event) => event.preventDefault())
  section.addEventListener("drop", (event) => {
    event.preventDefault()
    const picture = pictureIn(event.dataTransfer)
    if (picture) void checkPicture(form, picture)
  })
  section.addEventListener("paste", (event) => {
    const picture = pictureIn(event.clipboardData)
    if (!picture) return
    event.preventDefault()
    void checkPicture(form, picture)
  })
}

async function checkPasted(form: Form): Promise<void> {
  const pasted = form.paste.value
  if (pasted.trim() === "") return tell(form, "later.nothingEntered")
  if (pasted.length > MAX_PASTED) return tell(form, "later.tooLong", pasted.length - MAX_PASTED)
  await judge(form, pasted)
}

async function checkPicture(form: Form, picture: File | undefined): Promise<void> {
  if (!picture) return
  tell(form, "later.reading")
  const code = await readCode(picture)
  if (code.ok) return await judge(form, code.value)
  switch (code.error.kind) {
    case "no-code":
      return tell(form, "later.noQr")
    case "not-a-picture":
      return tell(form, "later.notPicture")
    case "pictures-blocked":
      return tell(form, "later.pictureBlocked")
  }
}

async function judge(form: Form, words: string): Promise<void> {
  const { knowledge, time, isFresh } = form.judge
  // What was said of another message is not said of this one while a slow phone works.
  form.verdict.replaceChildren()
  show(form, verdictOn(await checkForward(words, knowledge, time()), isFresh()))
}

function tell({ place, verdict }: Form, key: LaterKey, count = 0): void {
  verdict.className = "verdict"
  verdict.replaceChildren(element("p", "", place.speech.say(key, { count })))
}

function show({ place, verdict, judge: { knowledge } }: Form, given: Verdict): void {
  const { speech, index } = place
  const organisation = knowledge.chain.current.charter.languages[index]?.organisation ?? ""
  const said = (keys: readonly LaterKey[]): readonly HTMLElement[] =>
    keys.map((key) => element("p", "", speech.say(key, { organisation })))
  const parts = [element("p", "verdict-name", speech.say(given.name)), ...said(given.sentences)]
  if (given.genuine) {
    const quote = element("blockquote", "", ...lines(given.genuine.readable))
    quote.lang = given.genuine.text.language
    parts.push(quote)
  }
  verdict.className = `verdict ${given.outcome}`
  verdict.replaceChildren(...parts, ...said(given.notes))
  verdict.scrollIntoView({ block: "nearest" })
}

const lines = (readable: string): readonly HTMLElement[] =>
  readable.split("\n").map((line) => element("p", "", line))
