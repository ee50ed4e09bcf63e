/**
 * Makes what is missing: this desk's one-time receive keys for fourteen days, intake keys for seven, and wraps of
 * intake seeds for colleagues who could not be given them before (rule L8). docs/protocol.md §18, §22.
 */
import { equalBytes } from "@kunak/core/bytes/equal"
import { type Delegation, delegationByHash } from "@kunak/core/delegation/delegation"
import {
  type IntakeWindow,
  signIntakeKey,
  verifyIntakeKey,
  windowEnd,
  windowOf,
  windowStart,
} from "@kunak/core/intake/intake-key"
import { type IntakeWrap, wrapIntakeSeed } from "@kunak/core/intake/intake-wrap"
import { MAX_RECEIVE_KEYS, signReceiveKeys } from "@kunak/core/intake/receive-keys"
import type { PublicKey, Random } from "@kunak/core/keys"
import type { Entry } from "@kunak/core/log/entry"
import { INTAKE_AHEAD_SECONDS, INTAKE_WINDOW_SECONDS, RECEIVE_AHEAD_SECONDS } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { isRevoked } from "@kunak/core/revocation/revocation"
import { type KemKeyPair, makeKemKey } from "@kunak/core/suite"
import { DAY_SECONDS, type Instant, weekOf } from "@kunak/core/time/instant"
import type { LineState } from "@kunak/duty/line/line-state"
import type { Officer } from "../../enrolment/officer.ts"
import type { VaultReader } from "../../vault/unlocked-vault.ts"
import {
  intakeKeyOf,
  intakeKeysFrom,
  intakeSeedOf,
  isWrappedTo,
  ownReceiveWindows,
  receiveKeyOf,
} from "./key-store.ts"

/** Receive keys are said once a day, not window by window: so many windows at a time at least. */
const RECEIVE_AT_ONCE = DAY_SECONDS / INTAKE_WINDOW_SECONDS
/** Intake keys made in one round: a colleague's desk that starts in the same minute then makes few for nothing. */
const INTAKE_AT_ONCE = 2
const LATE_AT_ONCE = 8
/** Whoever's turn it is makes a window's key first; so close before it, anybody. */
const TURN_SECONDS = INTAKE_AHEAD_SECONDS - DAY_SECONDS
/** The key's maker wraps for late colleagues; so close before its window, anybody who can. */
const HELP_SECONDS = DAY_SECONDS

/** The week's delegation that names a window's officers, the last said where there are several. */
export const delegationOf = (line: LineState, window: IntakeWindow): Delegation | null =>
  line.delegations.findLast(({ week }) => week === weekOf(windowStart(window))) ?? null

/** Nobody where the organisation is closed: no key is made for anybody to write to (rule C8). */
const officersOf = (line: LineState, window: IntakeWindow): readonly PublicKey<"officer">[] =>
  line.chain.current.charter.closed
    ? []
    : (delegationOf(line, window)?.officers ?? []).filter((key) => !isRevoked(key, line.revocations))

const windowsUntil = (now: Instant, seconds: number): readonly IntakeWindow[] => {
  const first = windowOf(now)
  return Array.from({ length: seconds / INTAKE_WINDOW_SECONDS }, (_, i) => (first + i) as IntakeWindow)
}

export interface MadeReceiveKeys {
  readonly pairs: readonly { readonly window: IntakeWindow; readonly pair: KemKeyPair }[]
  readonly entry: Entry
}

/**
 * New one-time keys for the windows of the next fourteen days in which this officer is delegated and has none: at first
 * all, then a day's at a time; and for one whose intake key was voided after the receive key had served.
 */
export async function makeReceiveKeys(
  vault: VaultReader,
  line: LineState,
  officer: Officer,
  now: Instant,
  random: Random,
): Promise<MadeReceiveKeys | null> {
  const isNamed = (window: IntakeWindow): boolean =>
    officersOf(line, window).some((key) => equalBytes(key, officer.key.publicKey))
  const own = new Set(ownReceiveWindows(vault))
  const isServed = (window: IntakeWindow): boolean => {
    const key = intakeKeyOf(vault, window)
    return key !== null && intakeSeedOf(vault, key.keyId) !== null
  }
  const wanted = windowsUntil(now, RECEIVE_AHEAD_SECONDS).filter(isNamed)
  const missing = wanted.filter((window) => !own.has(window) && !isServed(window))
  const isUrgent = missing.some((window) => windowStart(window) < now + INTAKE_AHEAD_SECONDS)
  if (missing.length === 0 || (missing.length < RECEIVE_AT_ONCE && !isUrgent)) return null
  const pairs = []
  for (const window of missing.slice(0, MAX_RECEIVE_KEYS))
    pairs.push({ window, pair: await makeKemKey(random) })
  const keys = pairs.map(({ window, pair }) => ({ window, publicKey: pair.publicKey }))
  return { pairs, entry: { kind: "receive-keys", bytes: await signReceiveKeys(keys, officer.key) } }
}

