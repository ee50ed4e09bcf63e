import { compareEditionIds, type EditionId } from "@kunak/core/edition/header"
import { err, ok, type Result } from "@kunak/core/result"
import type { UsedId } from "./contract.ts"

/**
 * Whether an edition that is not yet kept may follow: its id higher than the newest (T7) and its term not
 * below the highest that relay A has granted (T9), so a duty that was replaced stops at once.
 */
export function mayFollow(id: EditionId, newest: EditionId | null, term: number): Result<void, UsedId> {
  const floor = newest && newest.term >= term ? newest : { term, number: 0 }
  const refused = id.term < term || (newest !== null && compareEditionIds(id, newest) <= 0)
  return refused ? err({ kind: "used-id", floor }) : ok(undefined)
}
