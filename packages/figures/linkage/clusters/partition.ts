/** Partitions of records into people. */
import type { Dendrogram } from "./dendrogram.ts"

/** Per record the number of its cluster: 0, 1, 2 … in order of first appearance. */
export type Partition = Int32Array

/** Every join at or above `height` is made. A lower cut joins more: partitions of one dendrogram are nested. */
export function cutAt(dendrogram: Dendrogram, height: number): Partition {
  const parent = Int32Array.from({ length: dendrogram.records }, (_, record) => record)
  for (let join = 0; join < dendrogram.left.length; join++) {
    if ((dendrogram.height[join] as number) < height) continue
    const a = find(parent, dendrogram.left[join] as number)
    const b = find(parent, dendrogram.right[join] as number)
    if (a < b) parent[b] = a
    else parent[a] = b
  }
  return numbered(parent.map((_, record) => find(parent, record)))
}

/** The same clusters with numbers in order of first appearance. */
export function numbered(clusters: Int32Array): Partition {
  const numbers = new Map<number, number>()
  return clusters.map((cluster) => {
    const known = numbers.get(cluster) ?? numbers.size
    numbers.set(cluster, known)
    return known
  })
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
