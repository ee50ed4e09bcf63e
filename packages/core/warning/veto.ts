/** One charter signer's "no" to an all-clear. docs/protocol.md §7. */
import type { Brand } from "../brand.ts"
import { equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { type CharterChain, charterByHash, type OrganisationId } from "../charter/charter.ts"
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

export interface VetoBody {
  readonly organisationId: OrganisationId
  readonly charterHash: ObjectHash
  /** Hash of the proposal's core. */
  readonly proposal: ObjectHash
  readonly time: Instant
}

export type Veto = Brand<VetoBody & { readonly hash: ObjectHash; readonly bytes: Uint8Array }, "Veto">
export type VetoError = { readonly kind: "malformed-veto" | "wrong-organisation" | "veto-not-signed" }

const MAGIC = 0x4b4e4b56 // "KNKV"
const VERSION = 1

export const encodeVetoBody = (veto: VetoBody): Uint8Array =>
  new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .fixed(veto.organisationId, HASH_BYTES)
    .fixed(veto.charterHash, HASH_BYTES)
    .fixed(veto.proposal, HASH_BYTES)
    .u32(veto.time)
    .bytes()

export const encodeVeto = (body: Uint8Array, signatures: readonly IndexedSignature[]): Uint8Array =>
  writeSignatures(new ByteWriter().short(body), signatures).bytes()

function decodeVetoBody(body: Uint8Array): VetoBody | null {
  const from = new ByteReader(body)
  if (from.u32() !== MAGIC || from.u8() !== VERSION) return null
  const veto = {
    organisationId: from.take(HASH_BYTES) as OrganisationId,
    charterHash: from.take(HASH_BYTES) as ObjectHash,
    proposal: from.take(HASH_BYTES) as ObjectHash,
    time: from.u32() as Instant,
  }
  return from.end() ? veto : null
}

/** One signature of one signer of the charter suffices (rule W9). */
export async function verifyVeto(bytes: Uint8Array, chain: CharterChain): Promise<Result<Veto, VetoError>> {
  const from = new ByteReader(bytes)
  const body = from.short()
  const signatures = readSignatures(from)
  const veto = from.end() ? decodeVetoBody(body) : null
  if (!veto) return err({ kind: "malformed-veto" })
  if (!equalBytes(veto.organisationId, chain.organisationId)) return err({ kind: "wrong-organisation" })
  const signers = charterByHash(chain, veto.charterHash)?.charter.signers ?? []
  const signed = await verifiedSigners("veto", body, signers, signatures)
  if (!signed || signed.length === 0) return err({ kind: "veto-not-signed" })
  return ok({ ...veto, hash: objectHash("veto", body), bytes } as Veto)
}
