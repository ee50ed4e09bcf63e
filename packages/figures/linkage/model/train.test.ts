/** What the model learns from: strangers from random pairs, one person from the pairs of several blocking rules. */
import { describe, expect, test, vi } from "vitest"
import { seededRandom } from "../../random/random.ts"
import type { BlockingRule } from "../blocking/rule.ts"
import { NAME_EXACT } from "../comparison/name-levels.ts"
import { type ComparedPairs, PairCollector } from "../comparison/pairs.ts"
import { isLinkage, linkRecords } from "../link.ts"
import { generatePeople } from "../testing/generate-people.ts"
import { recordsOf } from "../testing/records-of.ts"
import { LEVELS } from "./fellegi-sunter.ts"
import { PatternCounter } from "./patterns.ts"
import { trainModel } from "./train.ts"

vi.setConfig({ testTimeout: 60_000 })

/** Comparisons 0 to 3 with three levels each: 1 differ, 2 alike, 3 same. */
const SHAPES = ["a", "b", "c", "d"].map((label) => ({
  label,
  levels: ["not known", "differ", "alike", "same"],
  exact: 3,
}))
const LEARNT = SHAPES.map(() => "learnt" as const)
/** Records that are often wrong, so that m is not what the model begins with. */
const M = [0.3, 0.1, 0.6]
const GOOD_RECORDS = [0.05, 0.15, 0.8]
const U = [0.9, 0.08, 0.02]

type Level = 1 | 2 | 3
interface Pair {
  readonly one: boolean
  readonly levels: readonly Level[]
}

/** Pairs of which this share is one person, each of two records of its own. */
function pairsOf(count: number, share: number, seed: number, m = M): readonly Pair[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const one = random.float() < share
    const [differ = 0, alike = 0] = one ? m : U
    const levels = SHAPES.map((): Level => {
      const at = random.float()
      return at < differ ? 1 : at < differ + alike ? 2 : 3
    })
    return { one, levels }
  })
}

function compared(pairs: readonly Pair[]): ComparedPairs {
  const collector = new PairCollector()
  for (const [at, { levels }] of pairs.entries()) {
    const row = new Uint8Array(16)
    row.set(levels)
    collector.add(2 * at, 2 * at + 1, row)
  }
  return collector.finish()
}

const patternsOf = (pairs: readonly Pair[]) => {
  const counter = new PatternCounter()
  counter.addAll(compared(pairs))
  return counter.patterns()
}

/** The rule that brings together who is the same in these comparisons. */
function ruleOf(pairs: readonly Pair[], comparisons: readonly number[], name: string): BlockingRule {
  const codes = new Int32Array(2 * pairs.length).fill(-1)
  let kept = 0
  for (const [at, { levels }] of pairs.entries())
    if (comparisons.every((c) => levels[c] === 3)) {
      codes.fill(at, 2 * at, 2 * at + 2)
      kept++
    }
  return {
    name,
    keys: [],
    comparisons,
    codes,
    pairs: kept,
    largest: { size: 2, record: 0 },
    passedOver: { blocks: 0, pairs: 0, records: 0 },
  }
}

const among = (pairs: readonly Pair[], { codes }: BlockingRule) =>
  pairs.filter((_, at) => codes[2 * at] === at)
const shareOf = (pairs: readonly Pair[]) => pairs.filter(({ one }) => one).length / pairs.length

