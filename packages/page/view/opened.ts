/** What the scripts hand each other: all are given this one module (build-scripts.ts). */
import type { Edition } from "@kunak/core/edition/verify"
import type { Instant } from "@kunak/core/time/instant"
import type { Soon } from "../hotline/view/hub.ts"
import type { VisitCore } from "../hotline/visit.ts"
import type { Visit } from "../hotline/visit-state.ts"

/** From the first to the others. Of a page whose signatures do not hold they learn nothing. */
export interface Opened {
  readonly own: Edition
  /** Origins of both relays, A first. */
  readonly addresses: readonly [string, string]
  readonly isSavedCopy: boolean
  readonly visit: Visit
  readonly core: VisitCore
}

/** From the second to the third: what the relays' answers make of the page's age. */
export interface Judged {
  /** Asked at each check: the page may have been open for hours. */
  readonly time: () => Instant
  readonly isFresh: () => boolean
}

/** A promise, and what keeps it. */
function awaited<T>(): readonly [Promise<T>, (value: T) => void] {
  let keep: (value: T) => void = () => {}
  const promise = new Promise<T>((resume) => {
    keep = resume
  })
  return [promise, keep]
}

export const [opened, openFor] = awaited<Opened>()
/** From the second to the first. */
export const [soon, bring] = awaited<Soon>()
export const [judged, judgeFor] = awaited<Judged>()
