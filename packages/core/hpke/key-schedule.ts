/** HPKE's key schedule for mode_base with HKDF-SHA-256: RFC 9180 §4, §5.1. */

import { concatBytes } from "../bytes/equal.ts"
import { hkdfExpand, hkdfExtract } from "../suite/hkdf.ts"

/** Registered numbers of the three algorithms, RFC 9180 §7. */
export interface HpkeSuite {
  readonly kem: number
  /** Two-stage HKDF-SHA-256 is 0x0001, the only one here. */
  readonly kdf: 0x0001
  readonly aead: number
}

/** X-Wing (draft-connolly-cfrg-xwing-kem), HKDF-SHA-256, AES-256-GCM. */
export const SUITE: HpkeSuite = { kem: 0x647a, kdf: 0x0001, aead: 0x0002 }

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const NONE = new Uint8Array()
const MODE_BASE = /* @__PURE__ */ Uint8Array.of(0)

/** Derives `key`, `base_nonce` or the exporter's secret (`exp`), so many bytes of it. */
export type Derive = (label: "key" | "base_nonce" | "exp", bytes: number) => Uint8Array

/**
 * RFC 9180 §5.1, `KeySchedule` without a pre-shared key, in two steps: what follows from suite and `info` alone, then
 * from the shared secret.
 */
export function keySchedule(
  { kem, kdf, aead }: HpkeSuite,
  info: Uint8Array,
): (sharedSecret: Uint8Array) => Derive {
  const version = ascii("HPKE-v1")
  const suiteId = concatBytes(ascii("HPKE"), u16(kem), u16(kdf), u16(aead))
  const labelled = (label: string): Uint8Array => concatBytes(version, suiteId, ascii(label))
  const hashed = (label: string, material: Uint8Array): Uint8Array =>
    hkdfExtract(NONE, concatBytes(labelled(label), material))
  const context = concatBytes(MODE_BASE, hashed("psk_id_hash", NONE), hashed("info_hash", info))
  return (sharedSecret) => {
    const secret = hkdfExtract(sharedSecret, labelled("secret"))
    return (label, bytes) => hkdfExpand(secret, concatBytes(u16(bytes), labelled(label), context), bytes)
  }
}

const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 255)
