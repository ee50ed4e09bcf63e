/**
 * Posterior of the population's size, averaged exactly over decomposable graphs.
 *
 * For a graph with cliques C and separators S the marginal likelihood is a ratio of Dirichlet–multinomial
 * terms, Π_C m(C) / Π_S m(S); the term of a set of lists needs only the table of that set, in which the unseen
 * stand in one cell. The prior puts δ on each of the 2^J cells, weighs graphs equally and sizes by 1/N. All
 * whole numbers of unseen people are summed one by one, so nothing is sampled.
 *
 * Assumes that the lists depend on one another as some decomposable graph says, and that people of the same history are
 * alike. In a graph where every list depends on every other the prior decides about the unseen.
 *
 * Source: Madigan & York (1997), Biometrika 84, section 3; Dawid & Lauritzen (1993), Ann. Stat. 21.
 */
import { logFactorial, logGamma } from "../../numeric/gamma.ts"
import { bitCount } from "../capture-table.ts"
import type { DecomposableGraph } from "./decomposable.ts"

export interface GraphPosterior {
  /** P(n0 unseen), index = n0; sums to 1 − `beyond`. */
  readonly unseen: Float64Array
  /** P(graph), in the order given; sums to 1. */
  readonly graphs: Float64Array
  /** Share of the mass in the upper half of the grid; the grid grows until this is below one in ten thousand. */
  readonly massInUpperHalf: number
  /** Mass beyond the grid, continued from how it fell over the last two doublings. */
  readonly beyond: number
  /** Whether the grid stopped growing at its limit first: then the result is cut off and must say so. */
  readonly atLimit: boolean
}

/** Work is done in pieces of this many values of n0, so that memory does not grow with lists. */
const PIECE = 1024
/** Terms below e^−45 of the largest change no digit. */
const NEGLIGIBLE = 45
const TAIL = 1e-4
const DEFAULT_LIMIT = 4_000_000

/**
 * @param counts dense, index = history, whole. `delta` prior count of each cell, 2^−J as a rule.
 * @param limit largest n0 looked at.
 */
export function graphPosterior(
  counts: Float64Array,
  graphs: readonly DecomposableGraph[],
  delta: number,
  limit = DEFAULT_LIMIT,
): GraphPosterior {
  const margins = new MarginTable(counts, graphs, delta)
  const sum = new GridSum(margins, graphs, limit)
  let length = Math.min(limit, Math.max(1024, Math.ceil(2 * margins.n)))
  for (;;) {
    sum.extendTo(length)
    const upper = sum.shareFrom(Math.floor(length / 2))
    // Tails fall like a power of n0, so the mass of each doubling is a fixed share of the one before.
    const before = sum.shareFrom(Math.floor(length / 4)) - upper
    const fall = before > 0 ? Math.min(upper / before, 0.99) : 0
    const beyond = (upper * fall) / (1 - fall)
    if (upper < TAIL || length >= limit) {
      return {
        unseen: sum.unseen().map((mass) => mass / (1 + beyond)),
        graphs: sum.graphWeights(),
        massInUpperHalf: upper,
        beyond: beyond / (1 + beyond),
        atLimit: upper >= TAIL,
      }
    }
    length = Math.min(limit, 2 * length)
  }
}

/** Per set of lists: the constant part of its log term, and what stands beside n0 in its moving cell. */
class MarginTable {
  readonly n: number
  readonly sets: number
  readonly #constant: Float64Array
  readonly #beside: Float64Array
  readonly #total: number
  readonly #fixed: number
  readonly #logGammaTotal: number

  constructor(counts: Float64Array, graphs: readonly DecomposableGraph[], delta: number) {
    const size = Math.log2(counts.length)
    this.sets = counts.length
    this.n = counts.reduce((sum, count) => sum + count, 0)
    this.#constant = new Float64Array(this.sets)
    this.#beside = new Float64Array(this.sets)
    this.#total = this.n + delta * this.sets
    this.#fixed = -counts.reduce((sum, count) => sum + logFactorial(count), 0)
    const needed = new Set(graphs.flatMap((graph) => [...graph.cliques, ...graph.separators]))
    for (const set of needed) {
      const alpha = delta * 2 ** (size - bitCount(set))
      const cells = new Map<number, number>()
      counts.forEach((count, history) => {
        if (history !== 0) cells.set(history & set, (cells.get(history & set) ?? 0) + count)
      })
      let constant = -logGamma(alpha)
      for (const [cell, count] of cells) {
        if (cell !== 0 && count > 0) constant += logGamma(count + alpha) - logGamma(alpha)
      }
      this.#constant[set] = constant
      this.#beside[set] = (cells.get(0) ?? 0) + alpha
    }
    this.#logGammaTotal = logGamma(delta * this.sets)
  }

