/** Envelopes: 4,096 bytes, each a true seal, with nothing to say as with much. docs/protocol.md §19. */
import { concatBytes } from "../bytes/equal.ts"
import type { OrganisationId } from "../charter/charter.ts"
import { type IntakeWindow, windowStart } from "../intake/intake-key.ts"
import { ENVELOPE_BYTES } from "../parameters.ts"
import { KEM_ENC_BYTES, type KemOpener, seal } from "../suite.ts"
import { derivationInfo } from "../thread/keys.ts"
import { weekOf } from "../time/instant.ts"
import { decodeLetter, ENVELOPE_HEAD_BYTES, encodeLetter, KEY_ID_BYTES, type Letter } from "./letter.ts"

const VERSION = 1

/** Clear parts of an envelope. Nothing is decrypted or trusted yet. */
export interface Envelope {
  /** Names the intake key that it was sealed to. */
  readonly keyId: Uint8Array
  /** Version and key id: what the seal is bound to. */
  readonly head: Uint8Array
  readonly enc: Uint8Array
  readonly ciphertext: Uint8Array
}

/** The first bytes of a signed intake key's hash, and the key to seal to. */
export interface SealTo {
  readonly keyId: Uint8Array
  readonly publicKey: Uint8Array
}

const infos = new WeakMap<OrganisationId, Uint8Array>()
/** A line has one for all of its envelopes. */
function info(organisationId: OrganisationId): Uint8Array {
  const known = infos.get(organisationId)
  if (known) return known
  const made = derivationInfo("envelope", organisationId)
  infos.set(organisationId, made)
  return made
}

/** Views of the bytes, not copies. @returns null for any other length or version. */
export function parseEnvelope(bytes: Uint8Array): Envelope | null {
  if (bytes.length !== ENVELOPE_BYTES || bytes[0] !== VERSION) return null
  const head = bytes.subarray(0, ENVELOPE_HEAD_BYTES)
  const enc = bytes.subarray(ENVELOPE_HEAD_BYTES, ENVELOPE_HEAD_BYTES + KEM_ENC_BYTES)
  return {
    head,
    keyId: head.subarray(1, 1 + KEY_ID_BYTES),
    enc,
    ciphertext: bytes.subarray(ENVELOPE_HEAD_BYTES + KEM_ENC_BYTES),
  }
}

/** 4,096 bytes. @throws TypeError when the public key is none: verified keys are. */
export async function sealEnvelope(
  to: SealTo,
  organisationId: OrganisationId,
  letter: Letter,
): Promise<Uint8Array> {
  const head = concatBytes(Uint8Array.of(VERSION), to.keyId)
  const sealed = await seal(to.publicKey, info(organisationId), head, encodeLetter(letter))
  if (!sealed) throw new TypeError("no public key to seal to")
  return concatBytes(head, sealed.enc, sealed.ciphertext)
}

/**
 * @param window of the intake key: the writer's edition carried it, so its week is the letter's (rule I5). Without it
 *   whoever knows a thread's id could give it keys for weeks to come.
 * @returns null when it can't be opened or is no letter, whatever the cause.
 */
export async function openEnvelope(
  envelope: Envelope,
  opener: KemOpener,
  organisationId: OrganisationId,
  window?: IntakeWindow,
): Promise<Letter | null> {
  const plaintext = await opener.open(info(organisationId), envelope.head, envelope.enc, envelope.ciphertext)
  const letter = plaintext && decodeLetter(plaintext)
  plaintext?.fill(0)
  const isOfItsWeek = window === undefined || letter?.week === weekOf(windowStart(window))
  return isOfItsWeek ? letter : null
}
