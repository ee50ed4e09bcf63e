/**
 * Decomposable (chordal) graphs on a few lists: an edge says that two lists may depend on one another, and
 * the graph says that all else is conditional independence.
 *
 * Source: Lauritzen (1996), Graphical Models, ch. 2; cliques and separators by maximum cardinality search,
 * Tarjan & Yannakakis (1984).
 */
import { type CaptureTable, namesIn } from "../capture-table.ts"

export interface DecomposableGraph {
  /** Bit masks of lists. */
  readonly cliques: readonly number[]
  /** One fewer than cliques; empty ones (0) join unconnected parts. */
  readonly separators: readonly number[]
}

/** All decomposable graphs on `size` lists: 8, 61 and 822 for 3, 4 and 5. */
export function decomposableGraphs(size: number): readonly DecomposableGraph[] {
  const pairs: [number, number][] = []
  for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) pairs.push([a, b])
  const graphs: DecomposableGraph[] = []
  for (let edges = 0; edges < 2 ** pairs.length; edges++) {
    const neighbours = new Array<number>(size).fill(0)
    pairs.forEach(([a, b], i) => {
      if (edges & (1 << i)) {
        neighbours[a] = (neighbours[a] ?? 0) | (1 << b)
        neighbours[b] = (neighbours[b] ?? 0) | (1 << a)
      }
    })
    const graph = decompose(neighbours)
    if (graph !== null) graphs.push(graph)
  }
  return graphs
}

/** @returns null when the graph is not chordal. */
function decompose(neighbours: readonly number[]): DecomposableGraph | null {
  const size = neighbours.length
  const cliques: number[] = []
  const separators: number[] = []
  let visited = 0
  let clique = 0
  let lastCount = -1
  for (let step = 0; step < size; step++) {
    let next = -1
    let most = -1
    for (let v = 0; v < size; v++) {
      if (visited & (1 << v)) continue
      const known = popcount((neighbours[v] as number) & visited)
      if (known > most) {
        most = known
        next = v
      }
    }
    const before = (neighbours[next] as number) & visited
    if (!isComplete(before, neighbours)) return null
    if (most <= lastCount) {
      cliques.push(clique)
      separators.push(before)
    }
    clique = before | (1 << next)
    visited |= 1 << next
    lastCount = most
  }
  cliques.push(clique)
  return { cliques, separators }
}

function isComplete(set: number, neighbours: readonly number[]): boolean {
  return neighbours.every((around, v) => !(set & (1 << v)) || ((around | (1 << v)) & set) === set)
}

function popcount(mask: number): number {
  let bits = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++
  return bits
}

/** "[EXH ABA][ABA HRW]": the cliques by name. */
export const graphName = (graph: DecomposableGraph, table: Pick<CaptureTable, "lists" | "shown">): string =>
  graph.cliques.map((mask) => `[${namesIn(table, mask).join(" ")}]`).join("")
