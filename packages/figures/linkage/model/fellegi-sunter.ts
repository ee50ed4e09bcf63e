/**
 * The model: each comparison has, per level, the chance m among pairs of one person and u among pairs of two;
 * the weight of a level is log2(m / u), and weights add up (Fellegi & Sunter 1969). m is learnt without labels
 * by expectation-maximisation (Winkler 1988), u from random pairs.
 */
import { type Patterns, unpack } from "./patterns.ts"

/** Levels are stored 16 to a comparison; entry 0, "not known", is never used. */
export const LEVELS = 16

export interface Probabilities {
  /** `m[comparison * 16 + level]`. */
  readonly m: Float64Array
  readonly u: Float64Array
}

/** Half a pair is added to every level, so that what was never seen is rare and not impossible. */
const PSEUDO_COUNT = 0.5

/**
 * How often two different people show each level, from random pairs.
 *
 * @param matchShare per pattern, the chance that such a pair is one person: those are not counted. Zero at first.
 */
export function estimateU(
  patterns: Patterns,
  levelCounts: readonly number[],
  matchShare?: (pattern: number) => number,
): Float64Array {
  const comparisons = levelCounts.length
  const levels = unpack(patterns, comparisons)
  const counts = new Float64Array(comparisons * LEVELS)
  for (let at = 0; at < patterns.size; at++) {
    const weight = (patterns.count[at] as number) * (1 - (matchShare?.(at) ?? 0))
    for (let c = 0; c < comparisons; c++) {
      const slot = c * LEVELS + (levels[at * comparisons + c] as number)
      counts[slot] = (counts[slot] as number) + weight
    }
  }
  return normalise(counts, levelCounts, () => PSEUDO_COUNT)
}

export interface SessionResult {
  /** Expected pairs of one person per comparison and level; zeros for comparisons that were left out. */
  readonly expected: Float64Array
  /** The same for pairs of relatives. */
  readonly expectedKin: Float64Array
  /** Share of the session's pairs that are one person. */
  readonly share: number
  readonly matches: number
  /** Pairs believed to be two people of one household. */
  readonly kin: number
  readonly iterations: number
}

/**
 * Note: relatives. Two brothers agree on family name, father, place and postcode, and differ in given name and
 * birth. With two classes only, such pairs are learnt as one person, and every brother of a victim is merged
 * with him. So there is a third class: what a household shares agrees as for one person, what it does not
 * share as for strangers, and only how many such pairs there are, and their categories, is learnt.
 */
export type KinRule =
  /** As often alike as two records of one person: family name, place, postcode, patronymic. */
  | "as-one-person"
  /** As seldom alike as strangers: given name, dates, identifiers. */
  | "as-strangers"
  /** Learnt: a category may be either. */
  | "learnt"

/** A prior as heavy as this many pairs keeps m in place where a session has nothing to say. */
const PRIOR_PAIRS = 10
const MAX_ITERATIONS = 100
const CONVERGED = 1e-4

/**
 * One session: learns m and the shares of true and of related pairs among the pairs of one blocking rule, u held
 * fixed.
 *
 * @param used comparisons that the rule does not fix.
 * @param start m to begin from; also the prior.
 * @param among when the patterns are the candidates out of a larger number of pairs, all others strangers.
 */
