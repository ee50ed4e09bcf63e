/** What must hold for any table. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { seededRandom } from "../random/random.ts"
import { type CaptureTable, canonicalOrder, captureTable, denseCounts } from "./capture-table.ts"
import { evaluate } from "./evaluate.ts"
import { decomposableGraphs } from "./graphs/decomposable.ts"
import { diagnose } from "./latent-classes/diagnostics.ts"
import { latentClasses } from "./latent-classes/estimator.ts"
import { bootstrapped, rankAll } from "./log-linear/estimators.ts"
import { allHierarchicalModels, modelName, parseModelName } from "./log-linear/model.ts"
import { BestModelSearch, rankModels } from "./log-linear/selection.ts"
import { poolLinkages } from "./pool.ts"
import { estimated } from "./result.ts"
import { sumStrata } from "./sum-strata.ts"
import { korea, kosovo, unitedKingdom } from "./testing/published-tables.ts"

/** The same people, with the columns of the file in another order and under other names. */
function relabelled(table: CaptureTable, order: readonly number[]): CaptureTable {
  const rows = [...table.histories].map((history, i) => {
    const moved = order.reduce((mask, from, to) => (history & (1 << from) ? mask | (1 << to) : mask), 0)
    return [moved, table.counts[i] ?? 0] as const
  })
  const result = captureTable(
    order.map((from) => `other ${from}`),
    rows,
  )
  if (!result.ok) throw new Error(result.error.kind)
  return result.value
}

describe("relabelling lists changes nothing", () => {
  test.each([
    ["Kosovo", kosovo, [2, 0, 3, 1]],
    ["Korea", korea, [1, 2, 0]],
  ] as const)(
    "[relabel] %s: every estimator gives the same number, seeded ones too",
    async (_, table, order) => {
      const settings = {
        seed: 4,
        bootstrap: { replicates: 60 },
        latentClasses: { burnIn: 200, drawsPerRound: 50, maxRounds: 1, threads: 0 },
      }
      const before = await evaluate(table, settings)
      const after = await evaluate(relabelled(table, order), settings)
      for (const [i, result] of before.estimators.entries()) {
        const other = after.estimators[i]
        expect(other?.status).toBe(result.status)
        if (result.status === "ok" && other?.status === "ok") {
          expect(other.estimate / result.estimate).toBeCloseTo(1, 9)
          expect((other.lower ?? 1) / (result.lower ?? 1)).toBeCloseTo(1, 7)
          expect((other.upper ?? 1) / (result.upper ?? 1)).toBeCloseTo(1, 7)
        }
      }
    },
  )
})

describe("models", () => {
  test("[models] 1, 8, 113, 6,893 hierarchical models and 8, 61, 822 decomposable graphs", () => {
    expect([2, 3, 4, 5].map((size) => allHierarchicalModels(size).length)).toEqual([1, 8, 113, 6893])
    expect([3, 4, 5].map((size) => decomposableGraphs(size).length)).toEqual([8, 61, 822])
  })

  test("[models] all are different, and a name reads back as its model", () => {
    const lists = { lists: ["A", "B", "C", "D"] }
    const models = allHierarchicalModels(4)
    const names = models.map((model) => modelName(model, lists))
    expect(new Set(names).size).toBe(113)
    models.forEach((model, i) => {
      const parsed = parseModelName(names[i] ?? "", lists.lists)
      expect(parsed.ok && [...parsed.value.terms]).toEqual([...model.terms])
    })
  })

  test("[models] names with blanks, commas and brackets read back too", () => {
    const lists = { lists: ["Committee, Nizhny Novgorod (2018)", "Committee", "a [b]", "Право·защита"] }
    for (const model of allHierarchicalModels(4)) {
      const parsed = parseModelName(modelName(model, lists), lists.lists)
      expect(parsed.ok && [...parsed.value.terms]).toEqual([...model.terms])
    }
  })

  test("[graphs] each list is in some clique, and separators are one fewer", () => {
    for (const graph of decomposableGraphs(4)) {
      expect(graph.cliques.reduce((all, clique) => all | clique, 0)).toBe(0b1111)
      expect(graph.separators).toHaveLength(graph.cliques.length - 1)
    }
  })

  test("[search] the quick search finds the model that the full ranking puts first", () => {
    const models = allHierarchicalModels(4)
    const search = new BestModelSearch(models)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 15, maxLength: 15 }), (counts) => {
        const dense = Float64Array.from([0, ...counts])
        for (let list = 0; list < 4; list++)
          fc.pre(dense.reduce((sum, y, h) => sum + (h & (1 << list) ? y : 0), 0) > 0)
        const best = search.best(dense)
        const first = rankModels(models, dense).fits[0]
        if (first === undefined) expect(best).toBeNull()
        else expect(best?.bic).toBeCloseTo(first.bic, 6)
      }),
      { numRuns: 60, seed: 3 },
    )
  })
})

