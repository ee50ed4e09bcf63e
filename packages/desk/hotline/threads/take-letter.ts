/**
 * Takes a letter into the vault, from a ring or from a colleague's note. One of each (thread id, message id), for ever
 * (rule I6); a thread id under other keys is set aside (rule I7); of a thread that floods what is too much for a day is put aside.
 */
import { concatBytes, equalBytes } from "@kunak/core/bytes/equal"
import { encodeLetterCore, type Letter, MESSAGE_ID_BYTES } from "@kunak/core/envelope/letter"
import { reveal } from "@kunak/core/secret"
import { sha256 } from "@kunak/core/suite"
import { DAY_SECONDS, type Instant, type Week, weekOf } from "@kunak/core/time/instant"
import { sql } from "../../vault/sql.ts"
import type { VaultChange, VaultReader } from "../../vault/unlocked-vault.ts"
import { addThread, isDeleted, type KeptThread, messageById, threadById, weekKeyOf } from "./thread-store.ts"

/** Messages of one thread in one UTC day that stand in the conversation: a person in distress writes many, a flood many more. */
export const MESSAGES_A_DAY = 200
/** A desk opens what lay in the ring while all were away, and not much later. */
const WEEKS_BACK = 4
/**
 * What is put aside is kept at this desk, up to so many bytes of one thread in a day, so that whoever has a person's phone uses
 * up their day and not what they write then. Beyond that it is counted.
 */
export const ASIDE_BYTES_A_DAY = 2 ** 20
/** What a short one takes beside its text. */
const ASIDE_BYTES_EACH = 64
/** Ids of messages that are counted only and remembered, so that one that repeats counts once. */
const REMEMBERED_ASIDE = 2_000

export interface TakenLetter {
  /**
   * By which the letter is known until it stands in the log of both relays; null where it says nothing that colleagues
   * would miss: nothing new, an unknown thread's cover, what is deleted or put aside.
   */
  readonly item: Uint8Array | null
  /** The message repeats though it is kept: the person has not learned yet that it was opened. */
  readonly isRepeated: boolean
}

const NOTHING: TakenLetter = { item: null, isRepeated: false }

/** The same at every desk: of the message, or of what the letter says beside it. */
export const itemOf = (letter: Letter): Uint8Array =>
  letter.message
    ? concatBytes(Uint8Array.of(1), letter.message.id)
    : concatBytes(Uint8Array.of(0), sha256(encodeLetterCore(letter)).slice(0, MESSAGE_ID_BYTES))

export function takeLetter(
  change: VaultChange,
  letter: Letter,
  time: Instant,
  /** Where a note of it stands in the log; null when it was opened here. */
  logPosition: number | null,
  /** In the window of the key that it or its note stood under, which officers signed: weeks are judged by no clock that may be wrong. */
  signedTime: Instant = time,
): TakenLetter {
  const { threadId, message } = letter
  if (isDeleted(change, threadId)) return NOTHING
  const before = threadById(change, threadId)
  if (!before && !message) return NOTHING
  if (!before) addThread(change, threadId, 0 as Week, time)
  const thread = threadById(change, threadId) as KeptThread
  if (isOutOfTime(letter, signedTime) || hasOtherKeys(change, letter)) {
    if (!message) return NOTHING
    const taken = takeMessage(change, thread, letter, time, logPosition, true)
    return { ...NOTHING, item: taken === "new" || taken === "pending" ? itemOf(letter) : null }
  }
  const hasLaterKeys = takeKeys(change, thread, letter)
  const hasRead = takeRead(change, letter, logPosition)
  // Whoever opened it sees to the board; colleagues who learn of it by a note don't.
  if (before && logPosition === null && (hasLaterKeys || hasRunOut(change, threadId, time)))
    change.run(sql`update thread set came_back = 1 where id = ${threadId}`)
  const taken = message ? takeMessage(change, thread, letter, time, logPosition, false) : "known"
  const isNews = taken === "new" || taken === "pending" || hasLaterKeys || hasRead
  return { item: isNews ? itemOf(letter) : null, isRepeated: message !== null && taken === "known" }
}

/**
 * Keys of weeks that no edition can have been of: they overlap with no known week, so rule I7 would not notice that they
 * are somebody else's, and replies would go where nobody looks.
 */
const isOutOfTime = ({ week }: Letter, time: Instant): boolean =>
  week > weekOf(time) + 1 || week < weekOf(time) - WEEKS_BACK

/** Rule I7. */
const hasOtherKeys = (vault: VaultReader, { threadId, week, weekKeys }: Letter): boolean =>
  weekKeys.some((key, i) => {
    const known = weekKeyOf(vault, threadId, (week + i) as Week)
    return known !== null && !equalBytes(reveal(known), reveal(key))
  })

