/** A week's officers and duties, signed ahead by k charter signers. docs/protocol.md §4. */
import type { Brand } from "../brand.ts"
import { equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { type Charter, type CharterChain, charterByHash, type OrganisationId } from "../charter/charter.ts"
import { asPublicKey, PUBLIC_KEY_BYTES, type PublicKey } from "../keys.ts"
import { MAX_DUTIES, MAX_OFFICERS } from "../parameters.ts"
import { err, ok, type Result } from "../result.ts"
import {
  type IndexedSignature,
  type ObjectHash,
  objectHash,
  readSignatures,
  verifiedSigners,
  writeSignatures,
} from "../signature/signed.ts"
import { HASH_BYTES } from "../suite.ts"
import { type Instant, type Week, weekOf, weekStart } from "../time/instant.ts"

export interface DelegationBody {
  readonly organisationId: OrganisationId
  /** The charter whose signers signed. */
  readonly charterHash: ObjectHash
  readonly week: Week
  readonly officers: readonly PublicKey<"officer">[]
  readonly duties: readonly PublicKey<"duty">[]
}

export interface SignedDelegation {
  readonly body: Uint8Array
  readonly signatures: readonly IndexedSignature[]
}

/** Verified: the only place where an officer's or a duty's key comes from. */
export type Delegation = Brand<
  DelegationBody & { readonly hash: ObjectHash; readonly bytes: Uint8Array },
  "Delegation"
>

export type DelegationError =
  | { readonly kind: "malformed-delegation" }
  | { readonly kind: "wrong-organisation" }
  | { readonly kind: "delegation-not-signed"; readonly signatures: number; readonly needed: number }

const MAGIC = 0x4b4e4b44 // "KNKD"
const VERSION = 1

export function encodeDelegationBody(delegation: DelegationBody): Uint8Array {
  return new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .fixed(delegation.organisationId, HASH_BYTES)
    .fixed(delegation.charterHash, HASH_BYTES)
    .u32(delegation.week)
    .list(delegation.officers, (out, key) => out.fixed(key, PUBLIC_KEY_BYTES))
    .list(delegation.duties, (out, key) => out.fixed(key, PUBLIC_KEY_BYTES))
    .bytes()
}

export const encodeDelegation = ({ body, signatures }: SignedDelegation): Uint8Array =>
  writeSignatures(new ByteWriter().short(body), signatures).bytes()

export function decodeDelegationBody(body: Uint8Array): DelegationBody | null {
  const from = new ByteReader(body)
  if (from.u32() !== MAGIC || from.u8() !== VERSION) return null
  const decoded = {
    organisationId: from.take(HASH_BYTES) as OrganisationId,
    charterHash: from.take(HASH_BYTES) as ObjectHash,
    week: from.u32() as Week,
    officers: from.list(MAX_OFFICERS, (r) => asPublicKey<"officer">(r.take(PUBLIC_KEY_BYTES))),
    duties: from.list(MAX_DUTIES, (r) => asPublicKey<"duty">(r.take(PUBLIC_KEY_BYTES))),
  }
  const keys = [...decoded.officers, ...decoded.duties].map(String)
  return from.end() && new Set(keys).size === keys.length && decoded.week > 0 && decoded.week < 7101
    ? decoded
    : null
}

export function decodeDelegation(bytes: Uint8Array): SignedDelegation | null {
  const from = new ByteReader(bytes)
  const signed = { body: from.short(), signatures: readSignatures(from) }
  return from.end() ? signed : null
}

/** Verifies form, and k signatures of the named charter (rules D1–D3). */
export async function verifyDelegation(
  bytes: Uint8Array,
  chain: CharterChain,
): Promise<Result<Delegation, DelegationError>> {
  const signed = decodeDelegation(bytes)
  const body = signed && decodeDelegationBody(signed.body)
  if (!signed || !body) return err({ kind: "malformed-delegation" })
  if (!equalBytes(body.organisationId, chain.organisationId)) return err({ kind: "wrong-organisation" })
  const link = charterByHash(chain, body.charterHash)
  const signers =
    link && (await verifiedSigners("delegation", signed.body, link.charter.signers, signed.signatures))
  const needed = link?.charter.threshold ?? chain.current.charter.threshold
  // Rule C8: of a closed organisation duties alone are named, which keep its last page up.
  const speaksForNobody = link?.charter.closed === true && body.officers.length > 0
  const isVoid = speaksForNobody || (link && isSuperseded(chain, link.charter, body.week))
  if (!link || !signers || signers.length < needed || isVoid) {
    return err({ kind: "delegation-not-signed", signatures: signers?.length ?? 0, needed })
  }
  return ok({ ...body, hash: objectHash("delegation", signed.body), bytes } as Delegation)
}

/** Rule D3: once a newer charter is in force, the signers of an older one delegate no week that begins after it. */
function isSuperseded(chain: CharterChain, charter: Charter, week: Week): boolean {
  const next = chain.links[chain.links.findIndex((link) => link.charter === charter) + 1]
  return next !== undefined && weekStart(week) >= next.charter.issued
}

export const coversInstant = (delegation: DelegationBody, time: Instant): boolean =>
  delegation.week === weekOf(time)

export const delegationByHash = (
  delegations: readonly Delegation[],
  hash: Uint8Array,
): Delegation | undefined => delegations.find((delegation) => equalBytes(delegation.hash, hash))
