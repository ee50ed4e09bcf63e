/** The same in plain JavaScript, by an audited small library, for platforms without it. The page carries it apart. */
import { sha3_256, shake256 } from "@noble/hashes/sha3.js"
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js"
import type { MlKemKey, X25519Key } from "./kem.ts"
import { x25519 } from "./x25519.ts"

/** @param coins 32 bytes; the platform's generator's where not given. Known ones are for test vectors. */
export function encapsulateInScript(
  publicKey: Uint8Array,
  coins?: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly shared: Uint8Array } {
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, coins)
  return { ciphertext: cipherText, shared: sharedSecret }
}

export function importMlKemInScript(seed: Uint8Array): MlKemKey {
  const { publicKey, secretKey } = ml_kem768.keygen(seed)
  return { publicKey, decapsulate: (ciphertext) => ml_kem768.decapsulate(ciphertext, secretKey) }
}

export const importX25519InScript = (secret: Uint8Array): X25519Key => ({
  publicKey: x25519.getPublicKey(secret),
  agree: (theirs) => x25519.getSharedSecret(secret, theirs),
})

export const sha3InScript = (bytes: Uint8Array): Uint8Array => sha3_256(bytes)
export const shake256InScript = (bytes: Uint8Array, dkLen: number): Uint8Array => shake256(bytes, { dkLen })
