/**
 * The confirmed minimum: a set of people of whom no two could be one. Counting clusters is not enough, however
 * loosely they were joined: a record so poor that it was joined to nobody is a cluster of its own, though it may well
 * be somebody who was counted already.
 */
import type { Constraints, LinkedPairs } from "./dendrogram.ts"
import { clusterCount, type Partition } from "./partition.ts"

/** Two people only where it is 19 in 20: a single pair above this between two clusters keeps one of them out. */
export const MAY_BE_ONE_ODDS = -Math.log2(19)
const MOST_IN_ALL = 1 / 19

/**
 * Chooses clusters, the largest first and of equal ones the least doubtful. Each is spoken for by its best documented
 * record, the one that least resembles others, and is counted unless
 *
 * - any of its records makes with any of a cluster already chosen a pair that may be one person, or
 * - what its weak pairs leave open adds up, for itself or for one already chosen, to more than one in twenty. A given
 *   name alone agrees with hundreds, each hardly likely, and is nevertheless probably one of them.
 *
 * @param constraints what people know. Clusters of which they found two records to be different are different. A list
 *   that names each person once is by itself a set of distinct people; where the largest of them has more people than
 *   could be chosen, it is taken instead.
 * @param elsewhere per record the odds (not their logarithm) that it is somebody of whom `pairs` say nothing.
 * @returns per record 1 where its cluster is counted.
 */
export function surelyDistinct(
  partition: Partition,
  pairs: LinkedPairs,
  { cleanList, apart }: Pick<Constraints, "cleanList" | "apart">,
  elsewhere: Float64Array = new Float64Array(partition.length),
): Uint8Array {
  const clusters = clusterCount(partition)
  const size = new Int32Array(clusters)
  for (const cluster of partition) size[cluster] = (size[cluster] as number) + 1
  const between = pairsBetween(partition, pairs, apart)
  const speaker = speakers(partition, between, elsewhere)
  const barred: (Set<number> | undefined)[] = new Array(clusters)
  const weak: (Map<number, number> | undefined)[] = new Array(clusters)
  between(({ a, b, from, to, odds }) => {
    if (odds > MOST_IN_ALL) {
      addTo(barred, from, to)
      addTo(barred, to, from)
    }
    if (speaker.record[from] === a) raise(weak, from, to, odds)
    if (speaker.record[to] === b) raise(weak, to, from, odds)
  })
  const order = Array.from(size.keys()).sort(
    (x, y) =>
      (size[y] as number) - (size[x] as number) ||
      (barred[x]?.size ?? 0) - (barred[y]?.size ?? 0) ||
      (speaker.open[x] as number) - (speaker.open[y] as number) ||
      x - y,
  )
  const open = Float64Array.from(speaker.record, (record) => elsewhere[record] as number)
  const chosen = new Uint8Array(clusters)
  const shut = new Uint8Array(clusters)
  const leadingTo = reversed(weak)
  let people = 0
  for (const cluster of order) {
    if (shut[cluster] === 1) continue
    let sum = open[cluster] as number
    for (const [other, odds] of weak[cluster] ?? []) if (chosen[other] === 1) sum += odds
    if (sum > MOST_IN_ALL) continue
    const burdened = [...(leadingTo[cluster] ?? [])].filter(([other]) => chosen[other] === 1)
    if (burdened.some(([other, odds]) => (open[other] as number) + odds > MOST_IN_ALL)) continue
    for (const [other, odds] of burdened) open[other] = (open[other] as number) + odds
    open[cluster] = sum
    chosen[cluster] = 1
    people++
    for (const other of barred[cluster] ?? []) shut[other] = 1
  }
  const clean = namedOnce(cleanList)
  return clean.reduce((sum, one) => sum + one, 0) > people
    ? clean
    : Uint8Array.from(partition, (cluster) => chosen[cluster] as number)
}

/**
 * The longest list that names each person once, as people say: distinct whatever a model has learnt, or has not.
 *
 * @returns per record 1 where it stands in that list; 0 everywhere where there is none.
 */
export function namedOnce(cleanList: Int32Array): Uint8Array {
  const clean = largestClean(cleanList)
  return Uint8Array.from(cleanList, (list) => (clean !== undefined && list === clean ? 1 : 0))
}

/** A pair between two clusters that nobody found to be different. */
interface PairBetween {
  readonly a: number
  readonly b: number
  readonly from: number
  readonly to: number
  /** Not their logarithm. */
  readonly odds: number
}
type PairsBetween = (visit: (pair: PairBetween) => void) => void

function pairsBetween(partition: Partition, pairs: LinkedPairs, apart: Constraints["apart"]): PairsBetween {
  const clusters = clusterCount(partition)
  const key = (from: number, to: number) => Math.min(from, to) * clusters + Math.max(from, to)
  const different = new Set(apart.map(([a, b]) => key(partition[a] as number, partition[b] as number)))
  return (visit) => {
    for (let pair = 0; pair < pairs.odds.length; pair++) {
      const [a, b] = [pairs.a[pair] as number, pairs.b[pair] as number]
      const [from, to] = [partition[a] as number, partition[b] as number]
      if (from === to || different.has(key(from, to))) continue
      visit({ a, b, from, to, odds: 2 ** (pairs.odds[pair] as number) })
    }
  }
}

/** Per cluster the record that may least be somebody else, and the odds that it is. */
function speakers(partition: Partition, between: PairsBetween, elsewhere: Float64Array) {
  const other = Float64Array.from(elsewhere)
  between(({ a, b, odds }) => {
    other[a] = (other[a] as number) + odds
    other[b] = (other[b] as number) + odds
  })
  const record = new Int32Array(clusterCount(partition)).fill(-1)
  partition.forEach((cluster, at) => {
    const known = record[cluster] as number
    if (known < 0 || (other[at] as number) < (other[known] as number)) record[cluster] = at
  })
  return { record, open: Float64Array.from(record, (at) => other[at] as number) }
}

function addTo(sets: (Set<number> | undefined)[], at: number, value: number): void {
  const known = sets[at]
  if (known === undefined) sets[at] = new Set([value])
  else known.add(value)
}

function raise(maps: (Map<number, number> | undefined)[], at: number, key: number, value: number): void {
  const known = maps[at]
  if (known === undefined) maps[at] = new Map([[key, value]])
  else if (value > (known.get(key) ?? 0)) known.set(key, value)
}

function reversed(maps: readonly (Map<number, number> | undefined)[]): (Map<number, number> | undefined)[] {
  const turned: (Map<number, number> | undefined)[] = new Array(maps.length)
  maps.forEach((map, at) => {
    for (const [other, odds] of map ?? []) raise(turned, other, at, odds)
  })
  return turned
}

function largestClean(cleanList: Int32Array): number | undefined {
  const sizes = new Map<number, number>()
  for (const list of cleanList) if (list >= 0) sizes.set(list, (sizes.get(list) ?? 0) + 1)
  let largest: { list: number; size: number } | undefined
  for (const [list, size] of sizes) if (largest === undefined || size > largest.size) largest = { list, size }
  return largest?.list
}

/** Distinct clusters among the records that are counted. */
export function countedPeople(partition: Partition, counted: Uint8Array): number {
  const people = new Set<number>()
  partition.forEach((cluster, record) => {
    if (counted[record] === 1) people.add(cluster)
  })
  return people.size
}
