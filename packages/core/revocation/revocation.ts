/** Takes keys back before their week ends: by k charter signers, or by two officers. docs/protocol.md §5. */
import type { Brand } from "../brand.ts"
import { compareBytes, equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { type CharterChain, charterByHash, type OrganisationId } from "../charter/charter.ts"
import { coversInstant, type Delegation, delegationByHash } from "../delegation/delegation.ts"
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
import type { Instant } from "../time/instant.ts"

export interface RevocationBody {
  readonly organisationId: OrganisationId
  readonly time: Instant
  /** Keys of officers or duties, sorted. Everything they signed is void, whenever they say they signed it (rule V2). */
  readonly keys: readonly PublicKey<"officer" | "duty">[]
  readonly by: "signers" | "officers"
  /** The charter (by signers) or the delegation (by officers) that names the signing keys. */
  readonly authority: ObjectHash
}

export interface SignedRevocation {
  readonly body: Uint8Array
  readonly signatures: readonly IndexedSignature[]
}

export type Revocation = Brand<
  RevocationBody & { readonly hash: ObjectHash; readonly bytes: Uint8Array },
  "Revocation"
>

export type RevocationError =
  | { readonly kind: "malformed-revocation" }
  | { readonly kind: "wrong-organisation" }
  | { readonly kind: "revocation-not-signed"; readonly signatures: number; readonly needed: number }

const MAGIC = 0x4b4e4b52 // "KNKR"
const VERSION = 1
/** Two officers suffice (rule V1). */
const OFFICERS_NEEDED = 2

export function encodeRevocationBody(revocation: RevocationBody): Uint8Array {
  return new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .fixed(revocation.organisationId, HASH_BYTES)
    .u32(revocation.time)
    .list([...revocation.keys].sort(compareBytes), (out, key) => out.fixed(key, PUBLIC_KEY_BYTES))
    .u8(revocation.by === "signers" ? 0 : 1)
    .fixed(revocation.authority, HASH_BYTES)
    .bytes()
}

export const encodeRevocation = ({ body, signatures }: SignedRevocation): Uint8Array =>
  writeSignatures(new ByteWriter().short(body), signatures).bytes()

export function decodeRevocationBody(body: Uint8Array): RevocationBody | null {
  const from = new ByteReader(body)
  if (from.u32() !== MAGIC || from.u8() !== VERSION) return null
  const organisationId = from.take(HASH_BYTES) as OrganisationId
  const time = from.u32() as Instant
  const keys = from.list(MAX_OFFICERS + MAX_DUTIES, (r) =>
    asPublicKey<"officer" | "duty">(r.take(PUBLIC_KEY_BYTES)),
  )
  const by = from.u8()
  const authority = from.take(HASH_BYTES) as ObjectHash
  const rising = keys.every((key, i) => i === 0 || compareBytes(keys[i - 1] as Uint8Array, key) < 0)
  if (!from.end() || keys.length === 0 || !rising || by > 1) return null
  return { organisationId, time, keys, by: by === 0 ? "signers" : "officers", authority }
}

export function decodeRevocation(bytes: Uint8Array): SignedRevocation | null {
  const from = new ByteReader(bytes)
  const signed = { body: from.short(), signatures: readSignatures(from) }
  return from.end() ? signed : null
}

/**
 * @param delegations verified ones; a revocation by officers needs the one that names them.
 * An officer can't help to revoke with a key that the same revocation revokes (rule V1).
 */
export async function verifyRevocation(
  bytes: Uint8Array,
  chain: CharterChain,
  delegations: readonly Delegation[],
): Promise<Result<Revocation, RevocationError>> {
  const signed = decodeRevocation(bytes)
  const body = signed && decodeRevocationBody(signed.body)
  if (!signed || !body) return err({ kind: "malformed-revocation" })
  if (!equalBytes(body.organisationId, chain.organisationId)) return err({ kind: "wrong-organisation" })
  const charter = body.by === "signers" ? charterByHash(chain, body.authority)?.charter : undefined
  const delegation = body.by === "officers" ? delegationByHash(delegations, body.authority) : undefined
  const needed = charter ? charter.threshold : OFFICERS_NEEDED
  const covered = delegation ? coversInstant(delegation, body.time) : true
  const keys: readonly PublicKey<"charter-signing" | "officer">[] =
    charter?.signers ?? delegation?.officers ?? []
  const signers = await verifiedSigners("revocation", signed.body, keys, signed.signatures)
  const counted = (signers ?? []).filter((key) => !isRevoked(key, [body]))
  if (!signers || !covered || counted.length < needed) {
    return err({ kind: "revocation-not-signed", signatures: counted.length, needed })
  }
  return ok({ ...body, hash: objectHash("revocation", signed.body), bytes } as Revocation)
}

/** Whether any of the revocations takes this key back. */
export const isRevoked = (key: Uint8Array, revocations: readonly RevocationBody[]): boolean =>
  revocations.some((revocation) => revocation.keys.some((revoked) => equalBytes(revoked, key)))
