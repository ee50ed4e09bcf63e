/** A relay's store in the place of one that was lost. */
import { randomBytes } from "node:crypto"
import type { CharterChain } from "@kunak/core/charter/charter"
import { stretchAt, stretchBegins } from "@kunak/core/log/positions"
import { LOG_CELL_BYTES } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import type { Instant } from "@kunak/core/time/instant"
import { fillRing, type OnFill } from "../ring/fill.ts"
import type { Counters, RelayStore } from "../store/contract.ts"
import { leapTo } from "./leap.ts"

export type ResumeError =
  | { readonly kind: "store-unavailable" }
  /** The database holds a relay's store already. */
  | { readonly kind: "not-new" }
  /** What is known was counted later than this machine's clock says. */
  | { readonly kind: "clock-behind" }

/**
 * Fills the ring with dummies, leaps ahead with everything that is counted, and keeps the revocations (T13). Where the ring is
 * small it then waits, a minute at most, until its stretch has begun: whoever restores the same backup again comes later.
 *
 * @param parts.revocations verified.
 * @param parts.until resolves at that moment.
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
    readonly now: Instant
    readonly until: (moment: Instant) => Promise<void>
  },
): Promise<Result<Counters, ResumeError>> {
  const { countsTerms } = parts
  const before = await store.ringState()
  const log = await store.read(0, 0)
  const term = await store.term()
  if (!before.ok || !log.ok || !term.ok) return err({ kind: "store-unavailable" })
  if (before.value.head > before.value.slots || log.value.head > 0 || term.value > 0)
    return err({ kind: "not-new" })
  const stretch = stretchAt(parts.now)
  const counters = leapTo(stretch, known, before.value.slots, countsTerms)
  if (!counters) return err({ kind: "clock-behind" })
  const filled = await fillRing(store, chain.organisationId, parts.onFill)
  if (!filled.ok) return err({ kind: "store-unavailable" })
  for (const revocation of parts.revocations) {
    const kept = await store.addRevocation(revocation)
    if (!kept.ok && kept.error.kind === "unavailable") return err({ kind: "store-unavailable" })
  }
  const first = countsTerms ? new Uint8Array(randomBytes(LOG_CELL_BYTES)) : null
  await parts.until(stretchBegins(stretch))
  const resumed = await store.resume(counters, first)
  if (resumed.ok) return ok(counters)
  return err({ kind: resumed.error.kind === "not-new" ? "not-new" : "store-unavailable" })
}
