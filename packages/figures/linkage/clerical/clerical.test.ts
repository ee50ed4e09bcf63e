import { describe, expect, test } from "vitest"
import { seededRandom } from "../../random/random.ts"
import type { Table } from "../../tabular/table.ts"
import type { LinkageRecords } from "../records/fields.ts"
import { agreementOf, type Decision } from "./agreement.ts"
import { auditOf, type StratumCount, wilson } from "./audit.ts"
import { combineDecisions } from "./combine.ts"
import { clericalSheet } from "./sheet.ts"
import { readSheet } from "./sheet-file.ts"

const repeat = (first: Decision, second: Decision, times: number) =>
  Array.from({ length: times }, (): [Decision, Decision] => [first, second])

describe("clerical review", () => {
  test("[kappa] a worked example: 20, 5, 10, 15 of 50 give 0.40", () => {
    const agreement = agreementOf([
      ...repeat("same", "same", 20),
      ...repeat("same", "different", 5),
      ...repeat("different", "same", 10),
      ...repeat("different", "different", 15),
    ])
    expect(agreement.observed).toBeCloseTo(0.7, 12)
    expect(agreement.kappa).toBeCloseTo(0.4, 12)
    // Standard error by Fleiss, Cohen & Everitt (1969), worked by hand: 0.1271.
    expect((agreement.upper - agreement.lower) / (2 * 1.959964)).toBeCloseTo(0.1271, 3)
  })

  test("[kappa] full agreement is 1, independence near 0, one answer only is no number", () => {
    expect(agreementOf([...repeat("same", "same", 5), ...repeat("different", "different", 5)]).kappa).toBe(1)
    const random = seededRandom(4)
    const coin = (): Decision => (random.float() < 0.5 ? "same" : "different")
    expect(Math.abs(agreementOf(Array.from({ length: 4000 }, () => [coin(), coin()])).kappa)).toBeLessThan(
      0.05,
    )
    expect(agreementOf(repeat("same", "same", 9)).kappa).toBeNaN()
  })

  test("[Wilson 1927] published values", () => {
    expect(wilson(0, 10).upper).toBeCloseTo(0.2775, 4)
    expect(wilson(81, 263)).toMatchObject({
      lower: expect.closeTo(0.2553, 4),
      upper: expect.closeTo(0.3662, 4),
    })
    expect(() => wilson(3, 2)).toThrow(RangeError)
  })

  test("[audit] the interval covers the truth about as often as it says, coverage 95 % ± 4", () => {
    const random = seededRandom(12)
    const truth = {
      "surely-one": [500, 0.99],
      "probably-one": [200, 0.9],
      "rather-one": [100, 0.6],
      "rather-two": [300, 0.2],
      "surely-two": [5000, 0.004],
    } as const
    const strata = Object.entries(truth)
    const joined = strata.slice(0, 3)
    const precision =
      joined.reduce((sum, [, [size, share]]) => sum + size * share, 0) /
      joined.reduce((sum, [, [size]]) => sum + size, 0)
    const truePairs = (among: typeof strata) =>
      among.reduce((sum, [, [size, share]]) => sum + size * share, 0)
    const recall = truePairs(joined) / truePairs(strata)
    let covered = 0
    let recalled = 0
    for (let round = 0; round < 400; round++) {
      const counts = strata.map(([stratum, [size, share]]): StratumCount => {
        let same = 0
        for (let drawn = 0; drawn < 40; drawn++) if (random.float() < share) same++
        return { stratum: stratum as StratumCount["stratum"], size, decided: 40, same, undecided: 0 }
      })
      const measured = auditOf(counts)
      const holds = (one: typeof measured.recall, value: number) =>
        one !== undefined && one.lower <= value && value <= one.upper
      if (holds(measured.precision, precision)) covered++
      if (holds(measured.recall, recall)) recalled++
    }
    expect(covered / 400).toBeGreaterThan(0.91)
    expect(recalled / 400).toBeGreaterThan(0.91)
  })

  test("[audit] says nothing when a band that matters has not been decided", () => {
    const counts: StratumCount[] = [
      { stratum: "surely-one", size: 10, decided: 5, same: 5, undecided: 0 },
      { stratum: "rather-one", size: 10, decided: 0, same: 0, undecided: 0 },
    ]
    expect(auditOf(counts).precision).toBeUndefined()
    expect(auditOf(counts).recall).toBeUndefined()
  })

  test("[audit] what people could not settle widens the interval to all that it may be", () => {
    const counts: StratumCount[] = [
      { stratum: "rather-one", size: 100_000, decided: 25, same: 20, undecided: 15 },
      { stratum: "rather-two", size: 100_000, decided: 40, same: 4, undecided: 0 },
    ]
    const { precision, recall } = auditOf(counts)
    // 20 of 25, though 20 of 40 to 35 of 40 are possible.
    expect(precision?.estimate).toBeCloseTo(0.8, 9)
    expect(precision?.lower).toBeLessThan(wilson(20, 40).lower + 1e-3)
    expect(precision?.upper).toBeGreaterThan(wilson(35, 40).upper - 1e-3)
    const settled = auditOf(counts.map((count) => ({ ...count, undecided: 0 })))
    expect(recall?.lower).toBeLessThan((settled.recall?.lower ?? 0) - 0.03)
  })

  test("[sheet] a pair is said to be one person where it is counted as one: by its cluster, not by its own weight", () => {
    const pairs = { a: Int32Array.of(0, 1, 0), b: Int32Array.of(1, 2, 3), odds: Float32Array.of(-2, 4, -8) }
    const sheet = clericalSheet(pairs, Int32Array.of(0, 0, 1, 2), 0, 3)
    const strata = Object.fromEntries(sheet.pairs.map(({ pair, stratum }) => [pair, stratum]))
    expect(strata).toEqual({ 0: "rather-one", 1: "rather-two", 2: "surely-two" })
  })

  test("[decisions] only what nobody disputes is settled", () => {
    const combined = combineDecisions([
      [
        { a: 1, b: 2, decision: "same" },
        { a: 3, b: 4, decision: "same" },
        { a: 5, b: 6, decision: "unsure" },
      ],
      [
        { a: 2, b: 1, decision: "same" },
        { a: 3, b: 4, decision: "different" },
        { a: 5, b: 6, decision: "different" },
      ],
    ])
    expect(combined.together).toEqual([[1, 2]])
    expect(combined.disputed).toBe(1)
    expect(combined.open).toEqual([
      [3, 4],
      [5, 6],
    ])
    expect(combined.agreement?.pairs).toBe(3)
  })

  test("[sheet] a decision that is none is named, whatever it is called", () => {
    const sheet = (decision: string): Table => ({
      source: "sheet.csv",
      columns: ["pair", "decision"],
      rows: 1,
      cells: [["1:1~2:1"], [decision]],
      format: { kind: "parquet" },
    })
    const records = { listOf: Int32Array.of(0, 1), lists: ["a", "b"], count: 2 } as unknown as LinkageRecords
    expect(readSheet(sheet("да"), records)).toMatchObject({
      ok: true,
      value: [{ a: 0, b: 1, decision: "same" }],
    })
    for (const decision of ["perhaps", "constructor", "__proto__", "hasOwnProperty", "valueof"])
      expect(readSheet(sheet(decision), records)).toMatchObject({ error: { kind: "unknown-decision" } })
  })

  test("[sheet] samples every band and shows no order by weight", () => {
    const odds = Float32Array.from({ length: 4000 }, (_, at) => 15 - at / 160)
    const pairs = { a: new Int32Array(4000), b: Int32Array.from(odds, (bits) => (bits >= 0 ? 0 : 1)), odds }
    const partition = Int32Array.of(0, 1)
    const sheet = clericalSheet(pairs, partition, 0, 3)
    expect(new Set(sheet.pairs.map(({ stratum }) => stratum)).size).toBe(5)
    const order = sheet.pairs.map(({ pair }) => pair)
    expect([...order].sort((x, y) => x - y)).not.toEqual(order)
    expect(clericalSheet(pairs, partition, 0, 3)).toEqual(sheet)
  })
})
