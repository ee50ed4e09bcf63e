/** What every step of the hotline has at hand. */
import type { Edition } from "@kunak/core/edition/verify"
import type { Phrase } from "@kunak/core/phrase/phrase"
import type { PhraseSign } from "@kunak/core/phrase/sign"
import type { Slots } from "@kunak/core/text/words"
import type { ThreadRoot } from "@kunak/core/thread/keys"
import { element } from "../../view/element.ts"
import type { SoonKey } from "../../view/live-speech.ts"
import type { LivePlace } from "../../view/place.ts"
import type { Reply, Visit, VisitState } from "../visit-state.ts"
import type { Item } from "./item.ts"

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

/** What the second script brings to a conversation: it is needed once the servers have been asked. */
export interface Soon {
  /** What stands in the way, in the language of the page. */
  troubles(state: VisitState, language: string): readonly string[]
  /** How far a message got that has left; null for one that waits. @param span until it leaves again. */
  told(state: VisitState, id: string, span: string, language: string): string | null
  say(language: string, key: SoonKey, slots?: Slots): string
  replyItem(hub: Hub, first: Reply): Item
}

export interface Hub {
  readonly visit: Visit
  /** Null until it has come. */
  soon(): Soon | null
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

export const paragraph = (className: string, text: string): HTMLElement => element("p", className, text)

export function button(text: string, className: string, press: () => void): HTMLButtonElement {
  const made = element("button", className, text)
  made.type = "button"
  made.addEventListener("click", press)
  return made
}

export const buttons = (...made: readonly HTMLElement[]): HTMLElement => element("p", "buttons", ...made)
