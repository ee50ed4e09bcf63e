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
const MODE_BASE = Uint8Array.of(0)

export type ScheduledLabel = "key" | "base_nonce" | "exp"

/**
 * RFC 9180 §5.1, `KeySchedule` without a pre-shared key.
 *
 * @returns what derives, for a label and a length in bytes, `key`, `base_nonce` or the exporter's secret (`exp`).
 */
export function keySchedule(
  { kem, kdf, aead }: HpkeSuite,
  sharedSecret: Uint8Array,
  info: Uint8Array,
): (label: ScheduledLabel, bytes: number) => Uint8Array {
  const suiteId = concatBytes(ascii("HPKE"), u16(kem), u16(kdf), u16(aead))
  const extract = (salt: Uint8Array, label: string, material: Uint8Array): Uint8Array =>
    hkdfExtract(salt, concatBytes(ascii("HPKE-v1"), suiteId, ascii(label), material))
  const context = concatBytes(MODE_BASE, extract(NONE, "psk_id_hash", NONE), extract(NONE, "info_hash", info))
  const secret = extract(sharedSecret, "secret", NONE)
  return (label, bytes) =>
    hkdfExpand(secret, concatBytes(u16(bytes), ascii("HPKE-v1"), suiteId, ascii(label), context), bytes)
}

const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 255)
