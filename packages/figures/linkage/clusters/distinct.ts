/**
 * The confirmed minimum: a set of people of whom no two could be one. Counting clusters is not enough, however
 * loosely they were joined: a record so poor that it was joined to nobody is a cluster of its own, though it may well
 * be somebody who was counted already.
 */
import type { Constraints, LinkedPairs } from "./dendrogram.ts"
import { clusterCount, type Partition } from "./partition.ts"

/** Two people only where it is 19 in 20: a single pair above this between two clusters keeps one of them out. */
export const MAY_BE_ONE_ODDS = -Math.log2(19)

/**
 * Chooses clusters, the largest first, each unless one of its pairs with a cluster already chosen may be one person.
 *
 * @param constraints what people know. Clusters of which they found two records to be different are different. A list
 *   that names each person once is by itself a set of distinct people; where the largest of them has more people than
 *   could be chosen, it is taken instead.
 * @returns per record 1 where its cluster is counted.
 */
export function surelyDistinct(
  partition: Partition,
  pairs: LinkedPairs,
  { cleanList, apart }: Pick<Constraints, "cleanList" | "apart">,
): Uint8Array {
  const clusters = clusterCount(partition)
  const size = new Int32Array(clusters)
  for (const cluster of partition) size[cluster] = (size[cluster] as number) + 1
  const neighbours: (Set<number> | undefined)[] = new Array(clusters)
  const connect = (from: number, to: number) => {
    const known = neighbours[from]
    if (known === undefined) neighbours[from] = new Set([to])
    else known.add(to)
  }
  for (let pair = 0; pair < pairs.odds.length; pair++) {
    if ((pairs.odds[pair] as number) < MAY_BE_ONE_ODDS) continue
    const a = partition[pairs.a[pair] as number] as number
    const b = partition[pairs.b[pair] as number] as number
    if (a === b) continue
    connect(a, b)
    connect(b, a)
  }
  for (const [recordA, recordB] of apart) {
    const [a, b] = [partition[recordA] as number, partition[recordB] as number]
    neighbours[a]?.delete(b)
    neighbours[b]?.delete(a)
  }
  const order = Array.from(size.keys()).sort(
    (x, y) =>
      (size[y] as number) - (size[x] as number) ||
      (neighbours[x]?.size ?? 0) - (neighbours[y]?.size ?? 0) ||
      x - y,
  )
  const chosen = new Uint8Array(clusters)
  const doubtful = new Uint8Array(clusters)
  let people = 0
  for (const cluster of order) {
    if (doubtful[cluster] === 1) continue
    chosen[cluster] = 1
    people++
    for (const other of neighbours[cluster] ?? []) doubtful[other] = 1
  }
  const clean = largestClean(cleanList)
  return clean !== undefined && clean.size > people
    ? Uint8Array.from(cleanList, (list) => (list === clean.list ? 1 : 0))
    : Uint8Array.from(partition, (cluster) => chosen[cluster] as number)
}

function largestClean(cleanList: Int32Array): { readonly list: number; readonly size: number } | undefined {
  const sizes = new Map<number, number>()
  for (const list of cleanList) if (list >= 0) sizes.set(list, (sizes.get(list) ?? 0) + 1)
  let largest: { list: number; size: number } | undefined
  for (const [list, size] of sizes) if (largest === undefined || size > largest.size) largest = { list, size }
  return largest
}

/** Distinct clusters among the records that are counted. */
export function countedPeople(partition: Partition, counted: Uint8Array): number {
  const people = new Set<number>()
  partition.forEach((cluster, record) => {
    if (counted[record] === 1) people.add(cluster)
  })
  return people.size
}
