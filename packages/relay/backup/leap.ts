/** Where a relay goes on counting after its disk was lost: so far on that nobody can have used it since the backup. */
import { type Counters, MAX_TERM } from "../store/contract.ts"
import { MAX_LOG_POSITION } from "../store/log-rule.ts"

/** More cells or envelopes than any disk takes: a relay that is written to a thousand times a second needs fifty days. */
export const POSITION_LEAP = 2 ** 32
/** More takeovers than duties make: one a second for twelve days. Four thousand such restorations exhaust the terms. */
export const TERM_LEAP = 2 ** 20

/**
 * @param known what the backup knew, and what the other relay shows.
 * @param countsTerms relay A. A mirror's term is whatever A granted last: it gives none, and must refuse none that A gave.
 * @returns null where there are no numbers left.
 */
export function leapFrom(known: Counters, slots: number, countsTerms: boolean): Counters | null {
  const term = countsTerms ? known.term + TERM_LEAP : known.term
  // The log of a mirror is the other relay's: the same cells come again to the same positions.
  const logHead = countsTerms ? known.logHead + POSITION_LEAP : known.logHead
  const ringHead = Math.ceil((known.ringHead + POSITION_LEAP) / slots) * slots
  const isLeft = term < MAX_TERM && logHead < MAX_LOG_POSITION && ringHead < MAX_LOG_POSITION
  return isLeft ? { term, logHead, ringHead } : null
}
