/** A relay's store in the place of one that was lost. */
import { randomBytes } from "node:crypto"
import type { CharterChain } from "@kunak/core/charter/charter"
import { LOG_CELL_BYTES } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { fillRing, type OnFill } from "../ring/fill.ts"
import type { Counters, RelayStore } from "../store/contract.ts"
import { leapFrom } from "./leap.ts"

export type ResumeError =
  | { readonly kind: "store-unavailable" }
  /** The database holds a relay's store already. */
  | { readonly kind: "not-new" }
  | { readonly kind: "no-numbers-left" }

/**
 * Fills the ring with dummies, leaps ahead with everything that is counted, and keeps the revocations (T13).
 *
 * @param revocations verified.
 * @returns where it goes on.
 */
export async function resumeStore(
  store: RelayStore,
  chain: CharterChain,
  known: Counters,
  parts: {
    readonly countsTerms: boolean
    readonly revocations: readonly Uint8Array[]
    readonly onFill: OnFill
  },
): Promise<Result<Counters, ResumeError>> {
  const { countsTerms } = parts
  const before = await store.ringState()
  const log = await store.read(0, 0)
  const term = await store.term()
  if (!before.ok || !log.ok || !term.ok) return err({ kind: "store-unavailable" })
  if (before.value.head > before.value.slots || log.value.head > 0 || term.value > 0)
    return err({ kind: "not-new" })
  const counters = leapFrom(known, before.value.slots, countsTerms)
  if (!counters) return err({ kind: "no-numbers-left" })
  const filled = await fillRing(store, chain.organisationId, parts.onFill)
  if (!filled.ok) return err({ kind: "store-unavailable" })
  for (const revocation of parts.revocations) {
    const kept = await store.addRevocation(revocation)
    if (!kept.ok && kept.error.kind === "unavailable") return err({ kind: "store-unavailable" })
  }
  const first = countsTerms ? new Uint8Array(randomBytes(LOG_CELL_BYTES)) : null
  const resumed = await store.resume(counters, first)
  if (resumed.ok) return ok(counters)
  return err({ kind: resumed.error.kind === "not-new" ? "not-new" : "store-unavailable" })
}
