/** Where to say "one person", chosen without labels: from what the model itself expects to be right. */
import { chanceOf } from "./fellegi-sunter.ts"

export interface ChosenThreshold {
  /** log2 odds from which on a pair is taken for one person. */
  readonly odds: number
  /** What the model expects of that choice. Its own opinion, not a measurement. */
  readonly expectedPrecision: number
  readonly expectedRecall: number
}

const LOWEST = -3
const HIGHEST = 3
const STEP = 0.05

/**
 * The threshold with the highest expected F1: with chances that are right, half of the F1 that can be reached
 * (Lipton, Elkan & Narayanaswamy 2014). Kept near even odds, so that a wrong model cannot run away with it.
 *
 * @param odds of every pair above interest.
 * @param expectedMatches true pairs that the model expects in all.
 */
export function chooseThreshold(odds: Float32Array, expectedMatches: number): ChosenThreshold {
  const bins = Math.round((HIGHEST - LOWEST) / STEP)
  const count = new Float64Array(bins + 1)
  const right = new Float64Array(bins + 1)
  for (const value of odds) {
    if (value < LOWEST) continue
    const bin = Math.min(bins, Math.floor((value - LOWEST) / STEP))
    count[bin] = (count[bin] as number) + 1
    right[bin] = (right[bin] as number) + chanceOf(value)
  }
  let best: ChosenThreshold = { odds: 0, expectedPrecision: 1, expectedRecall: 0 }
  let bestF1 = -1
  let said = 0
  let correct = 0
  for (let bin = bins; bin >= 0; bin--) {
    said += count[bin] as number
    correct += right[bin] as number
    const f1 = (2 * correct) / (said + expectedMatches)
    if (f1 <= bestF1) continue
    bestF1 = f1
    best = {
      odds: Number((LOWEST + bin * STEP).toFixed(2)),
      expectedPrecision: said === 0 ? 1 : correct / said,
      expectedRecall: expectedMatches === 0 ? 1 : Math.min(1, correct / expectedMatches),
    }
  }
  return best
}
