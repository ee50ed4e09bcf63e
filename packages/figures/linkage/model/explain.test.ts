/** Every weight is explained in full: what stands column by column adds up to what is said of the pair. */
import { beforeAll, describe, expect, test, vi } from "vitest"
import { parseCsv } from "../../tabular/csv.ts"
import { levelAt } from "../comparison/pairs.ts"
import { isLinkage, type Linkage, linkRecords } from "../link.ts"
import { pairLines } from "../output/files.ts"
import type { LinkageRecords } from "../records/fields.ts"
import { generatePeople } from "../testing/generate-people.ts"
import { recordsOf } from "../testing/records-of.ts"
import { pairExplainer } from "./explain.ts"

vi.setConfig({ hookTimeout: 60_000 })

const { table } = generatePeople(1500, 9)
let linkage: Linkage
let records: LinkageRecords
beforeAll(async () => {
  records = recordsOf([table], "person").records
  const linked = await linkRecords(records, { seed: 1, cleanList: new Int32Array(records.count).fill(-1) })
  if (!isLinkage(linked)) throw new Error(linked.kind)
  linkage = linked
})

describe("why a pair has its weight", () => {
  test("[explain] columns, relatives and prior add up to the weight of every pair that is kept", () => {
    const { pairs } = linkage
    const explain = pairExplainer(linkage, records.fields)
    expect(pairs.odds.length).toBeGreaterThan(2000)
    pairs.odds.forEach((odds, pair) => {
      const { bits, relatives, prior } = explain(pair)
      expect(bits.length).toBe(records.fields.length)
      const sum = bits.reduce((a, b) => a + b, 0) + relatives + prior
      expect(Math.abs(sum - odds)).toBeLessThan(0.001)
      expect(relatives).toBeLessThanOrEqual(0)
    })
  })

  test("[explain] what is not known weighs nothing, and a difference weighs against", () => {
    const { pairs, model } = linkage
    const explain = pairExplainer(linkage, records.fields)
    let [unknown, differing] = [0, 0]
    for (let pair = 0; pair < pairs.odds.length; pair++) {
      const { bits } = explain(pair)
      for (const [c, weight] of bits.entries()) {
        const level = levelAt(pairs.low[pair] ?? 0, pairs.high[pair] ?? 0, c)
        if (level === 0) {
          expect(weight).toBe(0)
          unknown++
        }
        if (model.shapes[c]?.levels[level] === "differ" && model.shapes[c]?.label === "surname") {
          expect(weight).toBeLessThan(0)
          differing++
        }
      }
    }
    expect(unknown).toBeGreaterThan(100)
    expect(differing).toBeGreaterThan(10)
  })

  test("[explain] agreement on a rare name weighs more than on a common one", () => {
    const c = records.fields.findIndex(({ label }) => label === "surname")
    const field = records.fields[c]
    if (field === undefined) throw new Error("no surname")
    const { pairs, model } = linkage
    const explain = pairExplainer(linkage, records.fields)
    const bitsByCount = new Map<number, number>()
    for (let pair = 0; pair < pairs.odds.length; pair++) {
      if (levelAt(pairs.low[pair] ?? 0, pairs.high[pair] ?? 0, c) !== model.shapes[c]?.exact) continue
      const count = field.counts[field.codes[pairs.a[pair] ?? 0] ?? 0] ?? 0
      bitsByCount.set(count, explain(pair).bits[c] ?? 0)
    }
    const sorted = [...bitsByCount].toSorted(([a], [b]) => a - b)
    expect(sorted.length).toBeGreaterThan(5)
    for (const [at, [, bits]] of sorted.entries())
      if (at > 0) expect(bits).toBeLessThan(sorted[at - 1]?.[1] ?? 0)
    // Twice as common, one bit less.
    const [[fewest = 1, most] = [], [other = 1, less] = []] = [sorted[0], sorted.at(-1)]
    expect((most ?? 0) - (less ?? 0)).toBeCloseTo(Math.log2(other / fewest), 3)
  })

  test("[explain] so it stands in pairs.csv: every line adds up, to what rounding leaves", () => {
    const read = parseCsv(new TextEncoder().encode([...pairLines(records, linkage)].join("")), "pairs.csv")
    if (!read.ok) throw new Error(read.error.kind)
    const { columns, rows, cells } = read.value
    const at = (name: string): number => columns.indexOf(name)
    const number = (name: string, row: number): number => Number(cells[at(name)]?.[row])
    expect(rows).toBeGreaterThan(1000)
    const explained = cells.slice(at("chance") + 1, at("if_relatives"))
    for (let row = 0; row < rows; row++) {
      const said = explained.map((column) => /[+−][\d.]+$/.exec(column[row] ?? "")?.[0] ?? "0")
      const bits = said.reduce((sum, text) => sum + Number(text.replace("−", "-")), 0)
      const sum = bits + number("if_relatives", row) + number("prior", row)
      // Bits are printed with one digit: each column leaves up to 0.05.
      expect(Math.abs(sum - number("weight", row)), `row ${row}`).toBeLessThan(0.05 * said.length + 0.02)
    }
  })
})
