/** What the line compartment of the staff log has said so far, verified. Pure: entry in, state out. */
import { equalBytes } from "@kunak/core/bytes/equal"
import type { CharterChain } from "@kunak/core/charter/charter"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { type Delegation, verifyDelegation } from "@kunak/core/delegation/delegation"
import { type IntakeKey, verifyIntakeKey, windowEnd, windowStart } from "@kunak/core/intake/intake-key"
import type { PublicKey } from "@kunak/core/keys"
import type { Entry } from "@kunak/core/log/entry"
import { CLOCK_TOLERANCE_SECONDS, SKEW_SECONDS } from "@kunak/core/parameters"
import { type Receipt, verifyReceipt } from "@kunak/core/receipt/receipt"
import { isRevoked, type Revocation, verifyRevocation } from "@kunak/core/revocation/revocation"
import { DAY_SECONDS, type Instant, plusSeconds, weekOf } from "@kunak/core/time/instant"
import { verifyWarning } from "@kunak/core/warning/verify"
import { type Veto, verifyVeto } from "@kunak/core/warning/veto"
import type { Warning } from "@kunak/core/warning/warning"
import { stillWaiting, type WaitingThread, withoutParts, withoutPastKeys, withPart } from "./waiting.ts"

export interface Lease {
  readonly duty: PublicKey<"duty">
  readonly term: number
  readonly until: Instant
}

export interface LineState {
  readonly chain: CharterChain
  readonly delegations: readonly Delegation[]
  readonly revocations: readonly Revocation[]
  readonly warnings: readonly Warning[]
  readonly vetoes: readonly Veto[]
  readonly receipt: { readonly receipt: Receipt; readonly vouched: Uint8Array } | null
  /** Of windows that are not over; of the last delegation of their week, the first in the log (rule L8). */
  readonly intakeKeys: readonly IntakeKey[]
  /** Replies that wait, thread by thread. Duty can place them and can't read them (rule O6). */
  readonly waiting: readonly WaitingThread[]
  /** The last one said: a duty takes over once it has run out. */
  readonly lease: Lease | null
}

export const emptyLine = (chain: CharterChain, delegations: readonly Delegation[]): LineState => ({
  chain,
  delegations,
  revocations: [],
  warnings: [],
  vetoes: [],
  receipt: null,
  intakeKeys: [],
  waiting: [],
  lease: null,
})

/**
 * The state after an entry. What does not verify changes nothing: whoever wrote it gains nothing by it.
 *
 * @param now this machine's clock.
 */
export async function applyEntry(state: LineState, entry: Entry, now: Instant): Promise<LineState> {
  switch (entry.kind) {
    case "charter": {
      const chain = await verifyCharterChain(entry.chain, state.chain.organisationId)
      const isNew = chain.ok && chain.value.links.length > state.chain.links.length
      return isNew && extendsChain(state.chain, chain.value)
        ? await underChain(state, chain.value, now)
        : state
    }
    case "delegation": {
      const delegation = await verifyDelegation(entry.bytes, state.chain)
      return delegation.ok ? withDelegation(state, delegation.value) : state
    }
    case "revocation": {
      const revocation = await verifyRevocation(entry.bytes, state.chain, state.delegations)
      if (!revocation.ok || state.revocations.some(({ hash }) => equalBytes(hash, revocation.value.hash)))
        return state
      return await withRevocation(state, revocation.value)
    }
    case "veto": {
      const veto = await verifyVeto(entry.bytes, state.chain)
      return veto.ok ? { ...state, vetoes: added(state.vetoes, veto.value) } : state
    }
    case "warning": {
      const warning = await verifyWarning(entry.warning, state)
      return warning.ok ? { ...state, warnings: withWarning(state.warnings, warning.value) } : state
    }
    case "receipt": {
      const receipt = await verifyReceipt(entry.receipt, state.delegations, state.revocations)
      const before = state.receipt?.receipt ?? null
      return receipt.ok && takesPlaceOf(before, receipt.value, now)
        ? { ...state, receipt: { receipt: receipt.value, vouched: entry.vouched } }
        : state
    }
    case "intake-key": {
      const key = await verifyIntakeKey(entry.bytes, state.delegations, state.revocations)
      return key.ok && isOfLastDelegation(key.value, state.delegations)
        ? { ...state, intakeKeys: withIntakeKey(state.intakeKeys, key.value) }
        : state
    }
    case "part":
      return { ...state, waiting: withPart(state.waiting, entry.part) }
    case "parts-dropped":
      return { ...state, waiting: withoutParts(state.waiting, entry.handle, entry.sequences) }
    case "lease":
      return { ...state, lease: { duty: entry.duty, term: entry.term, until: entry.until } }
    default:
      return state
  }
}