  /** Log term of a set of lists at n0 = from, from + 1, … into `into`. */
  fill(set: number, from: number, into: Float64Array): void {
    let x = (this.#beside[set] as number) + from
    let value = (this.#constant[set] as number) + logGamma(x)
    for (let i = 0; i < into.length; i++) {
      into[i] = value
      value += Math.log(x)
      x += 1
    }
  }

  at(set: number, n0: number): number {
    return (this.#constant[set] as number) + logGamma((this.#beside[set] as number) + n0)
  }

  /** `shared` at n0 = from, from + 1, … less `reference`, by the recurrence of the gamma function. */
  fillShared(from: number, reference: number, into: Float64Array): void {
    let value = this.shared(from) + Math.log(this.n + from) - reference
    for (let i = 0; i < into.length; i++) {
      const n0 = from + i
      const total = this.n + n0
      into[i] = value - Math.log(total)
      value += Math.log((total + 1) / ((n0 + 1) * (this.#total + n0)))
    }
  }

  /**
   * What all graphs share at n0: multinomial coefficient, normalising term, prior 1/N. An empty separator's term
   * is Γ(N + Σα) / Γ(Σα), so that unconnected parts normalise apart.
   */
  shared(n0: number): number {
    return (
      this.#fixed +
      logFactorial(this.n + n0) -
      logFactorial(n0) +
      this.#logGammaTotal -
      logGamma(this.#total + n0) -
      Math.log(this.n + n0)
    )
  }
}

/** Adds up the weights of all graphs over n0 = 0, 1, 2, …, farther whenever asked. */
class GridSum {
  readonly #margins: MarginTable
  readonly #graphs: readonly DecomposableGraph[]
  readonly #peaks: CoarsePeaks
  readonly #weights: Float64Array
  readonly #terms: Float64Array[] = []
  readonly #pieces: Float64Array[] = []
  #total = 0

  constructor(margins: MarginTable, graphs: readonly DecomposableGraph[], limit: number) {
    this.#margins = margins
    this.#graphs = graphs
    this.#peaks = coarsePeaks(margins, graphs, limit)
    this.#weights = new Float64Array(graphs.length)
    for (const g of this.#peaks.alive) {
      const graph = graphs[g] as DecomposableGraph
      for (const set of [...graph.cliques, ...graph.separators]) this.#terms[set] ??= new Float64Array(PIECE)
    }
  }

  extendTo(length: number): void {
    while (this.#pieces.length * PIECE < length) this.#addPiece(this.#pieces.length * PIECE)
  }

  #addPiece(from: number): void {
    const piece = new Float64Array(PIECE)
    const shared = new Float64Array(PIECE)
    const sum = new Float64Array(PIECE)
    this.#terms.forEach((term, set) => {
      this.#margins.fill(set, from, term)
    })
    this.#margins.fillShared(from, this.#peaks.reference, shared)
    for (const g of this.#peaks.alive) {
      const graph = this.#graphs[g] as DecomposableGraph
      const terms = this.#terms
      const at = (i: number): number => {
        let log = shared[i] as number
        for (const clique of graph.cliques) log += terms[clique]?.[i] as number
        for (const separator of graph.separators) log -= terms[separator]?.[i] as number
        return log
      }
      // Each graph's weight has one peak, so a piece beyond it that is low at both ends is low throughout.
      const peak = this.#peaks.positions[g] as number
      const mayHoldPeak = peak >= from - 2 * PIECE - 0.2 * peak && peak <= from + 3 * PIECE + 0.2 * peak
      if (!mayHoldPeak && at(0) < -NEGLIGIBLE && at(PIECE - 1) < -NEGLIGIBLE) continue
      sum.set(shared)
      for (const clique of graph.cliques) {
        const term = terms[clique] as Float64Array
        for (let i = 0; i < PIECE; i++) sum[i] = (sum[i] as number) + (term[i] as number)
      }
      for (const separator of graph.separators) {
        const term = terms[separator] as Float64Array
        for (let i = 0; i < PIECE; i++) sum[i] = (sum[i] as number) - (term[i] as number)
      }
      let mass = 0
      for (let i = 0; i < PIECE; i++) {
        const log = sum[i] as number
        if (log < -NEGLIGIBLE) continue
        const weight = Math.exp(log)
        mass += weight
        piece[i] = (piece[i] as number) + weight
      }
      this.#weights[g] = (this.#weights[g] as number) + mass
      this.#total += mass
    }
    this.#pieces.push(piece)
  }

  shareFrom(n0: number): number {
    let mass = 0
    this.#pieces.forEach((piece, p) => {
      for (let i = Math.max(0, n0 - p * PIECE); i < PIECE; i++) mass += piece[i] as number
    })
    return mass / this.#total
  }

  unseen(): Float64Array {
    const all = new Float64Array(this.#pieces.length * PIECE)
    this.#pieces.forEach((piece, p) => {
      all.set(piece, p * PIECE)
    })
    return all.map((weight) => weight / this.#total)
  }

  graphWeights(): Float64Array {
    return this.#weights.map((weight) => weight / this.#total)
  }
}

interface CoarsePeaks {
  readonly reference: number
  /** Graphs within e^60 of the best one somewhere. */
  readonly alive: readonly number[]
  /** About where each graph's weight is largest. */
  readonly positions: Float64Array
}

/** A first look on a geometric grid: where the peaks are, and which graphs matter at all. */
function coarsePeaks(margins: MarginTable, graphs: readonly DecomposableGraph[], limit: number): CoarsePeaks {
  const best = new Float64Array(graphs.length).fill(Number.NEGATIVE_INFINITY)
  const positions = new Float64Array(graphs.length)
  const terms = new Float64Array(margins.sets)
  for (let n0 = 0; n0 < limit; n0 = Math.max(n0 + 1, Math.floor(n0 * 1.08))) {
    for (let set = 0; set < margins.sets; set++) terms[set] = margins.at(set, n0)
    const shared = margins.shared(n0)
    graphs.forEach((graph, g) => {
      let weight = shared
      for (const clique of graph.cliques) weight += terms[clique] as number
      for (const separator of graph.separators) weight -= terms[separator] as number
      if (weight > (best[g] as number)) {
        best[g] = weight
        positions[g] = n0
      }
    })
  }
  const reference = best.reduce((a, b) => Math.max(a, b))
  const alive = graphs.map((_, g) => g).filter((g) => (best[g] as number) > reference - 60)
  return { reference, alive, positions }
}
