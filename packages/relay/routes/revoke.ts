/** Revocations come straight from desks: a seized duty would not publish its own (rule T13). */
import type { CharterChain } from "@kunak/core/charter/charter"
import { verifyRevocation } from "@kunak/core/revocation/revocation"
import { answer, refusal } from "../answer.ts"
import type { CurrentEdition } from "../current-edition.ts"
import { knownDelegations } from "../known-delegations.ts"
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
