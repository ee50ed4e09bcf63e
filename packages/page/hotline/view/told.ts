/** How far a message got that has left, in a sentence that says what to do. Pure. */
import type { SoonKey } from "../../view/live-speech.ts"
import type { VisitState } from "../visit-state.ts"

/** "You may close the page" is true only once nothing that was written depends on it any more. */
export function toldOf({ messages }: VisitState, id: string): SoonKey | null {
  const { progress = "waiting", leavesInSeconds } = messages.find((one) => one.id === id) ?? {}
  if (progress === "waiting") return null
  const isOver = leavesInSeconds === null
  if (progress === "left") return isOver ? "soon.left-over" : "soon.left"
  if (progress === "half") return isOver ? "soon.half-over" : "soon.half"
  const isDone = messages.every((one) => one.progress === "handed-over" || one.progress === "opened")
  return progress === "handed-over" && !isDone ? "soon.handed-one" : `soon.${progress}`
}
