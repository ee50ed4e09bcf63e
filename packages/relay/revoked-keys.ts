import { ok, type Result } from "@kunak/core/result"
import { decodeRevocation, decodeRevocationBody, isRevoked } from "@kunak/core/revocation/revocation"
import type { RevocationStore, StoreUnavailable } from "./store/contract.ts"

/** Keys taken back by revocations that desks posted here: verified before they were stored, so only read now. */
export class RevokedKeys {
  readonly #store: RevocationStore

  constructor(store: RevocationStore) {
    this.#store = store
  }

  async has(key: Uint8Array): Promise<Result<boolean, StoreUnavailable>> {
    const stored = await this.#store.revocations()
    if (!stored.ok) return stored
    const bodies = stored.value.flatMap((bytes) => {
      const signed = decodeRevocation(bytes)
      const body = signed && decodeRevocationBody(signed.body)
      return body ? [body] : []
    })
    return ok(isRevoked(key, bodies))
  }
}
