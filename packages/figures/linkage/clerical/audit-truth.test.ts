/** The audit against a file whose truth is known: what two people would measure, beside what is so. */
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, test, vi } from "vitest"
import { readTable } from "../../tabular/read-table.ts"
import { isLinkage, type Linkage, linkRecords } from "../link.ts"
import { guessMapping, mappingOf } from "../mapping/guess-mapping.ts"
import { nameVariants } from "../names/name-variants.ts"
import { buildRecords } from "../records/build-records.ts"
import { readTruth, type Truth, truthOf } from "../truth/evaluate.ts"
import type { Measured } from "./audit.ts"
import { auditSheet } from "./combine.ts"
import { type ClericalSheet, clericalSheet, STRATA, type Stratum } from "./sheet.ts"
import type { DecidedPair } from "./sheet-file.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const FAKE = fileURLToPath(new URL("../testing/data/fake_1000.csv", import.meta.url))

let linkage: Linkage
let truth: Truth
let isOne: (pair: number) => boolean
let real: { readonly precision: number; readonly recall: number }

beforeAll(async () => {
  const table = await readTable(FAKE)
  if (!table.ok) throw new Error(table.error.kind)
  const { columns, cells } = table.value
  const guesses = guessMapping(
    columns.map((name, at) => ({ name, lists: [cells[at] ?? []] })),
    "cluster",
  )
  const { records } = buildRecords([table.value], mappingOf(guesses), nameVariants())
  const linked = await linkRecords(records, { seed: 1, cleanList: new Int32Array(records.count).fill(-1) })
  if (!isLinkage(linked)) throw new Error(linked.kind)
  linkage = linked
  truth = readTruth(cells[columns.indexOf("cluster")] ?? [])
  isOne = (pair) => truthOf(linkage.pairs, pair, truth) === true
  let [said, right, wanted] = [0, 0, 0]
  linkage.pairs.odds.forEach((_, pair) => {
    if (isOne(pair)) wanted++
    const { best } = linkage.partitions
    if (best[linkage.pairs.a[pair] ?? 0] !== best[linkage.pairs.b[pair] ?? 0]) return
    said++
    if (isOne(pair)) right++
  })
  real = { precision: right / said, recall: right / wanted }
})

const sheetOf = (seed: number): ClericalSheet =>
  clericalSheet(linkage.pairs, linkage.partitions.best, linkage.threshold.odds, seed)

/** Two people who know the truth; where `decides` says no they write "unsure". */
function audited(sheet: ClericalSheet, decides: (stratum: Stratum, at: number) => boolean = () => true) {
  const decided = sheet.pairs.flatMap(({ pair, stratum }, at): DecidedPair[] => {
    const [a, b] = [linkage.pairs.a[pair] ?? 0, linkage.pairs.b[pair] ?? 0]
    return decides(stratum, at) ? [{ a, b, decision: isOne(pair) ? "same" : "different" }] : []
  })
  return auditSheet(sheet, linkage.pairs, { settled: decided, open: [] })
}

const covers = (measured: Measured | undefined, value: number): boolean =>
  measured !== undefined && measured.lower <= value && value <= measured.upper

describe("an audit by people who are right", () => {
  test("[audit] fake_1000: precision and recall are neither 0 nor 1 there, and one sheet's intervals cover both", () => {
    for (const value of Object.values(real)) {
      expect(value).toBeGreaterThan(0.85)
      expect(value).toBeLessThan(0.999)
    }
    // One sheet in ten or twenty misses, as the next test counts; the first is one.
    const { precision, recall, decided } = audited(sheetOf(2))
    expect(decided).toBe(260)
    expect(covers(precision, real.precision), `precision ${JSON.stringify(precision)}`).toBe(true)
    expect(covers(recall, real.recall), `recall ${JSON.stringify(recall)}`).toBe(true)
    // And say something: what no hundred pairs of six thousand can exclude is not blown up to the whole.
    expect((precision?.upper ?? 1) - (precision?.lower ?? 0)).toBeLessThan(0.1)
    expect((recall?.upper ?? 1) - (recall?.lower ?? 0)).toBeLessThan(0.2)
  })

  test("[audit] of two hundred sheets at least nine in ten intervals cover the truth, for precision and for recall", () => {
    const SHEETS = 200
    let [precise, recalled] = [0, 0]
    const sums = { precision: 0, recall: 0 }
    for (let seed = 1; seed <= SHEETS; seed++) {
      const { precision, recall } = audited(sheetOf(seed))
      if (covers(precision, real.precision)) precise++
      if (covers(recall, real.recall)) recalled++
      sums.precision += (precision?.estimate ?? 0) / SHEETS
      sums.recall += (recall?.estimate ?? 0) / SHEETS
    }
    expect(precise / SHEETS).toBeGreaterThanOrEqual(0.9)
    expect(recalled / SHEETS).toBeGreaterThanOrEqual(0.9)
    // Over many sheets no way is favoured.
    expect(Math.abs(sums.precision - real.precision)).toBeLessThan(0.01)
    expect(Math.abs(sums.recall - real.recall)).toBeLessThan(0.02)
  })

  test("[audit] pairs that both leave unsure take no part, wherever they stand; the others cover hardly less often", () => {
    const SHEETS = 200
    let [precise, recalled] = [0, 0]
    for (let seed = 1; seed <= SHEETS; seed++) {
      const { precision, recall, decided } = audited(sheetOf(seed), (_, at) => at % 3 > 0)
      expect(decided).toBeLessThan(200)
      if (covers(precision, real.precision)) precise++
      if (covers(recall, real.recall)) recalled++
    }
    expect(precise / SHEETS).toBeGreaterThanOrEqual(0.9)
    expect(recalled / SHEETS).toBeGreaterThanOrEqual(0.85)
  })
})

describe("an audit that cannot be made", () => {
  test("[audit] a band of which nothing is decided: no recall at all, and no precision if the band is one said to be one person", () => {
    for (const left of STRATA) {
      const { precision, recall } = audited(sheetOf(1), (stratum) => stratum !== left)
      expect(recall, left).toBeUndefined()
      if (STRATA.indexOf(left) < 3) expect(precision, left).toBeUndefined()
      else expect(covers(precision, real.precision), left).toBe(true)
    }
    const nothing = audited(sheetOf(1), () => false)
    expect(nothing).toEqual({ decided: 0, precision: undefined, recall: undefined, strata: [] })
  })

  test("[audit] pairs that were put on the sheet for being near the threshold are decided, and not measured on", () => {
    const sheet = sheetOf(1)
    const nearest = sheet.pairs.filter(({ sampled }) => !sampled)
    expect(nearest.length).toBeGreaterThan(20)
    const only = auditSheet(sheet, linkage.pairs, {
      settled: nearest.map(({ pair }) => ({
        a: linkage.pairs.a[pair] ?? 0,
        b: linkage.pairs.b[pair] ?? 0,
        decision: "same" as const,
      })),
      open: [],
    })
    expect(only.decided).toBe(0)
  })
})
