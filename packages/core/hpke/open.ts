/** Opens what `seal.ts` sealed: HPKE, RFC 9180, mode_base, single shot, with an X-Wing key. */

import { concatBytes, equalBytes } from "../bytes/equal.ts"
import type { Random } from "../keys.ts"
import { reveal, Secret } from "../secret.ts"
import { AES_KEY_BYTES, NONCE_BYTES, TAG_BYTES } from "../suite/aes-in-web.ts"
import { MLKEM_SEED_BYTES, type MlKemKey, type Opening, type X25519Key } from "../suite/kem.ts"
import { opening } from "../suite/opening.ts"
import { keySchedule, SUITE } from "./key-schedule.ts"
import { combine, halves, KEM_ENC_BYTES, KEM_SEED_BYTES } from "./x-wing.ts"

/** An X-Wing key: `seed` is the whole private key, 32 bytes; `publicKey` has 1,216. */
export interface KemKeyPair {
  readonly publicKey: Uint8Array
  readonly seed: Secret<Uint8Array>
}

/** Opens many envelopes under one key: its two halves are imported once. Holds them as long as it lives. */
export interface KemOpener {
  readonly publicKey: Uint8Array
  /** @returns the plaintext, or null whatever the cause. Never throws. */
  open(info: Uint8Array, aad: Uint8Array, enc: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array | null>
}

/** @throws RangeError for a seed of another length, TypeError for an erased one. */
export async function kemOpener(seed: Secret<Uint8Array>): Promise<KemOpener> {
  return await kemOpenerBy(await opening(), seed)
}

/** The same by a named platform: for tests. */
export async function kemOpenerBy(by: Opening, seed: Secret<Uint8Array>): Promise<KemOpener> {
  const key = await importKey(by, reveal(seed))
  let last = { info: new Uint8Array(), schedule: keySchedule(SUITE, new Uint8Array()) }
  /** Envelopes of one line have one `info`: its hashes are kept. */
  const scheduleFor = (info: Uint8Array) => {
    if (!equalBytes(info, last.info)) last = { info: info.slice(), schedule: keySchedule(SUITE, info) }
    return last.schedule
  }
  return {
    publicKey: concatBytes(key.mlKem.publicKey, key.x25519.publicKey),
    open: async (info, aad, enc, ciphertext) => {
      if (ciphertext.length < TAG_BYTES) return null
      const shared = await decapsulate(by, key, enc)
      if (!shared) return null
      const derive = scheduleFor(info)(shared)
      const [aes, nonce] = [derive("key", AES_KEY_BYTES), derive("base_nonce", NONCE_BYTES)]
      try {
        return await by.decrypt(aes, nonce, aad, ciphertext)
      } catch {
        return null
      } finally {
        shared.fill(0)
        aes.fill(0)
      }
    },
  }
}

/** One opening; `kemOpener` for many. @returns null whatever the cause. */
export async function open(
  seed: Secret<Uint8Array>,
  info: Uint8Array,
  aad: Uint8Array,
  enc: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array | null> {
  return await (await kemOpener(seed)).open(info, aad, enc, ciphertext)
}

export const makeKemKey = async (random: Random): Promise<KemKeyPair> =>
  await kemKeyFromSeed(new Secret(random(KEM_SEED_BYTES)))

/** @throws RangeError for a seed of another length. */
export async function kemKeyFromSeed(seed: Secret<Uint8Array>): Promise<KemKeyPair> {
  return { publicKey: (await kemOpener(seed)).publicKey, seed }
}

/** Both halves of a private key. */
export interface ImportedKey {
  readonly mlKem: MlKemKey
  readonly x25519: X25519Key
}

/** X-Wing's `expandDecapsulationKey`. @throws RangeError unless `seed` has 32 bytes. */
export async function importKey(by: Opening, seed: Uint8Array): Promise<ImportedKey> {
  if (seed.length !== KEM_SEED_BYTES) throw new RangeError("an X-Wing seed has 32 bytes")
  const expanded = by.shake256(seed, MLKEM_SEED_BYTES + 32)
  const mlKem = await by.importMlKem(expanded.slice(0, MLKEM_SEED_BYTES))
  const x25519 = await by.importX25519(expanded.slice(MLKEM_SEED_BYTES))
  expanded.fill(0)
  return { mlKem, x25519 }
}

/** X-Wing's `Decapsulate`. @returns null for another length and for a share of small order. */
export async function decapsulate(
  by: Opening,
  { mlKem, x25519 }: ImportedKey,
  enc: Uint8Array,
): Promise<Uint8Array | null> {
  if (enc.length !== KEM_ENC_BYTES) return null
  const [ciphertext, share] = halves(enc)
  try {
    const agreed = await x25519.agree(share)
    return combine(by.sha3, await mlKem.decapsulate(ciphertext), agreed, share, x25519.publicKey)
  } catch {
    return null
  }
}
