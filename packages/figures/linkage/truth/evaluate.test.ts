/** Quality where the truth is known, on examples small enough to count on fingers. */
import { describe, expect, test } from "vitest"
import {
  bestThreshold,
  clusterPrecision,
  partitionScores,
  readTruth,
  recallCap,
  truePairCount,
  truthOf,
} from "./evaluate.ts"

/** Amina three times, Boris twice, Vera once, and one record of whom nobody knows. */
const TRUTH = readTruth(["Amina", "Amina", "Amina", "Boris", "Boris", "Vera", ""])

describe("against the truth", () => {
  test("[truth] equal values are one person, an empty one is not known; Febrl's ids name the person first", () => {
    expect([...TRUTH]).toEqual([0, 0, 0, 1, 1, 2, -1])
    expect([...readTruth(["rec-1-org", "rec-2-org", "rec-1-dup-0"])]).toEqual([0, 1, 0])
    expect(truePairCount(TRUTH)).toBe(3 + 1)
  })

  test("[scores] two Aminas with Boris, the third with nobody: one of three pairs right, one of four found", () => {
    const partition = Int32Array.of(0, 0, 1, 0, 2, 3, 3)
    const { precision, recall, f1 } = partitionScores(partition, TRUTH)
    expect([precision, recall, f1]).toEqual([1 / 3, 1 / 4, 2 / 7])
    // Vera's cluster holds one known person: the record that nobody knows does not make it wrong.
    expect(clusterPrecision(partition, TRUTH)).toBe(0)
    expect(clusterPrecision(Int32Array.of(0, 0, 0, 1, 1, 2, 2), TRUTH)).toBe(1)
  })

  test("[scores] joining nobody says nothing wrong, and finds nothing", () => {
    const apart = Int32Array.of(0, 1, 2, 3, 4, 5, 6)
    expect(partitionScores(apart, TRUTH)).toEqual({ precision: 1, recall: 0, f1: 0 })
    expect(clusterPrecision(apart, TRUTH)).toBe(1)
  })

  const pairs = {
    a: Int32Array.of(0, 0, 3, 1, 5),
    b: Int32Array.of(1, 3, 4, 2, 6),
    odds: Float32Array.of(8, 5, 5, 1, 9),
  }

  test("[threshold] the best cuts where F1 is highest, and never between pairs of one weight", () => {
    // At 8: 1 right of 1 said; at 5: 2 of 3; at 1: 3 of 4, and 4 are true: F1 0.4, 4/7, 3/4.
    expect(bestThreshold(pairs, TRUTH)).toEqual({ threshold: 1, precision: 3 / 4, recall: 3 / 4, f1: 3 / 4 })
    // One right and one wrong pair of one weight: no threshold lies between them.
    const tied = { a: Int32Array.of(0, 0), b: Int32Array.of(1, 2), odds: Float32Array.of(5, 5) }
    expect(bestThreshold(tied, Int32Array.of(0, 0, 1))).toMatchObject({ precision: 1 / 2, recall: 1 })
    expect(truthOf(pairs, 4, TRUTH)).toBeUndefined()
    expect([0, 1, 2, 3].map((pair) => truthOf(pairs, pair, TRUTH))).toEqual([true, false, true, true])
  })

  test("[cap] what no rule brings together no threshold finds; a clean list keeps its own apart", () => {
    const free = new Int32Array(7).fill(-1)
    const rule = { codes: Int32Array.of(1, 1, 2, 3, -1, 4, 4) }
    const other = { codes: Int32Array.of(-1, 5, 5, 6, 6, 7, 8) }
    expect(recallCap([rule], free, TRUTH)).toBe(1 / 4)
    expect(recallCap([rule, other], free, TRUTH)).toBe(3 / 4)
    expect(recallCap([rule, other], Int32Array.of(0, 0, -1, 1, 1, -1, -1), TRUTH)).toBe(1 / 4)
    expect(recallCap([], free, Int32Array.of(0, 1, 2))).toBe(1)
  })
})
