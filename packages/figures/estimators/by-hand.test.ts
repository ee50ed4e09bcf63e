/** Values that a person can work out on paper, or that the test works out in another way than the program does. */
import { describe, expect, test } from "vitest"
import { chaoMth } from "./chao-mth.ts"
import { logLinearChoices, rankAll, rankedModels } from "./log-linear/estimators.ts"
import type { EstimatorResult } from "./result.ts"
import { hepatitis, kosovo, tableOf } from "./testing/published-tables.ts"

const ok = (result: EstimatorResult | undefined) => {
  if (result?.status !== "ok") throw new Error(`refused: ${result?.warnings[0]?.text}`)
  return result
}

describe("Chao's bound with list effects, on paper", () => {
  // log μ_h = γ + β|h| + Σ η_k max(|h| − k + 1, 0): lists of equal reach have one β, and μ depends on |h| alone.

  test("[chao-mth] three lists, η above 0: n0 = a² / b, and its variance from two sums", () => {
    // 40 on each list alone, 10 on each pair, 5 on all. e^γ = 40² / 10 = 160, e^β = 1/4; e^η = 5 · 40 / 10² = 2.
    const result = ok(chaoMth(tableOf(["A", "B", "C"], "100:40 010:40 001:40 110:10 101:10 011:10 111:5")))
    expect(result.estimate).toBeCloseTo(120 + 30 + 5 + 160, 9)
    expect(result.details.heterogeneityTerms).toEqual([3])
    // γ̂ = 2 log(120 / 3) − log(30 / 3), so its variance is 4 / 120 + 1 / 30 = 1 / 15; √(160 + 160² / 15) = 43.20…
    expect(result.details.standardError).toBeCloseTo(Math.sqrt(160 + 160 ** 2 / 15), 9)
  })

  test("[chao-mth] three lists, η below 0: it is set to 0, and all lists are independent", () => {
    // 39, 22 and 7 of each kind. With η the all-lists cell would have to be less than 22² / 39 = 12.4: η = 0.
    // Fitted 40, 20, 10: 3 · 40 + 3 · 20 + 10 = 190 people and 3 · 40 + 6 · 20 + 3 · 10 = 270 places, as seen. n0 = 80.
    const result = ok(chaoMth(tableOf(["A", "B", "C"], "100:39 010:39 001:39 110:22 101:22 011:22 111:7")))
    expect(result.estimate).toBeCloseTo(190 + 80, 9)
    expect(result.details.heterogeneityTerms).toEqual([])
  })

  test("[chao-mth] four lists, both η above 0: n0 = 30² / 10", () => {
    // Without η a triple would have 10² / 30 = 3.3 and four lists 1.1; 5 and 8 are more, so both η are above 0.
    const cells =
      "1000:30 0100:30 0010:30 0001:30 1100:10 1010:10 1001:10 0110:10 0101:10 0011:10 1110:5 1101:5 1011:5 0111:5 1111:8"
    const result = ok(chaoMth(tableOf(["A", "B", "C", "D"], cells)))
    expect(result.estimate).toBeCloseTo(120 + 60 + 20 + 8 + 90, 9)
    expect(result.details.heterogeneityTerms).toEqual([3, 4])
  })
})

/** A model of three lists worked out without a fit: its seven means, its unseen, the variance of their logarithm. */
interface Worked {
  readonly means: Readonly<Record<string, number>>
  readonly unseen: number
  readonly variance: number
  readonly parameters: number
}

const CELLS: Readonly<Record<string, number>> = {
  "100": 69,
  "010": 55,
  "001": 63,
  "110": 21,
  "101": 17,
  "011": 18,
  "111": 28,
}
const HISTORIES = Object.keys(CELLS)
const N = Object.values(CELLS).reduce((a, b) => a + b, 0)
const at = (history: string): number => CELLS[history] as number
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0)
const sumWhere = (keep: (history: string) => boolean): number => sum(HISTORIES.filter(keep).map(at))
const inverses = (...counts: readonly number[]): number => sum(counts.map((count) => 1 / count))
const meansBy = (mean: (history: string) => number): Record<string, number> =>
  Object.fromEntries(HISTORIES.map((history) => [history, mean(history)]))

