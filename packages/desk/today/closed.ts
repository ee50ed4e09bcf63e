/** What a closed organisation leaves to this desk (rules C8, K32). Pure over what the desk already knows. */
import { windowEnd, windowOf, windowStart } from "@kunak/core/intake/intake-key"
import { isRevoked } from "@kunak/core/revocation/revocation"
import { plusSeconds, weekEnd } from "@kunak/core/time/instant"
import { intakeWindows } from "../hotline/keys/key-store.ts"
import { ERASE_AFTER_SECONDS } from "../hotline/rings/read-rings.ts"
import type { OpenDesk } from "../open-desk.ts"
import { closedSince } from "../sync/closed-since.ts"
import { draftById } from "../warnings/draft-store.ts"
import { whyNotSignable } from "../warnings/queries.ts"
import type { ClosedView, TodayItem } from "./model.ts"

/** Null while the organisation is open. */
export function closedView(desk: OpenDesk): ClosedView | null {
  if (!desk.chain().current.charter.closed) return null
  const time = desk.now()
  const { vault, officer, sync } = desk
  const since = closedSince(vault)
  // The last envelopes are sealed to the key of this window.
  const stayUntil = since === null ? null : plusSeconds(windowEnd(windowOf(since)), ERASE_AFTER_SECONDS)
  const holdsKeys = since !== null && intakeWindows(vault).some((window) => windowStart(window) <= since)
  const week = sync.delegation(time)
  return {
    since,
    stayUntil,
    isOpened: stayUntil !== null && time >= stayUntil && !holdsKeys,
    withdrawsUntil: week ? weekEnd(week.week) : null,
    isRevoked: isRevoked(officer.key.publicKey, sync.line().revocations),
  }
}

/** Asks for what nobody can do, or needs to do, once the organisation is closed. */
const OVER: ReadonlySet<TodayItem["kind"]> = new Set<TodayItem["kind"]>([
  "expiring",
  "delegations-end",
  "charter-ends",
  "receipt-due",
  "not-receiving",
  "keys-ending",
  "cannot-acknowledge",
])
/** Once the page says so: until then people write and are answered. */
const OUT_OF_REACH: ReadonlySet<TodayItem["kind"]> = new Set<TodayItem["kind"]>([
  "unanswered",
  "ring-filling",
  "missed-windows",
])

export function stillMatters(desk: OpenDesk, closed: ClosedView | null, item: TodayItem): boolean {
  if (closed === null) return true
  if (item.kind === "sign") {
    const signed = draftById(desk.vault, item.id)?.signed
    return signed != null && whyNotSignable(desk, signed) === null
  }
  return !OVER.has(item.kind) && !(closed.since !== null && OUT_OF_REACH.has(item.kind))
}
