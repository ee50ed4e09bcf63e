/** Every envelope is a true seal: docs/protocol.md §19, rule I4. */
import type { OrganisationId } from "@kunak/core/charter/charter"
import { type SealTo, sealEnvelope } from "@kunak/core/envelope/envelope"
import { KEY_ID_BYTES, type Letter } from "@kunak/core/envelope/letter"
import type { Random } from "@kunak/core/keys"
import { KEM_PUBLIC_KEY_BYTES } from "@kunak/core/suite"

/** FIPS 203 §4: coefficients of ML-KEM-768's public vector, below q, of twelve bits each. */
const COEFFICIENTS = 768
const Q = 3329

/** A public key of the right form to which there is no private one: coefficients drawn at random. */
export function throwAwayKey(random: Random): SealTo {
  const publicKey = random(KEM_PUBLIC_KEY_BYTES)
  const drawn = new Uint16Array(random(2 * COEFFICIENTS).buffer)
  for (let i = 0; i < COEFFICIENTS / 2; i++) {
    const [low, high] = [(drawn[2 * i] as number) % Q, (drawn[2 * i + 1] as number) % Q]
    publicKey.set([low & 255, (low >> 8) | ((high & 15) << 4), high >> 4], 3 * i)
  }
  return { keyId: random(KEY_ID_BYTES), publicKey }
}

export interface SealedLetter {
  readonly envelope: Uint8Array
  /** To a key that somebody has. */
  readonly isReceived: boolean
}

/** @returns null where this device can't seal (yet): never anything that is no seal. */
export async function sealLetter(
  to: SealTo | null,
  organisationId: OrganisationId,
  letter: Letter,
  random: Random,
): Promise<SealedLetter | null> {
  for (const key of [to, throwAwayKey(random)]) {
    try {
      if (key) return { envelope: await sealEnvelope(key, organisationId, letter), isReceived: key === to }
    } catch {
      // An officer signed what is no key, or the platform's half of sealing is not there.
    }
  }
  return null
}
