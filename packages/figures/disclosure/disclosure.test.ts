import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { looksLikeMarks } from "../tabular/marks.ts"
import { coarseTime, isFineTime, isUnclearTime } from "./coarse-time.ts"
import { type CountedTable, countedTable } from "./counted-table.ts"
import { differences } from "./editions.ts"
import { LinearSolver } from "./linear-program.ts"
import { protect } from "./protect.ts"
import { publishedEstimate, publishedLower, publishedUpper } from "./published-estimate.ts"
import { keyedRounding } from "./rounding.ts"
import { forbiddenPattern } from "./source-patterns.ts"
import { attack, suppress } from "./suppression.ts"

let solver: LinearSolver
beforeAll(async () => {
  solver = await LinearSolver.load()
})

const grid = (counts: readonly (readonly number[])[]): CountedTable => {
  const rows = counts.flatMap((row, r) => row.map((count, c) => ({ at: [`r${r}`, `c${c}`], count })))
  const table = countedTable(["region", "year"], rows)
  if (!table.ok) throw new Error(table.error.kind)
  return table.value
}

const value = (result: ReturnType<typeof protect>, name: string) =>
  result.published.cells.find((cell) => cell.name === name)?.value

describe("suppression", () => {
  test("[threshold] cells below ten are not printed, zeros neither", () => {
    const result = protect(
      grid([
        [40, 9, 30, 20],
        [50, 60, 0, 25],
        [10, 45, 33, 28],
      ]),
      solver,
      { threshold: 10 },
    )
    expect(value(result, "region=r0; year=c1")).toBeNull()
    expect(value(result, "region=r1; year=c2")).toBeNull()
    expect(value(result, "region=r2; year=c0") ?? 10).toBe(10)
  })

  test("[threshold] cannot be lowered below five", () => {
    for (const threshold of [4, 1, 0, 7.5])
      expect(() => protect(grid([[40, 9]]), solver, { threshold })).toThrow(RangeError)
  })

  test("[attack] one small cell alone would follow from the totals: others go with it", () => {
    const table = grid([
      [120, 30, 4, 50],
      [60, 25, 33, 70],
      [40, 80, 22, 15],
    ])
    const small = table.cells.findIndex((cell) => cell.count === 4)
    const naive = attack(table, solver, new Map([[small, "small"]]), small)
    expect([naive.low, naive.high]).toEqual([4, 4])
    const result = protect(table, solver, { threshold: 10 })
    expect(result.log.filter(({ reason }) => reason === "complementary").length).toBeGreaterThanOrEqual(3)
    expect(result.published.narrowestRange).toBeGreaterThanOrEqual(10)
  })

  test("[attack] whatever the table, no protected cell can be worked out within the threshold", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }).chain((rows) =>
          fc.array(fc.array(fc.oneof(fc.nat(12), fc.nat(90)), { minLength: 3, maxLength: 3 }), {
            minLength: rows,
            maxLength: rows,
          }),
        ),
        (counts) => {
          fc.pre(counts.flat().some((count) => count > 0))
          const table = grid(counts)
          const result = protect(table, solver, { threshold: 10 })
          const hidden = new Map(
            result.published.cells.flatMap((cell, i) => (cell.value === null ? [[i, true] as const] : [])),
          )
          for (const [cell] of hidden) {
            if ((table.cells[cell]?.count ?? 0) >= 10) continue
            const { low, high } = attack(table, solver, hidden, cell)
            expect(high - low).toBeGreaterThanOrEqual(10 - 1e-6)
          }
          for (const cell of result.published.cells) expect(cell.value ?? 10).toBeGreaterThanOrEqual(10)
        },
      ),
      { numRuns: 25, seed: 5 },
    )
  })

  test("[attack] of three dimensions too: no protected cell can be worked out within the threshold", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(12), fc.nat(90)), { minLength: 12, maxLength: 12 }), (counts) => {
        fc.pre(counts.some((count) => count > 0))
        const counted = countedTable(
          ["region", "year", "sex"],
          counts.map((count, i) => ({
            at: [`r${i % 2}`, `y${(i >> 1) % 3}`, `s${Math.floor(i / 6)}`],
            count,
          })),
        )
        if (!counted.ok) throw new Error(counted.error.kind)
        const table = counted.value
        const result = protect(table, solver, { threshold: 10 })
        const hidden = new Map(
          result.published.cells.flatMap((cell, i) => (cell.value === null ? [[i, true] as const] : [])),
        )
        for (const [cell] of hidden) {
          if ((table.cells[cell]?.count ?? 0) >= 10) continue
          const { low, high } = attack(table, solver, hidden, cell)
          expect(high - low).toBeGreaterThanOrEqual(10 - 1e-6)
        }
      }),
      { numRuns: 8, seed: 6 },
    )
  })

  test("[all in one] a region with everybody in one year does not show the year", () => {
    const result = protect(
      grid([
        [0, 30, 0],
        [25, 40, 33],
        [28, 21, 35],
      ]),
      solver,
      { threshold: 10 },
    )
    expect(value(result, "region=r0; year=c1")).toBeNull()
    expect(result.log.find(({ name }) => name === "region=r0; year=c1")?.reason).toBe("all-in-one-cell")
  })

  test("[log] what may be published says nothing of why or how many", () => {
    const result = protect(
      grid([
        [40, 3, 30],
        [50, 60, 25],
      ]),
      solver,
      { threshold: 10 },
    )
    const text = JSON.stringify(result.published)
    for (const word of ["small", "complementary", "reason"]) expect(text).not.toContain(word)
    expect(text).not.toMatch(/:3[,}]/)
  })

  test("[too fine] says when most of a table cannot be printed", () => {
    const result = protect(
      grid([
        [3, 1, 2],
        [0, 4, 50],
      ]),
      solver,
      { threshold: 10 },
    )
    expect(result.warnings.map(({ code }) => code)).toContain("too-fine")
  })
})

