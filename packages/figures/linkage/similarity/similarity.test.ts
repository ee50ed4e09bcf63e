import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { editDistance, isOneEditApart } from "./edit-distance.ts"
import { jaroWinkler, jaroWinklerFrom } from "./jaro-winkler.ts"

const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 8 })

describe("similarity", () => {
  test("[Winkler 1990] published values", () => {
    expect(jaroWinkler("martha", "marhta")).toBeCloseTo(0.9611, 4)
    expect(jaroWinkler("dwayne", "duane")).toBeCloseTo(0.84, 4)
    expect(jaroWinkler("dixon", "dicksonx")).toBeCloseTo(0.8133, 4)
    expect(jaroWinkler("abc", "xyz")).toBe(0)
    expect(jaroWinkler("", "")).toBe(1)
  })

  test("[Jaro–Winkler] symmetric, between 0 and 1, 1 for equal words", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const value = jaroWinkler(a, b)
        expect(value).toBeCloseTo(jaroWinkler(b, a), 12)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
        expect(jaroWinkler(a, a)).toBe(1)
      }),
    )
  })

  test("[Jaro–Winkler] the early way out never changes a value at or above its floor", () => {
    fc.assert(
      fc.property(word, word, fc.constantFrom(0.72, 0.85, 0.93), (a, b, floor) => {
        const value = jaroWinkler(a, b)
        const early = jaroWinklerFrom(floor, a, b)
        if (value >= floor) expect(early).toBe(value)
        else expect(early).toBeLessThan(floor)
      }),
      { numRuns: 2000 },
    )
  })

  test("[edit] one error apart is exactly distance one, and distance is cut at its limit", () => {
    expect(editDistance("ca", "abc", 5)).toBe(3)
    expect(editDistance("kitten", "sitting", 5)).toBe(3)
    fc.assert(
      fc.property(word, word, (a, b) => {
        const full = editDistance(a, b, 20)
        expect(isOneEditApart(a, b)).toBe(full === 1)
        expect(editDistance(a, b, 2)).toBe(Math.min(full, 3))
      }),
    )
  })
})
