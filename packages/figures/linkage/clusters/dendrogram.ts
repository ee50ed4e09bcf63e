/**
 * From pairs to people. Records are joined two groups at a time, always the two that agree best on average, so
 * that one weak or wrong pair cannot bridge two people: the trap of plain connected components.
 *
 * The order of joins is kept. Cutting it at three heights gives the strict, the best and the loose partition,
 * each a refinement of the next; drawing along it gives sampled partitions.
 */

/** Pairs with what speaks for one person, as columns. */
export interface LinkedPairs {
  readonly a: Int32Array
  readonly b: Int32Array
  /** log2 odds that the pair is one person. */
  readonly odds: Float32Array
}

export interface Constraints {
  /** Per record the clean list that it stands in, −1 in none: two records of one clean list are never joined. */
  readonly cleanList: Int32Array
  /** Pairs that two people found to be different: never joined. */
  readonly apart: readonly (readonly [number, number])[]
  /** Pairs that two people found to be one: joined before anything else. */
  readonly together: readonly (readonly [number, number])[]
}

/** Joins in order of falling height: the group of `left` and the group of `right` become one. */
export interface Dendrogram {
  readonly records: number
  /** Any record of each group. */
  readonly left: Int32Array
  readonly right: Int32Array
  /** Mean log2 odds over all pairs between the two groups. */
  readonly height: Float32Array
}

/** One pair says at most this much for or against: no single agreement outweighs a dozen disagreements. */
export const MOST_ODDS = 12
/** What a pair that was never compared, or fell below all interest, is taken for. */
export const UNSEEN_ODDS = -9
/**
 * Several pairs that speak for one person say more than their mean, though less than their sum, since they
 * repeat each other: half a bit for each doubling of pairs, two bits at most.
 */
export const repeatedBits = (pairs: number): number => Math.min(2, Math.log2(pairs) / 2)
/** The height of joins that people decided. */
export const DECIDED = 100

/**
 * Average linkage (Sokal & Michener 1958) over the sparse graph of pairs.
 *
 * @param floor joins below this height are not made.
 */
export function joinRecords(
  records: number,
  pairs: LinkedPairs,
  constraints: Constraints,
  floor: number,
): Dendrogram {
  const groups = new Groups(records, constraints)
  for (let at = 0; at < pairs.a.length; at++) {
    const odds = Math.max(UNSEEN_ODDS, Math.min(MOST_ODDS, pairs.odds[at] as number))
    groups.connect(pairs.a[at] as number, pairs.b[at] as number, odds)
  }
  const left: number[] = []
  const right: number[] = []
  const height: number[] = []
  const join = (a: number, b: number, at: number) => {
    left.push(a)
    right.push(b)
    height.push(at)
  }
  for (const [a, b] of constraints.together) {
    const [rootA, rootB] = [groups.rootOf(a), groups.rootOf(b)]
    if (rootA === rootB || groups.mustStayApart(rootA, rootB)) continue
    groups.merge(rootA, rootB)
    join(a, b, DECIDED)
  }
  const queue = new JoinQueue()
  groups.forEachConnection((a, b, mean) => {
    if (mean >= floor) queue.push(a, b, groups.version(a), groups.version(b), mean)
  })
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { a, b, mean } = next
    if (next.versionA !== groups.version(a) || next.versionB !== groups.version(b)) continue
    if (groups.mustStayApart(a, b)) continue
    const merged = groups.merge(a, b)
    join(a, b, mean)
    groups.forEachNeighbour(merged, (other, otherMean) => {
      if (otherMean >= floor)
        queue.push(merged, other, groups.version(merged), groups.version(other), otherMean)
    })
  }
  return {
    records,
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    height: Float32Array.from(height),
  }
}

interface Connection {
  sum: number
  pairs: number
}

/** Groups of records with the summed odds between neighbouring groups. */
class Groups {
  readonly #parent: Int32Array
  readonly #size: Int32Array
  readonly #version: Int32Array
  readonly #neighbours: (Map<number, Connection> | undefined)[]
  readonly #lists: (Set<number> | undefined)[]
  readonly #apart: (Set<number> | undefined)[]

  constructor(records: number, { cleanList, apart }: Constraints) {
    this.#parent = Int32Array.from({ length: records }, (_, record) => record)
    this.#size = new Int32Array(records).fill(1)
    this.#version = new Int32Array(records)
    this.#neighbours = new Array(records)
    this.#lists = new Array(records)
    this.#apart = new Array(records)
    cleanList.forEach((list, record) => {
      if (list >= 0) this.#lists[record] = new Set([list])
    })
    for (const [a, b] of apart) {
      this.#keepApart(a, b)
      this.#keepApart(b, a)
    }
  }