describe("editions", () => {
  const first = grid([
    [40, 22, 30],
    [50, 60, 25],
  ])
  const second = grid([
    [40, 25, 30],
    [50, 60, 45],
  ])

  test("[difference] three people more than last time are not shown by two tables together", () => {
    const earlier = protect(first, solver, { threshold: 10 }).published
    expect(differences(second, [earlier], 10).toHide.size).toBeGreaterThan(0)
    const result = protect(second, solver, { threshold: 10, earlier: [earlier] })
    expect(value(result, "region=r0; year=c1")).toBeNull()
    expect(result.log.some(({ reason }) => reason === "difference")).toBe(true)
    // Twenty more may be seen.
    expect(differences(second, [earlier], 10).toHide).not.toContain(
      second.cells.findIndex((cell) => cell.count === 45),
    )
  })

  test("[difference] the same table again hides nothing more", () => {
    const earlier = protect(first, solver, { threshold: 10 }).published
    const again = protect(first, solver, { threshold: 10, earlier: [earlier] }).published
    expect(again).toEqual(earlier)
  })

  const regions = (counts: readonly number[]) => {
    const table = countedTable(
      ["region"],
      counts.map((count, region) => ({ at: [`r${region}`], count })),
    )
    if (!table.ok) throw new Error(table.error.kind)
    return table.value
  }

  test("[difference] a table by region is compared with one by region and year: totals have one name", () => {
    const earlier = protect(regions([89, 135]), solver, { threshold: 10 }).published
    const result = protect(first, solver, { threshold: 10, earlier: [earlier] })
    expect(value(result, "region=r0")).toBeNull()
    expect(result.log.find(({ name }) => name === "region=r0")?.reason).toBe("difference")
  })

  test("[difference] what was left out beside a small cell is not printed by another table of the same people", () => {
    // By region r0 (7 people) is small, and one more region goes with it.
    const counts = [
      [3, 4],
      [14, 11],
      [12, 19],
      [40, 60],
    ]
    const earlier = protect(regions(counts.map(([a = 0, b = 0]) => a + b)), solver, { threshold: 10 })
    const leftOut = earlier.published.cells.flatMap((cell) => (cell.value === null ? [cell.name] : []))
    expect(leftOut).toHaveLength(2)
    const later = protect(grid(counts), solver, { threshold: 10, earlier: [earlier.published] })
    for (const name of leftOut) expect(value(later, name)).toBeNull()
    // And what the earlier one printed is not counted on to hide anything now.
    const known = earlier.published.cells.flatMap((cell) => (cell.value === null ? [] : [cell.name]))
    for (const entry of later.log)
      if (known.includes(entry.name)) expect(entry.reason).not.toBe("complementary")
  })

  test("[difference] one person more somewhere else does not bring back what was left out beside a small cell", () => {
    const earlier = protect(regions([7, 25, 31, 100]), solver, { threshold: 10 }).published
    expect(earlier.cells.filter((cell) => cell.value === null).map(({ name }) => name)).toEqual([
      "region=r0",
      "region=r1",
    ])
    const later = protect(regions([7, 25, 32, 100]), solver, { threshold: 10, earlier: [earlier] })
    // 163 − 31 − 100 of the first edition less 25 of this one would be the seven.
    expect(value(later, "region=r1")).toBeNull()
    expect(later.log.find(({ name }) => name === "region=r1")?.reason).toBe("left-out-before")
    // In the third edition, too, whichever of the two it is held against.
    const third = protect(regions([7, 25, 60, 100]), solver, {
      threshold: 10,
      earlier: [earlier, later.published],
    })
    expect(value(third, "region=r1")).toBeNull()
  })

  test("[difference] what was left out may be printed once it is larger than all that was left out together", () => {
    const earlier = protect(regions([7, 25, 31, 100]), solver, { threshold: 10 }).published
    const grown = protect(regions([45, 60, 31, 100]), solver, { threshold: 10, earlier: [earlier] })
    expect([value(grown, "region=r0"), value(grown, "region=r1")]).toEqual([45, 60])
  })

  test("[difference] what is known to within a few people covers no other cell for more than that", () => {
    const table = regions([7, 60, 70])
    const total = table.cells.findIndex((cell) => cell.at[0] === null)
    const one = table.cells.findIndex((cell) => cell.count === 60)
    const hidden = new Map([0, one, total].map((cell) => [cell, true] as const))
    const small = table.cells.findIndex((cell) => cell.count === 7)
    expect(attack(table, solver, hidden, small).high).toBe(Number.POSITIVE_INFINITY)
    const bounds = new Map([
      [one, { low: 57, high: 63 }],
      [total, { low: 136, high: 138 }],
    ])
    expect(attack(table, solver, hidden, small, bounds)).toMatchObject({ low: 3, high: 11 })
    const { reasons } = suppress(
      table,
      solver,
      10,
      new Map([
        [one, "difference"],
        [total, "difference"],
      ]),
      {
        known: new Set(),
        bounds,
      },
    )
    // Something that nobody knows has to go with them.
    expect([...reasons.keys()]).toContain(table.cells.findIndex((cell) => cell.count === 70))
  })

  test("[difference] every earlier edition counts, not the last one only", () => {
    const older = { threshold: 10, rounded: false, cells: [{ name: "region=r0; year=c1", value: 22 }] }
    const newer = { threshold: 10, rounded: false, cells: [{ name: "region=r1; year=c0", value: 50 }] }
    for (const earlier of [
      [older, newer],
      [newer, older],
    ]) {
      const result = protect(second, solver, { threshold: 10, earlier })
      expect(result.log.find(({ name }) => name === "region=r0; year=c1")?.reason).toBe("difference")
    }
  })

  test("[difference] whoever keeps both editions and takes all but one region for unchanged finds no small one", () => {
    const counts = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 10, max: 90 })), {
      minLength: 4,
      maxLength: 6,
    })
    fc.assert(
      fc.property(counts, fc.nat(5), fc.integer({ min: 1, max: 25 }), (before, which, more) => {
        fc.pre(before.some((count) => count > 0))
        const changed = which % before.length
        const after = before.map((count, at) => (at === changed ? count + more : count))
        const first = protect(regions(before), solver, { threshold: 10 }).published
        const result = protect(regions(after), solver, { threshold: 10, earlier: [first] })
        const second = result.published
        if (result.warnings.some(({ code }) => code === "follows-from-earlier")) return
        // x_i the regions of the first edition, x_n the changed one of the second.
        const n = before.length
        const spec = {
          variables: n + 1,
          constraints: [first, second].flatMap((edition, which) => {
            const total = value({ published: edition } as never, "everybody")
            return typeof total === "number"
              ? [
                  {
                    terms: before.map((_, i) => [which === 1 && i === changed ? n : i, 1] as const),
                    equals: total,
                  },
                ]
              : []
          }),
          lower: (i: number) => printed(i) ?? 0,
          upper: (i: number) => printed(i) ?? Number.POSITIVE_INFINITY,
        }
        const printed = (i: number): number | undefined => {
          const name = `region=r${i === n ? changed : i}`
          const editions = i === n ? [second] : i === changed ? [first] : [first, second]
          return editions.flatMap(
            (edition) => edition.cells.find((cell) => cell.name === name)?.value ?? [],
          )[0]
        }
        before.forEach((count, i) => {
          if (count >= 10) return
          const least = solver.optimise("Minimize", [[i, 1]], spec)
          const most = solver.optimise("Maximize", [[i, 1]], spec)
          const high = most.kind === "optimal" ? most.value : Number.POSITIVE_INFINITY
          expect(high - (least.kind === "optimal" ? least.value : 0)).toBeGreaterThanOrEqual(10 - 1e-6)
        })
      }),
      { numRuns: 60, seed: 8 },
    )
  })

  test("[difference] another choice of what to leave out would undo the first one", () => {
    const counts = [7, 25, 31, 100]
    const earlier = {
      threshold: 10,
      rounded: true,
      cells: [
        { name: "region=r0", value: null },
        { name: "region=r1", value: 25 },
        { name: "region=r2", value: 30 },
        { name: "region=r3", value: null },
        { name: "everybody", value: 165 },
      ],
    }
    expect(value(protect(regions(counts), solver, { threshold: 10 }), "region=r3")).toBe(100)
    const result = protect(regions(counts), solver, { threshold: 10, earlier: [earlier] })
    expect(value(result, "region=r3")).toBeNull()
    expect(result.log.find(({ name }) => name === "region=r3")?.reason).toBe("left-out-before")
  })

  test("[difference] what readers can work out already is said, not thrown", () => {
    // Everything but one cell was printed: with the totals unchanged nothing can hide it.
    const earlier = {
      threshold: 10,
      rounded: false,
      cells: [
        { name: "region=r0; year=c0", value: 40 },
        { name: "region=r0; year=c1", value: 22 },
        { name: "region=r0", value: 66 },
        { name: "year=c2", value: 30 },
        { name: "region=r1; year=c2", value: 26 },
      ],
    }
    const result = protect(
      grid([
        [40, 22, 4],
        [50, 60, 26],
      ]),
      solver,
      { threshold: 10, earlier: [earlier] },
    )
    expect(result.warnings.map(({ code }) => code)).toContain("follows-from-earlier")
    expect(value(result, "region=r0; year=c2")).toBeNull()
  })

  test("[already published] a cell that was printed and is small now is named", () => {
    const shrunk = grid([
      [40, 22, 30],
      [50, 60, 7],
    ])
    const earlier = protect(first, solver, { threshold: 10 }).published
    const result = protect(shrunk, solver, { threshold: 10, earlier: [earlier] })
    expect(result.warnings.map(({ code }) => code)).toContain("already-published")
  })
})

