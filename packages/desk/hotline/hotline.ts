/** The hotline's part of a desk's round: keys made, rings read, notes told, replies placed, keys erased. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import { windowEnd, windowOf } from "@kunak/core/intake/intake-key"
import type { Random } from "@kunak/core/keys"
import { decodeEntry, type Entry } from "@kunak/core/log/entry"
import type { RelayName } from "@kunak/core/log/note"
import type { ThreadId } from "@kunak/core/thread/keys"
import { type Instant, plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import type { LineState } from "@kunak/duty/line/line-state"
import type { ReadEntry } from "@kunak/duty/line/log-follower"
import type { RelayClient } from "@kunak/duty/relay-client"
import type { Officer } from "../enrolment/officer.ts"
import { enqueue, outbox } from "../sync/outbox.ts"
import { sql } from "../vault/sql.ts"
import type { UnlockedVault, VaultChange, VaultReader } from "../vault/unlocked-vault.ts"
import {
  addIntakeSeed,
  addReceiveSeed,
  eraseIntakeSeeds,
  eraseReceiveSeeds,
  forgetOldKeys,
  intakeWindows,
  ownReceiveWindows,
} from "./keys/key-store.ts"
import { makeIntakeKeys, makeLateWraps, makeReceiveKeys } from "./keys/make-keys.ts"
import { takeEntries } from "./notes/take-entries.ts"
import { type PlaceParts, placeMissing, tellOpened } from "./replies/place.ts"
import { markDropped, partsToDrop, unplacedThreads } from "./replies/reply-store.ts"
import {
  ERASE_AFTER_SECONDS,
  LONGEST_AWAY_SECONDS,
  makeOpeners,
  type RingError,
  readRing,
  readWithoutGap,
} from "./rings/read-rings.ts"
import {
  acknowledgeable,
  acknowledged,
  isAllTold,
  markTold,
  ringPlace,
  threadsToTell,
  unopenedOf,
} from "./rings/ring-store.ts"
import { countDeleted, eraseWeekKeys, handleOf, holdsWeekKeysBefore } from "./threads/thread-store.ts"

export interface Hotline {
  /** What the log said, verified and opened: a change to be made together with the place in the log. */
  take(entries: readonly ReadEntry[], line: LineState): Promise<(change: VaultChange) => void>
  /** After that change: what a colleague deleted must not stay in the vault's write-ahead log. */
  taken(): void
  /** With the lock: imported keys are let go. */
  close(): void
  /** Both rings to their heads, every envelope into the vault. Never throws. */
  readRings(): Promise<void>
  /** Keys that are missing, what was opened, what has to be placed again: into the outbox. */
  prepare(line: LineState): Promise<void>
  /** @param mirrored the head that both relays' logs have; what stands before it is durable. */
  acknowledge(mirrored: number): Promise<void>
  /**
   * @param isLogRead whether the log was read to its head after the rings were.
   * @param isOver under a closing charter seeds end by time and readings alone: what could not be told any more would keep them
   *   for ever, and stands in this vault.
   */
  erase(mirrored: number, isLogRead: boolean, isOver: boolean): void
  /**
   * When both rings were last read to their heads; 0 before. For receipts: where something was overwritten unread, the
   * reading before that, for two days.
   * @param said what the newest receipt says: an officer who missed nothing has read up to then.
   */
  lastRead(said: Instant): Instant
  /** What last went wrong with a relay's ring. */
  trouble(relay: RelayName): RingError | null
  /** For replies written in a window. */
  readonly placing: PlaceParts
}

export interface HotlineParts {
  readonly vault: UnlockedVault
  readonly officer: Officer
  readonly relays: Readonly<Record<RelayName, RelayClient>>
  readonly random: Random
  readonly now: () => Instant
  readonly isClosed: () => boolean
  /** Issue time of the newest edition. */
  readonly issued: () => Instant | null
  /** The earlier of the clock and the newest edition: by it things are erased, so that a clock set ahead erases nothing. */
  readonly sureNow: () => Instant
}

const RELAYS: readonly RelayName[] = ["A", "B"]

