/** An officer's word that somebody is there, and of what is published. docs/protocol.md §8. */
import type { Brand } from "../brand.ts"
import { compareBytes, equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { OrganisationId } from "../charter/charter.ts"
import { coversInstant, type Delegation, delegationByHash } from "../delegation/delegation.ts"
import { SIGNATURE_BYTES, type SigningKey } from "../keys.ts"
import { err, ok, type Result } from "../result.ts"
import { isRevoked, type Revocation } from "../revocation/revocation.ts"
import { type ObjectHash, signBody, verifyBody } from "../signature/signed.ts"
import { HASH_BYTES, sha256 } from "../suite.ts"
import type { Instant } from "../time/instant.ts"

/** One published object that the officer knew of: it must be in every edition until `until` (rule R2). */
export interface Vouched {
  readonly hash: ObjectHash
  readonly until: Instant
}

export interface ReceiptBody {
  readonly organisationId: OrganisationId
  readonly delegationHash: ObjectHash
  readonly time: Instant
  /** When the line was last read; 0 where no hotline runs yet. */
  readonly lastRead: Instant
  /** SHA-256 of the vouched list, which the bulletin carries. */
  readonly vouchedHash: Uint8Array
  /** Place of the officer's key in the delegation. */
  readonly officer: number
}

export type Receipt = Brand<ReceiptBody & { readonly bytes: Uint8Array }, "Receipt">
export type ReceiptError = {
  readonly kind: "malformed-receipt" | "wrong-organisation" | "receipt-not-signed"
}

const MAGIC = 0x4b4e4b54 // "KNKT"
const VERSION = 1
export const MAX_VOUCHED = 200

/** Sorted by hash, so that one list has one form. */
export const encodeVouched = (vouched: readonly Vouched[]): Uint8Array => {
  const sorted = [...vouched].sort((a, b) => compareBytes(a.hash, b.hash))
  return new ByteWriter()
    .list(sorted, (out, item) => out.fixed(item.hash, HASH_BYTES).u32(item.until))
    .bytes()
}

export function decodeVouched(bytes: Uint8Array): Vouched[] | null {
  const from = new ByteReader(bytes)
  const items = from.list(MAX_VOUCHED, (r) => ({
    hash: r.take(HASH_BYTES) as ObjectHash,
    until: r.u32() as Instant,
  }))
  const rising = items.every(
    (item, i) => i === 0 || compareBytes((items[i - 1] as Vouched).hash, item.hash) < 0,
  )
  return from.end() && rising ? items : null
}

const encodeBody = (receipt: ReceiptBody): Uint8Array =>
  new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .fixed(receipt.organisationId, HASH_BYTES)
    .fixed(receipt.delegationHash, HASH_BYTES)
    .u32(receipt.time)
    .u32(receipt.lastRead)
    .fixed(receipt.vouchedHash, HASH_BYTES)
    .u8(receipt.officer)
    .bytes()

/** Body and signature, 174 bytes. */
export async function signReceipt(
  receipt: Omit<ReceiptBody, "officer" | "vouchedHash">,
  vouched: readonly Vouched[],
  key: SigningKey<"officer">,
  delegation: Delegation,
): Promise<Uint8Array> {
  const officer = delegation.officers.findIndex((candidate) => equalBytes(candidate, key.publicKey))
  const body = encodeBody({ ...receipt, vouchedHash: sha256(encodeVouched(vouched)), officer })
  return new ByteWriter()
    .raw(body)
    .raw(await signBody("receipt", body, key))
    .bytes()
}

/**
 * Rule R1: signed by an officer of one of these delegations, in its week, whose key nobody has revoked. Last
 * week's delegation serves too: on Monday morning somebody has still been there on Sunday.
 */
export async function verifyReceipt(
  bytes: Uint8Array,
  delegations: readonly Delegation[],
  revocations: readonly Revocation[],
): Promise<Result<Receipt, ReceiptError>> {
  const from = new ByteReader(bytes)
  const known = from.u32() === MAGIC && from.u8() === VERSION
  const receipt: ReceiptBody = {
    organisationId: from.take(HASH_BYTES) as OrganisationId,
    delegationHash: from.take(HASH_BYTES) as ObjectHash,
    time: from.u32() as Instant,
    lastRead: from.u32() as Instant,
    vouchedHash: from.take(HASH_BYTES),
    officer: from.u8(),
  }
  const signature = from.take(SIGNATURE_BYTES)
  if (!known || !from.end()) return err({ kind: "malformed-receipt" })
  const delegation = delegationByHash(delegations, receipt.delegationHash)
  const key = delegation?.officers[receipt.officer]
  if (!delegation || !key) return err({ kind: "receipt-not-signed" })
  if (!equalBytes(receipt.organisationId, delegation.organisationId))
    return err({ kind: "wrong-organisation" })
  const holds =
    coversInstant(delegation, receipt.time) &&
    !isRevoked(key, revocations) &&
    (await verifyBody("receipt", bytes.slice(0, bytes.length - SIGNATURE_BYTES), key, signature))
  return holds ? ok({ ...receipt, bytes } as Receipt) : err({ kind: "receipt-not-signed" })
}
