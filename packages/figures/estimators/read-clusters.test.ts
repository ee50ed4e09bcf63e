/** Linked records divided by a column that linking carried along. */
import { describe, expect, test } from "vitest"
import { parseCsv } from "../tabular/csv.ts"
import type { CaptureTable } from "./capture-table.ts"
import { estimateCaptures } from "./estimate-captures.ts"
import { capturesErrorText, readCaptures } from "./read-captures.ts"

const tableOf = (lines: readonly string[]) => {
  const parsed = parseCsv(new TextEncoder().encode(lines.join("\n")), "clusters.csv")
  if (!parsed.ok) throw new Error(parsed.error.kind)
  return parsed.value
}
const read = (lines: readonly string[], strata: readonly string[]) => {
  const result = readCaptures(tableOf(lines), { strata })
  if (!result.ok) throw new Error(capturesErrorText(result.error, "clusters.csv"))
  return result.value
}
const cells = ({ histories, counts }: CaptureTable): Record<string, number> =>
  Object.fromEntries(Array.from(histories, (history, i) => [history, counts[i] ?? 0]))

describe("strata of linked records", () => {
  const HEAD = "record_id,strict,best,loose,list,counted,region,sample-1,sample-2,linkage_warnings"
  const LINES = [
    HEAD,
    // Twice north, once south: north. One record says nothing.
    ...["1,1,1,1,a,1,north,1,1", "2,1,1,1,b,1,south,1,2", "3,1,1,1,c,1,north,1,1", "4,1,1,1,a,1,,1,1"],
    // Said by one record only.
    ...["5,2,2,2,b,1,south,3,3", "6,2,2,2,c,1,,3,4"],
    // As often the one as the other: the first by the alphabet.
    ...["7,3,3,3,a,1,south,5,5", "8,3,3,3,b,0,north,5,5"],
    // Nowhere.
    "9,4,4,4,c,1,,6,6",
  ].map((line, at) => (at === 0 ? line : `${line},no-warning`))

  test("[carry] a person is in the stratum of the commonest value, once, whatever the order of records", () => {
    const captures = read(LINES, ["region"])
    expect(captures.strata.map(({ name, table }) => [name, cells(table)])).toEqual([
      ["region north", { 7: 1, 3: 1 }],
      ["region (empty)", { 4: 1 }],
      ["region south", { 6: 1 }],
    ])
    expect(captures.whole.n).toBe(4)
    expect(captures.strata.reduce((sum, { table }) => sum + table.n, 0)).toBe(4)
    const [head = "", ...rows] = LINES
    const again = read([head, ...rows.toReversed()], ["region"])
    expect(again.strata.map(({ name, table }) => [name, table.n])).toEqual(
      captures.strata.map(({ name, table }) => [name, table.n]),
    )
  })

  test("[carry] how many people had two values is said", () => {
    const mixed = (strata: readonly string[]) =>
      read(LINES, strata).warnings.filter(({ code }) => code === "strata-mixed")
    expect(mixed(["region"])[0]?.text).toMatch(/^2 of 4 people .*"region"/)
    expect(mixed([])).toEqual([])
  })

  test("[carry] each stratum has its tables in the sampled linkages", () => {
    const [north, , south] = read(LINES, ["region"]).strata
    // In the second sample record 2 is a person of its own, in the south.
    expect(north?.linkages.map(cells)).toEqual([
      { 7: 1, 3: 1 },
      { 5: 1, 3: 1 },
    ])
    expect(south?.linkages.map(cells)).toEqual([{ 6: 1 }, { 2: 2 }])
  })

  test("[carry] without the column the way to get it is said", () => {
    const result = readCaptures(tableOf(LINES), { strata: ["year"] })
    expect(result.ok ? "" : capturesErrorText(result.error, "clusters.csv")).toMatch(
      /kunak link --carry "year"/,
    )
  })

  /** Two halves of 150 people on three lists; of the second half `sure` are surely different from one another. */
  const halves = (sure: number, samples: number): string[] => {
    const lines: string[] = []
    for (let person = 0; person < 300; person++) {
      for (let list = 0; list < 3; list++) {
        if ((person * (list * 7 + 3)) % 11 > 4) continue
        const counted = person < 150 + sure ? 1 : 0
        const half = person < 150 ? 1 : 2
        const sampled = Array.from({ length: samples }, (_, at) =>
          (person + at) % 9 === 0 && list === 1 ? `x${person}` : `${person}`,
        )
        lines.push(
          [lines.length, person, person, person, "abc"[list], counted, half, ...sampled, "no-warning"].join(),
        )
      }
    }
    const heads = Array.from({ length: samples }, (_, at) => `,sample-${at + 1}`)
    return [`record_id,strict,best,loose,list,counted,half${heads.join("")},linkage_warnings`, ...lines]
  }
  const settings = { seed: 1, skip: ["lcmcr", "log-linear-bootstrap", "decomposable-graphs"] } as const

  test("[carry] strata are pooled over the sampled linkages as the whole is", async () => {
    const [none, some] = [
      await estimateCaptures(read(halves(150, 0), ["half"]), settings),
      await estimateCaptures(read(halves(150, 4), ["half"]), settings),
    ]
    for (const [at, { evaluation }] of some.strata.entries()) {
      const pooled = evaluation.estimators.find(({ id }) => id === "independence")
      const alone = none.strata[at]?.evaluation.estimators.find(({ id }) => id === "independence")
      expect(pooled?.details).toMatchObject({ linkages: 4 })
      expect((pooled?.upper ?? 0) - (pooled?.lower ?? 0)).toBeGreaterThan(
        (alone?.upper ?? 0) - (alone?.lower ?? 0),
      )
    }
  })

  test("[carry] a part whose linkage is too doubtful has no total, though all together would do, and there is no sum", async () => {
    const { whole, strata, sum } = await estimateCaptures(read(halves(100, 0), ["half"]), settings)
    expect(whole.warnings.map(({ code }) => code)).toEqual(["linkage-uncertain"])
    const codes = Object.fromEntries(
      strata.map(({ name, evaluation }) => [name, evaluation.warnings.map(({ code }) => code)]),
    )
    expect(codes).toEqual({ "half 1": [], "half 2": ["linkage-doubtful"] })
    for (const result of sum) expect(result.status, result.id).toBe("refused")
  })
})