export function makeHotline(parts: HotlineParts): Hotline {
  const { vault, officer, relays, random, now, sureNow, isClosed } = parts
  const openers = makeOpeners()
  const trouble: Record<RelayName, RingError | null> = { A: null, B: null }
  let deleted = countDeleted(vault)
  const week = (): Week => {
    const issued = parts.issued()
    const current = weekOf(now())
    // An edition of weeks ago is no clock: its page says that the line is unattended.
    return issued !== null && weekOf(issued) >= current - 1 ? weekOf(issued) : current
  }
  const placing: PlaceParts = { vault, week, now, random, isClosed }

  async function readRings(): Promise<void> {
    for (const name of RELAYS) {
      const read = await readRing({ vault, officer, openers, now, sureNow, isClosed }, name, relays[name])
      if (isClosed()) return
      trouble[name] = read.ok ? null : read.error
    }
  }

  async function prepare(line: LineState): Promise<void> {
    await makeMissingKeys(line)
    if (!isClosed()) await comeBack()
    if (!isClosed()) await placeOwn()
  }

  async function makeMissingKeys(line: LineState): Promise<void> {
    const receive = await makeReceiveKeys(vault, line, officer, now(), random)
    if (isClosed()) return
    if (receive)
      vault.change((change) => {
        for (const { window, pair } of receive.pairs) addReceiveSeed(change, window, pair)
        enqueue(change, receive.entry)
      })
    const waiting = waitingKeys(vault)
    const made = await makeIntakeKeys(vault, line, officer, now(), random, new Set(waiting.windows))
    if (isClosed()) return
    if (made.length > 0)
      vault.change((change) => {
        for (const { keyId, window, pair, entries } of made) {
          addIntakeSeed(change, keyId, window, pair)
          for (const entry of entries) enqueue(change, entry)
        }
      })
    const late = await makeLateWraps(vault, line, officer, now(), (keyId) =>
      waitingKeys(vault).keyIds.some((other) => equalBytes(other, keyId)),
    )
    if (late.length > 0 && !isClosed())
      vault.change((change) => {
        for (const entry of late) enqueue(change, entry)
      })
  }

  /** Parts said to be read leave the board; of who came back, what is unread and over is placed again. */
  async function comeBack(): Promise<void> {
    const byThread = Map.groupBy(partsToDrop(vault), ({ threadId }) => toHex(threadId))
    for (const read of byThread.values()) {
      const { threadId } = read[0] as (typeof read)[number]
      const sequences = read.slice(0, MOST_DROPPED).map(({ sequence }) => sequence)
      const handle = handleOf(threadId)
      vault.change((change) => {
        enqueue(change, { kind: "parts-dropped", handle, sequences }, threadId)
        markDropped(change, threadId, sequences)
      })
    }
    for (const threadId of cameBack(vault)) {
      await placeMissing(placing, threadId, () => true, true)
      if (isClosed()) return
      vault.change((change) => change.run(sql`update thread set came_back = 0 where id = ${threadId}`))
    }
  }

  /** Replies of this officer for which there was no key when they were written, or that a crash kept from being placed. */
  async function placeOwn(): Promise<void> {
    const { publicKey } = officer.key
    for (const id of unplacedThreads(vault, publicKey)) {
      await placeMissing(placing, id, (reply) => equalBytes(reply.officer, publicKey), false)
      if (isClosed()) return
    }
  }

  async function tell(mirrored: number): Promise<void> {
    for (const thread of threadsToTell(vault, mirrored)) {
      await tellOpened(placing, thread as ThreadId)
      if (isClosed()) return
    }
    vault.change((change) => markTold(change, mirrored))
  }

  async function acknowledge(mirrored: number): Promise<void> {
    await tell(mirrored)
    for (const [i, name] of RELAYS.entries()) {
      if (isClosed()) return
      // Every round says it, whether it has moved or not.
      if (!officer.capabilities[i as 0 | 1].acknowledge) continue
      const answer = await relays[name].acknowledgeRing(acknowledgeable(vault, name, mirrored))
      if (isClosed()) return
      const most = ringPlace(vault, name).head
      if (answer.ok) vault.change((change) => acknowledged(change, name, Math.min(answer.value, most)))
      else trouble[name] ??= answer.error
    }
  }

  function erase(mirrored: number, isLogRead: boolean, isOver: boolean): void {
    const time = sureNow()
    const since = (window: Parameters<typeof windowEnd>[0]): Instant =>
      plusSeconds(windowEnd(window), ERASE_AFTER_SECONDS)
    const isRead = (from: Instant): boolean =>
      RELAYS.every((name) => {
        const { readAt } = ringPlace(vault, name)
        // A reading in the future was one by a wrong clock.
        return readAt !== null && readAt >= from && readAt <= now()
      })
    const isDurable = isOver || isAllTold(vault, mirrored)
    // However much waits to be told, a flood of it keeps no key alive: the letters stand in this vault.
    const isLate = (window: Parameters<typeof windowEnd>[0]): boolean =>
      plusSeconds(windowEnd(window), LONGEST_AWAY_SECONDS) <= time
    const over = isLogRead
      ? intakeWindows(vault).filter(
          (window) => since(window) <= time && isRead(since(window)) && (isDurable || isLate(window)),
        )
      : []
    const served = isLogRead ? ownReceiveWindows(vault).filter((window) => windowEnd(window) <= time) : []
    const firstWeek = Math.min(week(), weekOf(time)) as Week
    const hasOldWeeks = holdsWeekKeysBefore(vault, firstWeek)
    const written = vault.change((change) => {
      for (const window of over) eraseIntakeSeeds(change, window)
      forgetWaitingNotes(change, time)
      for (const window of served) eraseReceiveSeeds(change, window)
      eraseWeekKeys(change, firstWeek)
      forgetOldKeys(change, time)
      change.run(sql`delete from placed_part where expires < ${time - 30 * 86_400}`)
    })
    const hasErased = over.length + served.length > 0 || hasOldWeeks
    if (!written.ok || !hasErased) return
    openers.forget()
    // The write-ahead log still holds the pages as they were.
    vault.checkpoint()
  }

  return {
    take: (entries, line) => takeEntries(vault, entries, line, officer, now()),
    taken: () => {
      const count = countDeleted(vault)
      if (count > deleted) vault.checkpoint()
      deleted = count
    },
    close: () => openers.forget(),
    readRings,
    prepare,
    acknowledge,
    erase,
    lastRead: (said) => {
      const places = RELAYS.map((name) => ringPlace(vault, name))
      const read = Math.min(...places.map(({ readAt }) => readAt ?? 0))
      const sure = Math.min(...places.map((place) => readWithoutGap(place, now())))
      return Math.max(sure, Math.min(said, read)) as Instant
    },
    trouble: (relay) => trouble[relay],
    placing,
  }
}

