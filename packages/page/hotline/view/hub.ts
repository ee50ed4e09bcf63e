/** What every step of the hotline has at hand. */
import type { Edition } from "@kunak/core/edition/verify"
import type { Phrase } from "@kunak/core/phrase/phrase"
import type { PhraseSign } from "@kunak/core/phrase/sign"
import type { ThreadRoot } from "@kunak/core/thread/keys"
import { element } from "../../view/element.ts"
import type { LaterSpeech } from "../../view/live-speech.ts"
import type { LivePlace } from "../../view/place.ts"
import type { Visit } from "../visit-state.ts"

/** Root and sign take a phone a second or two: they are worked out while the words are learned. */
export interface Opening {
  readonly phrase: Phrase
  readonly root: Promise<ThreadRoot>
  readonly sign: Promise<PhraseSign>
}

/** A step draws itself in the language of the page, again whenever that changes; its fields are made once. */
export interface Step {
  /** Null for the first, which stands under the section's own. */
  readonly heading: (() => string) | null
  draw(): readonly HTMLElement[]
  /** Called after every change of the visit, and every second. */
  update?(): void
}

/** What the second script brings: it is needed once ten words are known, and comes seconds after the first. */
export interface Carried {
  readonly visit: Visit
  talk(hub: Hub, isReturn: boolean): Step
}

export interface Hub {
  readonly carried: Promise<Carried>
  readonly own: Edition
  readonly isSavedCopy: boolean
  /** Origin of relay A, where the page itself is. */
  readonly address: string
  place(): LivePlace
  go(step: Step): void
  /** Roots that were worked out and not entered: erased with all else. */
  readonly pending: Set<Promise<ThreadRoot>>
  /** For a screen reader, at once. */
  announce(sentence: string): void
  /** The dummy again; nothing of what was typed is left. */
  forget(): void
}

/** A hub in a conversation. */
export interface TalkHub extends Hub {
  readonly visit: Visit
  speech(): LaterSpeech
}

export const paragraph = (className: string, text: string): HTMLElement => element("p", className, text)

export function button(text: string, className: string, press: () => void): HTMLButtonElement {
  const made = element("button", className, text)
  made.type = "button"
  made.addEventListener("click", press)
  return made
}

export const buttons = (...made: readonly HTMLElement[]): HTMLElement => element("p", "buttons", ...made)
