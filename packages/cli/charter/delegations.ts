import { equalBytes } from "@kunak/core/bytes/equal"
import type { CharterChain } from "@kunak/core/charter/charter"
import { type Delegation, verifyDelegation } from "@kunak/core/delegation/delegation"

/**
 * Those that hold, each once, in the order of their weeks; for one week the newest charter's last. What no longer
 * holds is left out: weeks that the signers of an older charter delegated beyond it (rule D3).
 */
export async function verifiedDelegations(
  items: readonly Uint8Array[],
  chain: CharterChain,
): Promise<readonly Delegation[]> {
  const verified: Delegation[] = []
  for (const bytes of items) {
    const delegation = await verifyDelegation(bytes, chain)
    const isNew = delegation.ok && !verified.some(({ hash }) => equalBytes(hash, delegation.value.hash))
    if (isNew) verified.push(delegation.value)
  }
  const rank = ({ charterHash }: Delegation): number =>
    chain.links.findIndex(({ hash }) => equalBytes(hash, charterHash))
  return verified.toSorted((a, b) => a.week - b.week || rank(a) - rank(b))
}
