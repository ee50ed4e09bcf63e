/** How far each ring has been opened, and what of it is not yet in the log of both relays. */
import { decodeLetterCore, encodeLetterCore, type Letter } from "@kunak/core/envelope/letter"
import type { OpenedLetter, RelayName } from "@kunak/core/log/note"
import { stretchOf, stretchStart } from "@kunak/core/log/positions"
import { DAY_SECONDS, HOUR_SECONDS, type Instant } from "@kunak/core/time/instant"
import type { Row } from "../../vault/row.ts"
import { sql } from "../../vault/sql.ts"
import type { VaultChange, VaultReader } from "../../vault/unlocked-vault.ts"

export interface RingPlace {
  /** Everything before it was looked at here, or was gone: what others acknowledge does not move it. */
  readonly opened: number
  readonly acknowledged: number
  readonly head: number
  /** When `opened` was last the head; null before the first time. */
  readonly readAt: Instant | null
  /** Envelopes that no key opens, since the vault was made. */
  readonly unopenable: number
  /** Positions that were overwritten before this desk had read them, since the vault was made. */
  readonly missed: number
  /** When the last of them were found missing, and when the ring had been read to its head before that; null: never. */
  readonly missedAt: Instant | null
  readonly readBefore: Instant | null
  /** Before it lie, among others, dummies of a ring that was made anew since this desk last read it. */
  readonly dummiesUntil: number
}

/** Of a relay whose ring this vault has never read. */
export const NEVER_READ: RingPlace = {
  opened: 0,
  acknowledged: 0,
  head: 0,
  readAt: null,
  unopenable: 0,
  missed: 0,
  missedAt: null,
  readBefore: null,
  dummiesUntil: 0,
}

export const ringPlace = (vault: VaultReader, relay: RelayName): RingPlace =>
  vault.first(sql`select * from ring where relay = ${relay}`, (row) => ({
    opened: row.number("opened"),
    acknowledged: row.number("acknowledged"),
    head: row.number("head"),
    readAt: row.numberOrNull("read_at") as Instant | null,
    unopenable: row.number("unopenable"),
    missed: row.number("missed"),
    missedAt: row.numberOrNull("missed_at") as Instant | null,
    readBefore: row.numberOrNull("read_before") as Instant | null,
    dummiesUntil: row.number("dummies_until"),
  })) ?? NEVER_READ

export function keepRingPlace(change: VaultChange, relay: RelayName, place: RingPlace): void {
  const { opened, acknowledged, head, readAt, unopenable } = place
  const { missed, missedAt, readBefore, dummiesUntil } = place
  change.run(sql`insert or replace into ring (relay, opened, acknowledged, head, read_at, unopenable, missed, missed_at,
      read_before, dummies_until)
    values (${relay}, ${opened}, ${acknowledged}, ${head}, ${readAt}, ${unopenable}, ${missed}, ${missedAt},
      ${readBefore}, ${dummiesUntil})`)
}

export const endBatch = (change: VaultChange, relay: RelayName, until: number): void =>
  change.run(sql`insert or ignore into ring_batch (relay, until) values (${relay}, ${until})`)

export interface PendingLetter {
  readonly relay: RelayName
  readonly position: number
  readonly threadId: Uint8Array
  readonly item: Uint8Array
}

/** @param logPosition where it stands already: a message that repeats. */
export function addPending(
  change: VaultChange,
  { relay, position, letter }: OpenedLetter,
  item: Uint8Array,
  logPosition: number | null,
): void {
  change.run(sql`insert or ignore into ring_pending (relay, position, thread, item, letter, log_position)
    values (${relay}, ${position}, ${letter.threadId}, ${item}, ${encodeLetterCore(letter)}, ${logPosition})`)
}

/** A note of it stands in the log, of this desk or another: every envelope with the same to say is settled by it. */
export const settlePending = (
  change: VaultChange,
  threadId: Uint8Array,
  item: Uint8Array,
  logPosition: number,
): void =>
  change.run(sql`update ring_pending set log_position = ${logPosition}
    where thread = ${threadId} and item = ${item} and log_position is null`)

/**
 * Relay A lost its disk: notes that stood in its log alone stand in none any more. What is not known to have been mirrored
 * is told again; colleagues who had read it take it as known.
 */
export function takeBackTold(change: VaultChange, mirrored: number): void {
  change.run(sql`update ring_pending set log_position = null, said = 0 where log_position >= ${mirrored}`)
  change.run(sql`update message set log_position = null where log_position >= ${mirrored}
    and exists (select 1 from ring_pending where ring_pending.thread = message.thread
      and ring_pending.log_position is null and substr(item, 1, 1) = x'01' and substr(item, 2) = message.id)`)
}

const toOpened = (row: Row): (OpenedLetter & { readonly item: Uint8Array }) | null => {
  const letter: Letter | null = decodeLetterCore(row.bytes("letter"))
  return (
    letter && {
      relay: row.text("relay") as RelayName,
      position: row.number("position"),
      letter,
      item: row.bytes("item"),
    }
  )
}

