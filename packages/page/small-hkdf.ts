/**
 * Stands in for `@noble/hashes/hkdf.js` in the page's bundle: HMAC (RFC 2104) and HKDF (RFC 5869) over the same library's
 * SHA-256, of which the page needs a twentieth of the code. The published vectors run against both (`small-hkdf.test.ts`).
 */
import { concatBytes } from "@kunak/core/bytes/equal"
// biome-ignore lint/style/noRestrictedImports: takes the place of core/suite's own import, by the build alone
import { sha256 } from "@noble/hashes/sha2.js"

/** Of SHA-256, RFC 6234. */
const BLOCK_BYTES = 64
const HASH_BYTES = 32

const hmac = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const block = new Uint8Array(BLOCK_BYTES)
  block.set(key.length > BLOCK_BYTES ? sha256(key) : key)
  const padded = (by: number): Uint8Array => block.map((byte) => byte ^ by)
  return sha256(concatBytes(padded(0x5c), sha256(concatBytes(padded(0x36), message))))
}

/** @param hash SHA-256, whatever is given. */
export const extract = (_hash: unknown, material: Uint8Array, salt: Uint8Array): Uint8Array =>
  hmac(salt, material)

/** @throws RangeError beyond 8,160 bytes. */
export function expand(_hash: unknown, key: Uint8Array, info: Uint8Array, bytes: number): Uint8Array {
  if (bytes > 255 * HASH_BYTES) throw new RangeError("HKDF ends at 8,160 bytes")
  const out = new Uint8Array(Math.ceil(bytes / HASH_BYTES) * HASH_BYTES)
  let last = new Uint8Array()
  for (let at = 0; at < bytes; at += HASH_BYTES) {
    last = hmac(key, concatBytes(last, info, Uint8Array.of(at / HASH_BYTES + 1))) as Uint8Array<ArrayBuffer>
    out.set(last, at)
  }
  return out.slice(0, bytes)
}
