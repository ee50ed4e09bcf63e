/** What the first script found out, for the second: both are given this one module (build.ts). */
import type { Edition } from "@kunak/core/edition/verify"
import type { Instant } from "@kunak/core/time/instant"

export interface Opened {
  /** Verified: of a page whose signatures do not hold the second script learns nothing. */
  readonly own: Edition
  /** Asked at each check: the page may have been open for hours. */
  readonly time: () => Instant
  readonly isFresh: () => boolean
}

let tell: (opened: Opened) => void = () => {}

export const opened: Promise<Opened> = new Promise((resume) => {
  tell = resume
})

export const openFor = (found: Opened): void => tell(found)
