/** The bulletin: the public data of one edition, in the page between its marks. docs/protocol.md §9. */
import type { Brand } from "../brand.ts"
import { compareBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { CharterChain, OrganisationId } from "../charter/charter.ts"
import { type CharterError, verifyCharterChain } from "../charter/verify.ts"
import { type Delegation, type DelegationError, verifyDelegation } from "../delegation/delegation.ts"
import { MAX_BULLETIN_BYTES } from "../parameters.ts"
import { err, ok, type Result } from "../result.ts"
import { type Revocation, type RevocationError, verifyRevocation } from "../revocation/revocation.ts"
import { type ObjectHash, objectHash } from "../signature/signed.ts"
import { decodeWarningCore, readWarning, writeWarning } from "../warning/codec.ts"
import { verifyWarning, type WarningError } from "../warning/verify.ts"
import { type Veto, type VetoError, verifyVeto } from "../warning/veto.ts"
import type { SignedWarning, Warning } from "../warning/warning.ts"

/** As it travels. */
export interface UnverifiedBulletin {
  readonly charterChain: Uint8Array
  /** Of the current week, and of every week in which a warning here was signed. */
  readonly delegations: readonly Uint8Array[]
  readonly revocations: readonly Uint8Array[]
  readonly warnings: readonly SignedWarning[]
  readonly vetoes: readonly Uint8Array[]
  /** What the newest receipt vouches for (§8); empty without a receipt. */
  readonly vouched: Uint8Array
}

/** Every object in it verified. */
export type Bulletin = Brand<
  {
    readonly chain: CharterChain
    readonly delegations: readonly Delegation[]
    readonly revocations: readonly Revocation[]
    readonly warnings: readonly Warning[]
    /** Hashes of warnings that are in it and do not count: voided by a revocation, or signed ahead of time (rule N3). */
    readonly setAside: readonly ObjectHash[]
    readonly vetoes: readonly Veto[]
    readonly vouched: Uint8Array
    readonly bytes: Uint8Array
  },
  "Bulletin"
>

export type BulletinError =
  | { readonly kind: "malformed-bulletin" }
  | CharterError
  | DelegationError
  | RevocationError
  | VetoError
  | WarningError

const MAGIC = 0x4b4e4b42 // "KNKB"
const VERSION = 1
const MAX = {
  delegations: 40,
  /** A key taken back stays so for as long as a delegation names it. */
  revocations: 120,
  warnings: 60,
  vetoes: 40,
  object: 16 * 1024,
  chain: 128 * 1024,
}

/** @throws RangeError when an object is beyond its limit. Lists are sorted, so that one content has one form (rule B5). */
export function encodeBulletin(bulletin: UnverifiedBulletin): Uint8Array {
  const sorted = (items: readonly Uint8Array[]): readonly Uint8Array[] =>
    [...items]
      .sort(compareBytes)
      .filter((item, i, all) => i === 0 || compareBytes(item, all[i - 1] as Uint8Array) !== 0)
  return new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .long(bulletin.charterChain)
    .list(sorted(bulletin.delegations), (out, bytes) => out.short(bytes))
    .list(sorted(bulletin.revocations), (out, bytes) => out.short(bytes))
    .list(bulletin.warnings, writeWarning)
    .list(sorted(bulletin.vetoes), (out, bytes) => out.short(bytes))
    .long(bulletin.vouched)
    .bytes()
}

export function decodeBulletin(bytes: Uint8Array): UnverifiedBulletin | null {
  if (bytes.length > MAX_BULLETIN_BYTES) return null
  const from = new ByteReader(bytes)
  if (from.u32() !== MAGIC || from.u8() !== VERSION) return null
  const bulletin: UnverifiedBulletin = {
    charterChain: from.long(MAX.chain),
    delegations: from.list(MAX.delegations, (r) => r.short()),
    revocations: from.list(MAX.revocations, (r) => r.short()),
    warnings: from.list(MAX.warnings, readWarning),
    vetoes: from.list(MAX.vetoes, (r) => r.short()),
    vouched: from.long(MAX.object),
  }
  const lists = [bulletin.delegations, bulletin.revocations, bulletin.vetoes]
  return from.end() && lists.every(isRising) && !hasTwice(bulletin.warnings) ? bulletin : null
}

const isRising = (items: readonly Uint8Array[]): boolean =>
  items.every((item, i) => i === 0 || compareBytes(items[i - 1] as Uint8Array, item) < 0)

/** The same body, with whatever signatures. */
const hasTwice = (warnings: readonly SignedWarning[]): boolean =>
  new Set(warnings.map(({ body }) => String(body))).size < warnings.length

/**
 * Verifies every object (rule N1): one that does not hold spoils the whole, since duty puts in only what it
 * has verified itself; a free text is in all its languages (rule N2). The one exception are warnings that a
 * revocation voided: they are set aside (rule N3), so that it can be published before duty has cleaned up.
 */
export async function verifyBulletin(
  bytes: Uint8Array,
  pinned: OrganisationId | null,
): Promise<Result<Bulletin, BulletinError>> {
  const given = decodeBulletin(bytes)
  if (!given) return err({ kind: "malformed-bulletin" })
  const chain = await verifyCharterChain(given.charterChain, pinned)
  if (!chain.ok) return chain
  const delegations = await each(given.delegations, (item) => verifyDelegation(item, chain.value))
  if (!delegations.ok) return delegations
  const revocations = await each(given.revocations, (item) =>
    verifyRevocation(item, chain.value, delegations.value),
  )
  if (!revocations.ok) return revocations
  const vetoes = await each(given.vetoes, (item) => verifyVeto(item, chain.value))
  if (!vetoes.ok) return vetoes
  const authority = { chain: chain.value, delegations: delegations.value, revocations: revocations.value }
  const warnings: Warning[] = []
  const setAside: ObjectHash[] = []
  const judged = await Promise.all(
    given.warnings.map(async (candidate) => ({
      candidate,
      warning: await verifyWarning(candidate, authority),
    })),
  )
  for (const { candidate, warning } of judged) {
    if (warning.ok && !hasAllTexts(candidate)) return err({ kind: "altered-text" })
    if (warning.ok) warnings.push(warning.value)
    else if (warning.error.kind === "revoked") setAside.push(objectHash("warning", candidate.body))
    else return warning
  }
  const verified = { ...authority, warnings, setAside, vetoes: vetoes.value, vouched: given.vouched, bytes }
  return ok(verified as unknown as Bulletin)
}

/** Rule N2: otherwise duty could keep a warning from everybody who reads one language. */
function hasAllTexts({ body, texts }: SignedWarning): boolean {
  const content = decodeWarningCore(body)?.content
  return content !== undefined && (!("texts" in content) || content.texts.length === texts.length)
}

async function each<T, E>(
  items: readonly Uint8Array[],
  verify: (item: Uint8Array) => Promise<Result<T, E>>,
): Promise<Result<readonly T[], E>> {
  const verified: T[] = []
  for (const result of await Promise.all(items.map(verify))) {
    if (!result.ok) return result
    verified.push(result.value)
  }
  return ok(verified)
}