/** Sequences in one entry (core/log/entry.ts). */
const MOST_DROPPED = 64

const cameBack = (vault: VaultReader): readonly ThreadId[] =>
  vault.all(sql`select id from thread where came_back = 1`, (row) => row.bytes("id") as ThreadId)

/** Windows and key ids of intake keys that have not come back in the log. */
function waitingKeys(vault: VaultReader): {
  readonly windows: readonly number[]
  readonly keyIds: readonly Uint8Array[]
} {
  const entries: readonly (Entry | null)[] = outbox(vault).map(({ form, bytes }) =>
    form === "entry" ? decodeEntry(bytes) : null,
  )
  const wraps = entries.flatMap((entry) => (entry?.kind === "intake-wraps" ? [entry] : []))
  const keys = entries.flatMap((entry) => (entry?.kind === "intake-key" ? [windowInKey(entry.bytes)] : []))
  return { windows: keys, keyIds: wraps.map(({ keyId }) => keyId) }
}

/** "KNKI", version, organisation, delegation, then the window. */
const WINDOW_AT = 4 + 1 + 32 + 32
export const windowInKey = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(WINDOW_AT)

/** Notes under a key that is erased are never opened any more. */
function forgetWaitingNotes(change: VaultChange, now: Instant): void {
  const first = windowOf(plusSeconds(now, -LONGEST_AWAY_SECONDS))
  change.run(sql`delete from note_waiting where key_id in (select key_id from intake_gone)
    or key_id in (select key_id from intake_key where window < ${first})`)
}

/** Envelopes that this desk has still to open; null where it has read both rings to their heads. */
export function unopened(vault: VaultReader): number | null {
  const left = RELAYS.map((name) => {
    const { head, opened } = ringPlace(vault, name)
    return Math.max(0, head - opened) + unopenedOf(vault, name).length
  })
  const count = left.reduce((sum, one) => sum + one, 0)
  return count === 0 ? null : count
}
