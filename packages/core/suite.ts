/**
 * The only importer of cryptography. Platform first (WebCrypto), an audited small library where it lacks
 * the primitive: docs/protocol.md §1, docs/dependencies.md.
 */
import { ed25519 } from "@noble/curves/ed25519.js"
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js"
import type { KeyRole, PublicKey, Random, SigningKey } from "./keys.ts"
import { reveal, Secret } from "./secret.ts"
import { decryptInWeb, encryptInWeb } from "./suite/aes-in-web.ts"
import { nextTask } from "./suite/next-task.ts"

// The suite is one door; what it re-exports is cryptography, and nothing else is.
// biome-ignore lint/performance/noBarrelFile: see above
export {
  type KemKeyPair,
  type KemOpener,
  kemKeyFromSeed,
  kemOpener,
  makeKemKey,
  open,
} from "./hpke/open.ts"
export { isKemPublicKey } from "./hpke/public-key.ts"
export { type Sealed, seal } from "./hpke/seal.ts"
export { KEM_ENC_BYTES, KEM_PUBLIC_KEY_BYTES, KEM_SEED_BYTES } from "./hpke/x-wing.ts"
export { AES_KEY_BYTES, NONCE_BYTES, TAG_BYTES } from "./suite/aes-in-web.ts"
export { hkdf, hkdfExpand, hkdfExtract } from "./suite/hkdf.ts"

export const HASH_BYTES = 32

/** SHA-256, FIPS 180-4. */
export const sha256 = (bytes: Uint8Array): Uint8Array => nobleSha256(bytes)

/** SHA-256 of one beginning with many ends: the beginning's whole blocks are hashed once. @returns a view that the next call overwrites. */
export function sha256After(start: Uint8Array): (end: Uint8Array) => Uint8Array {
  const whole = start.length - (start.length % 64)
  const begun = nobleSha256.create().update(start.subarray(0, whole))
  const rest = start.subarray(whole)
  const [work, hash] = [nobleSha256.create(), new Uint8Array(HASH_BYTES)]
  return (end) => {
    begun._cloneInto(work).update(rest).update(end).digestInto(hash)
    return hash
  }
}

const subtle = (): SubtleCrypto | undefined => globalThis.crypto?.subtle
/** WebCrypto takes views over plain buffers only; ours always are. */
const source = (bytes: Uint8Array): BufferSource => bytes as BufferSource

let nativeEd25519: Promise<boolean> | undefined
/** Whether this platform has Ed25519: asked once, with a key known to be good (RFC 8032 §7.1, test 1). */
function hasEd25519(): Promise<boolean> {
  nativeEd25519 ??= (async () => {
    try {
      const key = Uint8Array.from(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".match(/../g) ?? [],
        (pair) => Number.parseInt(pair, 16),
      )
      await subtle()?.importKey("raw", source(key), "Ed25519", false, ["verify"])
      return subtle() !== undefined
    } catch {
      return false
    }
  })()
  return nativeEd25519
}

/** The neutral point: the one encoding of small order that a signature under a sound key could have as its R. */
const NEUTRAL = Uint8Array.of(1, ...new Array<number>(31).fill(0))
const soundKeys = new Map<string, boolean>()
/** Keys of a charter and of some weeks; forgotten together, so that strangers' keys can't fill the memory. */
const MAX_REMEMBERED_KEYS = 512

/**
 * Rule B6: a point of the prime-order group in its canonical encoding. Platforms disagree on all others (cofactored
 * or cofactorless verification, RFC 8032 §5.1.7 allows both), so they are refused before anything is verified.
 */
async function isSoundKey(publicKey: Uint8Array): Promise<boolean> {
  const name = String(publicKey)
  const known = soundKeys.get(name)
  if (known !== undefined) return known
  await nextTask()
  let sound = false
  try {
    const point = ed25519.Point.fromBytes(publicKey, false)
    sound = !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    // Not a point.
  }
  if (soundKeys.size >= MAX_REMEMBERED_KEYS) soundKeys.clear()
  soundKeys.set(name, sound)
  return sound
}

