/**
 * Reads a ring to its head and opens every envelope: into the vault first, whatever happens then. A page of envelopes is
 * one change of the vault, so a desk that is killed goes on where it was. What others have acknowledged is opened like the
 * rest: a relay, or whoever has one desk's capability, could else silence the line. docs/protocol.md §19, §22.
 */
import { toHex } from "@kunak/core/bytes/hex"
import { openEnvelope, parseEnvelope } from "@kunak/core/envelope/envelope"
import type { Letter } from "@kunak/core/envelope/letter"
import { type IntakeWindow, windowEnd, windowStart } from "@kunak/core/intake/intake-key"
import type { RelayName } from "@kunak/core/log/note"
import { isLeap } from "@kunak/core/log/positions"
import { OPENED_LIFE_SECONDS, RING_READ_ENVELOPES } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { erase } from "@kunak/core/secret"
import { type KemOpener, kemOpener } from "@kunak/core/suite"
import { DAY_SECONDS, HOUR_SECONDS, type Instant } from "@kunak/core/time/instant"
import type { RelayClient, RelayError, RingPage } from "@kunak/duty/relay-client"
import type { Officer } from "../../enrolment/officer.ts"
import type { UnlockedVault, VaultReader, VaultWriteError } from "../../vault/unlocked-vault.ts"
import { intakeKeyById, intakeSeedOf, isGone } from "../keys/key-store.ts"
import { takeLetter } from "../threads/take-letter.ts"
import { messageById } from "../threads/thread-store.ts"
import {
  acknowledged,
  addPending,
  addUnopened,
  dropUnopened,
  endBatch,
  keepRate,
  keepRingPlace,
  NEVER_READ,
  type RingPlace,
  ringPlace,
  unopenedOf,
} from "./ring-store.ts"

export type RingError =
  | RelayError
  | VaultWriteError
  /** The relay's ring has fewer envelopes than were seen there: it was made anew, or it lies. */
  | { readonly kind: "ring-rolled-back" }

const ROLLED_BACK = { kind: "ring-rolled-back" } as const

/** Pages of one round: then the desk writes, mirrors and acknowledges, and reads on in the next. */
const PAGES_A_ROUND = 64
/** Of these, pages with envelopes whose key came late: a burst of requests would tell a relay that a desk was just given one. */
const RETRIED_PAGES_A_ROUND = 16
/** A key that nobody in the log has signed: rubbish, once the log has had a day to say otherwise. */
const UNKNOWN_KEY_SECONDS = DAY_SECONDS
/** A colleague's desk may be away so long and still hold the key (docs/protocol.md §18): until then nothing is given up. */
export const LONGEST_AWAY_SECONDS = 14 * DAY_SECONDS
/** Relays take envelopes under the key before: so long after its window none comes any more (rule I3, Z7). */
export const ERASE_AFTER_SECONDS = 12 * HOUR_SECONDS
/** So long after a key's window no visit goes on that sealed to it, and none waits to be told *opened*. */
const VISIT_SECONDS = HOUR_SECONDS
const MAX_OPENERS = 8

export interface IntakeOpener {
  readonly opener: KemOpener
  readonly window: IntakeWindow
}

/** Imported intake keys, so that a key's halves are imported once and not for each envelope. */
export interface Openers {
  of(vault: VaultReader, keyId: Uint8Array): Promise<IntakeOpener | null>
  forget(): void
}

export function makeOpeners(): Openers {
  const openers = new Map<string, IntakeOpener>()
  return {
    of: async (vault, keyId) => {
      const name = toHex(keyId)
      const known = openers.get(name)
      if (known) return known
      const kept = intakeSeedOf(vault, keyId)
      if (!kept) return null
      const opener = { opener: await kemOpener(kept.seed), window: kept.window }
      erase(kept.seed)
      if (openers.size >= MAX_OPENERS) openers.clear()
      openers.set(name, opener)
      return opener
    },
    forget: () => openers.clear(),
  }
}

export interface RingReader {
  readonly vault: UnlockedVault
  readonly officer: Officer
  readonly openers: Openers
  readonly now: () => Instant
  /** As in hotline.ts: letters are given up by it, and a ring counts as read at it. */
  readonly sureNow: () => Instant
  readonly isClosed: () => boolean
}

type Judged =
  | { readonly kind: "letter"; readonly letter: Letter; readonly window: IntakeWindow }
  /** No key here yet. */
  | { readonly kind: "no-key"; readonly keyId: Uint8Array }
  /** Not a letter under a key that is here, or its key is known to be gone. */
  | { readonly kind: "unopenable" }

async function judge(reader: RingReader, bytes: Uint8Array): Promise<Judged> {
  const envelope = parseEnvelope(bytes)
  if (!envelope) return { kind: "unopenable" }
  const { vault, officer, openers } = reader
  const found = await openers.of(vault, envelope.keyId)
  if (reader.isClosed()) return { kind: "unopenable" }
  if (!found) {
    const { keyId } = envelope
    return isGone(vault, keyId) ? { kind: "unopenable" } : { kind: "no-key", keyId }
  }
  const letter = await openEnvelope(envelope, found.opener, officer.organisationId, found.window)
  return letter ? { kind: "letter", letter, window: found.window } : { kind: "unopenable" }
}

