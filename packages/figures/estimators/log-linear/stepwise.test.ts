/** Six lists, too many for all models: counts made as products, so that the right pair and the number are known. */
import { describe, expect, test } from "vitest"
import { poissonCdf, poissonUpperTail } from "../../numeric/poisson.ts"
import { type CaptureTable, captureTable } from "../capture-table.ts"
import { independence, stepwise } from "./estimators.ts"

const LISTS = ["A", "B", "C", "D", "E", "F"]
const has = (history: number, list: number): number => (history >> list) & 1

/**
 * Two lists have `neither`, `first`, `second` and `both`; each of the other four has one person in three, whoever else
 * has them. So 3⁴ times their sum are all people, and 2⁴ times `neither` are on no list. Where the two depend on one another,
 * other pairs look as if they did too until that one has entered.
 */
function sixLists(
  pair: readonly [number, number],
  [neither, first, second, both]: readonly [number, number, number, number],
): CaptureTable {
  const rows = Array.from({ length: 64 }, (_, history) => {
    const [one, other] = pair.map((list) => has(history, list))
    const base = one ? (other ? both : first) : other ? second : neither
    const absent = LISTS.filter((_, list) => !pair.includes(list) && !has(history, list)).length
    return [history, history === 0 ? 0 : base * 2 ** absent] as const
  })
  const table = captureTable(LISTS, rows)
  if (!table.ok) throw new Error(table.error.kind)
  return table.value
}

const sizeOf = (table: CaptureTable, lists: readonly number[]): number =>
  table.histories.reduce(
    (sum, history, at) => sum + (lists.every((list) => has(history, list)) ? (table.counts[at] ?? 0) : 0),
    0,
  )

/** Independent lists on paper: N such that N times the chances to be missed is what is missing, by halving. */
function independentTotal(table: CaptureTable): number {
  let [low, high] = [table.n, 100 * table.n]
  for (let round = 0; round < 200; round++) {
    const middle = (low + high) / 2
    const missed = LISTS.reduce((share, _, list) => share * (1 - sizeOf(table, [list]) / middle), middle)
    if (missed > middle - table.n) low = middle
    else high = middle
  }
  return low
}

const ok = (result: ReturnType<typeof stepwise>) => {
  if (result.status !== "ok") throw new Error(result.warnings[0].text)
  return result
}

describe("stepwise choice at six lists", () => {
  test.each([
    ["A and B have more people in common", [0, 1], [100, 50, 50, 200], ["A", "B"]],
    ["C and F avoid one another", [2, 5], [640, 1280, 1280, 1440], ["C", "F"]],
  ] as const)(
    "[stepwise] %s: that pair enters alone, with its chance, and the number is whole",
    (_, pair, counts, names) => {
      const table = sixLists(pair, counts)
      const [neither, first, second, both] = counts
      const result = ok(stepwise(table))
      expect(result.details.steps).toHaveLength(1)
      const [step] = result.details.steps as { pair: string[]; p: number }[]
      expect(step?.pair).toEqual(names)
      const expected = (sizeOf(table, [pair[0]]) * sizeOf(table, [pair[1]])) / independentTotal(table)
      const observed = 81 * both
      const p = observed < expected ? poissonCdf(observed, expected) : poissonUpperTail(observed, expected)
      expect(p).toBeLessThan(1e-9)
      expect((step?.p ?? 0) / p).toBeCloseTo(1, 4)
      expect(result.estimate).toBeCloseTo(81 * (neither + first + second + both), 4)
      expect(result.estimate - table.n).toBeCloseTo(16 * neither, 4)
      expect(Math.abs(ok(independence(table)).estimate / result.estimate - 1)).toBeGreaterThan(0.005)
    },
  )

  test("[stepwise] where no two lists depend on one another none enters: the number by independence", () => {
    const table = sixLists([0, 1], [4, 2, 2, 1])
    const result = ok(stepwise(table))
    expect(result.details.steps).toEqual([])
    expect(result.estimate).toBeCloseTo(81 * 9, 4)
    expect(independentTotal(table)).toBeCloseTo(81 * 9, 4)
  })
})
