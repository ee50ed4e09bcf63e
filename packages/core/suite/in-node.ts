/**
 * Node's own cryptography, asked for without an import so that core loads in a browser. Its WebCrypto answers the
 * same, but by way of a thread: six times slower for keys and messages of this size, and with a warning.
 */
import { MLKEM_SEED_BYTES, type Opening, type Sealing, X25519_BYTES, type X25519Key } from "./kem.ts"

type NodeCrypto = typeof import("node:crypto")

let found: NodeCrypto | undefined | null = null
/** @returns undefined outside Node, and in one that has no ML-KEM: asked once, with a key known to be good. */
export function nodeCrypto(): NodeCrypto | undefined {
  if (found !== null) return found
  found = globalThis.process?.getBuiltinModule?.("node:crypto")
  try {
    found?.createPrivateKey(raw("ml-kem-768", "raw-seed", new Uint8Array(MLKEM_SEED_BYTES)))
  } catch {
    found = undefined
  }
  return found
}

const TAG_BYTES = 16
const AES = "aes-256-gcm"

/*
 * AES keys go in as key objects for the same reason as `x25519Pem`; Node erases their copy when it lets go of them.
 */

/** Views over what Node returned, without Buffer's own methods. */
const plain = (bytes: Uint8Array | string): Uint8Array => {
  if (typeof bytes === "string") throw new TypeError("bytes were asked for")
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export const sealingInNode = (node: NodeCrypto): Sealing => ({
  encapsulate: (publicKey) => {
    const key = node.createPublicKey(raw("ml-kem-768", "raw-public", publicKey))
    const { ciphertext, sharedKey } = node.encapsulate(key)
    return { ciphertext: plain(ciphertext), shared: plain(sharedKey) }
  },
  importX25519: (secret) => importX25519(node, secret),
  sha3: (bytes) => plain(node.hash("sha3-256", bytes, "buffer")),
  encrypt: (key, nonce, aad, plaintext) => {
    const cipher = node.createCipheriv(AES, node.createSecretKey(key), nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(aad)
    const sealed = new Uint8Array(plaintext.length + TAG_BYTES)
    sealed.set(cipher.update(plaintext))
    cipher.final()
    sealed.set(cipher.getAuthTag(), plaintext.length)
    return sealed
  },
})

export const openingInNode = (node: NodeCrypto): Opening => ({
  importMlKem: (seed) => {
    const key = node.createPrivateKey(raw("ml-kem-768", "raw-seed", seed))
    return {
      publicKey: plain(node.createPublicKey(key).export(RAW_PUBLIC)),
      decapsulate: (ciphertext) => plain(node.decapsulate(key, ciphertext)),
    }
  },
  importX25519: (secret) => importX25519(node, secret),
  sha3: (bytes) => plain(node.hash("sha3-256", bytes, "buffer")),
  shake256: (bytes, outputLength) =>
    plain(node.createHash("shake256", { outputLength }).update(bytes).digest()),
  decrypt: (key, nonce, aad, ciphertext) => {
    const decipher = node.createDecipheriv(AES, node.createSecretKey(key), nonce, {
      authTagLength: TAG_BYTES,
    })
    const end = ciphertext.length - TAG_BYTES
    decipher.setAAD(aad)
    decipher.setAuthTag(ciphertext.subarray(end))
    const plaintext = plain(decipher.update(ciphertext.subarray(0, end)))
    decipher.final()
    return plaintext
  },
})

function importX25519(node: NodeCrypto, secret: Uint8Array): X25519Key {
  const privateKey = node.createPrivateKey(raw("x25519", "raw-private", secret))
  return {
    publicKey: plain(node.createPublicKey(privateKey).export(RAW_PUBLIC)),
    agree: (theirs) => plain(node.diffieHellman({ privateKey, publicKey: x25519Pem(theirs) as never })),
  }
}

/** SubjectPublicKeyInfo of an X25519 key but for the key, RFC 8410 §4, in base64: 12 bytes, so the key begins a group. */
const SPKI_FRAME = "MCowBQYDK2VuAyEA"

/**
 * As text (RFC 7468), because Node 24 finds out that any other form is no key object by throwing inside: that takes as
 * long as the agreement itself.
 */
function x25519Pem(bytes: Uint8Array): string {
  if (bytes.length !== X25519_BYTES) throw new RangeError("an X25519 key has 32 bytes")
  const base64 = btoa(String.fromCharCode(...bytes))
  return `-----BEGIN PUBLIC KEY-----\n${SPKI_FRAME}${base64}\n-----END PUBLIC KEY-----\n`
}

const RAW_PUBLIC = { format: "raw-public" } as never
/** Node 24 imports raw keys by these names; its published types do not know them yet. */
const raw = (asymmetricKeyType: string, format: string, key: Uint8Array): never =>
  ({ key, format, asymmetricKeyType }) as never
