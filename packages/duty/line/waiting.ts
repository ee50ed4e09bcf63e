/** Replies that wait on the board, as duty knows them: by handle, sealed. docs/protocol.md §20, §22. */

import type { LiveThread } from "@kunak/core/board/make-board"
import { OPENED_ONLY } from "@kunak/core/board/part"
import { compareBytes, equalBytes } from "@kunak/core/bytes/equal"
import type { PlacedPart } from "@kunak/core/log/entry"
import { OPENED_LIFE_SECONDS, REPLY_LIFE_SECONDS, WEEKS_HELD } from "@kunak/core/parameters"
import { erase, reveal, Secret } from "@kunak/core/secret"
import { type PlacingKeys, THREAD_KEY_BYTES } from "@kunak/core/thread/keys"
import { HOUR_SECONDS, type Instant, type Week, weekEnd, weekOf } from "@kunak/core/time/instant"

export interface WaitingPart {
  readonly sequence: number
  readonly written: Instant
  readonly expires: Instant
  readonly part: Uint8Array
}

export interface WaitingThread {
  readonly handle: Uint8Array
  /** The first of the three weeks whose keys are held. */
  readonly week: Week
  readonly keys: readonly PlacingKeys[]
  /** Oldest first; what only says "opened" last. */
  readonly parts: readonly WaitingPart[]
}

/** Parts of one thread that duty keeps; a thread that floods crowds out its own oldest, nobody else's. */
const MAX_PARTS_OF_A_THREAD = 64
/** Threads kept: whoever can write to the log must not fill duty's memory. */
const MAX_THREADS = 4_096

const inOrder = (a: WaitingPart, b: WaitingPart): number =>
  Number(a.sequence === OPENED_ONLY) - Number(b.sequence === OPENED_ONLY) || a.sequence - b.sequence

/** A part said again replaces the one with its sequence; so there is at most one that only says "opened" (rule O5). */
export function withPart(waiting: readonly WaitingThread[], placed: PlacedPart): readonly WaitingThread[] {
  const { handle, sequence, written, expires, part } = placed
  const before = waiting.find((thread) => equalBytes(thread.handle, handle))
  const others = before ? waiting.filter((other) => other !== before) : withRoom(waiting, placed)
  if (!others) return waiting
  const parts = (before?.parts ?? []).filter((other) => other.sequence !== sequence)
  const keys = before && before.week > placed.week ? before : placed
  const thread: WaitingThread = {
    handle,
    week: keys.week,
    keys: keys.keys,
    parts: [...parts, { sequence, written, expires, part }].sort(inOrder).slice(-MAX_PARTS_OF_A_THREAD),
  }
  return [...others, thread]
}

const onlyOpened = ({ parts }: WaitingThread): boolean =>
  parts.every(({ sequence }) => sequence === OPENED_ONLY)

/**
 * Desks say "opened" to whoever writes, so that anybody who solves puzzles can fill this: a reply takes the place of the
 * oldest thread that has no other. Null where there is none.
 */
function withRoom(
  waiting: readonly WaitingThread[],
  { sequence }: PlacedPart,
): readonly WaitingThread[] | null {
  if (waiting.length < MAX_THREADS) return waiting
  const oldest = sequence === OPENED_ONLY ? undefined : waiting.find(onlyOpened)
  return oldest ? waiting.filter((thread) => thread !== oldest) : null
}

/** @param sequences none: the whole thread. */
export const withoutParts = (
  waiting: readonly WaitingThread[],
  handle: Uint8Array,
  sequences: readonly number[],
): readonly WaitingThread[] =>
  waiting.flatMap((thread) => {
    if (!equalBytes(thread.handle, handle)) return [thread]
    const parts =
      sequences.length === 0 ? [] : thread.parts.filter((one) => !sequences.includes(one.sequence))
    return parts.length === 0 ? [] : [{ ...thread, parts }]
  })

