import { describe, expect, test } from "vitest"
import { seededRandom, shuffle } from "./random.ts"

describe("seeded randomness", () => {
  test("[seed] the same seed and stream give the same numbers; another seed or stream gives others", () => {
    const draw = (seed: number, stream: string) => {
      const random = seededRandom(seed, stream)
      return [random.float(), random.float(), random.below(1000)]
    }
    expect(draw(7, "a")).toEqual(draw(7, "a"))
    expect(draw(7, "a")).not.toEqual(draw(8, "a"))
    expect(draw(7, "a")).not.toEqual(draw(7, "b"))
  })

  test("[seed] a stream does not depend on what was drawn before it", () => {
    const fresh = seededRandom(1).stream("x").float()
    const used = seededRandom(1)
    used.float()
    expect(used.stream("x").float()).toBe(fresh)
  })

  test("[uniform] numbers below ten come equally often (chi-square, 9 degrees, far below the 99.9 % point)", () => {
    const random = seededRandom(3)
    const counts = new Array(10).fill(0)
    for (let i = 0; i < 100_000; i++) counts[random.below(10)]++
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    expect(chi).toBeLessThan(27.9)
  })

  test("[uniform] neighbouring seeds are not alike", () => {
    let sum = 0
    for (let seed = 0; seed < 2000; seed++) sum += seededRandom(seed).float()
    expect(Math.abs(sum / 2000 - 0.5)).toBeLessThan(0.03)
  })

  test("[shuffle] keeps every item", () => {
    const items = shuffle(
      Array.from({ length: 100 }, (_, i) => i),
      seededRandom(5),
    )
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(items).not.toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  test("[range] refuses limits that cannot be drawn", () => {
    for (const limit of [0, -1, 1.5, 2 ** 33, Number.NaN]) {
      expect(() => seededRandom(1).below(limit)).toThrow(RangeError)
    }
    expect(() => seededRandom(Number.NaN)).toThrow(RangeError)
  })
})