describe("rounding", () => {
  const half = (text: string): number => ((text.length * 7919) % 100) / 100

  test("[rounding] goes to a neighbouring multiple of five, and always the same way", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.string(), (count, name) => {
        const rounded = keyedRounding(count, name, half)
        expect(rounded % 5).toBe(0)
        expect(Math.abs(rounded - count)).toBeLessThan(5)
        expect(keyedRounding(count, name, half)).toBe(rounded)
        if (count % 5 === 0) expect(rounded).toBe(count)
      }),
    )
  })

  test("[rounding] is unbiased over keys", () => {
    let sum = 0
    for (let key = 0; key < 1000; key++) sum += keyedRounding(12, "x", () => key / 1000)
    expect(sum / 1000).toBeCloseTo(12, 1)
  })

  test("[estimate] two significant digits", () => {
    expect([10356.52, 157.17, 8.44].map((value) => publishedEstimate(value))).toEqual([10000, 160, 8.4])
  })

  test("[estimate] never below the people seen, and an interval outwards only", () => {
    expect(publishedEstimate(4449, 4440)).toBe(4500)
    expect(publishedEstimate(4449, 4400)).toBe(4400)
    expect([9960, 6947, 4445, 0, 8.44].map((value) => publishedLower(value))).toEqual([
      9900, 6900, 4400, 0, 8.4,
    ])
    expect(publishedLower(4445, 4440)).toBe(4440)
    expect([9960, 18_010, 4400, 8.44, 101].map((value) => publishedUpper(value))).toEqual([
      10_000, 19_000, 4400, 8.5, 110,
    ])
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (value, share) => {
          const seen = Math.floor(value * share)
          expect(publishedLower(value, seen)).toBeLessThanOrEqual(value)
          expect(publishedLower(value, seen)).toBeGreaterThanOrEqual(seen)
          expect(publishedUpper(value)).toBeGreaterThanOrEqual(value)
          expect(publishedEstimate(value, seen)).toBeGreaterThanOrEqual(seen)
          for (const shown of [publishedUpper(value), publishedEstimate(value, seen), publishedLower(value)])
            expect(Math.abs(shown / value - 1)).toBeLessThanOrEqual(0.1)
        },
      ),
    )
  })
})

