import type { Brand } from "../brand.ts"
import type { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { type KeyRole, type PublicKey, SIGNATURE_BYTES, type SigningKey } from "../keys.ts"
import { sha256, sign, verifySignature } from "../suite.ts"

/** What a signature or hash is for; no bytes signed as one can serve as another (rule B4). */
export type Domain =
  | "charter"
  | "delegation"
  | "revocation"
  | "warning"
  | "veto"
  | "receipt"
  | "edition"
  | "term grant"
  | "term request"
  | "intake key"
  | "receive keys"

/** SHA-256 of a signed object's body under its domain. */
export type ObjectHash = Brand<Uint8Array, "ObjectHash">

/** "kunak/1 " ‖ domain ‖ 0x00 ‖ body */
const framed = (domain: Domain, body: Uint8Array): Uint8Array =>
  new ByteWriter()
    .raw(new TextEncoder().encode(`kunak/1 ${domain}\0`))
    .raw(body)
    .bytes()

export const objectHash = (domain: Domain, body: Uint8Array): ObjectHash =>
  sha256(framed(domain, body)) as ObjectHash

export const signBody = (domain: Domain, body: Uint8Array, key: SigningKey<KeyRole>): Promise<Uint8Array> =>
  sign(key, framed(domain, body))

export const verifyBody = (
  domain: Domain,
  body: Uint8Array,
  key: PublicKey<KeyRole>,
  signature: Uint8Array,
): Promise<boolean> => verifySignature(key, framed(domain, body), signature)

/** A signature by the key at `index` of a list that the body names. */
export interface IndexedSignature {
  readonly index: number
  readonly signature: Uint8Array
}

/** At most five signatures travel with any object (docs/protocol.md §2). */
export const MAX_SIGNATURES = 5

export const writeSignatures = (writer: ByteWriter, signatures: readonly IndexedSignature[]): ByteWriter =>
  writer.list(signatures, (out, { index, signature }) => out.u8(index).fixed(signature, SIGNATURE_BYTES))

/** Indices rise strictly (rule B5): one form only, and no key counted twice. */
export function readSignatures(reader: ByteReader): IndexedSignature[] {
  const signatures = reader.list(MAX_SIGNATURES, (from) => ({
    index: from.u8(),
    signature: from.take(SIGNATURE_BYTES),
  }))
  const rising = signatures.every((entry, i) => i === 0 || entry.index > (signatures[i - 1]?.index ?? 255))
  if (!rising) reader.fail()
  return signatures
}

/**
 * Which keys of `keys` signed: every signature present must hold, else null (an object with a signature
 * that does not hold has been tampered with, however many others it carries).
 */
export async function verifiedSigners<Role extends KeyRole>(
  domain: Domain,
  body: Uint8Array,
  keys: readonly PublicKey<Role>[],
  signatures: readonly IndexedSignature[],
): Promise<readonly PublicKey<Role>[] | null> {
  // Side by side: where the platform verifies in threads of its own, an edition takes half the time.
  const signers = await Promise.all(
    signatures.map(async ({ index, signature }) => {
      const key = keys[index]
      return key && (await verifyBody(domain, body, key, signature)) ? key : null
    }),
  )
  return signers.every((key) => key !== null) ? signers : null
}

/** The list with one more signature in its place; the same index twice keeps the newer. */
export const withSignature = (
  signatures: readonly IndexedSignature[],
  added: IndexedSignature,
): readonly IndexedSignature[] =>
  [...signatures.filter(({ index }) => index !== added.index), added].sort((a, b) => a.index - b.index)
