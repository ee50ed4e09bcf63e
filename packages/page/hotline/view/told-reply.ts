/** How much of an answer is here, in a sentence that says what to do, and whether it can be marked as read. Pure. */
import type { SoonKey } from "../../view/live-speech.ts"
import type { Reply, VisitState } from "../visit-state.ts"

export interface ToldReply {
  readonly key: SoonKey
  /** Not while parts are still on their way, nor once the mark would not leave any more. */
  readonly canMark: boolean
}

/**
 * More than twelve parts do not come in one visit, nor all of fewer where ticks are left out. So towards its end what has come can be
 * marked: desks take it down, and whoever comes back gets the rest (rules G28, O3).
 *
 * @param endingSeconds so long before its last envelope the page says that it will stop.
 */
export function toldOfReply(
  { parts, isRead }: Pick<Reply, "parts" | "isRead">,
  { lastSendSeconds, isOver }: Pick<VisitState, "lastSendSeconds" | "isOver">,
  endingSeconds: number,
): ToldReply {
  const leaves = lastSendSeconds >= 0
  // Nothing leaves any more: whether the mark did, nobody knows here.
  if (isRead) return { key: leaves ? "soon.replyIsRead" : "soon.replyWasRead", canMark: false }
  if (!parts.includes(null)) return { key: "soon.replyUntil", canMark: leaves }
  const isLate = lastSendSeconds <= endingSeconds
  const key = isOver ? "soon.ended" : !leaves ? "soon.closing" : isLate ? "soon.replyRest" : "soon.replyParts"
  return { key, canMark: leaves && isLate }
}