/**
 * Letters of which no note stands in the log; one for each thing that is said, oldest first. Of threads that officers have
 * answered before all others: who floods the line with threads of their own does not come before who is in a conversation.
 */
export const lettersToTell = (
  vault: VaultReader,
): readonly (OpenedLetter & { readonly item: Uint8Array })[] =>
  vault
    .all(
      sql`select relay, position, letter, item from ring_pending where log_position is null
          group by thread, item having position = min(position)
          order by exists (select 1 from reply where reply.thread = ring_pending.thread) desc, relay, position`,
      toOpened,
    )
    .flatMap((opened) => opened ?? [])

/** Threads whose messages stand in the log of both relays, and whose writers have not been told. */
export const threadsToTell = (vault: VaultReader, mirrored: number): readonly Uint8Array[] =>
  vault.all(
    sql`select distinct thread from ring_pending where said = 0 and log_position < ${mirrored}
        and substr(item, 1, 1) = x'01'`,
    (row) => row.bytes("thread"),
  )

export const markTold = (change: VaultChange, mirrored: number): void =>
  change.run(sql`update ring_pending set said = 1 where log_position < ${mirrored}`)

/**
 * Up to where a ring may be overwritten: the end of the last batch of which every letter stands in the log of both
 * relays (rule I3). Ends of batches only: a single position would show the relay which envelope said something.
 */
export function acknowledgeable(vault: VaultReader, relay: RelayName, mirrored: number): number {
  const { opened, acknowledged } = ringPlace(vault, relay)
  const blocked =
    vault.first(
      sql`select min(position) as position from (
            select position from ring_pending where relay = ${relay}
              and (said = 0 or log_position is null or log_position >= ${mirrored})
            union all select position from ring_unopened where relay = ${relay})`,
      (row) => row.numberOrNull("position"),
    ) ?? opened
  const until = vault.first(
    sql`select max(until) as until from ring_batch where relay = ${relay} and until <= ${blocked}`,
    (row) => row.numberOrNull("until"),
  )
  return Math.max(acknowledged, until ?? 0)
}

/**
 * Everything before `position` may be overwritten now. Whoever has the capability can say so, or a relay: what this desk
 * has not opened or told it opens and tells all the same, as long as it is there.
 */
export function acknowledged(change: VaultChange, relay: RelayName, position: number): void {
  change.run(sql`update ring set acknowledged = ${position} where relay = ${relay}
    and acknowledged < ${position}`)
  change.run(sql`delete from ring_batch where relay = ${relay} and until <= ${position}`)
  // A colleague acknowledged it: a note of it stands in the log. What this desk has not read back there stays.
  change.run(sql`delete from ring_pending where relay = ${relay} and position < ${position}
    and log_position is not null and said = 1`)
}

export interface Unopened {
  readonly relay: RelayName
  readonly position: number
  readonly keyId: Uint8Array
  readonly since: Instant
}

export const unopenedOf = (vault: VaultReader, relay: RelayName): readonly Unopened[] =>
  vault.all(sql`select * from ring_unopened where relay = ${relay} order by position`, (row) => ({
    relay,
    position: row.number("position"),
    keyId: row.bytes("key_id"),
    since: row.number("since") as Instant,
  }))

export const addUnopened = (change: VaultChange, { relay, position, keyId, since }: Unopened): void =>
  change.run(sql`insert or ignore into ring_unopened (relay, position, key_id, since)
    values (${relay}, ${position}, ${keyId}, ${since})`)

export const dropUnopened = (change: VaultChange, relay: RelayName, position: number): void =>
  change.run(sql`delete from ring_unopened where relay = ${relay} and position = ${position}`)

/** Whether everything that was opened here stands in the log of both relays. */
export const isAllTold = (vault: VaultReader, mirrored: number): boolean =>
  vault.first(
    sql`select count(*) as n from ring_pending where log_position is null or log_position >= ${mirrored}`,
    (row) => row.number("n"),
  ) === 0

/** One head an hour, for a day. What a restored relay leapt over no envelope moved: heads of before say nothing (rule L10). */
export function keepRate(change: VaultChange, relay: RelayName, time: Instant, head: number): void {
  const start = stretchStart(stretchOf(head))
  change.run(sql`delete from ring_rate where relay = ${relay} and head < ${start}`)
  const hour = time - (time % HOUR_SECONDS)
  change.run(sql`insert or ignore into ring_rate (relay, time, head) values (${relay}, ${hour}, ${head})`)
  change.run(sql`delete from ring_rate where relay = ${relay} and time < ${time - DAY_SECONDS}`)
}

/** Envelopes an hour over the last day; null before there are two hours to compare. */
export function ringRate(vault: VaultReader, relay: RelayName, now: Instant): number | null {
  const first = vault.first(
    sql`select time, head from ring_rate where relay = ${relay} order by time limit 1`,
    (row) => ({ time: row.number("time"), head: row.number("head") }),
  )
  const hours = first ? (now - first.time) / HOUR_SECONDS : 0
  return first && hours >= 1 ? (ringPlace(vault, relay).head - first.head) / hours : null
}