describe("how often strangers agree", () => {
  test("[u] where every tenth random pair is one person, these are taken out again", () => {
    const candidates = pairsOf(20_000, 0.3, 1, GOOD_RECORDS)
    const rules = [ruleOf(candidates, [0], "a"), ruleOf(candidates, [1], "b")]
    const random = patternsOf(pairsOf(200_000, 0.1, 2, GOOD_RECORDS))
    const { probabilities } = trainModel(SHAPES, LEARNT, random, [compared(candidates)], rules, 20_000)
    // Left in, they would make 0.02 of "same" 0.098 and 0.9 of "differ" 0.815.
    for (let c = 0; c < SHAPES.length; c++)
      for (const [level, value] of U.entries())
        expect(
          Math.abs((probabilities.u[c * LEVELS + level + 1] ?? 0) - value),
          `${c}, ${level + 1}`,
        ).toBeLessThan(0.01)
  })

  test("[u] is learnt from random pairs of the lists and not from those that blocking brings together", async () => {
    const { table } = generatePeople(1200, 9)
    const { records } = recordsOf([table], "person")
    const linked = await linkRecords(records, {
      seed: 1,
      cleanList: new Int32Array(records.count).fill(-1),
      rules: [
        ["surname", "dob.year"],
        ["given_name", "dob.year"],
      ],
    })
    if (!isLinkage(linked)) throw new Error(linked.kind)
    // More pairs than are drawn, fewer than a tenth of them compared.
    expect(linked.allPairs).toBeGreaterThan(600_000)
    expect(linked.candidates).toBeLessThan(linked.allPairs / 10)
    const person = table.cells[table.columns.indexOf("person")] ?? []
    for (const part of ["given", "family"]) {
      const c = records.fields.findIndex((field) => field.kind === "name" && field.part === part)
      const codes = records.fields[c]?.codes ?? new Int32Array()
      let [strangers, same] = [0, 0]
      for (let a = 0; a < records.count; a++)
        for (let b = a + 1; b < records.count; b++) {
          if (person[a] === person[b] || (codes[a] ?? -1) < 0 || (codes[b] ?? -1) < 0) continue
          strangers++
          if (codes[a] === codes[b]) same++
        }
      const truth = same / strangers
      const u = linked.model.probabilities.u[c * LEVELS + NAME_EXACT] ?? 0
      expect(Math.abs(u / truth - 1), part).toBeLessThan(0.1)
    }
  })
})

describe("what one person's records agree in", () => {
  test("[m] comes from two sessions, each of which leaves out the column that its rule fixes", () => {
    const candidates = pairsOf(20_000, 0.1, 3)
    const rules = [ruleOf(candidates, [0], "a"), ruleOf(candidates, [1], "b")]
    const random = patternsOf(pairsOf(200_000, 0, 4))
    const { probabilities, sessions } = trainModel(
      SHAPES,
      LEARNT,
      random,
      [compared(candidates)],
      rules,
      20_000,
    )
    expect(sessions.map(({ rule, used }) => [rule, used])).toEqual([
      ["a", true],
      ["b", true],
    ])
    // Had the fixed column been looked at, all of the session's pairs would pass for one person.
    for (const [at, session] of sessions.entries()) {
      const pairs = among(candidates, rules[at] as BlockingRule)
      expect(session.pairs).toBe(pairs.length)
      expect(Math.abs(session.share - shareOf(pairs))).toBeLessThan(0.02)
    }
    // Two thousand pairs of one person: three standard errors.
    for (let c = 0; c < SHAPES.length; c++)
      for (const [level, value] of M.entries()) {
        const learnt = probabilities.m[c * LEVELS + level + 1] ?? 0
        expect(Math.abs(learnt - value), `${c}, ${level + 1}`).toBeLessThan(
          3 * Math.sqrt((value * (1 - value)) / 2000),
        )
      }
  })

  test("[m] of a column that one rule fixes is what another rule's pairs say, not what the model begins with", () => {
    const candidates = pairsOf(600, 0.15, 5)
    const random = patternsOf(pairsOf(200_000, 0, 4))
    const same = (...columns: readonly (readonly number[])[]) => {
      const rules = columns.map((fixed) => ruleOf(candidates, fixed, fixed.join()))
      const model = trainModel(SHAPES, LEARNT, random, [compared(candidates)], rules, 600)
      expect(model.sessions.every(({ used }) => used)).toBe(true)
      return model.probabilities.m[3] ?? 0
    }
    // It begins with 0.8, the truth is 0.6; all pairs at once come after, and few enough leave of it a fiftieth.
    const [fromNobody, fromB] = [same([0]), same([0], [1])]
    expect(fromNobody - fromB).toBeGreaterThan(0.01)
  })
})
