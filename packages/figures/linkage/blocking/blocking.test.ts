import { describe, expect, test } from "vitest"
import { guessMapping, mappingOf } from "../mapping/guess-mapping.ts"
import { nameVariants } from "../names/name-variants.ts"
import { buildRecords } from "../records/build-records.ts"
import { generatePeople } from "../testing/generate-people.ts"
import { cutTasks, forEachCandidate, layOut } from "./candidates.ts"
import { planBlocking, planFromRules } from "./plan.ts"

const { table } = generatePeople(1500, 11)
const guesses = guessMapping(
  table.columns.map((name, at) => ({ name, lists: [table.cells[at] ?? []] })),
  "person",
)
const { records } = buildRecords([table], mappingOf(guesses), nameVariants())
const free = new Int32Array(records.count).fill(-1)

function pairsOf(rules: ReturnType<typeof planBlocking>["rules"], cleanList = free): string[] {
  const layouts = rules.map(layOut)
  const pairs: string[] = []
  for (const task of cutTasks(layouts, 5_000))
    forEachCandidate(task, layouts, cleanList, (a, b) => pairs.push(`${a} ${b}`))
  return pairs
}

describe("blocking", () => {
  test("[union] is every pair that shares a block of some rule, each once", () => {
    const { rules } = planBlocking(records, { maxCandidates: 100_000 })
    expect(rules.length).toBeGreaterThan(3)
    const pairs = pairsOf(rules)
    const brute = new Set<string>()
    for (let a = 0; a < records.count; a++) {
      for (let b = a + 1; b < records.count; b++) {
        if (rules.some(({ codes }) => (codes[a] as number) >= 0 && codes[a] === codes[b]))
          brute.add(`${a} ${b}`)
      }
    }
    expect(pairs.length).toBe(brute.size)
    expect(new Set(pairs)).toEqual(brute)
  })

  test("[budget] the measured sum of all rules stays within what is allowed", () => {
    for (const maxCandidates of [5_000, 50_000, 500_000]) {
      const { rules } = planBlocking(records, { maxCandidates })
      expect(rules.reduce((sum, { pairs }) => sum + pairs, 0)).toBeLessThanOrEqual(maxCandidates)
    }
  })

  test("[bad rule] one that makes too many candidates is set aside with its count, the others stay", () => {
    const { rules, notes } = planFromRules(records, [["gender"], ["surname", "dob.year"]], {
      maxCandidates: 100_000,
    })
    expect(rules.map(({ name }) => name)).toEqual(["surname + dob.year"])
    expect(notes[0]).toMatchObject({ severity: "warning", code: "rule-too-coarse" })
    expect(notes[0]?.text).toMatch(/gender is set aside: it makes [\d,]+ pairs.*100,000 are allowed/)
  })

  test("[bad rule] five million pairs are counted without being made: memory stays that of a column or two", () => {
    const people = generatePeople(5000, 5).table
    const roles = guessMapping(
      people.columns.map((name, at) => ({ name, lists: [people.cells[at] ?? []] })),
      "person",
    )
    const { records: many } = buildRecords([people], mappingOf(roles), nameVariants())
    const before = process.memoryUsage().arrayBuffers
    const { rules, notes } = planFromRules(many, [["gender"]], { maxCandidates: 2_000_000 })
    expect(rules).toEqual([])
    const made = Number(/makes ([\d,]+) pairs/.exec(notes[0]?.text ?? "")?.[1]?.replaceAll(",", ""))
    expect(made).toBeGreaterThan(5_000_000)
    // One byte for each pair would be more than this.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000)
  })

  test("[bad rule] an unknown key is named together with the keys that there are", () => {
    const { rules, notes } = planFromRules(records, [["shoe size"]], { maxCandidates: 100_000 })
    expect(rules).toEqual([])
    expect(notes[0]?.text).toMatch(/no key "shoe size".*surname/)
  })

  test("[clean list] two records of one clean list are never a candidate", () => {
    const { rules } = planBlocking(records, { maxCandidates: 100_000 })
    const halves = Int32Array.from({ length: records.count }, (_, record) => record % 2)
    const pairs = pairsOf(rules, halves).map((pair) => pair.split(" ").map(Number))
    expect(pairs.length).toBeGreaterThan(100)
    expect(pairs.every(([a = 0, b = 0]) => a % 2 !== b % 2)).toBe(true)
  })
})
