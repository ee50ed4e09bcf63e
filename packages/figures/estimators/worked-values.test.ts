/** Numbers that a person can work out with a table of logarithms, for what stands beside every estimate. */
import { describe, expect, test } from "vitest"
import { studentQuantile } from "../numeric/student.ts"
import { chao, chaoVariance } from "./chao.ts"
import { chapman, chapmanEstimate, chapmanVariance } from "./chapman.ts"
import { estimateCaptures } from "./estimate-captures.ts"
import { poolLinkages } from "./pool.ts"
import { estimationJson } from "./report/json.ts"
import { estimationReport } from "./report/report.ts"
import { estimationText } from "./report/text.ts"
import { estimated, logNormalInterval } from "./result.ts"
import { kosovo, tableOf, unitedKingdom } from "./testing/published-tables.ts"

describe("variances and intervals on paper", () => {
  test("[chapman] 200 and 100 with 20 on both: 965.7, variance 30,131, from 700.7 to 1,397.6", () => {
    expect(chapmanEstimate(200, 100, 20)).toBeCloseTo((201 * 101) / 21 - 1, 9)
    expect(chapmanVariance(200, 100, 20)).toBeCloseTo((201 * 101 * 180 * 80) / (21 ** 2 * 22), 9)
    expect(Math.round(chapmanVariance(200, 100, 20))).toBe(30_131)
    const result = chapman(tableOf(["A", "B"], "10:180 01:80 11:20"))
    if (result.status !== "ok") throw new Error("refused")
    // 280 seen, 685.714 not: log(1 + 30131.354 / 685.714²) = 0.0621119, exp(1.959964 √0.0621119) = 1.62982.
    expect(result.lower).toBeCloseTo(280 + 685.714 / 1.62982, 1)
    expect(result.upper).toBeCloseTo(280 + 685.714 * 1.62982, 1)
  })

  test("[chao] ten seen once, four twice: nine more, variance 9 + 36.1 + 12.96", () => {
    expect(chaoVariance(10, 4)).toBeCloseTo(58.06, 9)
    const result = chao(tableOf(["A", "B", "C"], "100:4 010:3 001:3 110:2 101:1 011:1 111:6"))
    expect(result.details.standardError).toBeCloseTo(Math.sqrt(58.06), 9)
    if (result.status !== "ok") throw new Error("refused")
    expect(result.estimate).toBe(20 + 9)
    expect([result.lower, result.upper]).toEqual([...logNormalInterval(20, 9, Math.sqrt(58.06))])
  })

  test("[interval] nobody unseen has no width; the ends lie apart by one factor", () => {
    expect(logNormalInterval(50, 0, 3)).toEqual([50, 50])
    const [lower, upper] = logNormalInterval(50, 10, 10)
    // √log 2 = 0.832555, times 1.959964 is 1.631777, and e to that 5.11297.
    expect(lower).toBeCloseTo(50 + 10 / 5.11297, 4)
    expect(upper).toBeCloseTo(50 + 51.1297, 3)
  })

  test.each([
    [1, 12.7062],
    [2, 4.302653],
    [3, 3.182446],
    [10, 2.228139],
    [30, 2.042272],
    [Number.POSITIVE_INFINITY, 1.959964],
  ])("[student] 97.5 % with %d degrees of freedom, as every table has it", (degrees, value) => {
    expect(studentQuantile(0.975, degrees)).toBeCloseTo(value, 4)
  })

  test("[pool] three linkages, 80, 100 and 125, each within 1.25 times: Rubin's rules to the digit", () => {
    const one = (estimate: number) => [estimated("lcmcr", estimate, [estimate / 1.25, estimate * 1.25], {})]
    const [pooled] = poolLinkages([one(80), one(100), one(125)], [50, 50, 50])
    // On the log scale, in units of l = log 1.25 = 0.2231436: W = (l / 1.959964)² = 0.0129620, B = l² = 0.0497931,
    // (1 + 1/3) B = 0.0663907, degrees 2 (1 + 0.0129620 / 0.0663907)² = 2.857194, half width t √0.0793527.
    const half = studentQuantile(0.975, 2.857194) * Math.sqrt(0.0793527)
    expect(pooled?.estimate).toBeCloseTo(100, 9)
    expect(pooled?.upper).toBeCloseTo(100 * Math.exp(half), 2)
    expect(pooled?.lower).toBeCloseTo(Math.max(50, 100 * Math.exp(-half)), 2)
    expect(pooled?.details.between).toBeCloseTo(0.0497931, 6)
  })
})

