/** HPKE, RFC 9180, mode_base, single shot (§6.1), to an X-Wing key. What opens stands in `open.ts`. */
// biome-ignore lint/style/noRestrictedImports: by the package's name, so that the page's build can put its own in its place
import { sealing } from "@kunak/core/suite/sealing"
import { concatBytes } from "../bytes/equal.ts"
import { AES_KEY_BYTES, NONCE_BYTES } from "../suite/aes-in-web.ts"
import { type Sealing, X25519_BYTES } from "../suite/kem.ts"
import { keySchedule, SUITE } from "./key-schedule.ts"
import { combine, halves, KEM_PUBLIC_KEY_BYTES } from "./x-wing.ts"

export interface Sealed {
  /** The encapsulated key, `KEM_ENC_BYTES`. */
  readonly enc: Uint8Array
  /** As long as the plaintext and 16 bytes of tag, which stands last. */
  readonly ciphertext: Uint8Array
}

/**
 * Seals a plaintext so that only the seed of `publicKey` opens it, under the same `info` and `aad`. Fresh randomness of
 * the platform each time.
 *
 * @returns null for what is no X-Wing public key: not 1,216 bytes, ML-KEM coefficients out of range
 *   (FIPS 203 §7.2), an X25519 point of small order. Never throws.
 */
export async function seal(
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Sealed | null> {
  return await sealBy(await sealing(), publicKey, info, aad, plaintext)
}

/** The same by a named platform, with the share's secret given: for tests and vectors. */
export async function sealBy(
  by: Sealing,
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  shareSecret: Uint8Array = crypto.getRandomValues(new Uint8Array(X25519_BYTES)),
): Promise<Sealed | null> {
  const encapsulated = await encapsulate(by, publicKey, shareSecret)
  if (!encapsulated) return null
  const derive = keySchedule(SUITE, info)(encapsulated.shared)
  const [key, nonce] = [derive("key", AES_KEY_BYTES), derive("base_nonce", NONCE_BYTES)]
  const ciphertext = await by.encrypt(key, nonce, aad, plaintext)
  for (const secret of [encapsulated.shared, key]) secret.fill(0)
  return { enc: encapsulated.enc, ciphertext }
}

/** X-Wing's `Encapsulate`. @returns null as `seal` does. */
export async function encapsulate(
  by: Sealing,
  publicKey: Uint8Array,
  shareSecret: Uint8Array,
): Promise<{ readonly enc: Uint8Array; readonly shared: Uint8Array } | null> {
  if (publicKey.length !== KEM_PUBLIC_KEY_BYTES) return null
  const [mlKemKey, receiver] = halves(publicKey)
  try {
    const { ciphertext, shared } = await by.encapsulate(mlKemKey)
    const share = await by.importX25519(shareSecret)
    const agreed = await share.agree(receiver)
    return {
      enc: concatBytes(ciphertext, share.publicKey),
      shared: combine(by.sha3, shared, agreed, share.publicKey, receiver),
    }
  } catch {
    return null
  }
}
