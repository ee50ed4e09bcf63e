/** What stands in the way, in sentences that say what to do. Pure. */
import type { LaterKey } from "../../view/live-speech.ts"
import type { VisitState } from "../visit-state.ts"

/** Once the servers have been asked: before, nobody knows. */
export function troubles({
  tick,
  isOver,
  obstacle,
  disagree,
  brokenLookUps,
}: VisitState): readonly LaterKey[] {
  if (isOver) return ["later.ended"]
  if (tick < 0) return []
  return [
    ...(obstacle === null ? [] : [`later.${obstacle}` as const]),
    ...(disagree ? (["later.disagree"] as const) : []),
    ...(brokenLookUps > 0 ? (["later.broken"] as const) : []),
  ]
}
