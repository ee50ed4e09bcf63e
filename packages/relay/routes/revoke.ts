/** Revocations come straight from desks: a seized duty would not publish its own (rule T13). */
import type { CharterChain } from "@kunak/core/charter/charter"
import { type Delegation, verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeBulletin } from "@kunak/core/edition/bulletin"
import { decodeHeader } from "@kunak/core/edition/header"
import { verifyRevocation } from "@kunak/core/revocation/revocation"
import { answer, refusal } from "../answer.ts"
import type { CurrentEdition } from "../current-edition.ts"
import type { RevocationStore } from "../store/contract.ts"
import type { StaffRoute } from "./staff.ts"

/** Body of 12 keys at most and five signatures: about a thousand bytes. */
const MAX_REVOCATION_BYTES = 2_048

export const revokeRoute = (
  store: RevocationStore,
  chain: CharterChain,
  current: CurrentEdition,
): StaffRoute => ({
  role: "append",
  minBytes: 1,
  maxBytes: MAX_REVOCATION_BYTES,
  handle: async (body) => {
    const verified = await verifyRevocation(body, chain, await knownDelegations(chain, current))
    if (!verified.ok) return refusal.notGenuine
    const stored = await store.addRevocation(body)
    return stored.ok ? answer(200) : refusal.storeUnavailable
  },
})

/** What two officers may revoke by: the delegations that the newest edition carries. Charter signers need none. */
async function knownDelegations(
  chain: CharterChain,
  current: CurrentEdition,
): Promise<readonly Delegation[]> {
  const edition = await current.get()
  if (!edition) return []
  const header = decodeHeader(edition.header)?.header
  const bulletin = edition.files.get("bulletin")?.codings.get("identity")
  const carried = bulletin ? (decodeBulletin(bulletin)?.delegations ?? []) : []
  const delegations: Delegation[] = []
  for (const bytes of header ? [header.delegation, ...carried] : carried) {
    const verified = await verifyDelegation(bytes, chain)
    if (verified.ok) delegations.push(verified.value)
  }
  return delegations
}
