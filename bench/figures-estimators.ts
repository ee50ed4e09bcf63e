/** Speed of the estimators beside their peers' figures (R packages on two cores, design page on figures). */
import { canonicalOrder, captureTable, denseCounts } from "@kunak/figures/estimators/capture-table"
import { decomposableGraphs } from "@kunak/figures/estimators/graphs/decomposable"
import { graphPosterior } from "@kunak/figures/estimators/graphs/posterior"
import { LatentClassSampler } from "@kunak/figures/estimators/latent-classes/sampler"
import { bootstrapped, rankAll } from "@kunak/figures/estimators/log-linear/estimators"
import { countedTable } from "@kunak/figures/disclosure/counted-table"
import { LinearSolver } from "@kunak/figures/disclosure/linear-program"
import { protect } from "@kunak/figures/disclosure/protect"
import { seededRandom } from "@kunak/figures/random/random"
import { kosovo, unitedKingdom } from "@kunak/figures/estimators/testing/published-tables"
import type { CaptureTable } from "@kunak/figures/estimators/capture-table"

export interface BenchRow {
  readonly id: string
  readonly what: string
  readonly value: number
  readonly unit: string
  /** What it is measured against. */
  readonly beside: string
  readonly besideValue: number | null
  /** value / besideValue */
  readonly ratio: number | null
  readonly goal: string
  readonly direction: "lower is better" | "higher is better"
  /** How it grows with the work, in a sentence. */
  readonly slope: string
  readonly holds: boolean
}

/** The median of several runs, in milliseconds, after one to warm up. */
async function milliseconds(runs: number, work: () => unknown): Promise<number> {
  await work()
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

/** Kosovo's shares with about `people` people in all. */
function scaled(people: number): CaptureTable {
  const table = captureTable(
    kosovo.lists,
    [...kosovo.histories].map(
      (history, i) => [history, Math.max(1, Math.round(((kosovo.counts[i] ?? 0) * people) / kosovo.n))] as const,
    ),
  )
  if (!table.ok) throw new Error(table.error.kind)
  return table.value
}

function sweepsPerSecond(table: CaptureTable, sweeps: number): number {
  const sampler = new LatentClassSampler(
    table.lists.length,
    table.histories,
    table.counts,
    { classes: 10, a: 0.25, b: 0.25 },
    seededRandom(1, "bench"),
  )
  for (let i = 0; i < sweeps / 4; i++) sampler.sweep()
  const start = performance.now()
  for (let i = 0; i < sweeps; i++) sampler.sweep()
  return (1000 * sweeps) / (performance.now() - start)
}

const SIZES = [1_000, 10_000, 100_000] as const

const growth = (values: readonly number[], unit: string): string =>
  `${SIZES.map((size, i) => `${(values[i] ?? 0).toPrecision(3)} ${unit} at ${size.toLocaleString("en")} people`).join(", ")}`

export async function figuresEstimatorRows(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  const add = (
    row: Omit<BenchRow, "ratio" | "holds" | "goal">,
    limit: number | null,
    goal: string,
  ): void => {
    const ratio = row.besideValue === null ? null : row.value / row.besideValue
    const holds =
      limit === null ||
      (ratio !== null && (row.direction === "lower is better" ? ratio <= limit : ratio >= limit))
    rows.push({ ...row, ratio, goal, holds })
  }

  add(
    {
      id: "figures.latent-classes",
      what: "latent classes, Kosovo, K = 10, one chain",
      value: sweepsPerSecond(kosovo, 100_000),
      unit: "sweeps/s",
      beside: "LCMCR, C++",
      besideValue: 38_800,
      direction: "higher is better",
      slope: `one draw per history, not per person: ${growth(
        SIZES.map((size) => sweepsPerSecond(scaled(size), 20_000)),
        "sweeps/s",
      )}`,
    },
    1,
    "≥ 1 × (C++)",
  )

  const graphs = decomposableGraphs(4)
  const posterior = (table: CaptureTable) => graphPosterior(denseCounts(table), graphs, 2 ** -4)
  const graphGrowth = []
  for (const size of SIZES) graphGrowth.push(await milliseconds(3, () => posterior(scaled(size))))
  add(
    {
      id: "figures.graphs",
      what: "decomposable graphs, Kosovo, every whole number of unseen",
      value: await milliseconds(7, () => posterior(kosovo)),
      unit: "ms",
      beside: "dga",
      besideValue: 90,
      direction: "lower is better",
      slope: `linear in the number of unseen: ${growth(graphGrowth, "ms")}`,
    },
    1,
    "≤ 1 × (C++)",
  )

  const rankGrowth = []
  for (const size of SIZES) rankGrowth.push(await milliseconds(5, () => rankAll(scaled(size))))
  add(
    {
      id: "figures.log-linear",
      what: "all 113 log-linear models, Kosovo",
      value: await milliseconds(15, () => rankAll(kosovo)),
      unit: "ms",
      beside: "Rcapture",
      besideValue: 290,
      direction: "lower is better",
      slope: `does not depend on the number of people: ${growth(rankGrowth, "ms")}`,
    },
    0.1,
    "≤ 0.1 ×",
  )

  const bootstrapTime = (table: CaptureTable, replicates: number) => {
    const canonical = canonicalOrder(table)
    const ranking = rankAll(canonical)
    return milliseconds(3, () => bootstrapped(canonical, ranking, seededRandom(1, "bench"), { replicates }))
  }
  const bootstrapGrowth = []
  for (const size of SIZES) bootstrapGrowth.push((await bootstrapTime(scaled(size), 200)) * 5)
  add(
    {
      id: "figures.bootstrap",
      what: "BCa, 1,000 resamples, each choosing among 113 models, Kosovo",
      value: await bootstrapTime(kosovo, 1000),
      unit: "ms",
      beside: "MultipleSystemsEstimation",
      besideValue: 38_000,
      direction: "lower is better",
      slope: `does not depend on the number of people: ${growth(bootstrapGrowth, "ms")}`,
    },
    0.1,
    "≤ 0.1 ×",
  )

  add(
    {
      id: "figures.log-linear-five-lists",
      what: "all 6,893 models of five lists, sparse (United Kingdom 2013)",
      value: await milliseconds(3, () => rankAll(unitedKingdom)),
      unit: "ms",
      beside: "none measured",
      besideValue: null,
      direction: "lower is better",
      slope: "61 times as many models as for four lists, each about twice the work",
    },
    null,
    "to watch",
  )

  const solver = await LinearSolver.load()
  const suppression = (regions: number) => {
    const random = seededRandom(1, "bench table")
    const cells = Array.from({ length: regions * 12 }, (_, i) => ({
      at: [`r${i % regions}`, `c${Math.floor(i / regions)}`],
      count: Math.floor(-40 * Math.log(1 - random.float())),
    }))
    const table = countedTable(["region", "year"], cells)
    if (!table.ok) throw new Error(table.error.kind)
    return milliseconds(1, () => protect(table.value, solver, { threshold: 10 }))
  }
  const [small, large] = [await suppression(8), await suppression(24)]
  add(
    {
      id: "figures.suppression",
      what: "complementary suppression, 24 regions × 12 years, every hidden cell attacked twice",
      value: large,
      unit: "ms",
      beside: "none measured",
      besideValue: null,
      direction: "lower is better",
      slope: `three times the cells take ${(large / small).toFixed(1)} times as long`,
    },
    null,
    "to watch",
  )
  return rows
}

if (import.meta.main) console.table(await figuresEstimatorRows(), ["what", "value", "unit", "besideValue", "ratio", "holds", "slope"])