export async function readRing(
  reader: RingReader,
  name: RelayName,
  relay: RelayClient,
): Promise<Result<null, RingError>> {
  const { vault, now } = reader
  for (let pages = 0; pages < PAGES_A_ROUND; pages += 1) {
    const before = ringPlace(vault, name)
    const page = await relay.readRing(before.opened, RING_READ_ENVELOPES)
    if (reader.isClosed()) return ok(null)
    if (!page.ok) return page
    if (page.value.head < before.opened) {
      vault.change((change) => keepRingPlace(change, name, madeAnew(before, page.value)))
      return err(ROLLED_BACK)
    }
    const taken = await takePage(reader, name, page.value, before)
    if (!taken.ok) return taken
    if (reader.isClosed() || page.value.envelopes.length === 0) break
    if (ringPlace(vault, name).opened >= page.value.head) break
  }
  if (!reader.isClosed()) {
    const retried = await retryUnopened(reader, name, relay)
    if (!retried.ok) return retried
  }
  if (!reader.isClosed())
    vault.change((change) => keepRate(change, name, now(), ringPlace(change, name).head))
  return ok(null)
}

/** A smaller head than was seen: all that the ring has is new, or may be. */
const madeAnew = (before: RingPlace, { head, acknowledged }: RingPage): RingPlace => ({
  ...before,
  head,
  opened: 0,
  acknowledged,
})

/** Positions that are gone between where this desk was and where the relay's envelopes begin. */
function missedBefore({ first, envelopes }: RingPage, before: RingPlace): number {
  // Zero after it was made anew. A new vault was given keys to nothing that came before.
  if (envelopes.length === 0 || before.opened === 0) return 0
  const gone = first - before.opened
  // What a restored relay leapt over were no envelopes (rule L10).
  return isLeap(before.opened, first) ? before.head - before.opened : gone
}

async function takePage(
  reader: RingReader,
  name: RelayName,
  page: RingPage,
  before: RingPlace,
): Promise<Result<null, VaultWriteError>> {
  const { vault, now, sureNow } = reader
  const { opened } = before
  // The one time that a desk goes by what others acknowledged.
  const from = before === NEVER_READ ? page.acknowledged : opened
  const isAnew = before !== NEVER_READ && (opened === 0 || isLeap(opened, page.first))
  const dummiesUntil = isAnew ? page.head : before.dummiesUntil
  const judged: { readonly position: number; readonly found: Judged }[] = []
  for (const [i, bytes] of page.envelopes.entries()) {
    const position = page.first + i
    if (position >= from) judged.push({ position, found: await judge(reader, bytes) })
    if (reader.isClosed()) return ok(null)
  }
  const last = page.envelopes.length === 0 ? from : page.first + page.envelopes.length
  const reached = Math.max(from, last)
  const missed = missedBefore(page, before)
  return vault.change((change) => {
    let { unopenable } = ringPlace(change, name)
    for (const { position, found } of judged) {
      const isOfBefore = position < dummiesUntil
      if (found.kind === "letter") record(change, name, position, found, now())
      else if (found.kind === "unopenable") unopenable += isOfBefore ? 0 : 1
      else if (position >= page.acknowledged || !isColleagues(reader, found.keyId, isOfBefore))
        addUnopened(change, { relay: name, position, keyId: found.keyId, since: now() })
    }
    const isRead = reached >= page.head && missed === 0
    keepRingPlace(change, name, {
      ...before,
      opened: reached,
      acknowledged: Math.max(before.acknowledged, page.acknowledged),
      head: page.head,
      // A clock that is ahead would have it read when nobody has read it yet, and keys destroyed for it.
      readAt: isRead ? sureNow() : before.readAt,
      unopenable,
      dummiesUntil,
      ...(missed > 0 ? addMissed(before, missed, sureNow()) : {}),
    })
    if (page.acknowledged > before.acknowledged) acknowledged(change, name, page.acknowledged)
    if (reached > opened) endBatch(change, name, reached)
    return null
  })
}

/** Until when receipts go by the reading before: as long as an *opened* would stand on the board. */
const isFresh = ({ missedAt }: RingPlace, now: Instant): boolean =>
  missedAt !== null && missedAt <= now && now - missedAt < OPENED_LIFE_SECONDS

function addMissed(before: RingPlace, count: number, now: Instant): Partial<RingPlace> {
  const readBefore = isFresh(before, now) ? before.readBefore : before.readAt
  return { missed: before.missed + count, missedAt: now, readBefore }
}

/** When everything up to then was read, as receipts may say it: what was overwritten unread was not. */
export const readWithoutGap = (place: RingPlace, now: Instant): Instant =>
  ((isFresh(place, now) ? place.readBefore : place.readAt) ?? 0) as Instant

/**
 * Of what others acknowledged, that which this desk will never have a key to: its hours are over and nobody gave it the
 * seed, which its window says. Colleagues who were there have opened it.
 */
