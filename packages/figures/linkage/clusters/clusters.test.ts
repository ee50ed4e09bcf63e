import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { chanceOf } from "../model/fellegi-sunter.ts"
import { type Constraints, joinRecords, type LinkedPairs } from "./dendrogram.ts"
import { countedPeople, surelyDistinct } from "./distinct.ts"
import { clusterCount, cutAt } from "./partition.ts"
import { samplePartitions } from "./sample.ts"

const free = (records: number): Constraints => ({
  cleanList: new Int32Array(records).fill(-1),
  apart: [],
  together: [],
})
const pairsOf = (list: readonly (readonly [number, number, number])[]): LinkedPairs => ({
  a: Int32Array.from(list, ([a]) => a),
  b: Int32Array.from(list, ([, b]) => b),
  odds: Float32Array.from(list, ([, , odds]) => odds),
})

/** Two people with three records each, certain within, and one wrong pair between them. */
const bridged = pairsOf([
  [0, 1, 9],
  [0, 2, 9],
  [1, 2, 9],
  [3, 4, 9],
  [3, 5, 9],
  [4, 5, 9],
  [2, 3, 6],
])

describe("clusters", () => {
  test("[bridge] one strong wrong pair does not join two people whose other records disagree", () => {
    const partition = cutAt(joinRecords(6, bridged, free(6), -3), 0)
    expect([...partition]).toEqual([0, 0, 0, 1, 1, 1])
  })

  test("[clean list] two records of one clean list are never joined, however alike", () => {
    const cleanList = Int32Array.of(0, 0, 1, -1)
    const pairs = pairsOf([
      [0, 1, 12],
      [0, 2, 5],
      [1, 2, 6],
      [2, 3, 4],
    ])
    const partition = cutAt(joinRecords(4, pairs, { cleanList, apart: [], together: [] }, -20), -20)
    expect(partition[0]).not.toBe(partition[1])
    expect(partition[1]).toBe(partition[2])
  })

  test("[decisions] what two people decided is obeyed against any weight", () => {
    const constraints = { ...free(6), apart: [[0, 1]] as const, together: [[0, 5]] as const }
    const partition = cutAt(joinRecords(6, bridged, constraints, -3), 0)
    expect(partition[0]).toBe(partition[5])
    expect(partition[0]).not.toBe(partition[1])
  })

  test("[nested] every strict cluster lies within one best and one loose cluster; none breaks a constraint", () => {
    const pair = fc.tuple(fc.nat(19), fc.nat(19), fc.double({ min: -9, max: 12, noNaN: true }))
    fc.assert(
      fc.property(
        fc.array(pair, { maxLength: 80 }),
        fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 20, maxLength: 20 }),
        (list, lists) => {
          const unique = [
            ...new Map(
              list.filter(([a, b]) => a < b).map((entry) => [`${entry[0]} ${entry[1]}`, entry]),
            ).values(),
          ]
          const dendrogram = joinRecords(
            20,
            pairsOf(unique),
            { cleanList: Int32Array.from(lists), apart: [], together: [] },
            -4,
          )
          const [strict, best, loose] = [6, 0, -4].map((height) => cutAt(dendrogram, height))
          for (let a = 0; a < 20; a++) {
            for (let b = a + 1; b < 20; b++) {
              if (strict?.[a] === strict?.[b]) expect(best?.[a]).toBe(best?.[b])
              if (best?.[a] === best?.[b]) expect(loose?.[a]).toBe(loose?.[b])
              if (loose?.[a] === loose?.[b] && (lists[a] as number) >= 0) expect(lists[a]).not.toBe(lists[b])
            }
          }
        },
      ),
    )
  })

  const drawn = (pairs: LinkedPairs, records: number, draws: number, constraints = free(records)) =>
    samplePartitions(
      { dendrogram: joinRecords(records, pairs, constraints, -4), pairs, constraints },
      draws,
      5,
    ).draws
  /** Shares of draws by partition, within four standard errors of what they should be. */
  const hold = (draws: readonly Int32Array[], odds: Readonly<Record<string, number>>) => {
    const counts = new Map<string, number>()
    for (const partition of draws) counts.set(partition.join(""), (counts.get(partition.join("")) ?? 0) + 1)
    const all = Object.values(odds).reduce((sum, value) => sum + value, 0)
    for (const [name, value] of Object.entries(odds)) {
      const share = value / all
      const error = Math.sqrt((share * (1 - share)) / draws.length)
      expect(Math.abs((counts.get(name) ?? 0) / draws.length - share), name).toBeLessThan(4 * error)
    }
    expect([...counts.keys()].filter((name) => !(name in odds))).toEqual([])
  }

  test("[sampled] a lone pair is joined in its own share of the draws", () => {
    hold(drawn(pairsOf([[0, 1, 1]]), 2, 4000), { "00": 2, "01": 1 })
    hold(drawn(pairsOf([[0, 1, -3]]), 2, 4000), { "00": 1 / 8, "01": 1 })
  })

  test("[sampled] the five partitions of three records come out as their odds say: one join that fails leaves the others open", () => {
    // Every pair 8 : 1. Two joins of three bits, and half a bit since two pairs say the same.
    const equal = pairsOf([
      [0, 1, 3],
      [0, 2, 3],
      [1, 2, 3],
    ])
    hold(drawn(equal, 3, 8000), { "000": 2 ** 6.5, "001": 8, "010": 8, "011": 8, "012": 1 })
    const mixed = pairsOf([
      [0, 1, 3],
      [0, 2, 1],
      [1, 2, -1],
    ])
    hold(drawn(mixed, 3, 8000), {
      "000": 2 ** (3 + (1 - 1) / 2 + 0.5),
      "001": 8,
      "010": 2,
      "011": 1 / 2,
      "012": 1,
    })
  })

  test("[sampled] two people of three records each are joined or not, whole", () => {
    const pairs = pairsOf([
      ...[0, 1, 2].flatMap((a) => [3, 4, 5].map((b) => [a, b, 0] as const)),
      ...(
        [
          [0, 1],
          [0, 2],
          [1, 2],
          [3, 4],
          [3, 5],
          [4, 5],
        ] as const
      ).map(([a, b]) => [a, b, 12] as const),
    ])
    const draws = drawn(pairs, 6, 2000)
    // Nine pairs of even odds, which repeat each other: log2(9) / 2 bits.
    const bits = Math.log2(9) / 2
    const whole = draws.filter((partition) => clusterCount(partition) === 1).length / 2000
    expect(Math.abs(whole - chanceOf(bits))).toBeLessThan(4 * Math.sqrt(0.25 / 2000))
    const apart = draws.filter((partition) => partition.join("") === "000111").length / 2000
    expect(whole + apart).toBeGreaterThan(0.995)
  })

  test("[sampled] no draw joins two records of a clean list, or what people found different, or parts what they joined", () => {
    const everybody = [0, 1, 2, 3].flatMap((a) =>
      [0, 1, 2, 3].filter((b) => b > a).map((b) => [a, b, 2] as const),
    )
    const constraints: Constraints = {
      cleanList: Int32Array.of(0, 0, -1, -1),
      apart: [[1, 2]],
      together: [[0, 3]],
    }
    const draws = drawn(pairsOf(everybody), 4, 500, constraints)
    for (const partition of draws) {
      expect(partition[0]).not.toBe(partition[1])
      expect(partition[1]).not.toBe(partition[2])
      expect(partition[0]).toBe(partition[3])
    }
    expect(new Set(draws.map((partition) => partition.join(""))).size).toBe(2)
  })

  test("[sampled] the same seed gives the same draws", () => {
    expect(drawn(bridged, 6, 5)).toEqual(drawn(bridged, 6, 5))
  })
})

