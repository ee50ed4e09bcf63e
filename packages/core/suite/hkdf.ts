/**
 * HKDF-SHA-256, RFC 5869, in script and not by the platform: for inputs of this size asking the platform takes ten times
 * longer than the hashing.
 */
import { expand, extract } from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { reveal, Secret } from "../secret.ts"

/** RFC 5869 §2.2. @returns 32 bytes. An empty salt stands for 32 zeros. */
export const hkdfExtract = (salt: Uint8Array, material: Uint8Array): Uint8Array =>
  extract(sha256, material, salt)

/** RFC 5869 §2.3. @throws Error beyond 8,160 bytes. */
export const hkdfExpand = (key: Uint8Array, info: Uint8Array, bytes: number): Uint8Array =>
  expand(sha256, key, info, bytes)

/** Both steps, without a salt. */
export const hkdf = async (
  key: Secret<Uint8Array>,
  info: Uint8Array,
  bytes: number,
): Promise<Secret<Uint8Array>> =>
  new Secret(hkdfExpand(hkdfExtract(new Uint8Array(), reveal(key)), info, bytes))