/** Darroch (1958): N solves n = N (1 − Π (1 − n_j / N)); variance N / (1/Π q_j + J − 1 − Σ 1/q_j). */
function independent(): Worked {
  const totals = [0, 1, 2].map((list) => sumWhere((history) => history[list] === "1"))
  const missed = (total: number): number => totals.reduce((q, one) => q * (1 - one / total), 1)
  let [low, high] = [N, 100 * N]
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2
    if (middle * (1 - missed(middle)) < N) low = middle
    else high = middle
  }
  const total = low
  const seen = totals.map((one) => one / total)
  const unseen = total - N
  const variance = total / (1 / missed(total) + 2 - sum(seen.map((p) => 1 / (1 - p))))
  return {
    means: meansBy((history) =>
      seen.reduce((mean, p, list) => mean * (history[list] === "1" ? p : 1 - p), total),
    ),
    unseen,
    variance: (variance - unseen) / unseen ** 2,
    parameters: 4,
  }
}

/** Lists a and b depend on each other, c on neither: those on a or b, by c, are a table of independent rows. */
function onePair(a: number, b: number): Worked {
  const c = 3 - a - b
  const row = (history: string): string => `${history[a]}${history[b]}`
  const rows = (history: string): boolean => row(history) !== "00"
  const without = sumWhere((history) => rows(history) && history[c] === "0")
  const on = sumWhere((history) => rows(history) && history[c] === "1")
  const alone = sumWhere((history) => !rows(history))
  return {
    means: meansBy((history) =>
      rows(history)
        ? (sumWhere((other) => row(other) === row(history)) * (history[c] === "1" ? on : without)) /
          (on + without)
        : alone,
    ),
    unseen: (alone * without) / on,
    variance: inverses(alone, without, on),
    parameters: 5,
  }
}

/** Lists b and c depend on a only: among those on a they are independent; of those not on a everybody has a cell. */
function twoPairs(a: number): Worked {
  const [b, c] = [0, 1, 2].filter((list) => list !== a) as [number, number]
  const onA = (history: string): boolean => history[a] === "1"
  const all = sumWhere(onA)
  const only = (...on: readonly number[]): number =>
    at([0, 1, 2].map((list) => (on.includes(list) ? "1" : "0")).join(""))
  return {
    means: meansBy((history) =>
      onA(history)
        ? (sumWhere((other) => onA(other) && other[b] === history[b]) *
            sumWhere((other) => onA(other) && other[c] === history[c])) /
          all
        : at(history),
    ),
    unseen: (only(b) * only(c)) / only(b, c),
    variance: inverses(only(b), only(c), only(b, c)),
    parameters: 6,
  }
}

/** All pairs: every cell has its own mean. */
const allPairs = (): Worked => ({
  means: CELLS,
  unseen: (at("100") * at("010") * at("001") * at("111")) / (at("110") * at("101") * at("011")),
  variance: inverses(...Object.values(CELLS)),
  parameters: 7,
})

const WORKED: Readonly<Record<string, Worked>> = {
  "[P][Q][E]": independent(),
  "[P Q][E]": onePair(0, 1),
  "[P E][Q]": onePair(0, 2),
  "[Q E][P]": onePair(1, 2),
  "[P Q][P E]": twoPairs(0),
  "[P Q][Q E]": twoPairs(1),
  "[P E][Q E]": twoPairs(2),
  "[P Q][P E][Q E]": allPairs(),
}

const logLikelihood = ({ means }: Worked): number =>
  sum(
    HISTORIES.map((history) => {
      const factors = Array.from({ length: at(history) }, (_, i) => Math.log(i + 1))
      return at(history) * Math.log(means[history] as number) - (means[history] as number) - sum(factors)
    }),
  )
const bicOf = (model: Worked): number => model.parameters * Math.log(N) - 2 * logLikelihood(model)
const aiccOf = (model: Worked): number =>
  2 * model.parameters -
  2 * logLikelihood(model) +
  (2 * model.parameters * (model.parameters + 1)) / (N - model.parameters - 1)