export function learnM(
  patterns: Patterns,
  levelCounts: readonly number[],
  used: readonly number[],
  u: Float64Array,
  start: Float64Array,
  kinRules: readonly KinRule[],
  among?: { readonly pairs: number; readonly share: number; readonly kinShare: number },
): SessionResult {
  const comparisons = levelCounts.length
  const levels = unpack(patterns, comparisons)
  let m = start
  let kinM: Float64Array = start.map((value, slot) => (value + (u[slot] as number)) / 2)
  const kinPrior = kinM
  let share = among?.share ?? 0.2
  let kinShare = among?.kinShare ?? 0.05
  let expected: Float64Array = new Float64Array(comparisons * LEVELS)
  let expectedKin: Float64Array = new Float64Array(comparisons * LEVELS)
  let matches = 0
  let kin = 0
  let iterations = 0
  const total = among?.pairs ?? patterns.count.reduce((sum, count) => sum + count, 0)
  const ratio = new Float64Array(comparisons * LEVELS)
  const kinRatio = new Float64Array(comparisons * LEVELS)
  // A rule that fixes what kin do not share brings no kin together; one that does not must leave both to see.
  const free = (rule: KinRule) => used.some((c) => kinRules[c] === rule)
  const tellsKin =
    free("as-strangers") &&
    free("as-one-person") &&
    kinRules.every((rule, c) => rule !== "as-strangers" || used.includes(c))
  if (!tellsKin) kinShare = 0
  for (; iterations < MAX_ITERATIONS; iterations++) {
    for (let slot = 0; slot < ratio.length; slot++) {
      const rule = kinRules[(slot / LEVELS) | 0]
      const strangers = Math.max(u[slot] as number, 1e-12)
      ratio[slot] = slot % LEVELS === 0 ? 1 : (m[slot] as number) / strangers
      kinRatio[slot] =
        slot % LEVELS === 0 || rule === "as-strangers"
          ? 1
          : rule === "as-one-person"
            ? (ratio[slot] as number)
            : (kinM[slot] as number) / strangers
    }
    expected = new Float64Array(comparisons * LEVELS)
    expectedKin = new Float64Array(comparisons * LEVELS)
    matches = 0
    kin = 0
    const strangers = 1 - share - kinShare
    for (let at = 0; at < patterns.size; at++) {
      let one = share
      let related = kinShare
      const from = at * comparisons
      for (const c of used) {
        const slot = c * LEVELS + (levels[from + c] as number)
        one *= ratio[slot] as number
        related *= kinRatio[slot] as number
      }
      const count = patterns.count[at] as number
      const all = one + related + strangers
      const weight = (count * one) / all
      const kinWeight = (count * related) / all
      matches += weight
      kin += kinWeight
      for (const c of used) {
        const slot = c * LEVELS + (levels[from + c] as number)
        expected[slot] = (expected[slot] as number) + weight
        expectedKin[slot] = (expectedKin[slot] as number) + kinWeight
      }
    }
    const next = normalise(expected, levelCounts, (slot) => PRIOR_PAIRS * (start[slot] as number))
    kinM = normalise(expectedKin, levelCounts, (slot) => PRIOR_PAIRS * (kinPrior[slot] as number))
    const nextShare = Math.min(0.998, Math.max(1e-12, matches / total))
    let change = among === undefined ? Math.abs(nextShare - share) : Math.abs(nextShare / share - 1) / 10
    for (const c of used) {
      for (let level = 1; level < (levelCounts[c] as number); level++) {
        change = Math.max(
          change,
          Math.abs((next[c * LEVELS + level] as number) - (m[c * LEVELS + level] as number)),
        )
      }
    }
    m = next
    share = nextShare
    kinShare = tellsKin ? Math.min(0.998 - share, Math.max(1e-12, kin / total)) : 0
    if (change < CONVERGED) break
  }
  return { expected, expectedKin, share, matches, kin, iterations }
}

/** A first m: mostly full agreement, a little of everything else, little disagreement. */
export function startingM(levelCounts: readonly number[], exact: readonly number[]): Float64Array {
  const m = new Float64Array(levelCounts.length * LEVELS)
  levelCounts.forEach((count, c) => {
    const others = count - 3
    for (let level = 1; level < count; level++) {
      m[c * LEVELS + level] = level === exact[c] ? 0.8 : level === 1 ? 0.08 : 0.12 / Math.max(1, others)
    }
  })
  return m
}

/** Shares per comparison over levels 1 and up, with a pseudo-count per slot. */
export function normalise(
  counts: Float64Array,
  levelCounts: readonly number[],
  pseudo: (slot: number) => number,
): Float64Array {
  const shares = new Float64Array(counts.length)
  levelCounts.forEach((levels, c) => {
    let total = 0
    for (let level = 1; level < levels; level++)
      total += (counts[c * LEVELS + level] as number) + pseudo(c * LEVELS + level)
    for (let level = 1; level < levels; level++) {
      const slot = c * LEVELS + level
      shares[slot] = ((counts[slot] as number) + pseudo(slot)) / total
    }
  })
  return shares
}

/** log2(m / u) per slot, 0 for "not known". */
export function levelWeights({ m, u }: Probabilities): Float64Array {
  return m.map((value, slot) =>
    slot % LEVELS === 0 || value === 0 ? 0 : Math.log2(value / Math.max(u[slot] as number, 1e-12)),
  )
}

/** The chance that goes with log2 odds. */
export const chanceOf = (log2Odds: number): number => 1 / (1 + 2 ** -log2Odds)
