/** How good a linkage is where the truth is known. Used only after linking. */
import type { Partition } from "../clusters/partition.ts"

export interface PairScores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** Per record a number: equal for records of one person; −1 where the truth is not known. */
export type Truth = Int32Array

/**
 * Reads the truth column. Febrl's ids (`rec-12-org`, `rec-12-dup-0`) name the person in their first part.
 */
export function readTruth(values: readonly string[]): Truth {
  const febrl = values.every((value) => /^.+-(org|dup(-\d+)?)$/.test(value))
  const numbers = new Map<string, number>()
  return Int32Array.from(values, (value) => {
    if (value === "") return -1
    const person = febrl ? value.replace(/-(org|dup(-\d+)?)$/, "") : value
    const known = numbers.get(person) ?? numbers.size
    numbers.set(person, known)
    return known
  })
}

/** True pairs up to which the cap on recall is counted: all that any usual file has. */
const COUNTABLE_PAIRS = 20_000_000

/**
 * The recall that no threshold can exceed: the share of true pairs that some blocking rule brought together and
 * that are not kept apart as two records of one clean list.
 *
 * @returns null where there are too many true pairs to go through one by one.
 */
export function recallCap(
  rules: readonly { readonly codes: Int32Array }[],
  cleanList: Int32Array,
  truth: Truth,
): number | null {
  const wanted = truePairCount(truth)
  if (wanted === 0) return 1
  if (wanted > COUNTABLE_PAIRS) return null
  const records = new Map<number, number[]>()
  truth.forEach((person, record) => {
    if (person < 0) return
    const known = records.get(person)
    if (known === undefined) records.set(person, [record])
    else known.push(record)
  })
  const compared = (a: number, b: number): boolean => {
    if ((cleanList[a] as number) >= 0 && cleanList[a] === cleanList[b]) return false
    return rules.some(({ codes }) => (codes[a] as number) >= 0 && codes[a] === codes[b])
  }
  let reached = 0
  for (const group of records.values()) {
    for (let at = 1; at < group.length; at++)
      for (let before = 0; before < at; before++)
        if (compared(group[before] as number, group[at] as number)) reached++
  }
  return reached / wanted
}

const pairsIn = (size: number): number => (size * (size - 1)) / 2

/** Pairs of records that are one person. */
export function truePairCount(truth: Truth): number {
  const sizes = new Map<number, number>()
  for (const person of truth) if (person >= 0) sizes.set(person, (sizes.get(person) ?? 0) + 1)
  let pairs = 0
  for (const size of sizes.values()) pairs += pairsIn(size)
  return pairs
}

/** Pairs joined by a partition against the truth. Without any joined pair precision is 1: nothing wrong was said. */
export function partitionScores(partition: Partition, truth: Truth): PairScores {
  const clusters = new Map<number, number>()
  const both = new Map<number, number>()
  const people = truth.reduce((most, person) => Math.max(most, person), 0) + 1
  partition.forEach((cluster, record) => {
    const person = truth[record] as number
    if (person < 0) return
    clusters.set(cluster, (clusters.get(cluster) ?? 0) + 1)
    const key = cluster * people + person
    both.set(key, (both.get(key) ?? 0) + 1)
  })
  let joined = 0
  for (const size of clusters.values()) joined += pairsIn(size)
  let right = 0
  for (const size of both.values()) right += pairsIn(size)
  return scores(right, joined, truePairCount(truth))
}

export function scores(right: number, said: number, wanted: number): PairScores {
  const precision = said === 0 ? 1 : right / said
  const recall = wanted === 0 ? 1 : right / wanted
  return { precision, recall, f1: said + wanted === 0 ? 1 : (2 * right) / (said + wanted) }
}

/** Of the clusters with two records or more, the share that holds one person only; 1 when there is none. */
export function clusterPrecision(partition: Partition, truth: Truth): number {
  const person = new Map<number, number>()
  const size = new Map<number, number>()
  const mixed = new Set<number>()
  partition.forEach((cluster, record) => {
    const who = truth[record] as number
    if (who < 0) return
    size.set(cluster, (size.get(cluster) ?? 0) + 1)
    const known = person.get(cluster)
    if (known === undefined) person.set(cluster, who)
    else if (known !== who) mixed.add(cluster)
  })
  let clusters = 0
  for (const count of size.values()) if (count > 1) clusters++
  return clusters === 0 ? 1 : 1 - mixed.size / clusters
}

/** Whether a pair is one person; undefined where the truth of either record is not known. */
export function truthOf(
  pairs: { readonly a: Int32Array; readonly b: Int32Array },
  pair: number,
  truth: Truth,
): boolean | undefined {
  const [a, b] = [truth[pairs.a[pair] as number] as number, truth[pairs.b[pair] as number] as number]
  return a < 0 || b < 0 ? undefined : a === b
}

export interface BestThreshold extends PairScores {
  readonly threshold: number
}

/** The threshold on `odds` with the highest F1 over pairs: what the truth would have chosen. */
export function bestThreshold(
  pairs: { readonly a: Int32Array; readonly b: Int32Array; readonly odds: Float32Array },
  truth: Truth,
): BestThreshold {
  const wanted = truePairCount(truth)
  const order = Uint32Array.from(pairs.odds.keys()).sort(
    (x, y) => (pairs.odds[y] as number) - (pairs.odds[x] as number),
  )
  let right = 0
  let said = 0
  let best: BestThreshold = { threshold: Number.POSITIVE_INFINITY, ...scores(0, 0, wanted) }
  order.forEach((pair, at) => {
    const verdict = truthOf(pairs, pair, truth)
    if (verdict !== undefined) said++
    if (verdict === true) right++
    const odds = pairs.odds[pair] as number
    // Pairs of equal weight stand or fall together.
    const following = order[at + 1]
    if (following !== undefined && pairs.odds[following] === odds) return
    const reached = scores(right, said, wanted)
    if (reached.f1 > best.f1) best = { threshold: odds, ...reached }
  })
  return best
}
