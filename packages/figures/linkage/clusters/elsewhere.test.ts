import { describe, expect, test } from "vitest"
import { isLinkage, linkRecords } from "../link.ts"
import { generatePeople } from "../testing/generate-people.ts"
import { recordsOf } from "../testing/records-of.ts"
import { readTruth } from "../truth/evaluate.ts"
import { neverCompared } from "./elsewhere.ts"

describe("whoever was never compared", () => {
  test("[minimum] above 2,000 records, where rules choose who is compared, hardly anybody is counted twice, and no bare name at all", async () => {
    const { table } = generatePeople(2500, 3)
    const bare = 40
    const whole = {
      ...table,
      rows: table.rows + bare,
      // Forty of the same people once more, of whom nothing is known but a given name.
      cells: table.cells.map((cells, column) => [
        ...cells,
        ...cells
          .slice(0, bare)
          .map((value, row) =>
            table.columns[column] === "record_id"
              ? `bare-${row}`
              : ["first_name", "person"].includes(table.columns[column] ?? "")
                ? value || "john"
                : "",
          ),
      ]),
    }
    const { records } = recordsOf([whole], "person")
    const linkage = await linkRecords(records, {
      seed: 1,
      cleanList: new Int32Array(records.count).fill(-1),
    })
    if (!isLinkage(linkage)) throw new Error(linkage.kind)
    expect(linkage.plan.rules.length).toBeGreaterThan(3)
    const truth = readTruth(whole.cells[whole.columns.indexOf("person")] ?? [])
    const personOf = new Map<number, number>()
    linkage.partitions.best.forEach((cluster, record) => {
      if (linkage.counted[record] === 1 && !personOf.has(cluster))
        personOf.set(cluster, truth[record] as number)
    })
    expect(personOf.size).toBe(linkage.minimum)
    expect(personOf.size).toBeGreaterThan(100)
    const distinct = new Set(personOf.values()).size
    expect(personOf.size - distinct).toBeLessThanOrEqual(0.02 * personOf.size)
    const alone = [...linkage.partitions.best.keys()]
      .slice(table.rows)
      .filter((record) => linkage.counted[record] === 1)
      .filter((record) => {
        const cluster = linkage.partitions.best[record]
        return linkage.partitions.best.every((other, at) => other !== cluster || at >= table.rows)
      })
    expect(alone).toEqual([])
  })

  test("[minimum] a record without the keys that bring others together may be anybody; one with all of them is looked up", () => {
    // Two rules. Of four people with two records each, three met by the first, one by the second only; two are alone.
    const rules = [
      { codes: Int32Array.from([0, 0, 1, 1, 2, 2, 3, 4, 5, -1, -1]) },
      { codes: Int32Array.from([0, 0, 1, 1, 2, 5, 3, 3, 4, 6, -1]) },
    ]
    const partition = Int32Array.from([0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6])
    const pairs = {
      a: Int32Array.of(0, 2, 4, 6),
      b: Int32Array.of(1, 3, 5, 7),
      odds: Float32Array.of(5, 5, 5, 5),
    }
    const odds = neverCompared(rules, pairs, partition)
    expect([...odds.slice(0, 9)]).toEqual(Array(9).fill(0))
    // Without the first rule one in four would have met nobody; eight are in company to three alone.
    expect(odds[9]).toBeCloseTo((8 / 3) * (1 / 4), 12)
    expect(odds[10]).toBe(Number.POSITIVE_INFINITY)
  })
})