describe("the confirmed minimum", () => {
  const none = (records: number) => free(records)
  test("[minimum] a poor record that may be somebody counted already is not counted", () => {
    // Three records of one person, one orphan that may be the same, one person apart.
    const partition = Int32Array.from([0, 0, 0, 1, 2])
    const pairs = pairsOf([
      [0, 1, 9],
      [1, 2, 8],
      [2, 3, -3],
      [3, 4, -8],
    ])
    const counted = surelyDistinct(partition, pairs, none(5))
    expect([...counted]).toEqual([1, 1, 1, 0, 1])
    expect(countedPeople(partition, counted)).toBe(2)
  })

  test("[minimum] several orphans of one person never count in its stead", () => {
    const partition = Int32Array.from([0, 0, 1, 2, 3])
    const pairs = pairsOf([
      [0, 1, 9],
      [0, 2, -1],
      [0, 3, -1],
      [1, 4, -1],
    ])
    expect(countedPeople(partition, surelyDistinct(partition, pairs, none(5)))).toBe(1)
    // Once people have found one of them to be somebody else, there are two.
    const decided = { ...none(5), apart: [[1, 4] as const] }
    expect(countedPeople(partition, surelyDistinct(partition, pairs, decided))).toBe(2)
  })

  test("[minimum] a poor record with many weak pairs is not counted: what each leaves open adds up", () => {
    // A given name and a place: 1 : 32 with each of twelve people, together 27 in 100 to be one of them.
    const partition = Int32Array.from({ length: 13 }, (_, record) => record)
    const pairs = pairsOf(Array.from({ length: 12 }, (_, other) => [other, 12, -5]))
    const counted = surelyDistinct(partition, pairs, none(13))
    expect([...counted]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0])
    // Whichever comes first in the files.
    const first = pairsOf(Array.from({ length: 12 }, (_, other) => [0, other + 1, -5]))
    expect([...surelyDistinct(partition, first, none(13))]).toEqual([0, ...Array(12).fill(1)])
    // One alone at 1 : 32 is.
    expect([...surelyDistinct(Int32Array.of(0, 1), pairsOf([[0, 1, -5]]), none(2))]).toEqual([1, 1])
  })

  test("[minimum] whoever is counted may to one in twenty at most be another who is, whatever the pairs", () => {
    const pair = fc.tuple(fc.nat(24), fc.nat(24), fc.double({ min: -10, max: 6, noNaN: true }))
    const elsewhere = fc.array(fc.double({ min: 0, max: 0.06, noNaN: true }), {
      minLength: 25,
      maxLength: 25,
    })
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 150 }), elsewhere, (list, unseen) => {
        const unique = [
          ...new Map(
            list.filter(([a, b]) => a < b).map((entry) => [entry[0] * 25 + entry[1], entry]),
          ).values(),
        ]
        const partition = Int32Array.from({ length: 25 }, (_, record) => record)
        const counted = surelyDistinct(partition, pairsOf(unique), none(25), Float64Array.from(unseen))
        for (let one = 0; one < 25; one++) {
          if (counted[one] === 0) continue
          let odds = unseen[one] as number
          for (const [a, b, bits] of unique)
            if ((a === one && counted[b] === 1) || (b === one && counted[a] === 1)) odds += 2 ** bits
          expect(odds / (1 + odds)).toBeLessThanOrEqual(0.05 + 1e-6)
        }
      }),
    )
  })

  test("[minimum] is never less than the largest list that names each person once", () => {
    const partition = Int32Array.from([0, 1, 2, 3])
    const pairs = pairsOf([
      [0, 3, -1],
      [1, 3, -1],
      [2, 3, -1],
    ])
    const counted = surelyDistinct(partition, pairs, { cleanList: Int32Array.from([0, 0, 0, -1]), apart: [] })
    expect(countedPeople(partition, counted)).toBe(3)
  })
})
