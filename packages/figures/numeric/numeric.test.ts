import { describe, expect, test } from "vitest"
import { seededRandom } from "../random/random.ts"
import { logFactorial, logGamma } from "./gamma.ts"
import { choleskyInPlace, choleskySolveInPlace, rowEchelon } from "./linear.ts"
import { normalCdf, normalQuantile } from "./normal.ts"
import { poissonCdf, poissonUpperTail } from "./poisson.ts"
import { quantile } from "./quantile.ts"
import { findPeak, findRoot } from "./root.ts"
import { binomial, multinomial } from "./variates.ts"

const near = (value: number, expected: number, relative = 1e-13): void => {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(expected)))
}

describe("special functions", () => {
  test("[gamma] log n! is the sum of logarithms, and Γ(1/2) = √π", () => {
    let sum = 0
    for (let n = 2; n <= 300; n++) {
      sum += Math.log(n)
      near(logFactorial(n), sum)
    }
    near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)))
    near(logGamma(1e-8), Math.log(1e8), 1e-8)
    // Abramowitz & Stegun, table 6.1 and its recurrence.
    near(logGamma(1.5), Math.log(Math.sqrt(Math.PI) / 2))
    expect(logGamma(-1)).toBeNaN()
  })

  test("[normal] known points and tails (Abramowitz & Stegun, table 26.1)", () => {
    near(normalCdf(1), 0.841344746068543, 1e-14)
    near(normalCdf(-6), 9.86587645037698e-10, 1e-20)
    near(normalCdf(-10) * 1e23, 0.7619853024160527, 1e-10)
    near(normalQuantile(0.975), 1.959963984540054, 1e-14)
    for (const p of [1e-12, 1e-4, 0.02, 0.3, 0.5, 0.77, 0.999999])
      near(normalCdf(normalQuantile(p)), p, 1e-14)
  })

  test("[poisson] the two tails share the middle value once", () => {
    near(poissonCdf(2, 3), 8.5 * Math.exp(-3))
    for (const [k, mean] of [
      [0, 0.3],
      [5, 2],
      [900, 1000],
      [1100, 1000],
    ] as const) {
      near(poissonCdf(k, mean) + poissonUpperTail(k + 1, mean), 1, 1e-12)
    }
    expect(poissonCdf(0, 0)).toBe(1)
  })

  test("[quantile] type 8 of 1…10 (Hyndman & Fan 1996)", () => {
    const values = Float64Array.from({ length: 10 }, (_, i) => i + 1)
    near(quantile(values, 0.25), 2.9166666666666665)
    near(quantile(values, 0.5), 5.5)
    near(quantile(values, 0), 1)
    near(quantile(values, 1), 10)
  })
})

describe("linear algebra", () => {
  test("[cholesky] solves, and refuses a matrix that is not positive definite", () => {
    const a = Float64Array.from([4, 0, 2, 3])
    const b = Float64Array.from([2, 5])
    expect(choleskyInPlace(a, 2)).toBe(true)
    choleskySolveInPlace(a, 2, b)
    near(4 * (b[0] ?? 0) + 2 * (b[1] ?? 0), 2)
    near(2 * (b[0] ?? 0) + 3 * (b[1] ?? 0), 5)
    expect(choleskyInPlace(Float64Array.from([1, 0, 1, 1]), 2)).toBe(false)
  })

  test("[rank] rank and null space go together", () => {
    const rows = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 1, 1],
    ]
    const { rank, nullSpace } = rowEchelon(rows, 3)
    expect(rank).toBe(2)
    expect(nullSpace).toHaveLength(1)
    for (const row of rows)
      near(
        row.reduce((sum, x, i) => sum + x * (nullSpace[0]?.[i] ?? 0), 0),
        0,
      )
  })
})

describe("search", () => {
  test("[root] finds a root, and refuses an interval without one", () => {
    near(
      findRoot((x) => x * x - 2, 0, 5, 1e-12),
      Math.SQRT2,
      1e-10,
    )
    expect(() => findRoot((x) => x * x + 1, 0, 5, 1e-12)).toThrow(RangeError)
    near(
      findPeak((x) => -((x - 3) ** 2), 0, 10, 1e-9),
      3,
      1e-6,
    )
  })
})

describe("variates", () => {
  test("[binomial] mean and variance are right for small and large means", () => {
    const random = seededRandom(11)
    for (const [n, p] of [
      [40, 0.02],
      [300, 0.4],
      [5000, 0.9],
    ] as const) {
      const draws = Array.from({ length: 20_000 }, () => binomial(random, n, p))
      const mean = draws.reduce((a, b) => a + b, 0) / draws.length
      const variance = draws.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (draws.length - 1)
      const sd = Math.sqrt(n * p * (1 - p))
      expect(Math.abs(mean - n * p)).toBeLessThan((4 * sd) / Math.sqrt(draws.length))
      expect(variance / sd ** 2).toBeGreaterThan(0.95)
      expect(variance / sd ** 2).toBeLessThan(1.05)
    }
  })

  test("[multinomial] every case lands in a cell with weight", () => {
    const into = new Float64Array(4)
    multinomial(seededRandom(2), 1000, Float64Array.from([1, 0, 5, 4]), into)
    expect(into.reduce((a, b) => a + b, 0)).toBe(1000)
    expect(into[1]).toBe(0)
  })
})