/** Buckland et al. (1997): weights exp(−Δ/2), and the variance of the mean with the spread between models in it. */
function average(
  rows: readonly { readonly unseen: number; readonly error: number; readonly criterion: number }[],
): { readonly unseen: number; readonly error: number; readonly weights: readonly number[] } {
  const least = Math.min(...rows.map(({ criterion }) => criterion))
  const raw = rows.map(({ criterion }) => Math.exp((least - criterion) / 2))
  const weights = raw.map((one) => one / sum(raw))
  const unseen = sum(rows.map((one, i) => one.unseen * (weights[i] as number)))
  const error = Math.sqrt(
    sum(rows.map((one, i) => (weights[i] as number) * (one.error ** 2 + (one.unseen - unseen) ** 2))),
  )
  return { unseen, error, weights }
}
/** Chao (1987): log-normal in the unseen. */
const interval = (n: number, unseen: number, error: number): readonly [number, number] => {
  const factor = Math.exp(1.959963984540054 * Math.sqrt(Math.log(1 + (error / unseen) ** 2)))
  return [n + unseen / factor, n + unseen * factor]
}
const errorOf = ({ unseen, variance }: Worked): number => Math.sqrt(unseen + unseen ** 2 * variance)

describe("the average of log-linear models, worked out apart", () => {
  const ranking = rankAll(hepatitis)

  test("[averaged] all eight models of hepatitis A: estimate, error, BIC and AICc from formulas without a fit", () => {
    const table = rankedModels(ranking, hepatitis, 8)
    expect(table.map(({ model }) => model).toSorted()).toEqual(Object.keys(WORKED).toSorted())
    for (const row of table) {
      const worked = WORKED[row.model] as Worked
      expect(row.estimate, row.model).toBeCloseTo(N + worked.unseen, 6)
      expect(row.standardError, row.model).toBeCloseTo(errorOf(worked), 4)
      expect(row.bic, row.model).toBeCloseTo(bicOf(worked), 6)
      expect(row.aicc, row.model).toBeCloseTo(aiccOf(worked), 6)
    }
  })

  test("[averaged] the means by BIC and by AICc, their errors and intervals, from those formulas", () => {
    const result = ok(logLinearChoices(hepatitis, ranking)[2])
    const by = (criterion: (model: Worked) => number) =>
      average(
        Object.values(WORKED).map((model) => ({
          unseen: model.unseen,
          error: errorOf(model),
          criterion: criterion(model),
        })),
      )
    const [bic, aicc] = [by(bicOf), by(aiccOf)]
    expect(result.estimate).toBeCloseTo(N + bic.unseen, 5)
    expect(result.details.standardError).toBeCloseTo(bic.error, 3)
    expect(result.details.largestWeight).toBeCloseTo(Math.max(...bic.weights), 8)
    const [lower, upper] = interval(N, bic.unseen, bic.error)
    expect(result.lower).toBeCloseTo(lower, 3)
    expect(result.upper).toBeCloseTo(upper, 3)
    const second = result.details.byAicc as Record<string, number>
    expect(second.estimate).toBeCloseTo(N + aicc.unseen, 5)
    expect(second.standardError).toBeCloseTo(aicc.error, 3)
    // The two do not say the same here: a program that took one for the other would be seen.
    expect(Math.abs(aicc.unseen - bic.unseen)).toBeGreaterThan(10)
  })

  test("[averaged] Kosovo: the mean and its interval follow from the table of its 113 models", () => {
    const all = rankAll(kosovo)
    const table = rankedModels(all, kosovo, 113)
    const by = (criterion: "bic" | "aicc") =>
      average(
        table.map((row) => ({
          unseen: row.estimate - kosovo.n,
          error: row.standardError,
          criterion: row[criterion],
        })),
      )
    const { unseen, error, weights } = by("bic")
    table.forEach((row, i) => {
      expect(row.weight).toBeCloseTo(weights[i] as number, 12)
    })
    expect(sum(table.map(({ weight }) => weight))).toBeCloseTo(1, 12)
    const result = ok(logLinearChoices(kosovo, all)[2])
    expect(result.estimate).toBeCloseTo(kosovo.n + unseen, 6)
    const [lower, upper] = interval(kosovo.n, unseen, error)
    expect([result.lower ?? 0, result.upper ?? 0].map((end) => end.toFixed(4))).toEqual(
      [lower, upper].map((end) => end.toFixed(4)),
    )
    expect((result.details.byAicc as Record<string, number>).estimate).toBeCloseTo(
      kosovo.n + by("aicc").unseen,
      6,
    )
  })
})