/** Rule O5: the earliest of its own end, its longest life, and the end of the last week held. */
const endOf = ({ sequence, written, expires }: WaitingPart, week: Week): number =>
  Math.min(
    expires,
    written + (sequence === OPENED_ONLY ? OPENED_LIFE_SECONDS : REPLY_LIFE_SECONDS),
    weekEnd((week + WEEKS_HELD - 1) as Week),
  )

/** What is over is forgotten, and with a thread's last part its keys. */
export const stillWaiting = (waiting: readonly WaitingThread[], now: Instant): readonly WaitingThread[] =>
  waiting.flatMap((thread) => {
    const parts = thread.parts.filter((part) => endOf(part, thread.week) > now)
    return parts.length === 0 ? [] : [{ ...thread, parts }]
  })

/** So many zeros stand for keys that are gone: the memory's file has room for three weeks. */
const gone = (): PlacingKeys => {
  const zeros = () => new Secret(new Uint8Array(THREAD_KEY_BYTES))
  return { cell: zeros(), placement: zeros() }
}
const isGone = ({ placement }: PlacingKeys): boolean => reveal(placement).every((byte) => byte === 0)

/** Of weeks that are over no keys are kept: whoever takes this machine later finds nobody's cells in boards of then. */
export const withoutPastKeys = (waiting: readonly WaitingThread[], now: Instant): readonly WaitingThread[] =>
  waiting.map((thread) => ({
    ...thread,
    keys: thread.keys.map((keys, i) => (thread.week + i < weekOf(now) ? gone() : keys)),
  }))

/** The earliest week of which a key is held; null where none is. */
export function firstWeekHeld(waiting: readonly WaitingThread[]): Week | null {
  const weeks = waiting.flatMap(({ week, keys }) => {
    const first = keys.findIndex((one) => !isGone(one))
    return first < 0 ? [] : [week + first]
  })
  return weeks.length === 0 ? null : (weeks.reduce((least, week) => Math.min(least, week)) as Week)
}

/**
 * The earliest week whose keys an entry of the log can have brought: for weeks that were over when a desk wrote it, chance stands there.
 * A desk may be an edition late in hearing that one is.
 */
export const firstWeekSaid = ({ week, written }: PlacedPart): Week =>
  Math.max(week, weekOf(Math.max(0, written - HOUR_SECONDS) as Instant)) as Week

/** The same with keys of its own: what is overwritten there stays with whoever gave it. */
export const withOwnKeys = (waiting: readonly WaitingThread[]): readonly WaitingThread[] =>
  waiting.map((thread) => ({
    ...thread,
    keys: thread.keys.map(({ cell, placement }) => ({ cell: copyOf(cell), placement: copyOf(placement) })),
  }))
const copyOf = (key: Secret<Uint8Array>): Secret<Uint8Array> => new Secret(reveal(key).slice())

/** Overwrites those of `before` that nothing in `after` holds any more. */
export function eraseLetGo(before: readonly PlacingKeys[], after: readonly WaitingThread[]): void {
  const held = new Set(after.flatMap(({ keys }) => keys.flatMap(({ cell, placement }) => [cell, placement])))
  for (const { cell, placement } of before)
    for (const key of [cell, placement]) if (!held.has(key)) erase(key)
}

/** For an edition of this time. In an order that tells nothing of who came first: by handle. */
export const liveThreads = (waiting: readonly WaitingThread[], issued: Instant): readonly LiveThread[] =>
  [...stillWaiting(waiting, issued)]
    .sort((a, b) => compareBytes(a.handle, b.handle))
    .flatMap(({ week, keys, parts }) => {
      const current = keys[weekOf(issued) - week]
      const endsWithOpened = parts.at(-1)?.sequence === OPENED_ONLY
      const newest = newestOf(parts)
      return current && !isGone(current)
        ? [{ keys: current, parts: parts.map(({ part }) => part), newest, endsWithOpened }]
        : []
    })

/** Parts of one reply are placed in one second: those placed with the one that has the highest number (rule O3). */
function newestOf(parts: readonly WaitingPart[]): number {
  const replies = parts.filter(({ sequence }) => sequence !== OPENED_ONLY)
  return replies.filter(({ written }) => written === replies.at(-1)?.written).length
}
