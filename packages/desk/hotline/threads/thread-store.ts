/** Threads, their week keys and messages in the vault. */
import { concatBytes } from "@kunak/core/bytes/equal"
import { WEEKS_HELD } from "@kunak/core/parameters"
import { Secret } from "@kunak/core/secret"
import { sha256 } from "@kunak/core/suite"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { type Instant, type Week, weekEnd } from "@kunak/core/time/instant"
import type { Row } from "../../vault/row.ts"
import { sql } from "../../vault/sql.ts"
import type { VaultChange, VaultReader } from "../../vault/unlocked-vault.ts"

export interface KeptThread {
  readonly id: ThreadId
  /** What duty knows it by. */
  readonly handle: Uint8Array
  readonly first: Instant
  /** First of the newest three weeks whose keys the person gave. */
  readonly keysWeek: Week
  readonly draft: string
  /** Message ids in the last part that only says what was opened, one after the other, and when it was made. */
  readonly openedIds: Uint8Array
  readonly openedSaid: Instant
  /** UTC day of the last message, messages of that day, and those of all days that were not kept. */
  readonly day: number
  readonly dayCount: number
  readonly putAside: number
}

export interface KeptMessage {
  /** Rises as this desk learns of them. */
  readonly number: number
  readonly id: Uint8Array
  readonly opened: Instant
  readonly text: string
  readonly isQuarantined: boolean
  readonly logPosition: number | null
}

const toThread = (row: Row): KeptThread => ({
  id: row.bytes("id") as ThreadId,
  handle: row.bytes("handle"),
  first: row.number("first") as Instant,
  keysWeek: row.number("keys_week") as Week,
  draft: row.text("draft"),
  openedIds: row.bytes("opened_ids"),
  openedSaid: row.number("opened_said") as Instant,
  day: row.number("day"),
  dayCount: row.number("day_count"),
  putAside: row.number("put_aside"),
})

const toMessage = (row: Row): KeptMessage => ({
  number: row.number("number"),
  id: row.bytes("id"),
  opened: row.number("opened") as Instant,
  text: row.text("text"),
  isQuarantined: row.number("quarantined") === 1,
  logPosition: row.numberOrNull("log_position"),
})

const HANDLE_DOMAIN = new TextEncoder().encode("kunak/1 thread handle\0")
/** One way, and the same at every desk: two desks that answer one thread must not stand on the board as two. */
export const handleOf = (id: ThreadId): Uint8Array => sha256(concatBytes(HANDLE_DOMAIN, id)).slice(0, 16)

export const threadById = (vault: VaultReader, id: Uint8Array): KeptThread | null =>
  vault.first(sql`select * from thread where id = ${id}`, toThread)

export const allThreads = (vault: VaultReader): readonly KeptThread[] =>
  vault.all(sql`select * from thread`, toThread)

export const isDeleted = (vault: VaultReader, id: Uint8Array): boolean =>
  vault.first(sql`select 1 as one from deleted_thread where id = ${id}`, () => true) ?? false

export const isDeletedHandle = (vault: VaultReader, handle: Uint8Array): boolean =>
  vault.first(sql`select 1 as one from deleted_thread where handle = ${handle}`, () => true) ?? false

export const countDeleted = (vault: VaultReader): number =>
  vault.first(sql`select count(*) as n from deleted_thread`, (row) => row.number("n")) ?? 0

export function addThread(change: VaultChange, id: ThreadId, week: Week, time: Instant): void {
  change.run(sql`insert or ignore into thread (id, handle, first, keys_week)
    values (${id}, ${handleOf(id)}, ${time}, ${week})`)
}

/** Those that are kept, as this desk learned of them. */
export const messagesOf = (vault: VaultReader, thread: Uint8Array): readonly KeptMessage[] =>
  vault.all(sql`select * from message where thread = ${thread} and kept = 1 order by number`, toMessage)

/** Too many for their day: kept at this desk alone, in its vault and in no note. */
export const asideOf = (vault: VaultReader, thread: KeptThread): readonly KeptMessage[] =>
  thread.putAside === 0
    ? []
    : vault.all(
        sql`select * from message where thread = ${thread.id} and kept = 2 order by number`,
        toMessage,
      )

export const messageById = (
  vault: VaultReader,
  thread: Uint8Array,
  id: Uint8Array,
): (KeptMessage & { readonly isKept: boolean }) | null =>
  vault.first(sql`select * from message where thread = ${thread} and id = ${id}`, (row) => ({
    ...toMessage(row),
    isKept: row.number("kept") === 1,
  }))

export const weekKeyOf = (vault: VaultReader, thread: Uint8Array, week: Week): WeekKey | null =>
  vault.first(
    sql`select key from week_key where thread = ${thread} and week = ${week}`,
    (row) => new Secret(row.bytes("key")) as WeekKey,
  )

/** Up to when a reply can be read: the last week whose keys the person gave (rule O5). */
export const keysEnd = ({ keysWeek }: KeptThread): Instant => weekEnd((keysWeek + WEEKS_HELD - 1) as Week)

/** Week keys of weeks before `week` are erased: nothing that is still to come needs them. */
export const eraseWeekKeys = (change: VaultChange, week: Week): void =>
  change.run(sql`delete from week_key where week < ${week}`)

export const holdsWeekKeysBefore = (vault: VaultReader, week: Week): boolean =>
  vault.first(sql`select 1 as one from week_key where week < ${week} limit 1`, () => true) ?? false

export const saveReplyDraft = (change: VaultChange, thread: Uint8Array, text: string): void =>
  change.run(sql`update thread set draft = ${text} where id = ${thread}`)
