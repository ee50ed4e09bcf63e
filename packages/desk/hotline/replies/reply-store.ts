/** Replies and their parts in the vault, own and colleagues'. */
import { asPublicKey } from "@kunak/core/keys"
import type { ReplyNote } from "@kunak/core/log/note"
import type { ThreadId } from "@kunak/core/thread/keys"
import type { Instant } from "@kunak/core/time/instant"
import type { Row } from "../../vault/row.ts"
import { sql } from "../../vault/sql.ts"
import type { VaultChange, VaultReader } from "../../vault/unlocked-vault.ts"
import { addThread, isDeleted, threadById } from "../threads/thread-store.ts"

export interface KeptPart {
  readonly sequence: number
  readonly place: number
  readonly isRead: boolean
  /** When this desk saw it in the log, on its way to duty, and how long it lives there; null before. */
  readonly placed: { readonly seen: Instant; readonly expires: Instant } | null
}

export interface KeptReply extends Omit<ReplyNote, "sequences"> {
  /** Messages with a greater number came after it. */
  readonly after: number
  readonly parts: readonly KeptPart[]
}

const toReply = (vault: VaultReader, row: Row): KeptReply => {
  const threadId = row.bytes("thread") as ThreadId
  const replyId = row.bytes("id")
  return {
    threadId,
    replyId,
    officer: asPublicKey<"officer">(row.bytes("officer")),
    written: row.number("written") as Instant,
    expires: row.number("expires") as Instant,
    text: row.text("text"),
    after: row.number("after"),
    parts: vault.all(
      sql`select reply_part.sequence, place, is_read, seen, placed_part.expires as until from reply_part
          join thread on thread.id = reply_part.thread
          left join placed_part on placed_part.handle = thread.handle and placed_part.sequence = reply_part.sequence
          where reply_part.thread = ${threadId} and reply = ${replyId} order by place`,
      (part) => ({
        sequence: part.number("sequence"),
        place: part.number("place"),
        isRead: part.number("is_read") !== 0,
        placed: placedOf(part),
      }),
    ),
  }
}

function placedOf(row: Row): KeptPart["placed"] {
  const seen = row.numberOrNull("seen")
  return seen === null ? null : { seen: seen as Instant, expires: row.number("until") as Instant }
}

/** Oldest first. */
export const repliesOf = (vault: VaultReader, thread: Uint8Array): readonly KeptReply[] =>
  vault
    .all(sql`select * from reply where thread = ${thread} order by written, id`, (row) => row)
    .map((row) => toReply(vault, row))

/** @param logPosition where its note stands; null when it was written here. */
export function takeReply(
  change: VaultChange,
  reply: ReplyNote,
  time: Instant,
  logPosition: number | null,
): void {
  const { threadId, replyId, officer, written, expires, text, sequences } = reply
  if (isDeleted(change, threadId)) return
  if (!threadById(change, threadId)) addThread(change, threadId, 0 as never, time)
  change.run(sql`insert or ignore into reply (id, thread, officer, written, expires, text, after) values (${replyId},
    ${threadId}, ${officer}, ${written}, ${expires}, ${text}, ${lastBefore(change, threadId, logPosition)})`)
  sequences.forEach((sequence, place) => {
    change.run(sql`insert or ignore into reply_part (thread, sequence, reply, place)
      values (${threadId}, ${sequence}, ${replyId}, ${place})`)
  })
}

/** The last message that stood in the log before this reply, or was here when it was written. */
const lastBefore = (vault: VaultReader, thread: ThreadId, logPosition: number | null): number =>
  vault.first(
    sql`select coalesce(max(number), 0) as n from message where thread = ${thread}
        and (${logPosition} is null or log_position < ${logPosition})`,
    (row) => row.number("n"),
  ) ?? 0

export const extendReply = (change: VaultChange, replyId: Uint8Array, expires: Instant): void =>
  change.run(sql`update reply set expires = ${expires} where id = ${replyId} and expires < ${expires}`)

/** Nobody counts so far; who can write to the line's log could put up such a number so that none is left. */
const HIGHEST_TRUSTED = 0xf000_0000

/**
 * Of a thread; 0 before the first. A desk that knows no reply of it, restored or enrolled anew, takes the numbers that stand
 * on the board, its own of before among them (rule O1).
 */
export const highestSequence = (vault: VaultReader, thread: Uint8Array): number =>
  vault.first(
    sql`select coalesce((select max(sequence) from reply_part where thread = ${thread}),
        (select max(placed_part.sequence) from placed_part join thread on thread.handle = placed_part.handle
         where thread.id = ${thread} and placed_part.sequence < ${HIGHEST_TRUSTED}), 0) as n`,
    (row) => row.number("n"),
  ) ?? 0

/** Threads with parts of this officer's replies that are unread and have never been on their way to the board. */
export const unplacedThreads = (vault: VaultReader, officer: Uint8Array): readonly ThreadId[] =>
  vault.all(
    sql`select distinct reply.thread as thread from reply
        join reply_part on reply_part.thread = reply.thread and reply_part.reply = reply.id
        join thread on thread.id = reply.thread
        left join placed_part on placed_part.handle = thread.handle and placed_part.sequence = reply_part.sequence
        where reply.officer = ${officer} and is_read = 0 and placed_part.sequence is null`,
    (row) => row.bytes("thread") as ThreadId,
  )

/** Parts that the person said to have read, to this desk, and that duty has not been told to take down. */
export const partsToDrop = (
  vault: VaultReader,
): readonly { readonly threadId: ThreadId; readonly sequence: number }[] =>
  vault.all(
    sql`select thread, sequence from reply_part where is_read = 2 order by thread, sequence`,
    (row) => ({
      threadId: row.bytes("thread") as ThreadId,
      sequence: row.number("sequence"),
    }),
  )

export const markDropped = (change: VaultChange, thread: Uint8Array, sequences: readonly number[]): void => {
  for (const sequence of sequences)
    change.run(sql`update reply_part set is_read = 1 where thread = ${thread} and sequence = ${sequence}`)
}