function takeKeys(change: VaultChange, thread: KeptThread, { threadId, week, weekKeys }: Letter): boolean {
  if (week <= thread.keysWeek) return false
  weekKeys.forEach((key, i) => {
    change.run(sql`insert or ignore into week_key (thread, week, key)
      values (${threadId}, ${week + i}, ${reveal(key)})`)
  })
  change.run(sql`update thread set keys_week = ${week} where id = ${threadId}`)
  return true
}

/** @returns whether any was not known to be read. Any number can be claimed: only those of known parts count. */
function takeRead(change: VaultChange, { threadId, read }: Letter, logPosition: number | null): boolean {
  const fresh = read.filter(
    (sequence) =>
      change.first(
        sql`select 1 as one from reply_part where thread = ${threadId} and sequence = ${sequence} and is_read = 0`,
        () => true,
      ) ?? false,
  )
  for (const sequence of fresh)
    change.run(sql`update reply_part set is_read = ${logPosition === null ? 2 : 1}
      where thread = ${threadId} and sequence = ${sequence}`)
  return fresh.length > 0
}

/** Whether something unread is over: its fourteen days can end in the middle of a week whose keys are here. */
const hasRunOut = (vault: VaultReader, thread: Uint8Array, time: Instant): boolean =>
  vault.first(
    sql`select 1 as one from reply_part join thread on thread.id = reply_part.thread
        join reply on reply.id = reply_part.reply
        left join placed_part on placed_part.handle = thread.handle and placed_part.sequence = reply_part.sequence
        where reply_part.thread = ${thread} and is_read = 0
          and coalesce(placed_part.expires, reply.expires) <= ${time} limit 1`,
    () => true,
  ) ?? false

type MessageTaken = "new" | "pending" | "known" | "put-aside"

function takeMessage(
  change: VaultChange,
  thread: KeptThread,
  { message }: Letter,
  time: Instant,
  logPosition: number | null,
  isQuarantined: boolean,
): MessageTaken {
  if (!message) return "known"
  const before = messageById(change, thread.id, message.id)
  if (before?.isKept) {
    if (before.logPosition !== null) return "known"
    if (logPosition !== null)
      change.run(sql`update message set log_position = ${logPosition} where number = ${before.number}`)
    return "pending"
  }
  // What a colleague kept is kept: whose day it was too much for is no matter.
  if (logPosition === null && !countToday(change, thread, time)) {
    if (!before) putAside(change, thread, message, time, isQuarantined)
    return "put-aside"
  }
  // It was put aside here, and counted so.
  if (before) change.run(sql`update thread set put_aside = put_aside - 1 where id = ${thread.id}`)
  change.run(sql`delete from message where thread = ${thread.id} and id = ${message.id}`)
  change.run(sql`insert into message (thread, id, opened, text, quarantined, kept, log_position)
    values (${thread.id}, ${message.id}, ${time}, ${message.text}, ${isQuarantined ? 1 : 0}, 1, ${logPosition})`)
  return "new"
}

/** @returns whether the day still has room. */
function countToday(change: VaultChange, thread: KeptThread, time: Instant): boolean {
  const day = Math.floor(time / DAY_SECONDS)
  const count = day === thread.day ? thread.dayCount : 0
  if (count >= MESSAGES_A_DAY) return false
  change.run(sql`update thread set day = ${day}, day_count = ${count + 1} where id = ${thread.id}`)
  return true
}

function putAside(
  change: VaultChange,
  thread: KeptThread,
  { id, text }: NonNullable<Letter["message"]>,
  time: Instant,
  isQuarantined: boolean,
): void {
  change.run(sql`update thread set put_aside = put_aside + 1 where id = ${thread.id}`)
  const size = new TextEncoder().encode(text).length + ASIDE_BYTES_EACH
  const isKept = asideBytes(change, thread.id, time) + size <= ASIDE_BYTES_A_DAY
  if (isKept || thread.putAside < REMEMBERED_ASIDE)
    change.run(sql`insert into message (thread, id, opened, text, quarantined, kept)
      values (${thread.id}, ${id}, ${time}, ${isKept ? text : ""}, ${isQuarantined ? 1 : 0}, ${isKept ? 2 : 0})`)
}

const asideBytes = (vault: VaultReader, thread: Uint8Array, time: Instant): number =>
  vault.first(
    sql`select coalesce(sum(length(cast(text as blob)) + ${ASIDE_BYTES_EACH}), 0) as bytes from message
        where thread = ${thread} and kept = 2 and opened >= ${time - (time % DAY_SECONDS)}`,
    (row) => row.number("bytes"),
  ) ?? 0
