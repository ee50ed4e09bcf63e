/** A reply cut into parts, sealed under keys of the thread, with what duty needs to place them. Pure but for randomness. */
import { OPENED_ONLY, REPLY_ID_BYTES, sealPart } from "@kunak/core/board/part"
import type { Random } from "@kunak/core/keys"
import type { Entry } from "@kunak/core/log/entry"
import {
  MAX_PART_TEXT_BYTES,
  MAX_PARTS,
  OPENED_LIFE_SECONDS,
  REPLY_LIFE_SECONDS,
  WEEKS_HELD,
} from "@kunak/core/parameters"
import { Secret } from "@kunak/core/secret"
import { encodeScsu, toLetterText } from "@kunak/core/text/scsu"
import { splitText } from "@kunak/core/text/split-text"
import {
  type PlacingKeys,
  placingKeysOf,
  replyKeyOf,
  THREAD_KEY_BYTES,
  type ThreadId,
  type WeekKey,
} from "@kunak/core/thread/keys"
import { HOUR_SECONDS, type Instant, plusSeconds, type Week, weekEnd } from "@kunak/core/time/instant"

/** A typed reply as it is sent: line ends one, no control letters. */
export const replyText = toLetterText

export interface Cut {
  readonly pieces: readonly string[]
  /** By how many bytes of SCSU it is too long – its letters, where a letter is a byte; 0 when it fits. */
  readonly over: number
}

/** At most sixteen pieces of 900 bytes; the same text is cut the same at every desk. */
export function cutReply(text: string): Cut {
  const pieces = splitText(text, MAX_PART_TEXT_BYTES)
  if (pieces.length <= MAX_PARTS) return { pieces, over: 0 }
  const beyond = pieces.slice(MAX_PARTS).join("")
  return { pieces, over: encodeScsu(beyond)?.length ?? beyond.length }
}

/** What a person gave: keys from `week` on, null where they were erased since. */
export interface HeldKeys {
  readonly week: Week
  readonly keys: readonly (WeekKey | null)[]
}

export const heldUntil = ({ week }: HeldKeys): Instant => weekEnd((week + WEEKS_HELD - 1) as Week)

export interface Opened {
  /** The newest last, at most four. */
  readonly ids: readonly Uint8Array[]
  readonly at: Instant
}

/** Rule O5. */
export const replyExpires = (written: Instant, held: HeldKeys): Instant =>
  Math.min(plusSeconds(written, REPLY_LIFE_SECONDS), heldUntil(held)) as Instant

export const openedExpires = (written: Instant, held: HeldKeys): Instant =>
  Math.min(plusSeconds(written, OPENED_LIFE_SECONDS), heldUntil(held)) as Instant

export interface Placing {
  readonly threadId: ThreadId
  readonly handle: Uint8Array
  readonly held: HeldKeys
  /** Of the newest edition; it must be one of the weeks held. */
  readonly week: Week
  readonly opened: Opened
  readonly now: Instant
  readonly random: Random
}

export interface Pieces {
  readonly replyId: Uint8Array
  readonly written: Instant
  readonly texts: readonly { readonly text: string; readonly sequence: number; readonly place: number }[]
  readonly parts: number
}

/** The key of `week`, or null when it is none of those held: then nothing can be placed. */
export const keyOfWeek = ({ week, keys }: HeldKeys, wanted: Week): WeekKey | null =>
  keys[wanted - week] ?? null

/** Entries for the line compartment, in order. @throws RangeError where the week's key is not held. */
export async function placeReply(placing: Placing, pieces: Pieces): Promise<readonly Entry[]> {
  const { threadId, held, week, opened, now, random } = placing
  const weekKey = keyOfWeek(held, week)
  if (!weekKey) throw new RangeError("no key of this week")
  const replyKey = await replyKeyOf(weekKey)
  const keys = await placingKeys(held, random)
  const expires = replyExpires(now, held)
  const entries: Entry[] = []
  for (const { text, sequence, place } of pieces.texts) {
    const { replyId, written, parts } = pieces
    const part = await sealPart(
      {
        sequence,
        replyId,
        place,
        parts,
        written,
        expires,
        opened: opened.ids,
        openedAt: opened.at,
        text,
      },
      threadId,
      replyKey,
      random,
    )
    const { handle } = placing
    entries.push({
      kind: "part",
      part: { handle, week: held.week, keys, sequence, written: now, expires, part },
    })
  }
  return entries
}

/**
 * The part that only says what was opened: one for a thread, replaced by the next. It names its hour and no minute: while a
 * desk is open it follows what a person wrote within a minute or two, and duty keeps its times for two days (rule O6).
 */
export async function placeOpened(placing: Placing): Promise<Entry> {
  const { threadId, handle, held, week, opened, now, random } = placing
  const weekKey = keyOfWeek(held, week)
  if (!weekKey) throw new RangeError("no key of this week")
  const written = (now - (now % HOUR_SECONDS)) as Instant
  const expires = openedExpires(written, held)
  const part = await sealPart(
    {
      sequence: OPENED_ONLY,
      replyId: new Uint8Array(REPLY_ID_BYTES),
      place: 0,
      parts: 1,
      written,
      expires,
      opened: opened.ids,
      openedAt: opened.at,
      text: "",
    },
    threadId,
    await replyKeyOf(weekKey),
    random,
  )
  const keys = await placingKeys(held, random)
  return {
    kind: "part",
    part: { handle, week: held.week, keys, sequence: OPENED_ONLY, written, expires, part },
  }
}

/** For a week that is over its keys are erased: random bytes stand there, which place nothing. */
const placingKeys = (held: HeldKeys, random: Random): Promise<readonly PlacingKeys[]> =>
  Promise.all(
    held.keys.map(async (key) =>
      key
        ? await placingKeysOf(key)
        : { cell: new Secret(random(THREAD_KEY_BYTES)), placement: new Secret(random(THREAD_KEY_BYTES)) },
    ),
  )
