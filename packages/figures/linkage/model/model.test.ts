import { describe, expect, test } from "vitest"
import { seededRandom } from "../../random/random.ts"
import { chanceOf, estimateU, LEVELS, learnM, startingM } from "./fellegi-sunter.ts"
import { PatternCounter } from "./patterns.ts"
import { chooseThreshold } from "./threshold.ts"

/** Four comparisons with three levels each: 1 differ, 2 alike, 3 same. */
const LEVEL_COUNTS = [4, 4, 4, 4]
const M = [0.05, 0.15, 0.8]
const U = [0.9, 0.08, 0.02]

function simulated(pairs: number, share: number, seed: number) {
  const random = seededRandom(seed)
  const counter = new PatternCounter()
  for (let pair = 0; pair < pairs; pair++) {
    const from = random.float() < share ? M : U
    let low = 0
    for (let c = 0; c < 4; c++) {
      const draw = random.float()
      const level = draw < (from[0] ?? 0) ? 1 : draw < (from[0] ?? 0) + (from[1] ?? 0) ? 2 : 3
      low |= level << (4 * c)
    }
    counter.add(low >>> 0, 0)
  }
  return counter.patterns()
}

describe("the model", () => {
  test("[EM] finds m and the share of true pairs that the data were made with", () => {
    const u = estimateU(simulated(200_000, 0, 1), LEVEL_COUNTS)
    for (const [level, value] of U.entries()) expect(u[level + 1]).toBeCloseTo(value, 2)
    const start = startingM(LEVEL_COUNTS, [3, 3, 3, 3])
    const rules = LEVEL_COUNTS.map(() => "learnt" as const)
    const result = learnM(simulated(50_000, 0.1, 2), LEVEL_COUNTS, [0, 1, 2, 3], u, start, rules)
    expect(Math.abs(result.share - 0.1)).toBeLessThan(0.01)
    for (let c = 0; c < 4; c++) {
      const total = [1, 2, 3].reduce((sum, level) => sum + (result.expected[c * LEVELS + level] ?? 0), 0)
      for (const [level, value] of M.entries()) {
        expect(Math.abs((result.expected[c * LEVELS + level + 1] ?? 0) / total - value)).toBeLessThan(0.02)
      }
    }
  })

  test("[relatives] pairs that share family and place but neither given name nor birth are not learnt as one person", () => {
    const random = seededRandom(8)
    const counter = new PatternCounter()
    const draw = (from: readonly number[]) => {
      const at = random.float()
      return at < (from[0] ?? 0) ? 1 : at < (from[0] ?? 0) + (from[1] ?? 0) ? 2 : 3
    }
    // Comparisons: given, birth, family, place. One in ten is one person, two in ten are brothers.
    for (let pair = 0; pair < 60_000; pair++) {
      const kind = random.float()
      const [own, shared] = kind < 0.1 ? [M, M] : kind < 0.3 ? [U, M] : [U, U]
      const levels = [draw(own), draw(own), draw(shared), draw(shared)]
      counter.add(levels.reduce((low, level, c) => low | (level << (4 * c)), 0) >>> 0, 0)
    }
    const u = estimateU(simulated(200_000, 0, 1), LEVEL_COUNTS)
    const start = startingM(LEVEL_COUNTS, [3, 3, 3, 3])
    const kin = ["as-strangers", "as-strangers", "as-one-person", "as-one-person"] as const
    const result = learnM(counter.patterns(), LEVEL_COUNTS, [0, 1, 2, 3], u, start, kin)
    expect(Math.abs(result.share - 0.1)).toBeLessThan(0.015)
    expect(Math.abs(result.kin / 60_000 - 0.2)).toBeLessThan(0.03)
  })

  test("[threshold] with true chances it comes within 0.002 of the best F1", () => {
    const random = seededRandom(21)
    const odds = Float32Array.from({ length: 40_000 }, () => random.float() * 16 - 10)
    const truth = Array.from(odds, (value) => random.float() < chanceOf(value))
    const matches = truth.filter(Boolean).length
    const f1 = (from: number) => {
      let said = 0
      let right = 0
      odds.forEach((value, at) => {
        if (value < from) return
        said++
        if (truth[at]) right++
      })
      return (2 * right) / (said + matches)
    }
    const chosen = chooseThreshold(
      odds,
      odds.reduce((sum, value) => sum + chanceOf(value), 0),
    )
    const best = Math.max(...Array.from({ length: 200 }, (_, at) => f1(-5 + at / 20)))
    expect(f1(chosen.odds)).toBeGreaterThan(best - 0.002)
  })
})
