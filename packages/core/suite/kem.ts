/** What X-Wing asks of a platform: ML-KEM-768 (FIPS 203), X25519 (RFC 7748), SHA-3 (FIPS 202), AES-256-GCM. */

/** A platform answers at once or later; the callers await either. */
export type Awaitable<T> = T | Promise<T>

export const MLKEM_SEED_BYTES = 64
export const MLKEM_PUBLIC_BYTES = 1184
export const MLKEM_CIPHERTEXT_BYTES = 1088
export const X25519_BYTES = 32

/** RFC 7748 §4.1: the base point's u-coordinate. Agreeing with it yields one's own public key. */
export const BASE_POINT: Uint8Array = /* @__PURE__ */ (() => Uint8Array.of(9, ...new Uint8Array(31)))()

/** What sealing needs. The page has its own (packages/page/small-sealing.ts). */
export interface Sealing {
  /** Throws unless the key is 1,184 bytes that pass FIPS 203's modulus check. */
  readonly encapsulate: (
    publicKey: Uint8Array,
  ) => Awaitable<{ readonly ciphertext: Uint8Array; readonly shared: Uint8Array }>
  readonly importX25519: (secret: Uint8Array) => Awaitable<X25519Key>
  readonly sha3: (bytes: Uint8Array) => Uint8Array
  readonly encrypt: AesGcm
}

/** What opening needs; imported keys are kept by whoever asked for them. */
export interface Opening {
  /** From d ‖ z, 64 bytes. */
  readonly importMlKem: (seed: Uint8Array) => Awaitable<MlKemKey>
  readonly importX25519: (secret: Uint8Array) => Awaitable<X25519Key>
  readonly sha3: (bytes: Uint8Array) => Uint8Array
  readonly shake256: (bytes: Uint8Array, length: number) => Uint8Array
  /** Throws when the tag does not hold. */
  readonly decrypt: AesGcm
}

export interface MlKemKey {
  readonly publicKey: Uint8Array
  /** Of a wrong ciphertext another secret (implicit rejection); throws only for another length. */
  readonly decapsulate: (ciphertext: Uint8Array) => Awaitable<Uint8Array>
}

export interface X25519Key {
  readonly publicKey: Uint8Array
  /**
   * The shared secret, 32 bytes. Throws, on every platform alike, for one of zeros (RFC 7748 §6.1: a point of small
   * order) and for a public key of another length.
   */
  readonly agree: (theirs: Uint8Array) => Awaitable<Uint8Array>
}

/** AES-256-GCM of some input with associated data; the tag of 16 bytes stands last in the ciphertext. */
export type AesGcm = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  input: Uint8Array,
) => Awaitable<Uint8Array>
