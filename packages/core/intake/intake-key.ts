/** What envelopes are sealed to, for six hours; signed by an officer, never by duty. docs/protocol.md §18. */
import type { Brand } from "../brand.ts"
import { equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { OrganisationId } from "../charter/charter.ts"
import { type Delegation, delegationByHash } from "../delegation/delegation.ts"
import { KEY_ID_BYTES } from "../envelope/letter.ts"
import { SIGNATURE_BYTES, type SigningKey } from "../keys.ts"
import { INTAKE_WINDOW_SECONDS } from "../parameters.ts"
import { err, ok, type Result } from "../result.ts"
import { isRevoked, type Revocation } from "../revocation/revocation.ts"
import { type ObjectHash, objectHash, signBody, verifyBody } from "../signature/signed.ts"
import { HASH_BYTES, isKemPublicKey, KEM_PUBLIC_KEY_BYTES } from "../suite.ts"
import { type Instant, instant, weekOf } from "../time/instant.ts"

/** Six hours from `window × 21,600 s`; the windows of a day and of a week divide it evenly. */
export type IntakeWindow = Brand<number, "IntakeWindow">

export const windowOf = (time: Instant): IntakeWindow =>
  Math.floor(time / INTAKE_WINDOW_SECONDS) as IntakeWindow
export const windowStart = (window: IntakeWindow): Instant => instant(window * INTAKE_WINDOW_SECONDS)
export const windowEnd = (window: IntakeWindow): Instant => instant((window + 1) * INTAKE_WINDOW_SECONDS)

export type IntakeKey = Brand<
  {
    readonly organisationId: OrganisationId
    readonly delegationHash: ObjectHash
    readonly window: IntakeWindow
    /** Place of the officer in the delegation. */
    readonly officer: number
    readonly publicKey: Uint8Array
    /** Eight bytes by which an envelope names it. */
    readonly keyId: Uint8Array
    readonly bytes: Uint8Array
  },
  "IntakeKey"
>

export type IntakeKeyError = {
  readonly kind: "malformed-intake-key" | "wrong-organisation" | "intake-key-not-signed"
}

const MAGIC = 0x4b4e4b49 // "KNKI"
const VERSION = 1
const BODY_BYTES = 4 + 1 + HASH_BYTES + HASH_BYTES + 4 + 1 + KEM_PUBLIC_KEY_BYTES
export const INTAKE_KEY_BYTES = BODY_BYTES + SIGNATURE_BYTES
/** The last window that starts within what an instant holds. */
const MAX_WINDOW = Math.floor(0xffff_ffff / INTAKE_WINDOW_SECONDS) - 1

/** Whether bytes of strangers name a window that can be reckoned with. */
export const isWindow = (window: number): window is IntakeWindow => window <= MAX_WINDOW

const keyIdOf = (body: Uint8Array): Uint8Array => objectHash("intake key", body).slice(0, KEY_ID_BYTES)

/** @throws RangeError when the key is none of the delegation's officers. */
export async function signIntakeKey(
  publicKey: Uint8Array,
  window: IntakeWindow,
  key: SigningKey<"officer">,
  delegation: Delegation,
): Promise<Uint8Array> {
  const officer = delegation.officers.findIndex((candidate) => equalBytes(candidate, key.publicKey))
  const body = new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .fixed(delegation.organisationId, HASH_BYTES)
    .fixed(delegation.hash, HASH_BYTES)
    .u32(window)
    .u8(officer)
    .fixed(publicKey, KEM_PUBLIC_KEY_BYTES)
    .bytes()
  return new ByteWriter()
    .raw(body)
    .raw(await signBody("intake key", body, key))
    .bytes()
}

/** Rule I1. */
export async function verifyIntakeKey(
  bytes: Uint8Array,
  delegations: readonly Delegation[],
  revocations: readonly Revocation[],
): Promise<Result<IntakeKey, IntakeKeyError>> {
  const body = bytes.slice(0, BODY_BYTES)
  const from = new ByteReader(bytes)
  const isKnown = from.u32() === MAGIC && from.u8() === VERSION
  const fields = {
    organisationId: from.take(HASH_BYTES) as OrganisationId,
    delegationHash: from.take(HASH_BYTES) as ObjectHash,
    window: from.u32() as IntakeWindow,
    officer: from.u8(),
    publicKey: from.take(KEM_PUBLIC_KEY_BYTES),
  }
  const signature = from.take(SIGNATURE_BYTES)
  if (!isKnown || !from.end() || !isWindow(fields.window) || !isKemPublicKey(fields.publicKey))
    return err({ kind: "malformed-intake-key" })
  const delegation = delegationByHash(delegations, fields.delegationHash)
  const officer = delegation?.officers[fields.officer]
  if (!delegation || !officer) return err({ kind: "intake-key-not-signed" })
  if (!equalBytes(fields.organisationId, delegation.organisationId))
    return err({ kind: "wrong-organisation" })
  const holds =
    weekOf(windowStart(fields.window)) === delegation.week &&
    !isRevoked(officer, revocations) &&
    (await verifyBody("intake key", body, officer, signature))
  if (!holds) return err({ kind: "intake-key-not-signed" })
  return ok({ ...fields, keyId: keyIdOf(body), bytes } as IntakeKey)
}