/**
 * The newest counts; but one dated ahead, by a desk whose clock is wrong, says nothing yet (rule R3), and must not keep out
 * those that do until its time has come.
 */
function takesPlaceOf(before: Receipt | null, next: Receipt, now: Instant): boolean {
  if (!before) return true
  const isAhead = (receipt: Receipt): boolean => receipt.time > plusSeconds(now, SKEW_SECONDS)
  return isAhead(before) === isAhead(next) ? next.time >= before.time : isAhead(before)
}

const added = <T extends { readonly hash: Uint8Array }>(items: readonly T[], item: T): readonly T[] =>
  items.some(({ hash }) => equalBytes(hash, item.hash)) ? items : [...items, item]

const extendsChain = (before: CharterChain, after: CharterChain): boolean =>
  after.links.length >= before.links.length &&
  before.links.every((link, i) => equalBytes(link.hash, after.links[i]?.hash ?? new Uint8Array()))

/**
 * Everything judged again by a new charter: it ends what the signers before it had delegated for later weeks (rule
 * D3), and whoever it leaves out clears and vetoes no more (rule W11).
 */
async function underChain(before: LineState, chain: CharterChain, now: Instant): Promise<LineState> {
  let state: LineState = { ...emptyLine(chain, []), lease: before.lease, waiting: before.waiting }
  const { receipt } = before
  const entries: readonly Entry[] = [
    ...before.delegations.map(({ bytes }) => ({ kind: "delegation", bytes }) as const),
    ...before.revocations.map(({ bytes }) => ({ kind: "revocation", bytes }) as const),
    ...before.vetoes.map(({ bytes }) => ({ kind: "veto", bytes }) as const),
    ...before.warnings.map(({ signed }) => ({ kind: "warning", warning: signed }) as const),
    ...before.intakeKeys.map(({ bytes }) => ({ kind: "intake-key", bytes }) as const),
    ...(receipt
      ? [{ kind: "receipt", receipt: receipt.receipt.bytes, vouched: receipt.vouched } as const]
      : []),
  ]
  for (const entry of entries) state = await applyEntry(state, entry, now)
  return state
}

/** The same warning said again counts where more keys that still hold have signed it. */
function withWarning(warnings: readonly Warning[], warning: Warning): readonly Warning[] {
  const before = warnings.find(({ hash }) => equalBytes(hash, warning.hash))
  if (before && before.signatures >= warning.signatures) return warnings
  return [...warnings.filter((other) => other !== before), warning]
}

const withIntakeKey = (keys: readonly IntakeKey[], key: IntakeKey): readonly IntakeKey[] =>
  keys.some(({ window }) => window === key.window) ? keys : [...keys, key].sort((a, b) => a.window - b.window)

/** A week that is delegated anew gets intake keys anew: those of the delegation before stand in no header of it (rule I2). */
function withDelegation(state: LineState, delegation: Delegation): LineState {
  const delegations = added(state.delegations, delegation)
  const intakeKeys = state.intakeKeys.filter((key) => isOfLastDelegation(key, delegations))
  return { ...state, delegations, intakeKeys }
}

const isOfLastDelegation = (key: IntakeKey, delegations: readonly Delegation[]): boolean => {
  const last = delegations.findLast(({ week }) => week === weekOf(windowStart(key.window)))
  return last !== undefined && equalBytes(last.hash, key.delegationHash)
}

