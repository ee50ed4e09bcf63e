import type { LiveSpeech } from "../../view/live-speech.ts"
import { waitOf } from "./wait.ts"

export function spanIn(speech: LiveSpeech, seconds: number): string {
  const { unit, count } = waitOf(seconds)
  return speech.say(`live.${unit}`, { count })
}
