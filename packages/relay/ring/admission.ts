/** Which envelopes are worth a slot: rule Z7. What is not is dropped without a word. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import { parseEnvelope } from "@kunak/core/envelope/envelope"
import { sha256 } from "@kunak/core/suite"
import type { Posted } from "@kunak/core/tick/codec"
import { puzzleHolds } from "@kunak/core/tick/puzzle"
import type { KeptEdition } from "../lookup/kept-edition.ts"
import type { SeenEnvelopes } from "./seen-envelopes.ts"

export interface Admission {
  readonly headerHash: string
  readonly envelopeHash: Uint8Array
}

/**
 * @param named the header that the request names.
 * @param kept editions, newest first, the named one among them or not.
 * @param termKey of this relay.
 * @returns null for what is dropped; else it counts as seen from now on.
 */
export function admit(
  { nonce, envelope: bytes }: Posted,
  named: Uint8Array,
  kept: readonly KeptEdition[],
  termKey: Uint8Array,
  seen: SeenEnvelopes,
): Admission | null {
  const edition = kept.find(({ headerHash }) => equalBytes(headerHash, named))
  const envelope = parseEnvelope(bytes)
  if (!edition || !envelope || !receiving(kept).has(toHex(envelope.keyId))) return null
  const headerHash = toHex(edition.headerHash)
  const envelopeHash = sha256(bytes)
  const puzzle = { termKey, headerHash: edition.headerHash, envelopeHash, bits: edition.puzzleBits }
  if (!puzzleHolds(puzzle, nonce)) return null
  return seen.add(headerHash, envelopeHash) ? { headerHash, envelopeHash } : null
}

/** Ids of the newest intake key and the one before it. */
function receiving(kept: readonly KeptEdition[]): ReadonlySet<string> {
  const ids = kept.map(({ intakeKeyId }) => intakeKeyId).filter((id) => id !== null)
  return new Set([...new Set(ids)].slice(0, 2))
}