export interface MadeIntakeKey {
  readonly window: IntakeWindow
  readonly keyId: Uint8Array
  readonly pair: KemKeyPair
  /** The wraps first: a key that stands in a header while only one desk can open it would lose letters with that desk. */
  readonly entries: readonly [Entry, Entry]
}

/** Missing intake keys, the soonest first, at most two at a time. None for weeks that do not name this officer. */
export async function makeIntakeKeys(
  vault: VaultReader,
  line: LineState,
  officer: Officer,
  now: Instant,
  random: Random,
  /** Windows whose key waits in the outbox. */
  waiting: ReadonlySet<number>,
): Promise<readonly MadeIntakeKey[]> {
  const made: MadeIntakeKey[] = []
  for (const window of windowsUntil(now, INTAKE_AHEAD_SECONDS)) {
    if (made.length + waiting.size >= INTAKE_AT_ONCE) break
    const delegation = delegationOf(line, window)
    if (!delegation || waiting.has(window) || hasKey(line, window)) continue
    const officers = officersOf(line, window)
    const place = officers.findIndex((key) => equalBytes(key, officer.key.publicKey))
    const isTurn = window % officers.length === place || windowStart(window) < now + TURN_SECONDS
    if (place < 0 || !isTurn) continue
    made.push(await makeIntakeKey(vault, line, officer, delegation, window, random))
  }
  return made
}

/** Rule L8: the line's state keeps the first whose signature still holds. */
const hasKey = (line: LineState, window: IntakeWindow): boolean =>
  line.intakeKeys.some((key) => key.window === window)

async function makeIntakeKey(
  vault: VaultReader,
  line: LineState,
  officer: Officer,
  delegation: Delegation,
  window: IntakeWindow,
  random: Random,
): Promise<MadeIntakeKey> {
  const pair = await makeKemKey(random)
  const bytes = await signIntakeKey(pair.publicKey, window, officer.key, delegation)
  const { keyId } = must(await verifyIntakeKey(bytes, [delegation], []))
  const wraps = await wrapFor(vault, officer, pair, keyId, window, officersOf(line, window))
  return {
    window,
    keyId,
    pair,
    entries: [
      { kind: "intake-wraps", keyId, window, wraps },
      { kind: "intake-key", bytes },
    ],
  }
}

async function wrapFor(
  vault: VaultReader,
  officer: Officer,
  { seed }: KemKeyPair,
  keyId: Uint8Array,
  window: IntakeWindow,
  officers: readonly PublicKey<"officer">[],
): Promise<readonly IntakeWrap[]> {
  const wraps: IntakeWrap[] = []
  for (const to of officers) {
    const publicKey = receiveKeyOf(vault, to, window)
    const wrap =
      publicKey && (await wrapIntakeSeed(seed, keyId, { officer: to, publicKey }, officer.organisationId))
    if (wrap) wraps.push(wrap)
  }
  return wraps
}

/**
 * Wraps for colleagues whose receive keys came after an intake key was made – a desk enrolled since, or one that was
 * away for long: else they could read nothing for a week. A few entries at a time, the soonest windows first.
 */
export async function makeLateWraps(
  vault: VaultReader,
  line: LineState,
  officer: Officer,
  now: Instant,
  /** Key ids, hexadecimal, of which wraps wait in the outbox. */
  waiting: (keyId: Uint8Array) => boolean,
): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (const { keyId, window, officer: maker } of intakeKeysFrom(vault, windowOf(now))) {
    const isMine = equalBytes(maker, officer.key.publicKey)
    if ((!isMine && windowStart(window) > now + HELP_SECONDS) || waiting(keyId)) continue
    const seed = intakeSeedOf(vault, keyId)
    if (!seed) continue
    const late = officersOf(line, window).filter(
      (key) =>
        !equalBytes(key, officer.key.publicKey) &&
        !isWrappedTo(vault, keyId, key) &&
        receiveKeyOf(vault, key, window) !== null,
    )
    const wraps = await wrapFor(vault, officer, seed, keyId, window, late)
    if (wraps.length > 0) entries.push({ kind: "intake-wraps", keyId, window, wraps })
    if (entries.length >= LATE_AT_ONCE) break
  }
  return entries
}

/** Until when there are keys without a gap from now on; null where there is none for this window. */
export function receivingUntil(line: LineState, now: Instant): Instant | null {
  let window = windowOf(now)
  if (!hasKey(line, window)) return null
  while (hasKey(line, (window + 1) as IntakeWindow)) window = (window + 1) as IntakeWindow
  return windowEnd(window)
}

/** The officer who signed an intake key. */
export const makerOf = (
  line: LineState,
  key: { readonly delegationHash: Uint8Array; readonly officer: number },
): PublicKey<"officer"> | null =>
  delegationByHash(line.delegations, key.delegationHash)?.officers[key.officer] ?? null
