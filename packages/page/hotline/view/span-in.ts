import type { LaterSpeech } from "../../view/live-speech.ts"
import { waitOf } from "./wait.ts"

export function spanIn(speech: LaterSpeech, seconds: number): string {
  const { unit, count } = waitOf(seconds)
  return speech.say(`later.${unit}`, { count })
}