function isColleagues({ vault, sureNow }: RingReader, keyId: Uint8Array, isOfBefore: boolean): boolean {
  const known = intakeKeyById(vault, keyId)
  if (!known) return isOfBefore
  return intakeSeedOf(vault, keyId) === null && windowEnd(known.window) + ERASE_AFTER_SECONDS <= sureNow()
}

/** Into the vault, and among what waits for the log of both relays. */
function record(
  change: Parameters<Parameters<UnlockedVault["change"]>[0]>[0],
  relay: RelayName,
  position: number,
  { letter, window }: Extract<Judged, { readonly kind: "letter" }>,
  now: Instant,
): void {
  const { item, isRepeated } = takeLetter(change, letter, now, null, windowStart(window))
  const { threadId, message } = letter
  if (item) addPending(change, { relay, position, letter }, item, null)
  // A colleague has opened it: told again, if somebody may still wait for it.
  else if (isRepeated && message && windowEnd(window) + VISIT_SECONDS > now) {
    const known = messageById(change, threadId, message.id)
    const repeated = Uint8Array.of(1, ...message.id)
    if (known?.logPosition != null)
      addPending(change, { relay, position, letter }, repeated, known.logPosition)
  }
}

/** Envelopes whose key was not here when they were read: by pages, like all others, and not all in one round. */
async function retryUnopened(
  reader: RingReader,
  name: RelayName,
  relay: RelayClient,
): Promise<Result<null, RingError>> {
  const { vault } = reader
  const given = giveUp(reader, name)
  if (!given.ok) return given
  const openable = unopenedOf(vault, name).filter(({ keyId }) => intakeSeedOf(vault, keyId) !== null)
  let from = 0
  for (let pages = 0; pages < RETRIED_PAGES_A_ROUND; pages += 1) {
    const next = openable.find(({ position }) => position >= from)
    if (!next) break
    const page = await relay.readRing(next.position, RING_READ_ENVELOPES)
    if (reader.isClosed()) return ok(null)
    if (!page.ok) return page
    const until = page.value.first + page.value.envelopes.length
    // Kept back: asked for again in the next round.
    if (until <= next.position) {
      from = next.position + 1
      continue
    }
    const within = openable.filter(({ position }) => position >= next.position && position < until)
    const taken = await takeRetried(
      reader,
      name,
      page.value,
      within.map(({ position }) => position),
    )
    if (!taken.ok) return taken
    if (reader.isClosed()) return ok(null)
    from = until
  }
  return ok(null)
}

async function takeRetried(
  reader: RingReader,
  name: RelayName,
  { first, envelopes }: RingPage,
  positions: readonly number[],
): Promise<Result<null, VaultWriteError>> {
  const { vault, now, sureNow } = reader
  const judged: { readonly position: number; readonly found: Judged | null }[] = []
  for (const position of positions) {
    const bytes = envelopes[position - first]
    judged.push({ position, found: bytes ? await judge(reader, bytes) : null })
    if (reader.isClosed()) return ok(null)
  }
  return vault.change((change) => {
    for (const { position, found } of judged) {
      dropUnopened(change, name, position)
      if (found?.kind === "letter") record(change, name, position, found, now())
      else if (found) countUnopenable(change, name)
      else countMissed(change, name, sureNow())
    }
    return null
  })
}

/** Those that no key will ever open here. */
function giveUp(reader: RingReader, name: RelayName): Result<null, VaultWriteError> {
  const { vault, sureNow } = reader
  const { acknowledged: until } = ringPlace(vault, name)
  const keyless = unopenedOf(vault, name).filter(({ keyId }) => intakeSeedOf(vault, keyId) === null)
  const colleagues = keyless.filter(
    ({ position, keyId }) => position < until && isColleagues(reader, keyId, false),
  )
  const lost = keyless.filter(
    (one) => !colleagues.includes(one) && isKnownLost(vault, one.keyId, one.since, sureNow()),
  )
  if (colleagues.length + lost.length === 0) return ok(null)
  return vault.change((change) => {
    for (const { position } of [...colleagues, ...lost]) dropUnopened(change, name, position)
    for (const _ of lost) countUnopenable(change, name)
    return null
  })
}

function countUnopenable(change: Parameters<typeof keepRingPlace>[0], relay: RelayName): void {
  const before = ringPlace(change, relay)
  keepRingPlace(change, relay, { ...before, unopenable: before.unopenable + 1 })
}

function countMissed(change: Parameters<typeof keepRingPlace>[0], relay: RelayName, now: Instant): void {
  const before = ringPlace(change, relay)
  keepRingPlace(change, relay, { ...before, ...addMissed(before, 1, now) })
}

/** Erased here; or so long ago that no colleague's desk has it either; or of a key that no officer ever signed. */
function isKnownLost(vault: VaultReader, keyId: Uint8Array, since: Instant, now: Instant): boolean {
  if (isGone(vault, keyId)) return true
  const known = intakeKeyById(vault, keyId)
  return known ? windowEnd(known.window) + LONGEST_AWAY_SECONDS <= now : since + UNKNOWN_KEY_SECONDS <= now
}