describe("what is printed", () => {
  const captures = {
    form: "combinations",
    whole: kosovo,
    minimum: kosovo.n,
    linkages: [],
    strata: [],
    refusals: [],
    warnings: [],
  } as const
  const settings = { seed: 1, skip: ["lcmcr", "log-linear-bootstrap"] } as const

  test("[reported] the range is from the shortest list to the longest: 685 to 1,910 in Kosovo", async () => {
    const estimation = await estimateCaptures(captures, settings)
    expect(estimationJson(estimation).reported).toEqual({ low: 685, high: 1910 })
    expect(estimationText(estimation)).toContain("685 to 1,910 by single lists")
  })

  test("[report] fifteen combinations, the tallest as tall as the largest count; published criticism with its sources", async () => {
    const estimation = await estimateCaptures(captures, settings)
    const page = estimationReport(estimation, { source: "kosovo.csv" })
    const upset = /<svg class="upset".*?<\/svg>/s.exec(page)?.[0] ?? ""
    const counts = [...upset.matchAll(/<text class="count"[^>]*>([\d,]+)</g)].map(([, count]) =>
      Number(count?.replace(",", "")),
    )
    expect(counts).toEqual([1131, 936, 845, 306, 228, 217, 181, 177, 123, 106, 42, 32, 31, 27, 18])
    const heights = [...upset.matchAll(/width="18" height="([\d.]+)"/g)].map(([, height]) => Number(height))
    expect(heights).toHaveLength(15)
    expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(936 / 1131, 2)
    expect([...upset.matchAll(/class="on"/g)]).toHaveLength(4 + 2 * 6 + 3 * 4 + 4)
    for (const criticism of ["Cormack", "Aleshin-Guendel"]) {
      expect(page).toContain(criticism)
      expect(estimationText(estimation)).toContain(criticism)
    }
  })

  test("[contested] where methods contradict one another the printed range holds both, and no number stands alone", async () => {
    const estimation = await estimateCaptures({ ...captures, whole: unitedKingdom, minimum: 2744 }, settings)
    expect(unitedKingdom.n).toBe(2744)
    const { total } = estimation.whole
    if (total.kind !== "contested") throw new Error(total.kind)
    expect(total.low).toBeLessThanOrEqual(11_313)
    expect(total.high).toBeGreaterThanOrEqual(22_990)
    const text = estimationText(estimation)
    const printed = /between about ([\d,]+) and ([\d,]+), by method/.exec(text)?.slice(1)
    const [low = 0, high = 0] = (printed ?? []).map((number) => Number(number.replace(",", "")))
    expect([low <= total.low, low > 0.9 * total.low, high >= total.high, high < 1.1 * total.high]).toEqual(
      Array(4).fill(true),
    )
    expect(text).not.toContain("Estimated total    about")
    expect(estimationReport(estimation, { source: "uk.csv" })).toContain(`>${printed?.join(" to ")}<`)
  })

  test("[interrupted] a run that was stopped states no total, whatever its methods came to", async () => {
    const stop = new AbortController()
    const stopped = await estimateCaptures(captures, {
      seed: 1,
      skip: ["lcmcr"],
      replicates: 100_000,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect(stopped.whole.total).toEqual({ kind: "refused" })
    expect(stopped.whole.warnings.map(({ code }) => code)).toContain("stopped-early")
    expect(stopped.whole.estimators.some(({ status }) => status === "ok")).toBe(true)
  })
})
