/** What the two scripts hand each other: both are given this one module (build-scripts.ts). */
import type { Edition } from "@kunak/core/edition/verify"
import type { Instant } from "@kunak/core/time/instant"
import type { Carried } from "../hotline/view/hub.ts"

/** From the first to the second. Of a page whose signatures do not hold the second learns nothing. */
export interface Opened {
  readonly own: Edition
  /** Origins of both relays, A first. */
  readonly addresses: readonly [string, string]
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
/** From the second to the first: the exchange, which has begun. */
export const [carried, carry] = awaited<Carried>()
