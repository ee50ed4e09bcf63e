/** `delegations.kunak`: the signed delegations, public, beside the charter. So that a later paper knows the weeks ahead. */
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"

const MAGIC = 0x4b4e4b4c // "KNKL"
const VERSION = 1
/** Four years of weeks. */
export const MAX_DELEGATIONS = 208

export const encodeDelegations = (delegations: readonly Uint8Array[]): Uint8Array =>
  new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .list(delegations, (out, bytes) => out.short(bytes))
    .bytes()

/** @returns null for any other file. Nothing is verified. */
export function decodeDelegations(bytes: Uint8Array): readonly Uint8Array[] | null {
  const from = new ByteReader(bytes)
  if (from.u32() !== MAGIC || from.u8() !== VERSION) return null
  const delegations = from.list(MAX_DELEGATIONS, (r) => r.short())
  return from.end() ? delegations : null
}
