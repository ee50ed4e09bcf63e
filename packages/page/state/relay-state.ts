import { equalBytes } from "@kunak/core/bytes/equal"
import type { Edition } from "@kunak/core/edition/verify"
import { type VerifiedHeader, verifyHeader } from "@kunak/core/edition/verify"
import type { Instant } from "@kunak/core/time/instant"

/**
 * What a relay's answer is worth. refused: not signed by this organisation's duty, or by one whose key was
 * taken back. other-charter: names a charter that this copy of the page does not know.
 */
export type RelayState =
  | { readonly kind: "down" | "refused" | "other-charter"; readonly clock: Instant | null }
  | { readonly kind: "header"; readonly verified: VerifiedHeader; readonly clock: Instant | null }

/** A header as a relay answered it, and that relay's clock where it can be read. */
export interface HeardHeader {
  readonly header: Uint8Array
  readonly clock: Instant | null
}

/** @param heard null: no answer. @param seen headers that verified already: a phone without Ed25519 takes long for each. */
export async function judgeHeader(
  heard: HeardHeader | null,
  own: Edition,
  seen: readonly VerifiedHeader[] = [],
): Promise<RelayState> {
  if (!heard) return { kind: "down", clock: null }
  const { clock, header } = heard
  const known = seen.find(({ bytes }) => equalBytes(bytes, header))
  if (known) return { kind: "header", verified: known, clock }
  const { chain, revocations } = own.bulletin
  const verified = await verifyHeader(header, chain, revocations)
  if (verified.ok) return { kind: "header", verified: verified.value, clock }
  return { kind: verified.error.kind === "other-charter" ? "other-charter" : "refused", clock }
}
