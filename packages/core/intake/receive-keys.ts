/** One-time keys of a desk, to which the private halves of intake keys are wrapped. docs/protocol.md §22. */
import type { Brand } from "../brand.ts"
import { equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { Delegation } from "../delegation/delegation.ts"
import { asPublicKey, PUBLIC_KEY_BYTES, type PublicKey, SIGNATURE_BYTES, type SigningKey } from "../keys.ts"
import { INTAKE_WINDOW_SECONDS, RECEIVE_AHEAD_SECONDS } from "../parameters.ts"
import { isRevoked, type Revocation } from "../revocation/revocation.ts"
import { signBody, verifyBody } from "../signature/signed.ts"
import { KEM_PUBLIC_KEY_BYTES } from "../suite.ts"
import { weekOf } from "../time/instant.ts"
import { type IntakeWindow, isWindow, windowStart } from "./intake-key.ts"

export const MAX_RECEIVE_KEYS = RECEIVE_AHEAD_SECONDS / INTAKE_WINDOW_SECONDS

export interface ReceiveKey {
  readonly window: IntakeWindow
  readonly publicKey: Uint8Array
}

export type ReceiveKeys = Brand<
  { readonly officer: PublicKey<"officer">; readonly keys: readonly ReceiveKey[] },
  "ReceiveKeys"
>

const encodeBody = (officer: PublicKey<"officer">, keys: readonly ReceiveKey[]): Uint8Array =>
  new ByteWriter()
    .fixed(officer, PUBLIC_KEY_BYTES)
    .list(keys, (out, key) => out.u32(key.window).fixed(key.publicKey, KEM_PUBLIC_KEY_BYTES))
    .bytes()

export async function signReceiveKeys(
  keys: readonly ReceiveKey[],
  officer: SigningKey<"officer">,
): Promise<Uint8Array> {
  const body = encodeBody(officer.publicKey, keys)
  return new ByteWriter()
    .raw(body)
    .raw(await signBody("receive keys", body, officer))
    .bytes()
}

/**
 * Rule L8: an intake key's seed goes to those alone who are officers in its window's week. Whoever was one last week has
 * given keys for fourteen days.
 */
export const mayReceive = (
  officer: PublicKey<"officer">,
  window: IntakeWindow,
  delegations: readonly Delegation[],
  revocations: readonly Revocation[],
): boolean =>
  !isRevoked(officer, revocations) &&
  delegations.some(
    ({ week, officers }) =>
      week === weekOf(windowStart(window)) && officers.some((key) => equalBytes(key, officer)),
  )

/** @returns null unless an officer of these delegations, not revoked, signed them; windows rise. */
export async function verifyReceiveKeys(
  bytes: Uint8Array,
  delegations: readonly Delegation[],
  revocations: readonly Revocation[],
): Promise<ReceiveKeys | null> {
  const from = new ByteReader(bytes)
  const officer = asPublicKey<"officer">(from.take(PUBLIC_KEY_BYTES))
  const keys = from.list(MAX_RECEIVE_KEYS, (r) => ({
    window: r.u32() as IntakeWindow,
    publicKey: r.take(KEM_PUBLIC_KEY_BYTES),
  }))
  const signature = from.take(SIGNATURE_BYTES)
  const isOfficer = delegations.some(({ officers }) => officers.some((key) => equalBytes(key, officer)))
  const areRising = keys.every(
    ({ window }, i) => isWindow(window) && (i === 0 || window > (keys[i - 1] as ReceiveKey).window),
  )
  if (!from.end() || !areRising || !isOfficer || isRevoked(officer, revocations)) return null
  const body = bytes.slice(0, bytes.length - SIGNATURE_BYTES)
  return (await verifyBody("receive keys", body, officer, signature))
    ? ({ officer, keys } as unknown as ReceiveKeys)
    : null
}
