import { describe, expect, test } from "vitest"
import { seededRandom } from "../../random/random.ts"
import { evaluate } from "../evaluate.ts"
import { kosovo } from "../testing/published-tables.ts"
import { bcaBootstrap } from "./bootstrap.ts"

/** 60 people of one kind, 40 of another; unseen are ten for each of the second: a mean, whose every part is known. */
const COUNTS = Float64Array.of(0, 60, 40)
const TOTAL = 100 + 10 * 40
const tenForEach = (counts: Float64Array): number => 10 * (counts[2] as number)

describe("the bootstrap's interval", () => {
  test("[bca] acceleration and bias of a mean are what paper says, and its ends lie where they put them", async () => {
    const result = await bcaBootstrap(COUNTS, TOTAL, tenForEach, {
      replicates: 40_000,
      random: seededRandom(3, "bca"),
    })
    // Leaving one out moves the mean by −10 · 0.6 or 10 · 0.4: a = (1 − 2p) / (6 √(n p (1 − p))), p = 0.4.
    expect(result?.acceleration).toBeCloseTo(0.2 / (6 * Math.sqrt(24)), 12)
    // Of Bin(100, 0.4) 0.46207 lie below 40, z0 = −0.0952; its standard error over 40,000 draws is 0.0063.
    expect(Math.abs((result?.bias ?? 0) + 0.0952)).toBeLessThan(3 * 0.0063)
    // Φ(z0 + (z0 − 1.96) / (1 − a (z0 − 1.96))) = 0.0169 and 0.9636; Bin(100, 0.4) has P(X ≤ 29) = 0.0148,
    // P(X ≤ 30) = 0.0248, P(X ≤ 48) = 0.9577, P(X ≤ 49) = 0.9729. Uncorrected, 0.025 and 0.975 are 31 and 50.
    expect([result?.lower, result?.upper]).toEqual([100 + 300, 100 + 490])
    expect(result?.beyondEnds).toBeCloseTo(40_000 * 0.0169, -2)
  })

  test("[bca] where every resample lies on one side nothing lies beyond the ends, and so for a single one", async () => {
    for (const replicates of [1, 50]) {
      const result = await bcaBootstrap(COUNTS, 10_000, tenForEach, {
        replicates,
        random: seededRandom(3, "bca"),
      })
      expect(result?.beyondEnds).toBe(0)
    }
  })

  test("[few resamples] an interval that hangs on a handful of them is never the total", async () => {
    const from = async (replicates: number) => {
      const { estimators, total } = await evaluate(kosovo, {
        seed: 1,
        skip: ["lcmcr"],
        bootstrap: { replicates },
      })
      const codes = estimators
        .find(({ id }) => id === "log-linear-bootstrap")
        ?.warnings.map(({ code }) => code)
      return [codes?.includes("few-resamples"), total.kind === "stated" ? total.from : total.kind]
    }
    expect(await from(1)).toEqual([true, "decomposable-graphs"])
    expect(await from(100)).toEqual([true, "decomposable-graphs"])
    expect(await from(200)).toEqual([false, "log-linear-bootstrap"])
  })
})