  rootOf(record: number): number {
    let root = record
    while (this.#parent[root] !== root) root = this.#parent[root] as number
    for (let at = record; at !== root; ) {
      const next = this.#parent[at] as number
      this.#parent[at] = root
      at = next
    }
    return root
  }

  /** Changes with every merge; −1 once the group is part of another. */
  version(group: number): number {
    return this.#version[group] as number
  }

  connect(a: number, b: number, odds: number): void {
    this.#neighboursOf(a).set(b, { sum: odds, pairs: 1 })
    this.#neighboursOf(b).set(a, { sum: odds, pairs: 1 })
  }

  mustStayApart(a: number, b: number): boolean {
    const [apartA, listsA, listsB] = [this.#apart[a], this.#lists[a], this.#lists[b]]
    if (listsA !== undefined && listsB !== undefined) {
      for (const list of listsA) if (listsB.has(list)) return true
    }
    if (apartA === undefined) return false
    for (const other of apartA) if (this.rootOf(other) === b) return true
    return false
  }

  /** Puts one group into the other and returns the group that remains. */
  merge(a: number, b: number): number {
    const [keep, gone] = this.#neighboursOf(a).size >= this.#neighboursOf(b).size ? [a, b] : [b, a]
    const kept = this.#neighboursOf(keep)
    const moved = this.#neighboursOf(gone)
    for (const [other, { sum, pairs }] of moved) {
      if (other === keep) continue
      const known = kept.get(other)
      const joined = known ?? { sum: 0, pairs: 0 }
      joined.sum += sum
      joined.pairs += pairs
      const back = this.#neighboursOf(other)
      back.delete(gone)
      if (known === undefined) kept.set(other, joined)
      back.set(keep, { sum: joined.sum, pairs: joined.pairs })
    }
    kept.delete(gone)
    this.#neighbours[gone] = undefined
    this.#parent[gone] = keep
    this.#size[keep] = (this.#size[keep] as number) + (this.#size[gone] as number)
    this.#version[keep] = (this.#version[keep] as number) + 1
    this.#version[gone] = -1
    this.#lists[keep] = union(this.#lists[keep], this.#lists[gone])
    this.#apart[keep] = union(this.#apart[keep], this.#apart[gone])
    return keep
  }

  forEachConnection(visit: (a: number, b: number, mean: number) => void): void {
    for (let group = 0; group < this.#neighbours.length; group++) {
      if (this.#version[group] === -1) continue
      this.forEachNeighbour(group, (other, mean) => {
        if (group < other) visit(group, other, mean)
      })
    }
  }

  forEachNeighbour(group: number, visit: (other: number, mean: number) => void): void {
    const size = this.#size[group] as number
    for (const [other, { sum, pairs }] of this.#neighbours[group] ?? []) {
      const all = size * (this.#size[other] as number)
      visit(other, (sum + (all - pairs) * UNSEEN_ODDS) / all + repeatedBits(all))
    }
  }

  #neighboursOf(group: number): Map<number, Connection> {
    const known = this.#neighbours[group]
    if (known !== undefined) return known
    const fresh = new Map<number, Connection>()
    this.#neighbours[group] = fresh
    return fresh
  }

  #keepApart(a: number, b: number): void {
    const set = this.#apart[a] ?? new Set<number>()
    set.add(b)
    this.#apart[a] = set
  }
}

function union(a: Set<number> | undefined, b: Set<number> | undefined): Set<number> | undefined {
  if (a === undefined) return b
  for (const item of b ?? []) a.add(item)
  return a
}

interface Join {
  readonly a: number
  readonly b: number
  readonly versionA: number
  readonly versionB: number
  readonly mean: number
}

/** A binary heap, highest mean first; equal means in the order of records, so that runs repeat exactly. */
class JoinQueue {
  readonly #heap: Join[] = []

  push(a: number, b: number, versionA: number, versionB: number, mean: number): void {
    const heap = this.#heap
    heap.push({ a, b, versionA, versionB, mean })
    let at = heap.length - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!before(heap[at] as Join, heap[above] as Join)) break
      this.#swap(at, above)
      at = above
    }
  }

  pop(): Join | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined) return undefined
    if (heap.length === 0) return top
    heap[0] = last
    let at = 0
    for (;;) {
      let best = at
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < heap.length && before(heap[below] as Join, heap[best] as Join)) best = below
      }
      if (best === at) return top
      this.#swap(at, best)
      at = best
    }
  }

  #swap(i: number, j: number): void {
    const heap = this.#heap
    const kept = heap[i] as Join
    heap[i] = heap[j] as Join
    heap[j] = kept
  }
}

function before(x: Join, y: Join): boolean {
  if (x.mean !== y.mean) return x.mean > y.mean
  if (x.a !== y.a) return x.a < y.a
  return x.b < y.b
}
