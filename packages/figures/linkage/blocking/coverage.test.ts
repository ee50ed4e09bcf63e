import { describe, expect, test } from "vitest"
import type { ComparedPairs } from "../comparison/pairs.ts"
import { coverageOf } from "./coverage.ts"

/** Six records; a rule is which block each stands in, −1 in none. */
const RULES = [{ codes: Int32Array.of(1, 1, 2, 2, -1, -1) }, { codes: Int32Array.of(7, 8, 7, 9, 9, -1) }]
const FREE = new Int32Array(6).fill(-1)

/** Pairs with their log2 odds. */
function drawn(...pairs: readonly (readonly [a: number, b: number, odds: number])[]) {
  const word = new Uint32Array(pairs.length)
  const a = Int32Array.from(pairs, ([first]) => first)
  const b = Int32Array.from(pairs, ([, second]) => second)
  return { chunk: { a, b, low: word, high: word } as ComparedPairs, odds: pairs.map(([, , odds]) => odds) }
}
const coverage = (pairs: ReturnType<typeof drawn>, cleanList = FREE) =>
  coverageOf(RULES, cleanList, [pairs.chunk], () => pairs.odds)

describe("how much the rules miss", () => {
  test("[coverage] a pair that is surely one person counts as compared where any rule has both in one block", () => {
    const pairs = drawn([0, 1, 9], [0, 2, 9], [3, 4, 9], [0, 3, 9], [4, 5, 9], [1, 2, 4.2])
    expect(coverage(pairs)).toMatchObject({ surelyOne: 5, compared: 3 })
  })

  test("[coverage] two that are in no block of a rule do not meet there", () => {
    expect(coverage(drawn([4, 5, 9]))).toMatchObject({ surelyOne: 1, compared: 0 })
  })

  test("[coverage] two of a list that names each person once are not missed", () => {
    const clean = Int32Array.of(0, 0, 1, 0, 1, -1)
    expect(coverage(drawn([0, 3, 9], [2, 4, 9], [0, 4, 9]), clean)).toMatchObject({ surelyOne: 1 })
  })

  test("[coverage] the share missed at the least is the lower end of Wilson's interval; without pairs nothing is", () => {
    const hundred = drawn(...Array.from({ length: 100 }, (_, at) => [0, at < 80 ? 1 : 3, 9] as const))
    // Twenty of a hundred: Wilson (1927), 95 %.
    expect(coverage(hundred).missedAtLeast).toBeCloseTo(0.1334, 4)
    expect(coverage(drawn([0, 3, 4.2]))).toEqual({ surelyOne: 0, compared: 0, missedAtLeast: 0 })
    expect(coverage(drawn([0, 3, 9], [0, 1, 9])).missedAtLeast).toBeLessThan(0.1)
  })
})
