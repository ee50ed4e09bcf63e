import { type CaptureTable, denseCounts } from "../capture-table.ts"
import { type Finding, finding } from "../finding.ts"
import { people } from "../people.ts"
import { modesOf, type PosteriorCurve } from "../posterior-curve.ts"
import { type EstimatorResult, estimated, refused } from "../result.ts"
import { decomposableGraphs, graphName } from "./decomposable.ts"
import { graphPosterior } from "./posterior.ts"

/** Published tables of graphs end here; six lists have 18,154. */
const MAX_LISTS = 5

export function decomposableGraphAverage(table: CaptureTable): EstimatorResult {
  const id = "decomposable-graphs"
  const size = table.lists.length
  if (size > MAX_LISTS)
    return refused(id, [
      finding(
        "too-many-lists",
        `Averaging over all graphs is done for three to five lists; here are ${size}. Join lists of the same kind into one, or read the other estimates.`,
      ),
    ])
  const graphs = decomposableGraphs(size)
  const posterior = graphPosterior(denseCounts(table), graphs, 2 ** -size)
  const { n } = table
  const [lower, median, upper] = quantilesOf(posterior.unseen, [0.025, 0.5, 0.975]) as [
    number,
    number,
    number,
  ]
  const order = graphs.map((_, g) => g)
  order.sort((a, b) => (posterior.graphs[b] ?? 0) - (posterior.graphs[a] ?? 0))
  const saturated = graphs.findIndex((graph) => graph.cliques.length === 1)
  const saturatedWeight = posterior.graphs[saturated] ?? 0
  const curve = curveOf(posterior.unseen, n)
  const modes = modesOf(curve)
  const warnings: Finding[] = []
  if (saturatedWeight > 0.5)
    warnings.push(
      finding(
        "saturated-graph",
        `${Math.round(100 * saturatedWeight)} % of the weight lies on the graph in which every list depends on every other. Then the data say almost nothing about the unseen, and what was assumed before looking at them decides: do not report this number.`,
      ),
    )
  if (posterior.atLimit)
    warnings.push(
      finding(
        "grid-edge",
        `The number may be larger than the largest looked at (${people(n + posterior.unseen.length - 1)}); the interval is cut off there. Do not report this number.`,
      ),
    )
  if (modes.length > 1)
    warnings.push(
      finding(
        "several-modes",
        `The data support ${modes.length} separate answers, near ${modes.map((mode) => people(mode.at)).join(" and ")}; a single number between them would mislead. Give both, and say why.`,
      ),
    )
  return estimated(
    id,
    n + median,
    [n + lower, n + upper],
    {
      center: "posterior median",
      delta: 2 ** -size,
      graphs: order.slice(0, 10).map((g) => {
        const graph = graphs[g]
        return {
          graph: graph === undefined ? "" : graphName(graph, table),
          weight: posterior.graphs[g] ?? 0,
        }
      }),
      saturatedWeight,
      modes,
      posterior: curve,
    },
    warnings,
  )
}

/** Smallest n0 at which the cumulated probability reaches each level (ascending). */
function quantilesOf(probabilities: Float64Array, levels: readonly number[]): number[] {
  const found: number[] = []
  let sum = 0
  for (let n0 = 0; n0 < probabilities.length && found.length < levels.length; n0++) {
    sum += probabilities[n0] as number
    while (found.length < levels.length && sum >= (levels[found.length] as number)) found.push(n0)
  }
  while (found.length < levels.length) found.push(probabilities.length - 1)
  return found
}

/** About 200 points for a picture: the middle 99.8 %, less of a tail that reaches too far to show the rest. */
function curveOf(probabilities: Float64Array, n: number): PosteriorCurve {
  const [low, middle, upper, far] = quantilesOf(probabilities, [0.001, 0.5, 0.975, 0.999]) as [
    number,
    number,
    number,
    number,
  ]
  const high = Math.min(far, middle + 2 * (upper - middle))
  const width = Math.max(1, Math.ceil((high - low + 1) / 200))
  const totals: number[] = []
  const densities: number[] = []
  for (let from = low; from <= high; from += width) {
    let mass = 0
    for (let n0 = from; n0 < from + width && n0 < probabilities.length; n0++)
      mass += probabilities[n0] as number
    totals.push(n + from + (width - 1) / 2)
    densities.push(mass / width)
  }
  return { totals, densities }
}
