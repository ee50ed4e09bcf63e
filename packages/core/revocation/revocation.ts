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
  /** Keys of officers or duties, sorted. Everything they signed is void, whenever they say they signed it (rule V3). */
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
  RevocationBody & {
    readonly hash: ObjectHash
    readonly bytes: Uint8Array
    /** The keys whose signatures it stands on. */
    readonly signedBy: readonly PublicKey<"charter-signing" | "officer">[]
  },
  "Revocation"
>

export type RevocationError =
  | { readonly kind: "malformed-revocation" }
  | { readonly kind: "wrong-organisation" }
  | { readonly kind: "revocation-not-signed"; readonly signatures: number; readonly needed: number }

const MAGIC = 0x4b4e4b52 // "KNKR"
const VERSION = 1
/** Two officers suffice (rule V2). */
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
 * Rules V1 and V2. Whether it is in force, or charter signers have overruled it, is for `isRevoked`.
 *
 * @param delegations verified ones; a revocation by officers needs the one that names them.
 * An officer can't help to revoke with a key that the same revocation revokes (rule V2).
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
  const counted = (signers ?? []).filter((key) => !names(body, key))
  if (!signers || !covered || counted.length < needed) {
    return err({ kind: "revocation-not-signed", signatures: counted.length, needed })
  }
  const hash = objectHash("revocation", signed.body)
  return ok({ ...body, hash, bytes, signedBy: counted } as unknown as Revocation)
}

const names = (revocation: RevocationBody, key: Uint8Array): boolean =>
  revocation.keys.some((revoked) => equalBytes(revoked, key))

/**
 * Rule V4: charter signers overrule officers. A revocation by officers is in force while two of those who signed
 * it are not taken back by charter signers themselves; so two seized desks can stop the line, and the signers start
 * it again. Among officers it does not matter who was first: two who revoke each other are both revoked.
 */
export function inForce(revocations: readonly Revocation[]): readonly Revocation[] {
  const bySigners = revocations.filter(({ by }) => by === "signers")
  return revocations.filter(
    ({ by, signedBy }) =>
      by === "signers" ||
      signedBy.filter((key) => !bySigners.some((higher) => names(higher, key))).length >= OFFICERS_NEEDED,
  )
}

/** Whether a revocation that is in force takes this key back. @param revocations all that are known, verified. */
export const isRevoked = (key: Uint8Array, revocations: readonly Revocation[]): boolean =>
  inForce(revocations).some((revocation) => names(revocation, key))
