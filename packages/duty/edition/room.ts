/** Which warnings go first into a bulletin that has no room for all. docs/protocol.md §9, rule N4. */
import { type Delegation, delegationByHash } from "@kunak/core/delegation/delegation"
import { isRevoked, type Revocation } from "@kunak/core/revocation/revocation"
import { isSignedByCharter, type Warning } from "@kunak/core/warning/warning"

/**
 * First what two officers or charter signers signed and each officer's newest alone, then each one's second newest, and
 * so on; what a revocation voids comes last. So one officer who is made to sign sixty warnings pushes out her own,
 * not the others', and nobody's once she has been taken back.
 */
export function inOrderOfNeed(
  warnings: readonly Warning[],
  delegations: readonly Delegation[],
  revocations: readonly Revocation[],
): readonly Warning[] {
  const newestFirst = [...warnings].sort((a, b) => b.core.signedAt - a.core.signedAt)
  const ownBefore = new Map<string, number>()
  const placed = newestFirst.map((warning) => {
    const officers = officersOf(warning, delegations)
    const isVoid = officers.filter((key) => !isRevoked(key, revocations)).length < needed(warning)
    const [alone] = officers.length === 1 ? officers.map(String) : []
    const turn = alone === undefined || isVoid ? 0 : (ownBefore.get(alone) ?? 0)
    if (alone !== undefined && !isVoid) ownBefore.set(alone, turn + 1)
    return { warning, isVoid, turn }
  })
  return placed
    .sort((a, b) => Number(a.isVoid) - Number(b.isVoid) || a.turn - b.turn)
    .map(({ warning }) => warning)
}

const needed = ({ core }: Warning): number => {
  if (isSignedByCharter(core.content.kind)) return 0
  return core.content.kind === "approved" ? 1 : 2
}

function officersOf({ core, signed }: Warning, delegations: readonly Delegation[]): readonly Uint8Array[] {
  const officers = delegationByHash(delegations, core.delegationHash)?.officers ?? []
  return signed.signatures.flatMap(({ index }) => officers[index] ?? [])
}