describe("coarse time and named sources", () => {
  test("[time] months alone, years beside anything else", () => {
    expect(coarseTime("2018-12-27", true)).toBe("2018-12")
    expect(coarseTime("2018-12-27", false)).toBe("2018")
    expect(coarseTime("27.12.2018", false)).toBe("2018")
    expect(isFineTime(["2018-12-27", ""])).toBe(true)
    expect(isFineTime(["2018", "2019"])).toBe(false)
    expect(isFineTime(["A", "B"])).toBe(false)
  })

  test("[time] however a day is written and whatever stands beside it", () => {
    const days = Array.from({ length: 200 }, (_, day) => `2018-12-${1 + (day % 28)}`)
    for (const dirty of ["unknown", "неизвестно", "2018", "Dezember"]) {
      expect(isFineTime([...days, dirty]), dirty).toBe(true)
    }
    for (const written of [
      ...[
        "2018-12-27 00:00:00",
        "2018-12-27T10:00:00Z",
        "27.12.2018",
        "27/12/2018",
        "12/27/2018",
        "2018/12/27",
      ],
      ...["20181227", "27 декабря 2018", "December 2018", "12.2018", "2018-12", "27.12.2018 10:15"],
    ]) {
      expect(coarseTime(written, false), written).toBe("2018")
      expect(coarseTime(written, true), written).toBe("2018-12")
      // A lone day in a column of words too.
      expect(isFineTime([written, "A", "B", "C"]), written).toBe(false)
    }
    expect(coarseTime("2018-12-27..2019-01-02", true)).toBe("2018–2019")
    expect(coarseTime("2018", true)).toBe("2018")
    expect(coarseTime("Argun", true)).toBe("Argun")
    expect(isUnclearTime("Dezember", "day-first")).toBe(true)
    expect(isUnclearTime("unknown", "day-first")).toBe(false)
  })

  test("[pattern] a list is known by its marks though a cell is empty or typed wrongly", () => {
    const marked = (mark: string, other: string) =>
      Array.from({ length: 40 }, (_, row) => (row % 3 === 0 ? mark : other))
    for (const cells of [
      ...[marked("1", "0"), marked("x", ""), marked("✓", "-"), marked("ja", "nej"), marked("lawyer", "")],
      ...[
        ["", ...marked("1", "0")],
        ["?", ...marked("1", "0")],
      ],
    ])
      expect(looksLikeMarks(cells), cells.slice(0, 3).join("|")).toBe(true)
    for (const cells of [marked("A", "B"), marked("2018", "2019"), marked("", "-"), marked("f", "m")])
      expect(looksLikeMarks(cells), cells.slice(0, 3).join("|")).toBe(false)
  })

  test("[pattern] two named sources in a small group are refused, one source or a large group not", () => {
    const bySources = (scale: number) => {
      const table = countedTable(
        ["clinic", "lawyer"],
        [
          { at: ["1", "1"], count: 12 * scale },
          { at: ["0", "1"], count: 30 * scale },
          { at: ["1", "0"], count: 41 * scale },
        ],
      )
      if (!table.ok) throw new Error(table.error.kind)
      return table.value
    }
    expect(forbiddenPattern(bySources(1), ["clinic", "lawyer"])?.smallest).toBe(83)
    expect(forbiddenPattern(bySources(10), ["clinic", "lawyer"])).toBeNull()
    expect(forbiddenPattern(bySources(1), ["clinic"])).toBeNull()
  })
})

describe("tables", () => {
  test("[table] every total is the sum of its parts, in each dimension", () => {
    const table = countedTable(
      ["a", "b", "c"],
      Array.from({ length: 40 }, (_, i) => ({ at: [`${i % 3}`, `${i % 4}`, `${i % 5}`], count: i })),
    )
    if (!table.ok) throw new Error(table.error.kind)
    expect(table.value.cells).toHaveLength(4 * 5 * 6)
    for (const { whole, parts } of table.value.relations)
      expect(parts.reduce((sum, part) => sum + (table.value.cells[part]?.count ?? 0), 0)).toBe(
        table.value.cells[whole]?.count,
      )
  })

  test("[table] four dimensions, and too many cells, are refused", () => {
    const at = ["a", "b", "c", "d"]
    const four = countedTable(at, [{ at, count: 1 }])
    expect(four.ok ? "" : four.error.kind).toBe("too-many-dimensions")
    const many = countedTable(
      ["a", "b"],
      Array.from({ length: 100 }, (_, i) => ({ at: [`${i}`, `${i}`], count: 20 })),
    )
    expect(many.ok ? "" : many.error.kind).toBe("too-many-cells")
  })
})
