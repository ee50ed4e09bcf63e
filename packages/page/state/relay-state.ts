import { equalBytes } from "@kunak/core/bytes/equal"
import type { Edition } from "@kunak/core/edition/verify"
import { type VerifiedHeader, verifyHeader } from "@kunak/core/edition/verify"
import type { Instant } from "@kunak/core/time/instant"
import type { RelayAnswer } from "../exchange/headers.ts"

/**
 * What a relay's answer is worth. refused: not signed by this organisation's duty, or by one whose key was
 * taken back. other-charter: names a charter that this copy of the page does not know.
 */
export type RelayState =
  | { readonly kind: "down" | "refused" | "other-charter"; readonly clock: Instant | null }
  | { readonly kind: "header"; readonly verified: VerifiedHeader; readonly clock: Instant | null }

/** @param seen headers that verified already: phones without Ed25519 take long for each. */
export async function judgeAnswer(
  answer: RelayAnswer,
  own: Edition,
  seen: readonly VerifiedHeader[] = [],
): Promise<RelayState> {
  if (answer.kind === "down") return { kind: "down", clock: null }
  const { clock, header } = answer
  const known = seen.find(({ bytes }) => equalBytes(bytes, header))
  if (known) return { kind: "header", verified: known, clock }
  const { chain, revocations } = own.bulletin
  const verified = await verifyHeader(header, chain, revocations)
  if (verified.ok) return { kind: "header", verified: verified.value, clock }
  return { kind: verified.error.kind === "other-charter" ? "other-charter" : "refused", clock }
}
