/** Learns the whole model from compared pairs, without labels. */
import type { BlockingRule } from "../blocking/rule.ts"
import type { ComparisonShape } from "../comparison/comparison.ts"
import type { ComparedPairs } from "../comparison/pairs.ts"
import type { Field } from "../records/fields.ts"
import {
  estimateU,
  type KinRule,
  LEVELS,
  learnM,
  levelWeights,
  normalise,
  type Probabilities,
  startingM,
} from "./fellegi-sunter.ts"
import { PatternCounter, type Patterns, unpack } from "./patterns.ts"

export interface Session {
  readonly rule: string
  readonly pairs: number
  /** Pairs of one person that the session believes to have seen. */
  readonly matches: number
  /** Pairs of two people of one household that it believes to have seen. */
  readonly kin: number
  readonly share: number
  readonly iterations: number
  /** Whether it saw enough to be counted. */
  readonly used: boolean
}

export interface TrainedModel {
  readonly shapes: readonly ComparisonShape[]
  readonly probabilities: Probabilities
  /** log2(m/u) per comparison × 16 + level. */
  readonly weights: Float64Array
  /** log2(k/u), k the chance among two people of one household: see Note: relatives. */
  readonly kinWeights: Float64Array
  readonly kinRules: readonly KinRule[]
  readonly sessions: readonly Session[]
}

/** Whether any session taught anything; else the weights are hardly more than those it began with. */
export const isLearnt = ({ sessions }: TrainedModel): boolean => sessions.some(({ used }) => used)

export function kinRuleOf(field: Field): KinRule {
  switch (field.kind) {
    case "name":
      return field.part === "given" ? "as-strangers" : "as-one-person"
    case "place":
    case "postcode":
      return "as-one-person"
    case "date":
    case "identifier":
      return "as-strangers"
    case "category":
      return "learnt"
  }
}

/** A session that believes in fewer true pairs than this teaches nothing. */
const LEAST_MATCHES = 20
/** Nor does one in which true pairs are so rare that errors drown them. */
const LEAST_SHARE = 0.05
/** With u given, one comparison alone fits any share of true pairs: two must be left free. */
const LEAST_FREE = 2
/** The most selective rules teach best; more sessions than this only cost time. */
const MOST_SESSIONS = 12

export function trainModel(
  shapes: readonly ComparisonShape[],
  kinRules: readonly KinRule[],
  random: Patterns,
  candidates: readonly ComparedPairs[],
  rules: readonly BlockingRule[],
  allPairs: number,
): TrainedModel {
  const levelCounts = shapes.map(({ levels }) => levels.length)
  const start = startingM(
    levelCounts,
    shapes.map(({ exact }) => exact),
  )
  const sessionRules = chooseSessions(rules, shapes.length)
  const patterns = sessionPatterns(candidates, sessionRules)
  let u = estimateU(random, levelCounts)
  let m = start
  let kinM = start
  let sessions: Session[] = []
  // Twice: the first model shows which random pairs are one person, and u is learnt again without them.
  for (let round = 0; round < 2; round++) {
    const results = sessionRules.map((rule, at) => {
      const used = shapes.map((_, c) => c).filter((c) => !rule.comparisons.includes(c))
      return learnM(patterns[at] as Patterns, levelCounts, used, u, start, kinRules)
    })
    const counted = results.map(
      ({ matches, share }, at) =>
        matches >= LEAST_MATCHES &&
        share >= LEAST_SHARE &&
        shapes.length - (sessionRules[at]?.comparisons.length ?? 0) >= LEAST_FREE,
    )
    const useful = results.filter((_, at) => counted[at])
    m = normalise(
      summed(
        useful.map(({ expected }) => expected),
        start.length,
      ),
      levelCounts,
      (slot) => 10 * (start[slot] as number),
    )
    const between = m.map((value, slot) => (value + (u[slot] as number)) / 2)
    kinM = normalise(
      summed(
        useful.map(({ expectedKin }) => expectedKin),
        start.length,
      ),
      levelCounts,
      (slot) => 10 * (between[slot] as number),
    )
    sessions = results.map((result, at) => ({
      rule: sessionRules[at]?.name ?? "",
      pairs: sessionRules[at]?.pairs ?? 0,
      matches: result.matches,
      kin: result.kin,
      share: result.share,
      iterations: result.iterations,
      used: counted[at] ?? false,
    }))
    if (round === 0) {
      const weights = levelWeights({ m, u })
      u = estimateU(random, levelCounts, matchChance(random, weights, shapes.length))
    }
  }
  // Then all comparisons at once over all candidates: what one session could not see, the others correct.
  const joint = learnM(
    candidatePatterns(candidates),
    levelCounts,
    shapes.map((_, c) => c),
    u,
    m,
    kinRules,
    {
      pairs: allPairs,
      share: 1 / Math.sqrt(allPairs),
      kinShare: 0.1 / Math.sqrt(allPairs),
    },
  )
  m = normalise(joint.expected, levelCounts, (slot) => 10 * (m[slot] as number))
  kinM = normalise(joint.expectedKin, levelCounts, (slot) => 10 * (kinM[slot] as number))
  const probabilities = { m, u }
  const weights = levelWeights(probabilities)
  const learnt = levelWeights({ m: kinM, u })
  const kinWeights = weights.map((weight, slot) => {
    const rule = kinRules[(slot / LEVELS) | 0]
    return rule === "as-one-person" ? weight : rule === "learnt" ? (learnt[slot] as number) : 0
  })
  return { shapes, probabilities, weights, kinWeights, kinRules, sessions }
}

