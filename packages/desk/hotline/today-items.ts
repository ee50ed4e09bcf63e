/** What the hotline has for *Today*. Pure over what the desk already knows. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { windowOf } from "@kunak/core/intake/intake-key"
import { EDITION_LIFE_SECONDS } from "@kunak/core/parameters"
import { HOUR_SECONDS, type Instant } from "@kunak/core/time/instant"
import type { OpenDesk } from "../open-desk.ts"
import type { HotlineItem, Urgency } from "../today/model.ts"
import { unopened } from "./hotline.ts"
import { delegationOf, receivingUntil } from "./keys/make-keys.ts"
import { lostNotes, missedWindows, summaries } from "./queries.ts"
import { LONGEST_AWAY_SECONDS } from "./rings/read-rings.ts"
import { ringPlace, ringRate } from "./rings/ring-store.ts"

type Item = HotlineItem & { readonly urgency: Urgency }

/** Whoever writes looks for an answer after some hours; danger to life waits for nobody. */
const UNANSWERED_NOW_SECONDS = 4 * HOUR_SECONDS
/** *Today* speaks of a ring from this share on, in hundredths; from the second on it can't wait. */
const RING_PERCENT = [20, 60] as const
/** Intake keys are made seven days ahead: so short before their end no desk has made any for days. */
const KEYS_SECONDS = 48 * HOUR_SECONDS

export const hotlineItems = (desk: OpenDesk): readonly Item[] => [
  ...unansweredItems(desk),
  ...ringItems(desk),
  ...keyItems(desk),
]

function unansweredItems(desk: OpenDesk): readonly Item[] {
  const time = desk.now()
  return summaries(desk).flatMap(({ id, label, urgency: thread, unansweredSince: since, isMine }) => {
    if (since === null) return []
    const isGrave = thread === "danger-to-life" || thread === "high"
    const urgency = isGrave || time - since >= UNANSWERED_NOW_SECONDS ? "now" : "soon"
    return [{ kind: "unanswered", id, label, thread, since: since as Instant, isMine, urgency } as const]
  })
}

function ringItems(desk: OpenDesk): readonly Item[] {
  const items: Item[] = []
  const { vault } = desk
  const slots = 2 ** desk.chain().current.charter.log2Slots
  for (const relay of ["A", "B"] as const) {
    const { head, acknowledged, missed, missedAt } = ringPlace(vault, relay)
    const used = head - acknowledged
    const percent = Math.round((100 * used) / slots)
    const rate = ringRate(vault, relay, desk.now())
    const hours = rate && rate > 0 ? Math.max(0, Math.floor((slots - used) / rate)) : null
    if (percent >= RING_PERCENT[0])
      items.push({
        kind: "ring-filling",
        relay,
        percent,
        hours,
        urgency: percent >= RING_PERCENT[1] ? "now" : "soon",
      })
    // Afterwards it is history: whoever had to be told has been.
    if (missedAt !== null && desk.now() - missedAt < LONGEST_AWAY_SECONDS)
      items.push({ kind: "overwritten", relay, count: missed, urgency: "now" })
  }
  const count = unopened(vault)
  if (count !== null) items.push({ kind: "unopened", count, urgency: "soon" })
  const missed = missedWindows(desk).length
  if (missed > 0) items.push({ kind: "missed-windows", count: missed, urgency: "soon" })
  const lost = lostNotes(desk)
  if (lost > 0) items.push({ kind: "notes-lost", count: lost, urgency: "now" })
  if (desk.officer.capabilities.some(({ acknowledge }) => acknowledge === null))
    items.push({ kind: "cannot-acknowledge", urgency: "soon" })
  return items
}

function keyItems(desk: OpenDesk): readonly Item[] {
  const time = desk.now()
  const header = desk.sync.watch.edition()?.header
  // An old edition is said as such; a new one can lack a key that duty had not read yet.
  const isFresh = header !== undefined && time - header.issued <= EDITION_LIFE_SECONDS
  if (isFresh && header.intakeKey.length === 0) return [{ kind: "not-receiving", urgency: "now" }]
  const until = receivingUntil(desk.sync.line(), time)
  if (until === null || until - time > KEYS_SECONDS || makesNext(desk, until)) return []
  const hours = Math.floor((until - time) / HOUR_SECONDS)
  const isNow = windowOf(time) === windowOf((until - 1) as Instant)
  return [{ kind: "keys-ending", hours, urgency: isNow ? "now" : "soon" }]
}

/** Whether this desk makes the next ones by itself: it is delegated then, and relay A takes what it says. */
const makesNext = (desk: OpenDesk, until: Instant): boolean =>
  desk.sync.trouble("A") === null &&
  (delegationOf(desk.sync.line(), windowOf(until))?.officers ?? []).some((key) =>
    equalBytes(key, desk.officer.key.publicKey),
  )
