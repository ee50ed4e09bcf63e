/**
 * Whether bytes are a key that sealing takes, told without sealing: so a verifier refuses what would stop every page at its
 * next envelope. In numbers alone, that it can stand in the page's first script.
 */
import { halves, KEM_PUBLIC_KEY_BYTES } from "./x-wing.ts"

/** ML-KEM's modulus, FIPS 203 §2.4. */
const Q = 3329
/** 768 coefficients of twelve bits; the rest of the key, ρ, may be anything. */
const COEFFICIENT_BYTES = 1152
/** The field of curve 25519, and (A − 2) / 4 of its equation: RFC 7748 §4.1. */
const P = 2n ** 255n - 19n
const A24 = 121_665n

/** Rule X8: 1,216 bytes, coefficients in range (FIPS 203 §7.2), an X25519 point that is not of small order. */
export function isKemPublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== KEM_PUBLIC_KEY_BYTES) return false
  const [mlKem, point] = halves(bytes)
  return areInRange(mlKem.subarray(0, COEFFICIENT_BYTES)) && !isOfSmallOrder(point)
}

/** FIPS 203 algorithm 6, `ByteDecode12`: two coefficients in three bytes, the lower bits first. */
function areInRange(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 3) {
    const [low, middle, high] = bytes.subarray(at, at + 3) as unknown as [number, number, number]
    if ((low | ((middle & 15) << 8)) >= Q || ((middle >> 4) | (high << 4)) >= Q) return false
  }
  return true
}

/** Doubled three times it is the neutral point: on the curve and on its twist alike, RFC 7748 §5 without the ladder. */
function isOfSmallOrder(encoded: Uint8Array): boolean {
  const top = Uint8Array.from(encoded).reverse()
  top[0] = (top[0] as number) & 127
  let [x, z] = [top.reduce((value, byte) => value * 256n + BigInt(byte), 0n) % P, 1n]
  for (let doublings = 0; doublings < 3; doublings++) {
    const [sum, difference] = [((x + z) * (x + z)) % P, ((x - z) * (x - z)) % P]
    const product = (sum - difference) % P
    x = (sum * difference) % P
    z = (product * (sum + A24 * product)) % P
  }
  return z === 0n
}