function summed(columns: readonly Float64Array[], length: number): Float64Array {
  const sum = new Float64Array(length)
  for (const column of columns) {
    for (let slot = 0; slot < length; slot++) sum[slot] = (sum[slot] as number) + (column[slot] as number)
  }
  return sum
}

/** The most selective rules, and as many more as are needed for each comparison to be free in two of them. */
function chooseSessions(rules: readonly BlockingRule[], comparisons: number): readonly BlockingRule[] {
  const bySize = [...rules].filter(({ pairs }) => pairs >= LEAST_MATCHES).sort((x, y) => x.pairs - y.pairs)
  const chosen = bySize.slice(0, MOST_SESSIONS)
  for (let c = 0; c < comparisons; c++) {
    const freeIn = () => chosen.filter((rule) => !rule.comparisons.includes(c)).length
    for (const rule of bySize.slice(MOST_SESSIONS)) {
      if (freeIn() >= 2) break
      if (!rule.comparisons.includes(c)) chosen.push(rule)
    }
  }
  return chosen
}

function candidatePatterns(candidates: readonly ComparedPairs[]): Patterns {
  const counter = new PatternCounter()
  for (const pairs of candidates) counter.addAll(pairs)
  return counter.patterns()
}

function sessionPatterns(
  candidates: readonly ComparedPairs[],
  rules: readonly BlockingRule[],
): readonly Patterns[] {
  return rules.map(({ codes }) => {
    const counter = new PatternCounter()
    for (const { a, b, low, high } of candidates) {
      for (let at = 0; at < a.length; at++) {
        const code = codes[a[at] as number] as number
        if (code >= 0 && code === codes[b[at] as number]) counter.add(low[at] as number, high[at] as number)
      }
    }
    return counter.patterns()
  })
}

/** Chance per random pattern that it is one person, the share of true pairs learnt on the way. */
function matchChance(
  random: Patterns,
  weights: Float64Array,
  comparisons: number,
): (pattern: number) => number {
  const levels = unpack(random, comparisons)
  const weight = new Float64Array(random.size)
  for (let at = 0; at < random.size; at++) {
    let sum = 0
    for (let c = 0; c < comparisons; c++)
      sum += weights[c * LEVELS + (levels[at * comparisons + c] as number)] as number
    weight[at] = sum
  }
  const total = random.count.reduce((sum, count) => sum + count, 0)
  let share = 1e-4
  for (let round = 0; round < 20; round++) {
    const odds = share / (1 - share)
    let matches = 0
    for (let at = 0; at < random.size; at++) {
      const ratio = odds * 2 ** (weight[at] as number)
      matches += (random.count[at] as number) * (ratio / (1 + ratio))
    }
    share = Math.min(0.5, Math.max(1e-9, matches / total))
  }
  const odds = share / (1 - share)
  return (at) => {
    const ratio = odds * 2 ** (weight[at] as number)
    return ratio / (1 + ratio)
  }
}
