import { err, ok, type Result } from "@kunak/core/result"
import type { Counters, RingState } from "./contract.ts"
import { isFull } from "./ring-rule.ts"

/** Whether a store may be told where to go on: it is new, and its ring is as it was filled. @throws RangeError for a crooked ring. */
export function mayResume(
  { ringHead }: Counters,
  now: { readonly term: number; readonly head: number },
  ring: RingState,
): Result<void, { readonly kind: "not-new" }> {
  if (ringHead % ring.slots !== 0) throw new RangeError("the ring goes on at a multiple of its slots")
  const isNew = now.term === 0 && now.head === 0 && isFull(ring) && ring.head === ring.slots
  return isNew ? ok(undefined) : err({ kind: "not-new" })
}
