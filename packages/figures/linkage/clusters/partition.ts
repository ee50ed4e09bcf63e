/** Partitions of records into people. */
import { type Random, seededRandom } from "../../random/random.ts"
import { chanceOf } from "../model/fellegi-sunter.ts"
import type { Dendrogram } from "./dendrogram.ts"

/** Per record the number of its cluster: 0, 1, 2 … in order of first appearance. */
export type Partition = Int32Array

/**
 * Several equally plausible linkages of the same records, for carrying the uncertainty of linking into an
 * estimate: `draws[k][record]` is the cluster of a record in draw k.
 */
export interface SampledPartitions {
  readonly records: number
  readonly draws: readonly Partition[]
}

/** Every join at or above `height` is made. A lower cut joins more: partitions of one dendrogram are nested. */
export function cutAt(dendrogram: Dendrogram, height: number): Partition {
  return partitionOf(dendrogram, (join) => (dendrogram.height[join] as number) >= height)
}

/**
 * Draws partitions: each join happens with its own chance, and only if both groups that it would join came
 * about. A record that most linkages would take in is so taken in most draws.
 *
 * @param draws how many, 0 or more.
 */
export function samplePartitions(dendrogram: Dendrogram, draws: number, seed: number): SampledPartitions {
  return {
    records: dendrogram.records,
    draws: Array.from({ length: draws }, (_, draw) =>
      drawOne(dendrogram, seededRandom(seed, `partition ${draw}`)),
    ),
  }
}

function drawOne(dendrogram: Dendrogram, random: Random): Partition {
  // A join that did not happen takes the joins above it with it: they were about a group that does not exist.
  const broken = new Uint8Array(dendrogram.records)
  const parent = Int32Array.from({ length: dendrogram.records }, (_, record) => record)
  const whole = new Int32Array(dendrogram.records)
  whole.forEach((_, record) => {
    whole[record] = record
  })
  return partitionOf(
    dendrogram,
    (join) => {
      const left = find(whole, dendrogram.left[join] as number)
      const right = find(whole, dendrogram.right[join] as number)
      const intact = broken[left] === 0 && broken[right] === 0
      const happens = random.float() < chanceOf(dendrogram.height[join] as number) && intact
      whole[right] = left
      if (!happens) broken[left] = 1
      return happens
    },
    parent,
  )
}

function partitionOf(
  { records, left, right }: Dendrogram,
  made: (join: number) => boolean,
  parent = Int32Array.from({ length: records }, (_, record) => record),
): Partition {
  for (let join = 0; join < left.length; join++) {
    if (!made(join)) continue
    const a = find(parent, left[join] as number)
    const b = find(parent, right[join] as number)
    if (a < b) parent[b] = a
    else parent[a] = b
  }
  const partition = new Int32Array(records)
  const numbers = new Int32Array(records).fill(-1)
  let clusters = 0
  for (let record = 0; record < records; record++) {
    const root = find(parent, record)
    if ((numbers[root] as number) < 0) numbers[root] = clusters++
    partition[record] = numbers[root] as number
  }
  return partition
}

function find(parent: Int32Array, record: number): number {
  let root = record
  while (parent[root] !== root) root = parent[root] as number
  for (let at = record; at !== root; ) {
    const next = parent[at] as number
    parent[at] = root
    at = next
  }
  return root
}

export function clusterCount(partition: Partition): number {
  let highest = -1
  for (const cluster of partition) if (cluster > highest) highest = cluster
  return highest + 1
}

/** The records of each cluster. */
export function membersOf(partition: Partition): readonly (readonly number[])[] {
  const members: number[][] = Array.from({ length: clusterCount(partition) }, () => [])
  partition.forEach((cluster, record) => {
    members[cluster]?.push(record)
  })
  return members
}
