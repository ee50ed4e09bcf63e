/** What stands in the way, in sentences that say what to do. Pure. */
import type { SoonKey } from "../../view/live-speech.ts"
import type { VisitState } from "../visit-state.ts"

/** Once the servers have been asked: before, nobody knows. */
export function troubles({
  tick,
  isOver,
  obstacle,
  disagree,
  brokenLookUps,
}: VisitState): readonly SoonKey[] {
  if (isOver) return ["soon.ended"]
  if (tick < 0) return []
  return [
    ...(obstacle === null ? [] : [`soon.${obstacle}` as const]),
    ...(disagree ? (["soon.disagree"] as const) : []),
    ...(brokenLookUps > 0 ? (["soon.broken"] as const) : []),
  ]
}
