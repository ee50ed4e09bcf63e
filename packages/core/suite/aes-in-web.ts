/** AES-256-GCM, NIST SP 800-38D, of WebCrypto: every platform has it. */
import type { AesGcm } from "./kem.ts"

export const AES_KEY_BYTES = 32
export const NONCE_BYTES = 12
export const TAG_BYTES = 16

/** WebCrypto takes views over plain buffers only; ours always are. */
const source = (bytes: Uint8Array): BufferSource => bytes as BufferSource

const aesKey = (key: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", source(key), "AES-GCM", false, [use])
const parameters = (nonce: Uint8Array, aad: Uint8Array) => ({
  name: "AES-GCM",
  iv: source(nonce),
  additionalData: source(aad),
})

export const encryptInWeb: AesGcm = async (key, nonce, aad, plaintext) =>
  new Uint8Array(
    await crypto.subtle.encrypt(parameters(nonce, aad), await aesKey(key, "encrypt"), source(plaintext)),
  )

export const decryptInWeb: AesGcm = async (key, nonce, aad, ciphertext) =>
  new Uint8Array(
    await crypto.subtle.decrypt(parameters(nonce, aad), await aesKey(key, "decrypt"), source(ciphertext)),
  )