/**
 * Ed25519 verification, RFC 8032 §5.1.7, with one answer on every platform (rule B6). @returns false for any
 * signature that does not hold, malformed keys and lengths included; never throws.
 */
export async function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  if (!(await hasEd25519())) return await verifySignatureInScript(publicKey, message, signature)
  if (!(await isSoundKey(publicKey)) || startsWith(signature, NEUTRAL)) return false
  try {
    const key = await (subtle() as SubtleCrypto).importKey("raw", source(publicKey), "Ed25519", false, [
      "verify",
    ])
    return await (subtle() as SubtleCrypto).verify("Ed25519", key, source(signature), source(message))
  } catch {
    return false
  }
}

/**
 * The same where the platform lacks Ed25519, yielding between its steps. Of its own name, so that tests hold both to one
 * answer.
 */
export async function verifySignatureInScript(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  if (!(await isSoundKey(publicKey)) || startsWith(signature, NEUTRAL)) return false
  try {
    await nextTask()
    // The library multiplies by the cofactor: only with R in the prime-order group is that the plain equation.
    if (!ed25519.Point.fromBytes(signature.slice(0, 32), false).isTorsionFree()) return false
    await nextTask()
    // The page's own library answers later, with the platform's SHA-512.
    return await ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean =>
  start.every((byte, i) => bytes[i] === byte)

/** A signing key from its 32-byte seed. */
export function signingKeyFromSeed<Role extends KeyRole>(role: Role, seed: Uint8Array): SigningKey<Role> {
  return { role, publicKey: ed25519.getPublicKey(seed) as PublicKey<Role>, seed: new Secret(seed) }
}

export const makeSigningKey = <Role extends KeyRole>(role: Role, random: Random): SigningKey<Role> =>
  signingKeyFromSeed(role, random(32))

/** PKCS #8 frame of an Ed25519 seed, RFC 8410 §7: WebCrypto imports private keys in no shorter form. */
const PKCS8_FRAME = /* @__PURE__ */ Uint8Array.from([
  0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
])

/** Ed25519 signature, 64 bytes, deterministic (RFC 8032 §5.1.6). */
export async function sign(key: SigningKey<KeyRole>, message: Uint8Array): Promise<Uint8Array> {
  if (!(await hasEd25519())) return ed25519.sign(message, reveal(key.seed))
  const frame = new Uint8Array(PKCS8_FRAME.length + 32)
  frame.set(PKCS8_FRAME)
  frame.set(reveal(key.seed), PKCS8_FRAME.length)
  try {
    const native = await (subtle() as SubtleCrypto).importKey("pkcs8", source(frame), "Ed25519", false, [
      "sign",
    ])
    return new Uint8Array(await (subtle() as SubtleCrypto).sign("Ed25519", native, source(message)))
  } finally {
    frame.fill(0)
  }
}

/** AES-256-GCM, NIST SP 800-38D: ciphertext with its 16-byte tag last. The nonce never repeats under one key. */
export async function aeadSeal(
  key: Secret<Uint8Array>,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  return await encryptInWeb(reveal(key), nonce, aad, plaintext)
}

/** @returns null when it can't be opened, whatever the cause. */
export async function aeadOpen(
  key: Secret<Uint8Array>,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    return await decryptInWeb(reveal(key), nonce, aad, ciphertext)
  } catch {
    return null
  }
}

/** PBKDF2-HMAC-SHA-256, RFC 8018 §5.2, of the platform: every one has it, off the main thread. */
export async function pbkdf2(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  bytes: number,
): Promise<Secret<Uint8Array>> {
  const key = await crypto.subtle.importKey("raw", source(password), "PBKDF2", false, ["deriveBits"])
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: source(salt), iterations: rounds }
  return new Secret(new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, bytes * 8)))
}