/** A revocation voids what its keys signed (rule V2): signed again by others, it comes back. */
async function withRevocation(state: LineState, revocation: Revocation): Promise<LineState> {
  const { receipt, delegations, chain } = state
  const revocations = added(state.revocations, revocation)
  const warnings: Warning[] = []
  for (const { signed } of state.warnings) {
    const again = await verifyWarning(signed, { chain, delegations, revocations })
    if (again.ok) warnings.push(again.value)
  }
  const delegation =
    receipt && delegations.find(({ hash }) => equalBytes(hash, receipt.receipt.delegationHash))
  const officer = receipt && delegation?.officers[receipt.receipt.officer]
  return {
    ...state,
    revocations,
    warnings,
    intakeKeys: mayHoldSeeds(revocation, delegations)
      ? []
      : await stillSigned(state.intakeKeys, delegations, revocations),
    receipt: officer && isRevoked(officer, revocations) ? null : receipt,
  }
}

/**
 * Rule L8: every desk has been given the seeds of all intake keys, the next seven days' too. With an officer taken back none
 * of them counts any more, whoever signed it; the desks that are left make others, and wrap these to each other alone.
 */
const mayHoldSeeds = ({ keys }: Revocation, delegations: readonly Delegation[]): boolean =>
  keys.some((key) => !delegations.some(({ duties }) => duties.some((duty) => equalBytes(duty, key))))

async function stillSigned(
  keys: readonly IntakeKey[],
  delegations: readonly Delegation[],
  revocations: readonly Revocation[],
): Promise<readonly IntakeKey[]> {
  const judged = await Promise.all(
    keys.map(async (key) => ((await verifyIntakeKey(key.bytes, delegations, revocations)).ok ? [key] : [])),
  )
  return judged.flat()
}

/** What is dropped is not said again: so it goes by the newest receipt where that is earlier, and a clock that is set days ahead takes nothing with it. */
export const sureTime = (state: LineState, now: Instant): Instant =>
  Math.min(now, state.receipt?.receipt.time ?? now) as Instant

/** Drops what no edition needs any more: a day after its end, and delegations of the past that nothing names. */
export function pruned(state: LineState, now: Instant): LineState {
  const sure = sureTime(state, now)
  const since = plusSeconds(sure, -DAY_SECONDS)
  const warnings = state.warnings.filter(({ core }) => core.expires > since)
  const named = (hash: Uint8Array): boolean =>
    warnings.some(({ core }) => equalBytes(core.delegationHash, hash)) ||
    state.revocations.some(({ authority }) => equalBytes(authority, hash))
  const delegations = state.delegations.filter(({ week, hash }) => week >= weekOf(sure) - 1 || named(hash))
  const vetoes = state.vetoes.filter(({ proposal }) =>
    warnings.some(({ hash }) => equalBytes(hash, proposal)),
  )
  const intakeKeys = state.intakeKeys.filter(({ window }) => windowEnd(window) > sure)
  const lease = state.lease && counts(state.lease, state, now) ? state.lease : null
  return {
    ...state,
    warnings,
    delegations,
    vetoes,
    intakeKeys,
    lease,
    waiting: withoutPastKeys(stillWaiting(state.waiting, sure), sure),
  }
}

/** A lease in editions, and what two duties' clocks may differ by. */
const LONGEST_LEASE_EDITIONS = 2.5

/**
 * Nobody signs a lease: whoever can write to the log could make every duty stand by for ever. One counts that names a duty of
 * this week and ends as soon as an honest one does.
 */
function counts(
  { duty, until }: Lease,
  { chain, delegations, revocations }: LineState,
  now: Instant,
): boolean {
  const longest = chain.current.charter.editionSeconds * LONGEST_LEASE_EDITIONS + CLOCK_TOLERANCE_SECONDS
  const isDuty = delegations.some(
    ({ week, duties }) => week === weekOf(now) && duties.some((key) => equalBytes(key, duty)),
  )
  return isDuty && !isRevoked(duty, revocations) && until <= now + longest
}
