/** What the line compartment of the staff log has said so far, verified. Pure: entry in, state out. */
import { equalBytes } from "@kunak/core/bytes/equal"
import type { CharterChain } from "@kunak/core/charter/charter"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { type Delegation, verifyDelegation } from "@kunak/core/delegation/delegation"
import { type IntakeKey, verifyIntakeKey, windowEnd } from "@kunak/core/intake/intake-key"
import type { PublicKey } from "@kunak/core/keys"
import type { Entry } from "@kunak/core/log/entry"
import { type Receipt, verifyReceipt } from "@kunak/core/receipt/receipt"
import { isRevoked, type Revocation, verifyRevocation } from "@kunak/core/revocation/revocation"
import { DAY_SECONDS, type Instant, plusSeconds, weekOf } from "@kunak/core/time/instant"
import { verifyWarning } from "@kunak/core/warning/verify"
import { type Veto, verifyVeto } from "@kunak/core/warning/veto"
import type { Warning } from "@kunak/core/warning/warning"
import { stillWaiting, type WaitingThread, withoutParts, withPart } from "./waiting.ts"

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
  /** Of windows that are not over; the first in the log counts where there are two (rule L8). */
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

/** The state after an entry. What does not verify changes nothing: whoever wrote it gains nothing by it. */
export async function applyEntry(state: LineState, entry: Entry): Promise<LineState> {
  switch (entry.kind) {
    case "charter": {
      const chain = await verifyCharterChain(entry.chain, state.chain.organisationId)
      const isNew = chain.ok && chain.value.links.length > state.chain.links.length
      return isNew && extendsChain(state.chain, chain.value) ? await underChain(state, chain.value) : state
    }
    case "delegation": {
      const delegation = await verifyDelegation(entry.bytes, state.chain)
      return delegation.ok ? { ...state, delegations: added(state.delegations, delegation.value) } : state
    }
    case "revocation": {
      const revocation = await verifyRevocation(entry.bytes, state.chain, state.delegations)
      return revocation.ok ? await withRevocation(state, revocation.value) : state
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
      const newer = receipt.ok && receipt.value.time >= (state.receipt?.receipt.time ?? 0)
      return newer ? { ...state, receipt: { receipt: receipt.value, vouched: entry.vouched } } : state
    }
    case "intake-key": {
      const key = await verifyIntakeKey(entry.bytes, state.delegations, state.revocations)
      return key.ok ? { ...state, intakeKeys: withIntakeKey(state.intakeKeys, key.value) } : state
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

const added = <T extends { readonly hash: Uint8Array }>(items: readonly T[], item: T): readonly T[] =>
  items.some(({ hash }) => equalBytes(hash, item.hash)) ? items : [...items, item]

const extendsChain = (before: CharterChain, after: CharterChain): boolean =>
  after.links.length >= before.links.length &&
  before.links.every((link, i) => equalBytes(link.hash, after.links[i]?.hash ?? new Uint8Array()))

/**
 * Everything judged again by a new charter: it ends what the signers before it had delegated for later weeks (rule
 * D3), and whoever it leaves out clears and vetoes no more (rule W11).
 */
async function underChain(before: LineState, chain: CharterChain): Promise<LineState> {
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
  for (const entry of entries) state = await applyEntry(state, entry)
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
    intakeKeys: await stillSigned(state.intakeKeys, delegations, revocations),
    receipt: officer && isRevoked(officer, revocations) ? null : receipt,
  }
}

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

/** Drops what no edition needs any more: a day after its end, and delegations of the past that nothing names. */
export function pruned(state: LineState, now: Instant): LineState {
  const since = plusSeconds(now, -DAY_SECONDS)
  const warnings = state.warnings.filter(({ core }) => core.expires > since)
  const named = (hash: Uint8Array): boolean =>
    warnings.some(({ core }) => equalBytes(core.delegationHash, hash)) ||
    state.revocations.some(({ authority }) => equalBytes(authority, hash))
  const delegations = state.delegations.filter(({ week, hash }) => week >= weekOf(now) - 1 || named(hash))
  const vetoes = state.vetoes.filter(({ proposal }) =>
    warnings.some(({ hash }) => equalBytes(hash, proposal)),
  )
  const intakeKeys = state.intakeKeys.filter(({ window }) => windowEnd(window) > now)
  return { ...state, warnings, delegations, vetoes, intakeKeys, waiting: stillWaiting(state.waiting, now) }
}
