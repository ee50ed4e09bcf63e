/** What needs somebody now. Pure over what the desk already knows: it asks no relay. */

import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import { attendance, freshness } from "@kunak/core/edition/attendance"
import type { EditionHeader } from "@kunak/core/edition/header"
import { decodeEntry } from "@kunak/core/log/entry"
import { RECEIPT_FRESH_SECONDS } from "@kunak/core/parameters"
import {
  DAY_SECONDS,
  HOUR_SECONDS,
  type Instant,
  plusSeconds,
  weekEnd,
  weekOf,
} from "@kunak/core/time/instant"
import { phaseAt } from "@kunak/core/warning/resolve"
import type { RingError } from "../hotline/rings/read-rings.ts"
import { hotlineItems } from "../hotline/today-items.ts"
import type { OpenDesk } from "../open-desk.ts"
import { type OutboxItem, outbox } from "../sync/outbox.ts"
import type { LogTrouble } from "../sync/sync.ts"
import { listWarnings, publication, resolvedWarnings } from "../warnings/queries.ts"
import { headlineOf, show } from "../warnings/show.ts"
import { closedView, stillMatters } from "./closed.ts"
import { health } from "./health.ts"
import type { TodayItem, TodayView, Urgency } from "./model.ts"

/** *Today* speaks of the end of delegations so many days ahead (docs/protocol.md §4). */
export const DELEGATION_DAYS = [2, 7, 21] as const
const CHARTER_DAYS = 60
/** A warning that ends so soon may have to be signed again. */
const EXPIRING_SECONDS = 12 * HOUR_SECONDS
/** A desk's vault grows by some megabytes in a busy week; a passphrase's change needs room for a whole copy. */
const LEAST_FREE_BYTES = 500e6
/** Longer than one edition and its upload take. */
const OUT_EDITIONS = 3

export async function today(desk: OpenDesk): Promise<TodayView> {
  const closed = closedView(desk)
  const items = [
    ...(await warningItems(desk)),
    ...hotlineItems(desk),
    ...authorityItems(desk),
    ...lineItems(desk),
    ...(desk.swap() === "clear" ? [soon({ kind: "swap" })] : []),
  ].filter((item) => stillMatters(desk, closed, item))
  const edition = desk.sync.watch.edition()
  const states = desk.sync.watch.states()
  const served = desk.sync.watch.served()
  return {
    closed,
    items: [...items].sort((a, b) => Number(a.urgency === "soon") - Number(b.urgency === "soon")),
    edition: edition && { ...edition.header.id, issued: edition.header.issued },
    relays: (["A", "B"] as const).map((name) => {
      const { kind } = states[name]
      const shown = served[name]
      return {
        name,
        state: kind === "lies" || kind === "empty" ? "behind" : kind,
        served: shown && { ...shown.id, issued: shown.issued },
      }
    }),
    health: health(desk),
    waitingToLeave: outbox(desk.vault).filter(isSaidByPeople).length,
    progress: desk.sync.progress(),
  }
}

/** Keys for the weeks ahead leave by themselves, a few in each round: nobody waits for them. */
function isSaidByPeople({ form, bytes }: OutboxItem): boolean {
  const kind = form === "note" ? "note" : decodeEntry(bytes)?.kind
  return kind !== "receive-keys" && kind !== "intake-wraps" && kind !== "intake-key"
}

type Item = TodayItem & { readonly urgency: Urgency }
const now = (item: TodayItem): Item => ({ ...item, urgency: "now" })
const soon = (item: TodayItem): Item => ({ ...item, urgency: "soon" })

async function warningItems(desk: OpenDesk): Promise<readonly Item[]> {
  const time = desk.now()
  const waiting = (await listWarnings(desk)).flatMap((item) =>
    item.kind === "waiting" && item.mine ? [now({ kind: "sign", id: item.id, headline: item.headline })] : [],
  )
  const { editionSeconds } = desk.chain().current.charter
  const standing = (await resolvedWarnings(desk)).filter(
    ({ warning, state }) => state === "stands" && phaseAt(warning.core, time) !== "expired",
  )
  const signed = standing.flatMap(({ warning }): readonly Item[] => {
    const { core, hash } = warning
    const shown = {
      id: toHex(hash),
      headline: headlineOf(show(warning.signed, desk.chain(), desk.settings().language)),
    }
    const items: Item[] = []
    if (core.expires - time <= EXPIRING_SECONDS)
      items.push(soon({ kind: "expiring", ...shown, expires: core.expires }))
    const isLate = time - core.signedAt > OUT_EDITIONS * editionSeconds
    if (isLate && publication(desk, warning).kind !== "on-the-page")
      items.push(now({ kind: "not-out-yet", ...shown }))
    return items
  })
  return [...waiting, ...signed]
}

