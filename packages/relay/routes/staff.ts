/** A route for desks and duties: POST, a capability, a body whose length is bounded before it is read. */
import { type Answer, refusal } from "../answer.ts"
import { type CapabilityHashes, isAllowed, type Role } from "../capability.ts"
import type { RelayRequest } from "../request.ts"

export interface StaffRoute {
  readonly role: Role
  readonly minBytes: number
  readonly maxBytes: number
  /** @param body between `minBytes` and `maxBytes` long, any content. */
  readonly handle: (body: Uint8Array) => Promise<Answer>
}

/** Capability first, so that nobody without one has a byte of a body read (rule T3). */
export async function answerStaff(
  request: RelayRequest,
  route: StaffRoute,
  capabilities: CapabilityHashes,
): Promise<Answer> {
  if (!isAllowed(request.authorization, route.role, capabilities)) return refusal.notAllowed
  const body = await request.readBody(route.maxBytes)
  if (!body.ok) {
    const { kind } = body.error
    if (kind === "too-large") return refusal.tooLarge
    return kind === "too-busy" ? refusal.tooBusy : refusal.tooLate
  }
  if (body.value.length < route.minBytes) return refusal.malformed
  return await route.handle(body.value)
}
