/** Terms: relay A alone counts them, so that two duties never publish under one id. docs/protocol.md §13. */
import type { Brand } from "../brand.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { asPublicKey, PUBLIC_KEY_BYTES, type PublicKey, SIGNATURE_BYTES, type SigningKey } from "../keys.ts"
import { signBody, verifyBody } from "../signature/signed.ts"

/** A duty asks for the term after `expected`. 100 bytes: key, u32, signature. */
export async function signTermRequest(key: SigningKey<"duty">, expected: number): Promise<Uint8Array> {
  const body = new ByteWriter().fixed(key.publicKey, PUBLIC_KEY_BYTES).u32(expected).bytes()
  return new ByteWriter()
    .raw(body)
    .raw(await signBody("term request", body, key))
    .bytes()
}

export interface TermRequest {
  readonly duty: PublicKey<"duty">
  readonly expected: number
}

/** @returns null unless it is well-formed and signed by the key it names. Whether that key is delegated is for the relay. */
export async function verifyTermRequest(bytes: Uint8Array): Promise<TermRequest | null> {
  const from = new ByteReader(bytes)
  const duty = asPublicKey<"duty">(from.take(PUBLIC_KEY_BYTES))
  const expected = from.u32()
  const signature = from.take(SIGNATURE_BYTES)
  const body = bytes.slice(0, PUBLIC_KEY_BYTES + 4)
  return from.end() && (await verifyBody("term request", body, duty, signature)) ? { duty, expected } : null
}

/** Relay A's word that this duty holds this term; relay B follows it. */
export type TermGrant = Brand<
  { readonly term: number; readonly duty: PublicKey<"duty">; readonly bytes: Uint8Array },
  "TermGrant"
>
export const TERM_GRANT_BYTES = 4 + PUBLIC_KEY_BYTES + SIGNATURE_BYTES

export async function signTermGrant(
  term: number,
  duty: PublicKey<"duty">,
  key: SigningKey<"relay-term">,
): Promise<Uint8Array> {
  const body = new ByteWriter().u32(term).fixed(duty, PUBLIC_KEY_BYTES).bytes()
  return new ByteWriter()
    .raw(body)
    .raw(await signBody("term grant", body, key))
    .bytes()
}

/** @returns null unless relay A signed it. */
export async function verifyTermGrant(
  bytes: Uint8Array,
  relayA: PublicKey<"relay-term">,
): Promise<TermGrant | null> {
  const from = new ByteReader(bytes)
  const term = from.u32()
  const duty = asPublicKey<"duty">(from.take(PUBLIC_KEY_BYTES))
  const signature = from.take(SIGNATURE_BYTES)
  const body = bytes.slice(0, 4 + PUBLIC_KEY_BYTES)
  return from.end() && (await verifyBody("term grant", body, relayA, signature))
    ? ({ term, duty, bytes } as TermGrant)
    : null
}