function authorityItems(desk: OpenDesk): readonly Item[] {
  const time = desk.now()
  const items: Item[] = []
  const { charter } = desk.chain().current
  const charterDays = daysUntil(charter.expires, time)
  if (charterDays <= CHARTER_DAYS)
    items.push(
      (charterDays <= 7 ? now : soon)({ kind: "charter-ends", days: charterDays, ends: charter.expires }),
    )
  const ends = delegationsEnd(desk)
  const days = daysUntil(ends, time)
  const step = DELEGATION_DAYS.find((limit) => days <= limit)
  if (step !== undefined) items.push((step === 2 ? now : soon)({ kind: "delegations-end", days, ends }))
  const last = desk.sync.line().receipt?.receipt.time ?? null
  if (last === null || time - last > RECEIPT_FRESH_SECONDS) items.push(now({ kind: "receipt-due", last }))
  return items
}

const daysUntil = (end: Instant, time: Instant): number => Math.max(0, Math.floor((end - time) / DAY_SECONDS))

/** The end of the last week, counted without a gap from this one, that names this officer. */
export function delegationsEnd(desk: OpenDesk): Instant {
  const weeks = desk.sync
    .line()
    .delegations.filter(({ officers }) => officers.some((key) => equalBytes(key, desk.officer.key.publicKey)))
    .map(({ week }) => week as number)
  let week = weekOf(desk.now()) as number
  if (!weeks.includes(week)) return desk.now()
  while (weeks.includes(week + 1)) week += 1
  return weekEnd(week as never)
}

function lineItems(desk: OpenDesk): readonly Item[] {
  const time = desk.now()
  const items: Item[] = []
  const { watch, trouble } = desk.sync
  const edition = watch.edition()
  const states = watch.states()
  for (const relay of ["A", "B"] as const) {
    const state = states[relay]
    const [log, ring] = [causeOf(trouble(relay)), causeOf(desk.sync.hotline.trouble(relay))]
    if (state.kind === "down") items.push(now({ kind: "relay-down", relay, cause: state.cause }))
    else if (state.kind === "lies") items.push(now({ kind: "relay-lies", relay }))
    else if (state.kind === "behind") items.push(now({ kind: "relay-behind", relay }))
    else if (log !== null) items.push(now({ kind: "log-trouble", relay, cause: log }))
    else if (ring !== null) items.push(now({ kind: "ring-trouble", relay, cause: ring }))
  }
  const isKnown = states.A.kind !== "unknown" || states.B.kind !== "unknown"
  if (!edition && isKnown) items.push(now({ kind: "no-edition" }))
  if (edition) items.push(...timeItems(desk, edition.header, time))
  const free = desk.freeBytes()
  if (free !== null && free < LEAST_FREE_BYTES) items.push(now({ kind: "disk-low", freeBytes: free }))
  const heard = edition && attendance(edition)
  if (heard?.kind === "something-left-out") items.push(now({ kind: "not-shown", count: heard.missing }))
  return items
}

/** An edition that seems old or to come, judged as readers judge it: both relays' clocks together are believed against one's own. */
function timeItems(desk: OpenDesk, header: EditionHeader, time: Instant): readonly Item[] {
  const [a, b] = [desk.sync.clockOffset("A"), desk.sync.clockOffset("B")]
  const clocks = a === null || b === null ? [] : [plusSeconds(time, a), plusSeconds(time, b)]
  const found = freshness(header, time, clocks)
  const stale = now({ kind: "edition-stale", issued: header.issued })
  if (found.kind === "fresh") return []
  if (found.kind === "stale")
    return header.issued > time ? [now({ kind: "edition-ahead", seconds: header.issued - time })] : [stale]
  const by = found.fresh === null ? "edition" : "relays"
  const wrong = now({ kind: "clock-wrong", seconds: found.offBySeconds, by })
  return found.fresh === false ? [wrong, stale] : [wrong]
}

/** A log or ring that is only unreachable is said once, as the relay that is down. */
const causeOf = (trouble: LogTrouble | RingError | null): string | null =>
  trouble === null || trouble.kind === "relay-down" ? null : trouble.kind
