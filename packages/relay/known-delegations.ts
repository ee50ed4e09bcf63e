import type { CharterChain } from "@kunak/core/charter/charter"
import { type Delegation, verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeBulletin } from "@kunak/core/edition/bulletin"
import { decodeHeader } from "@kunak/core/edition/header"
import type { CurrentEdition } from "./current-edition.ts"

/** What two officers may revoke by: the delegations that the newest edition carries. Charter signers need none. */
export async function knownDelegations(
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
