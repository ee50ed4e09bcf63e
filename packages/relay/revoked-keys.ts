import { equalBytes } from "@kunak/core/bytes/equal"
import type { CharterChain } from "@kunak/core/charter/charter"
import { ok, type Result } from "@kunak/core/result"
import {
  decodeRevocation,
  decodeRevocationBody,
  isRevoked,
  type Revocation,
  verifyRevocation,
} from "@kunak/core/revocation/revocation"
import type { CurrentEdition } from "./current-edition.ts"
import { knownDelegations } from "./known-delegations.ts"
import type { RevocationStore, StoreUnavailable } from "./store/contract.ts"

/** Keys taken back by revocations that desks posted here: all of them were verified before they were stored. */
export class RevokedKeys {
  readonly #store: RevocationStore
  readonly #chain: CharterChain
  readonly #current: CurrentEdition

  constructor(store: RevocationStore, chain: CharterChain, current: CurrentEdition) {
    this.#store = store
    this.#chain = chain
    this.#current = current
  }

  /**
   * Verified anew, to know who signed: charter signers overrule officers (rule V4). One by officers whose
   * delegation no edition carries any more can't be overruled here and stays in force.
   */
  async has(key: Uint8Array): Promise<Result<boolean, StoreUnavailable>> {
    const stored = await this.#store.revocations()
    if (!stored.ok) return stored
    if (stored.value.length === 0) return ok(false)
    const delegations = await knownDelegations(this.#chain, this.#current)
    const judged: Revocation[] = []
    let namedByOthers = false
    for (const bytes of stored.value) {
      const verified = await verifyRevocation(bytes, this.#chain, delegations)
      if (verified.ok) judged.push(verified.value)
      else namedByOthers ||= names(bytes, key)
    }
    return ok(namedByOthers || isRevoked(key, judged))
  }
}

function names(revocation: Uint8Array, key: Uint8Array): boolean {
  const signed = decodeRevocation(revocation)
  const body = signed && decodeRevocationBody(signed.body)
  return body?.keys.some((revoked) => equalBytes(revoked, key)) ?? false
}
