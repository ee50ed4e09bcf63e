/** Relay A counts the terms, so that two duties never publish under one id (rule T6). */
import { ByteWriter } from "@kunak/core/bytes/writer"
import { signTermGrant, verifyTermRequest } from "@kunak/core/edition/term"
import type { SigningKey } from "@kunak/core/keys"
import { bytesAnswer, refusal } from "../answer.ts"
import type { RevokedKeys } from "../revoked-keys.ts"
import type { TermStore } from "../store/contract.ts"
import type { StaffRoute } from "./staff.ts"

/** 32-byte duty key, u32 expected term, 64-byte signature. */
const REQUEST_BYTES = 32 + 4 + 64

/**
 * Which duties are delegated stands in editions only, and the first edition needs a term: so a term goes to
 * whoever has the capability and a key that is not revoked, and delegation is judged when it publishes.
 */
export const termRoute = (
  store: TermStore,
  revoked: RevokedKeys,
  key: SigningKey<"relay-term">,
): StaffRoute => ({
  role: "publish",
  minBytes: REQUEST_BYTES,
  maxBytes: REQUEST_BYTES,
  handle: async (body) => {
    const request = await verifyTermRequest(body)
    if (!request) return refusal.notGenuine
    const isRevoked = await revoked.has(request.duty)
    if (!isRevoked.ok) return refusal.storeUnavailable
    if (isRevoked.value) return refusal.notGenuine
    const granted = await store.grantTerm(request.expected)
    if (granted.ok) return bytesAnswer(200, await signTermGrant(granted.value, request.duty, key))
    return granted.error.kind === "stale-term"
      ? bytesAnswer(409, new ByteWriter().u32(granted.error.term).bytes())
      : refusal.storeUnavailable
  },
})
