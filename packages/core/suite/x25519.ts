/**
 * X25519, RFC 7748, from the library's ladder alone: with `ed25519.js` the page would carry the Edwards curve and SHA-512
 * for it too.
 */
import { montgomery } from "@noble/curves/abstract/montgomery.js"

const P = 2n ** 255n - 19n

export const x25519 = /* @__PURE__ */ montgomery({
  P,
  type: "x25519",
  /** RFC 7748 §5, `decodeScalar25519`. */
  adjustScalarBytes: (bytes: Uint8Array): Uint8Array => {
    bytes[0] = (bytes[0] as number) & 248
    bytes[31] = ((bytes[31] as number) & 127) | 64
    return bytes
  },
  /** Inversion by Fermat: x^(p − 2). The exponent is public. */
  powPminus2: (x: bigint): bigint => {
    let result = 1n
    for (let bit = 254n; bit >= 0n; bit--) {
      result = (result * result) % P
      if (((P - 2n) >> bit) & 1n) result = (result * x) % P
    }
    return result
  },
})
