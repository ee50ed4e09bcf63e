/** From the vault to the board: which parts of which replies, under which keys. */
import { concatBytes } from "@kunak/core/bytes/equal"
import { MESSAGE_ID_BYTES } from "@kunak/core/envelope/letter"
import type { Random } from "@kunak/core/keys"
import { decodeEntry, type Entry } from "@kunak/core/log/entry"
import { EDITION_SECONDS, WEEKS_HELD } from "@kunak/core/parameters"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { DAY_SECONDS, type Instant, plusSeconds, type Week } from "@kunak/core/time/instant"
import { enqueue } from "../../sync/outbox.ts"
import { sql } from "../../vault/sql.ts"
import type { UnlockedVault, VaultChange, VaultReader } from "../../vault/unlocked-vault.ts"
import { type KeptThread, messageById, messagesOf, threadById, weekKeyOf } from "../threads/thread-store.ts"
import {
  cutReply,
  type HeldKeys,
  keyOfWeek,
  type Opened,
  type Placing,
  placeOpened,
  placeReply,
  replyExpires,
} from "./compose.ts"
import { extendReply, type KeptReply, repliesOf } from "./reply-store.ts"

/** Message ids in a part. */
const OPENED_IN_A_PART = 4

export interface PlaceParts {
  readonly vault: UnlockedVault
  /** Of the newest edition. */
  readonly week: () => Week
  readonly now: () => Instant
  readonly random: Random
  readonly isClosed: () => boolean
}

export function heldKeys(vault: VaultReader, thread: KeptThread): HeldKeys {
  const week = thread.keysWeek
  const keys = Array.from({ length: WEEKS_HELD }, (_, i) => weekKeyOf(vault, thread.id, (week + i) as Week))
  return { week, keys: keys as readonly (WeekKey | null)[] }
}

/** The newest messages that stand in the log. Those of somebody else under the same id are not told of. */
export function openedOf(vault: VaultReader, thread: Uint8Array): Opened {
  const told = messagesOf(vault, thread)
    .filter(({ logPosition, isQuarantined }) => logPosition !== null && !isQuarantined)
    .slice(-OPENED_IN_A_PART)
  return { ids: told.map(({ id }) => id), at: Math.max(0, ...told.map(({ opened }) => opened)) as Instant }
}

function placingOf(parts: PlaceParts, thread: KeptThread): Placing | null {
  const { vault, now, random } = parts
  const held = heldKeys(vault, thread)
  // An edition that is a week behind the one that the person saw has no cells for the thread.
  const week = Math.max(parts.week(), held.week) as Week
  if (!keyOfWeek(held, week)) return null
  return {
    threadId: thread.id,
    handle: thread.handle,
    held,
    week,
    opened: openedOf(vault, thread.id),
    now: now(),
    random,
  }
}

/**
 * Seals and enqueues parts of a reply that no board has, or that are over, unread.
 * @param also in the same change: a new reply itself; false to write nothing. `expires` is null without keys.
 */
export async function place(
  parts: PlaceParts,
  threadId: ThreadId,
  reply: Omit<KeptReply, "officer" | "after">,
  also: (change: VaultChange, expires: Instant | null) => boolean = () => true,
): Promise<ReturnType<UnlockedVault["change"]>> {
  const { vault } = parts
  const thread = threadById(vault, threadId)
  const placing = thread && placingOf(parts, thread)
  const { pieces } = cutReply(reply.text)
  // A colleague's desk of another version may cut otherwise: then only that desk can place it.
  const isSame = pieces.length === reply.parts.length
  const texts = reply.parts
    .filter(({ isRead }) => !isRead)
    .map(({ sequence, place: at }) => ({ sequence, place: at, text: pieces[at] ?? "" }))
  const { replyId, written } = reply
  const entries =
    placing && isSame ? await placeReply(placing, { replyId, written, texts, parts: pieces.length }) : []
  if (parts.isClosed()) return { ok: true, value: null }
  const expires = placing && replyExpires(placing.now, placing.held)
  return vault.change((change) => {
    // Deleted while the parts were sealed: nothing of it leaves.
    if (!threadById(change, threadId)) return
    if (!also(change, expires)) return
    for (const entry of entries) enqueue(change, entry, threadId)
    if (expires && entries.length > 0) extendReply(change, replyId, expires)
  })
}

/** Parts that wait in the outbox: as good as placed. */
function waitingParts(vault: VaultReader, thread: Uint8Array): ReadonlySet<number> {
  const entries: readonly (Entry | null)[] = vault.all(
    sql`select bytes from outbox where form = 'entry' and thread = ${thread} and log_position is null`,
    (row) => decodeEntry(row.bytes("bytes")),
  )
  return new Set(entries.flatMap((entry) => (entry?.kind === "part" ? [entry.part.sequence] : [])))
}

