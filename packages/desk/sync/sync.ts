/**
 * Keeps this desk in step with the staff log, on a fixed schedule: what it writes looks the same whether
 * there is something to say or not (rule L3).
 */

import { equalBytes } from "@kunak/core/bytes/equal"
import { coversInstant, type Delegation } from "@kunak/core/delegation/delegation"
import { windowEnd } from "@kunak/core/intake/intake-key"
import type { Random } from "@kunak/core/keys"
import { decodeEntry, encodeEntry } from "@kunak/core/log/entry"
import { isLeap } from "@kunak/core/log/positions"
import { isRevoked } from "@kunak/core/revocation/revocation"
import { DAY_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import { applyEntry, type LineState } from "@kunak/duty/line/line-state"
import {
  type Gap,
  LOG_START,
  type LogError,
  LogFollower,
  type LogPlace,
  type MirrorAhead,
  type MirrorGap,
  type ReadEntry,
  trimmedIn,
} from "@kunak/duty/line/log-follower"
import type { Outgoing } from "@kunak/duty/relay-client"
import { type RelayClient, relayClient } from "@kunak/duty/relay-client"
import type { Officer } from "../enrolment/officer.ts"
import { type Hotline, makeHotline } from "../hotline/hotline.ts"
import { takeBackTold } from "../hotline/rings/ring-store.ts"
import type { UnlockedVault, VaultWriteError } from "../vault/unlocked-vault.ts"
import { dropDraftsOf, isSoundDraft, removeDraft, takeInDraft } from "../warnings/draft-store.ts"
import { isForBoard, isKept, journal, pruneJournal, replayLine } from "./line-journal.ts"
import { keepPlace, readUpTo, restartPlace } from "./log-places.ts"
import { enqueue, forgetMirrored, outbox, settle, takeBackSent } from "./outbox.ts"
import { isReceiptDue, makeReceipt } from "./receipts.ts"
import { relayClocks } from "./relay-clocks.ts"
import { keptEdition, makeRelayWatch, type RelayName, type RelayWatch } from "./relay-watch.ts"
import { makeSender } from "./sending.ts"

/**
 * Every append has so many cells (rule L3): a warning takes one, a letter or a part of a reply one, a day's receive keys
 * two. A desk writes 23 MB a day, whether there is something to say or not.
 */
export const CELLS_PER_TICK = 4
/** Half of what colleagues bear, so that they can say something later. */
const FACTS_AHEAD_SECONDS = DAY_SECONDS / 2
/** Others append at the same moment: read on and try again this often, else at the next tick. */
const TRIES = 4

export type LogTrouble =
  | LogError
  | MirrorGap
  | MirrorAhead
  | VaultWriteError
  /** A cell that no key opens at its place (rule L2). Said until the desk locks, while reading goes on. */
  | { readonly kind: "log-forked"; readonly position: number }

/** What was gone when this desk came to read it. */
export interface Lost {
  /** Cells that neither relay had any more. */
  readonly cells: number
  /** A relay's disk was lost, and nothing that the other has tells what stood there then. */
  readonly mayBeMore: boolean
}

export interface Sync {
  readonly line: () => LineState
  readonly hotline: Hotline
  readonly watch: RelayWatch
  /** This week's delegation, if it names this officer and nobody has revoked the key. */
  readonly delegation: (now: Instant) => Delegation | null
  /** What last went wrong with a relay's log; null while it goes well. */
  readonly trouble: (relay: RelayName) => LogTrouble | null
  /** While a long log is read: positions read, positions in all. */
  readonly progress: () => { readonly read: number; readonly head: number } | null
  /** Seconds that a relay's clock is ahead of this computer's; null while it is not known. */
  readonly clockOffset: (relay: RelayName) => number | null
  readonly lost: () => Lost
  /** What officers say of threads is dated so: colleagues pass over what a clock set ahead dates more than a day ahead (rule L9). */
  readonly factTime: () => Instant
  /** One round: read, write, mirror, look at what the public is served. Never throws; two never overlap. */
  tick(): Promise<void>
  /**
   * Reads and looks, and writes nothing: a person may ask for it at any time without changing the rhythm.
   * @returns whether the log of either relay was read to its head.
   */
  refresh(): Promise<boolean>
}

export interface SyncParts {
  readonly vault: UnlockedVault
  readonly officer: Officer
  readonly outgoing: Outgoing
  readonly random: Random
  readonly now: () => Instant
  /** The same clock, in milliseconds. */
  readonly nowMs: () => number
  readonly isClosed: () => boolean
}

function lostWith(before: Lost, gaps: readonly Gap[], done: number): Lost {
  // The other relay had the log at that time only if it has a cell behind what was read then.
  const isUnknown = ({ from, first, isAsked }: Gap): boolean =>
    isLeap(from, first) && (!isAsked || from <= done)
  return {
    cells: before.cells + trimmedIn(gaps, done),
    mayBeMore: before.mayBeMore || gaps.some(isUnknown),
  }
}

export async function makeSync(parts: SyncParts): Promise<Sync> {
  const { vault, officer, now } = parts
  let line = await replayLine(vault, officer.chain, now())
  let place: LogPlace = restartPlace(vault) ?? LOG_START
  let progress: { read: number; head: number } | null = null
  let lost: Lost = { cells: 0, mayBeMore: false }
  const trouble: Record<RelayName, LogTrouble | null> = { A: null, B: null }
  const forked: Record<RelayName, LogTrouble | null> = { A: null, B: null }
  const follower = new LogFollower({
    organisationId: officer.organisationId,
    keys: officer.logKeys,
    random: parts.random,
    onProgress: (read, head) => {
      progress = read < head ? { read, head } : null
    },
  })
  const [a, b] = line.chain.current.charter.relays
  const clocks = relayClocks(parts.outgoing, parts.nowMs)
  const relays: Readonly<Record<RelayName, RelayClient>> = {
    A: relayClient(a, officer.capabilities[0], clocks.outgoing),
    B: relayClient(b, officer.capabilities[1], clocks.outgoing),
  }
  const watch = makeRelayWatch(
    vault,
    relays,
    officer.organisationId,
    await keptEdition(vault, officer.organisationId),
  )
  /** What is thrown away is gone: by this clock, or by the newest edition where that says it is earlier. */
  const sureNow = (): Instant => Math.min(now(), watch.edition()?.header.issued ?? now()) as Instant
  const hotline = makeHotline({
    vault,
    officer,
    relays,
    random: parts.random,
    now,
    isClosed: parts.isClosed,
    issued: () => watch.edition()?.header.issued ?? null,
    sureNow,
  })
  /** Of the newest edition; null until a relay has been heard: one kept from days ago is no witness of the time. */
  const heardIssued = (): Instant | null => {
    const { A, B } = watch.served()
    return (A ?? B) === null ? null : (watch.edition()?.header.issued ?? null)
  }
  /**
   * By the later of the clock and the newest edition: a clock that is a day behind would seal notes under a key that
   * colleagues have destroyed. Null until a relay has been heard.
   */
  const noteTime = (): Instant | null => {
    const issued = heardIssued()
    return issued === null ? null : (Math.max(now(), issued) as Instant)
  }
  const factTime = (): Instant => {
    const issued = heardIssued()
    return issued === null ? now() : (Math.min(now(), plusSeconds(issued, FACTS_AHEAD_SECONDS)) as Instant)
  }
  const isOver = (): boolean => line.chain.current.charter.closed
  const sender = makeSender({ ...parts, follower, noteTime, isOver })
  /** Head of the log that both relays have, as this desk last made sure. */
  let mirrored = 0

  const delegation = (time: Instant): Delegation | null =>
    line.delegations.find(
      (one) =>
        coversInstant(one, time) &&
        one.officers.some((key) => equalBytes(key, officer.key.publicKey)) &&
        !isRevoked(officer.key.publicKey, line.revocations),
    ) ?? null

  async function read(from: RelayName): Promise<boolean> {
    const caught =
      from === "A"
        ? await follower.catchUp(relays.A, place, relays.B)
        : await follower.readMirror(relays.B, place)
    progress = null
    if (parts.isClosed()) return false
    if (!caught.ok) {
      // The mirror may be a few cells behind; that is not a log that went back.
      trouble[from] = from === "B" && caught.error.kind === "log-rolled-back" ? null : caught.error
      return false
    }
    const done = readUpTo(vault)
    const { gaps } = caught.value
    if (from === "A") lost = lostWith(lost, gaps, done)
    const applied = await apply(
      caught.value.entries.filter(({ position }) => position >= done),
      caught.value.place,
      from === "A" && gaps.some((gap) => isLeap(gap.from, gap.first)),
    )
    const [rubbish] = caught.value.unopened
    if (rubbish !== undefined) forked[from] = { kind: "log-forked", position: rubbish }
    // Behind a gap of relay B's alone nothing is taken: what stands there only A can tell.
    const [gap] = from === "B" ? gaps : []
    trouble[from] = applied ?? forked[from] ?? (gap ? { kind: "mirror-gap", position: gap.from } : null)
    return applied === null && gap === undefined
  }

  async function apply(
    entries: readonly ReadEntry[],
    next: LogPlace,
    hasLeapt: boolean,
  ): Promise<VaultWriteError | null> {
    let state = line
    const sound: ReadEntry[] = []
    for (const read of entries) {
      // Replies on their way to the board are duty's: a desk keeps no keys of threads in its memory.
      if (!isForBoard(read.entry.kind)) state = await applyEntry(state, read.entry, now())
      if (read.entry.kind !== "draft" || (await isSoundDraft(read.entry.warning, state))) sound.push(read)
    }
    state = { ...state, intakeKeys: state.intakeKeys.filter(({ window }) => windowEnd(window) > sureNow()) }
    if (parts.isClosed()) return null
    const takeHotline = await hotline.take(entries, state)
    if (parts.isClosed()) return null
    const written = vault.change((change) => {
      if (hasLeapt) {
        takeBackTold(change, mirrored)
        takeBackSent(change, mirrored)
      }
      takeHotline(change)
      for (const { position, entry } of entries) settle(change, encodeEntry(entry), position)
      for (const { position, entry } of sound) {
        if (isKept(entry)) journal(change, position, entry)
        if (entry.kind === "draft") takeInDraft(change, entry, now())
        if (entry.kind === "draft-discarded") removeDraft(change, Buffer.from(entry.draftId).toString("hex"))
        if (entry.kind === "warning") dropDraftsOf(change, entry.warning)
      }
      pruneJournal(change, sureNow())
      keepPlace(change, next)
    })
    if (!written.ok) return written.error
    hotline.taken()
    line = state
    place = next
    return null
  }

  /** @returns whether the log was read to its head afterwards. */
  async function write(): Promise<boolean> {
    for (let tries = 0; tries < TRIES && !parts.isClosed(); tries += 1) {
      if (place.previousHash === null) return false
      const cells = await sender.next(CELLS_PER_TICK)
      if (parts.isClosed()) return false
      const appended = await follower.append(relays.A, place, cells)
      if (parts.isClosed()) return false
      if (appended.ok) {
        sender.sent(CELLS_PER_TICK)
        // Read back: only what is in the log waits no longer.
        return await read("A")
      }
      if (appended.error.kind !== "stale-head") {
        trouble.A = appended.error
        return false
      }
      if (!(await read("A"))) return false
    }
    return false
  }

  async function sayWhoIsThere(): Promise<void> {
    const time = now()
    const week = delegation(time)
    if (!week || !isReceiptDue(line, time)) return
    const waits = outbox(vault).some(({ bytes }) => decodeEntry(bytes)?.kind === "receipt")
    if (waits) return
    const read = hotline.lastRead(line.receipt?.receipt.lastRead ?? (0 as Instant))
    const receipt = await makeReceipt(line, officer, week, time, read)
    if (!parts.isClosed()) vault.change((change) => enqueue(change, receipt))
  }

  async function mirror(): Promise<void> {
    const copied = await follower.mirror(relays.A, relays.B)
    // Beyond what was read at A nothing is known to be A's.
    if (copied.ok && forked.B === null) mirrored = Math.max(mirrored, Math.min(copied.value, place.position))
    if (!parts.isClosed()) forgetMirrored(vault, mirrored)
    if (copied.ok || copied.error.kind === "mirror-gap") trouble.B = forked.B
    else if (copied.error.kind !== "relay-down" || trouble.A === null) trouble.B = copied.error
  }

  let hasLooked = false
  async function round(): Promise<boolean> {
    // The first round after an unlocking asks once more than the others: notes go by what it hears.
    if (!hasLooked) await watch.look()
    hasLooked = true
    if (parts.isClosed()) return false
    const isReadable = await read("A")
    const isReadAtB = !isReadable && !parts.isClosed() && (await read("B"))
    if (!parts.isClosed()) await hotline.readRings()
    if (!parts.isClosed()) await hotline.prepare(line)
    let isLogRead = false
    if (isReadable && !parts.isClosed()) {
      await sayWhoIsThere()
      if (!parts.isClosed()) isLogRead = await write()
      if (!parts.isClosed()) await mirror()
    }
    if (!parts.isClosed()) await hotline.acknowledge(mirrored)
    if (!parts.isClosed()) hotline.erase(mirrored, isLogRead, isOver())
    if (!parts.isClosed()) await watch.look()
    return isReadable || isReadAtB
  }

  async function refresh(): Promise<boolean> {
    const isRead = (await read("A")) || (!parts.isClosed() && (await read("B")))
    if (!parts.isClosed()) await watch.look()
    return isRead
  }

  let running: Promise<boolean> | null = null
  const once = (work: () => Promise<boolean>): Promise<boolean> => {
    running ??= work().finally(() => {
      running = null
    })
    return running
  }
  return {
    line: () => line,
    hotline,
    watch,
    delegation,
    trouble: (relay) => trouble[relay],
    progress: () => progress,
    clockOffset: (relay) => clocks.offset(new URL(relay === "A" ? a.web : b.web).origin),
    lost: () => lost,
    factTime,
    tick: async () => {
      await once(round)
    },
    refresh: () => once(refresh),
  }
}