describe("seeds", () => {
  test("[seed] the same seed gives the same digits, another seed others", async () => {
    const run = async (seed: number) => {
      const table = canonicalOrder(korea)
      const boot = await bootstrapped(table, rankAll(table), seededRandom(seed, "bootstrap"), {
        replicates: 100,
      })
      const chains = await latentClasses(table, {
        seed,
        burnIn: 300,
        drawsPerRound: 60,
        maxRounds: 1,
        threads: 0,
      })
      return [boot.lower, boot.upper, chains.estimate, chains.lower, chains.upper]
    }
    expect(await run(1)).toEqual(await run(1))
    expect(await run(1)).not.toEqual(await run(2))
  })

  test("[threads] worker threads give the same digits as none", async () => {
    const run = (threads: number) =>
      latentClasses(korea, { seed: 3, burnIn: 300, drawsPerRound: 60, maxRounds: 2, threads })
    const [none, two] = [await run(0), await run(2)]
    expect(two).toEqual(none)
  })

  test("[stop] a run that is stopped before its first round is refused, after it is marked", async () => {
    const stopped = new AbortController()
    stopped.abort()
    const early = await latentClasses(korea, { seed: 1, threads: 0, signal: stopped.signal })
    expect(early.status).toBe("refused")
    expect(early.warnings[0]?.code).toBe("stopped-early")
    const later = new AbortController()
    const late = await latentClasses(unitedKingdom, {
      seed: 1,
      threads: 0,
      burnIn: 10,
      drawsPerRound: 20,
      maxRounds: 1000,
      signal: later.signal,
      onProgress: (round) => {
        if (round === 2) later.abort()
      },
    })
    expect(late.status).toBe("ok")
    expect(late.warnings.map(({ code }) => code)).toContain("stopped-early")
  })
})

describe("diagnostics", () => {
  const random = seededRandom(8)
  const noise = (length: number, shift = 0): Float64Array =>
    Float64Array.from({ length }, () => random.float() + shift)

  test("[r-hat] independent draws of one distribution: R-hat near 1, nearly all draws effective", () => {
    const { rHat, effective, effectiveTail } = diagnose([noise(1000), noise(1000), noise(1000), noise(1000)])
    expect(rHat).toBeLessThan(1.01)
    expect(effective).toBeGreaterThan(3000)
    expect(effectiveTail).toBeGreaterThan(3000)
  })

  test("[r-hat] chains of one centre that differ in spread are seen: one has not found what the others have", () => {
    // Evenly about 0, in an order that repeats nothing: every half has the same median.
    const even = (spread: number): Float64Array =>
      Float64Array.from({ length: 1001 }, (_, at) => spread * (((at * 617) % 1001) - 500))
    expect(diagnose([even(1), even(1), even(1), even(3)]).rHat).toBeGreaterThan(1.05)
    expect(diagnose([even(1), even(3)]).rHat).toBeGreaterThan(1.1)
    expect(diagnose([even(1), even(1), even(1), even(1)]).rHat).toBeLessThan(1.01)
  })

  test("[r-hat] a tail that is visited seldom and long is worth few draws, though the bulk moves freely", () => {
    // Three stretches of twenty draws in a thousand lie far out.
    const chain = () => noise(1000).map((value, at) => (at % 300 > 280 ? value + 50 : value))
    const { effective, effectiveTail } = diagnose([chain(), chain(), chain(), chain()])
    expect(effectiveTail).toBeLessThan(400)
    expect(effective).toBeGreaterThan(2 * effectiveTail)
  })

  test("[r-hat] chains in different places, and draws that creep, are seen", () => {
    expect(diagnose([noise(500), noise(500, 0.8)]).rHat).toBeGreaterThan(1.2)
    const creeping = (): Float64Array => {
      let x = 0
      return Float64Array.from({ length: 2000 }, () => {
        x = 0.98 * x + random.float() - 0.5
        return x
      })
    }
    const { effective } = diagnose([creeping(), creeping()])
    // (1 − ρ) / (1 + ρ) of 4,000 draws is about 40.
    expect(effective).toBeGreaterThan(15)
    expect(effective).toBeLessThan(120)
  })
})

describe("strata and linkages", () => {
  const result = (estimate: number, lower: number, upper: number) =>
    estimated("lcmcr", estimate, [lower, upper], {})

  test("[strata] intervals of a sum are recovered by squares (Zou & Donner 2008)", () => {
    const [sum] = sumStrata([
      { name: "a", findings: [], results: [result(100, 70, 160)] },
      { name: "b", findings: [], results: [result(200, 160, 280)] },
    ])
    expect(sum?.estimate).toBe(300)
    expect(sum?.lower).toBeCloseTo(300 - 50, 10)
    expect(sum?.upper).toBeCloseTo(300 + 100, 10)
  })

  test("[pool] equal linkages change nothing; unequal ones widen the interval (Rubin's rules)", () => {
    const same = poolLinkages([[result(100, 80, 125)], [result(100, 80, 125)]], [50, 50])[0]
    expect(same?.lower).toBeCloseTo(80, 6)
    expect(same?.upper).toBeCloseTo(125, 6)
    const spread = poolLinkages(
      [[result(80, 64, 100)], [result(100, 80, 125)], [result(125, 100, 156.25)]],
      [50, 50, 50],
    )[0]
    expect(spread?.estimate).toBeCloseTo(100, 6)
    const logWidth = (Math.log(156.25) - Math.log(100)) / (2 * 1.959963984540054)
    const between = Math.log(1.25) ** 2
    const total = logWidth ** 2 + (4 / 3) * between
    const degrees = 2 * (1 + logWidth ** 2 / ((4 / 3) * between)) ** 2
    expect(degrees).toBeGreaterThan(2)
    // At least the normal reach on the total variance.
    expect(spread?.upper).toBeGreaterThan(100 * Math.exp(1.96 * Math.sqrt(total)))
    expect(spread?.warnings.map(({ code }) => code)).toContain("linkage-uncertain")
  })
})

describe("denseCounts", () => {
  test("[table] dense and sparse hold the same people", () => {
    expect(denseCounts(kosovo).reduce((a, b) => a + b, 0)).toBe(4400)
  })
})
