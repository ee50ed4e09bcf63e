/** X-Wing, draft-connolly-cfrg-xwing-kem: ML-KEM-768 and X25519, safe while either holds. */

import { concatBytes } from "../bytes/equal.ts"
import { MLKEM_CIPHERTEXT_BYTES, MLKEM_PUBLIC_BYTES, X25519_BYTES } from "../suite/kem.ts"

/** The private key: everything grows from it. */
export const KEM_SEED_BYTES = 32
/** ML-KEM's public key, then X25519's: 1,216 bytes. */
export const KEM_PUBLIC_KEY_BYTES = MLKEM_PUBLIC_BYTES + X25519_BYTES
/** `enc`: ML-KEM's ciphertext, then the X25519 share: 1,120 bytes. */
export const KEM_ENC_BYTES = MLKEM_CIPHERTEXT_BYTES + X25519_BYTES

/** The draft's `XWingLabel`: `\.//^\`. */
const LABEL = /* @__PURE__ */ Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c)

/** Splits a public key or an `enc` of the right length: ML-KEM's part, then X25519's. */
export const halves = (bytes: Uint8Array): readonly [Uint8Array, Uint8Array] => [
  bytes.subarray(0, -X25519_BYTES),
  bytes.subarray(-X25519_BYTES),
]

/** The draft's `Combiner`: of both secrets, the share and the receiver's X25519 key. @returns 32 bytes. */
export const combine = (
  sha3: (bytes: Uint8Array) => Uint8Array,
  mlKem: Uint8Array,
  x25519: Uint8Array,
  share: Uint8Array,
  receiver: Uint8Array,
): Uint8Array => sha3(concatBytes(mlKem, x25519, share, receiver, LABEL))
