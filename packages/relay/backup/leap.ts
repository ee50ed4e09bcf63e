/**
 * Where a relay goes on counting after its disk was lost: in the stretch of this moment (core/log/positions.ts, rule L10). How
 * far it had come is no help: the same backup may have been restored before, and does not know it.
 */
import { STRETCH_SECONDS, stretchOf, stretchStart } from "@kunak/core/log/positions"
import { type Counters, MAX_TERM } from "../store/contract.ts"

/**
 * @param known what the backup knew, and what the other relay shows.
 * @param stretch `stretchAt` the moment of restoring.
 * @param countsTerms relay A. A mirror's term is whatever A granted last: it gives none, and must refuse none that A gave.
 * @returns null where that would not be beyond everything known: the clock is wrong.
 */
export function leapTo(
  stretch: number,
  known: Counters,
  slots: number,
  countsTerms: boolean,
): Counters | null {
  // Duties take over less often than once a second.
  const term = countsTerms ? stretch * STRETCH_SECONDS : known.term
  // A's first cell there is one that nobody can open. A mirror takes the same cells again, from the oldest that A has.
  const logHead = countsTerms ? stretchStart(stretch) + 1 : 0
  const ringHead = Math.ceil(stretchStart(stretch) / slots) * slots
  const isBeyond =
    (!countsTerms || (term > known.term && stretch > stretchOf(known.logHead))) &&
    stretch > stretchOf(known.ringHead)
  return isBeyond && term < MAX_TERM ? { term, logHead, ringHead } : null
}