function placedUntil(vault: VaultReader, handle: Uint8Array, sequence: number): number | null {
  return vault.first(
    sql`select expires from placed_part where handle = ${handle} and sequence = ${sequence}`,
    (row) => row.number("expires"),
  )
}

/**
 * What is unread and on no board: never placed, or over. After the person came back all of the thread's; at other times
 * what this officer wrote and could not place.
 */
export async function placeMissing(
  parts: PlaceParts,
  threadId: ThreadId,
  which: (reply: KeptReply) => boolean,
  evenOver: boolean,
): Promise<void> {
  const { vault } = parts
  const thread = threadById(vault, threadId)
  if (!thread || !placingOf(parts, thread)) return
  const waiting = waitingParts(vault, threadId)
  const replies = repliesOf(vault, threadId).filter(which)
  for (const [i, reply] of replies.entries()) {
    const isMissing = ({ sequence }: { readonly sequence: number }): boolean => {
      const until = placedUntil(vault, thread.handle, sequence)
      return !waiting.has(sequence) && (until === null || (evenOver && until <= parts.now()))
    }
    const missing = reply.parts.filter((part) => !part.isRead && isMissing(part))
    if (missing.length === 0) continue
    const others = reply.parts
      .filter((part) => !missing.includes(part))
      .map((part) => ({ ...part, isRead: true }))
    // Duty knows a reply by the second in which it was placed (rule O3).
    const second = (): Instant => plusSeconds(parts.now(), i + 1 - replies.length)
    await place({ ...parts, now: second }, threadId, { ...reply, parts: [...missing, ...others] })
    if (parts.isClosed()) return
  }
}

/** A person is told again only so often, whatever repeats. */
const TELL_AGAIN_SECONDS = EDITION_SECONDS

/** The part that only says which messages were opened: when it would say something new, or is about to end. */
export async function tellOpened(parts: PlaceParts, threadId: ThreadId): Promise<void> {
  const { vault } = parts
  const thread = threadById(vault, threadId)
  const placing = thread && placingOf(parts, thread)
  if (!thread || !placing) return
  const repeated = vault.all(
    sql`select substr(item, 2) as id from ring_pending where thread = ${threadId} and said = 0
        and log_position is not null and substr(item, 1, 1) = x'01'`,
    (row) => row.bytes("id"),
  )
  const ids = withRepeated(vault, threadId, placing.opened.ids, repeated)
  if (ids.length === 0) return
  const said = concatBytes(...ids)
  const isSame = String(said) === String(thread.openedIds)
  const age = placing.now - thread.openedSaid
  if (isSame ? age < DAY_SECONDS : isOnly(thread.openedIds, ids) && age < TELL_AGAIN_SECONDS) return
  const entry = await placeOpened({ ...placing, opened: { ids, at: placing.opened.at } })
  if (parts.isClosed()) return
  vault.change((change) => {
    if (!threadById(change, threadId)) return
    dropOldOpened(change, threadId)
    enqueue(change, entry, threadId)
    change.run(
      sql`update thread set opened_ids = ${said}, opened_said = ${placing.now} where id = ${threadId}`,
    )
  })
}

/** The newest, and before them what the person's page still repeats, because it fell out of the four. */
function withRepeated(
  vault: VaultReader,
  thread: Uint8Array,
  newest: readonly Uint8Array[],
  repeated: readonly Uint8Array[],
): readonly Uint8Array[] {
  const names = new Set(newest.map(String))
  const older = repeated.filter((id) => {
    const message = messageById(vault, thread, id)
    return !names.has(String(id)) && message?.isKept === true && !message.isQuarantined
  })
  return [...older.slice(-OPENED_IN_A_PART), ...newest].slice(
    older.length === 0 ? -OPENED_IN_A_PART : 0,
    OPENED_IN_A_PART,
  )
}

/** Whether all of these ids have been said before: then the part only changes which four are in it. */
function isOnly(said: Uint8Array, ids: readonly Uint8Array[]): boolean {
  const before = new Set<string>()
  for (let at = 0; at < said.length; at += MESSAGE_ID_BYTES)
    before.add(String(said.slice(at, at + MESSAGE_ID_BYTES)))
  return ids.every((id) => before.has(String(id)))
}

/** One that still waits in the outbox says less. */
function dropOldOpened(change: VaultChange, thread: Uint8Array): void {
  const rows = change.all(
    sql`select number, bytes from outbox where form = 'entry' and thread = ${thread}`,
    (row) => ({ number: row.number("number"), entry: decodeEntry(row.bytes("bytes")) }),
  )
  for (const { number, entry } of rows)
    if (entry?.kind === "part" && entry.part.sequence === 0)
      change.run(sql`delete from outbox where number = ${number}`)
}
