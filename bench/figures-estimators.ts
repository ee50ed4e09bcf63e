/** Speed of the estimators beside their peers' figures (R packages on two cores, design page on figures). */

import { countedTable } from "@kunak/figures/disclosure/counted-table"
import { LinearSolver } from "@kunak/figures/disclosure/linear-program"
import { protect } from "@kunak/figures/disclosure/protect"
import type { CaptureTable } from "@kunak/figures/estimators/capture-table"
import { canonicalOrder, captureTable, denseCounts } from "@kunak/figures/estimators/capture-table"
import { chaoMth } from "@kunak/figures/estimators/chao-mth"
import { decomposableGraphs } from "@kunak/figures/estimators/graphs/decomposable"
import { graphPosterior } from "@kunak/figures/estimators/graphs/posterior"
import { LatentClassSampler } from "@kunak/figures/estimators/latent-classes/sampler"
import { averaged, bootstrapped, rankAll, stepwise } from "@kunak/figures/estimators/log-linear/estimators"
import { kosovo, unitedKingdom } from "@kunak/figures/estimators/testing/published-tables"
import { seededRandom } from "@kunak/figures/random/random"
import { median, type Row, row } from "./row.ts"

/**
 * Processor milliseconds of this thread's work, the middle of several runs after one to warm up. Processor time,
 * because the work is of one thread and machines that measure are busy with other things.
 */
async function milliseconds(runs: number, work: () => unknown): Promise<number> {
  await work()
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = process.cpuUsage()
    await work()
    const used = process.cpuUsage(start)
    times.push((used.user + used.system) / 1000)
  }
  return median(times)
}

/** Kosovo's shares with about `people` people in all. */
function scaled(people: number): CaptureTable {
  const table = captureTable(
    kosovo.lists,
    [...kosovo.histories].map(
      (history, i) =>
        [history, Math.max(1, Math.round(((kosovo.counts[i] ?? 0) * people) / kosovo.n))] as const,
    ),
  )
  if (!table.ok) throw new Error(table.error.kind)
  return table.value
}

/** Six lists of people of two kinds, the second kind three times harder to find. */
function sixLists(people: number): CaptureTable {
  const chances = [0.3, 0.25, 0.2, 0.2, 0.15, 0.1]
  const rows = Array.from({ length: 64 }, (_, history) => {
    const share = (by: number): number =>
      chances.reduce((p, chance, list) => p * (history & (1 << list) ? chance * by : 1 - chance * by), 1)
    return [history, Math.round((people * (share(1.5) + share(0.5))) / 2)] as const
  })
  const table = captureTable(
    chances.map((_, list) => `L${list}`),
    rows,
  )
  if (!table.ok) throw new Error(table.error.kind)
  return table.value
}

/** Of one thread's processor time. */
async function sweepsPerSecond(table: CaptureTable, sweeps: number): Promise<number> {
  const sampler = new LatentClassSampler(
    table.lists.length,
    table.histories,
    table.counts,
    { classes: 10, a: 0.25, b: 0.25 },
    seededRandom(1, "bench"),
  )
  const time = await milliseconds(5, () => {
    for (let i = 0; i < sweeps; i++) sampler.sweep()
  })
  return (1000 * sweeps) / time
}

const SIZES = [1_000, 10_000, 100_000] as const

const growth = (values: readonly number[], unit: string): string =>
  `${SIZES.map((size, i) => `${(values[i] ?? 0).toPrecision(3)} ${unit} at ${size.toLocaleString("en")} people`).join(", ")}`

export async function figuresEstimatorRows(): Promise<readonly Row[]> {
  const rows: Row[] = []
  const add = (measured: Omit<Row, "ratio" | "holds" | "goal">, goal: number | null): void => {
    rows.push(row({ ...measured, goal }))
  }

  const sweepGrowth = []
  for (const size of SIZES) sweepGrowth.push(await sweepsPerSecond(scaled(size), 5_000))
  add(
    {
      id: "figures.latent-classes",
      what: "latent classes, Kosovo, K = 10, one chain",
      value: await sweepsPerSecond(kosovo, 20_000),
      unit: "sweeps/s",
      beside: "LCMCR, C++",
      besideValue: 38_800,
      direction: "higher is better",
      slope: `one draw per history, not per person: ${growth(sweepGrowth, "sweeps/s")}`,
    },
    1,
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
      beside: "dga, C++",
      besideValue: 90,
      direction: "lower is better",
      slope: `one term for each whole number of unseen: ${growth(graphGrowth, "ms")}`,
    },
    1,
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
  )

  const averageGrowth = []
  const average = (table: CaptureTable) => averaged(table, rankAll(table))
  for (const size of SIZES) averageGrowth.push(await milliseconds(5, () => average(scaled(size))))
  add(
    {
      id: "figures.log-linear-averaged",
      what: "the average of all 113 log-linear models, their fits included, Kosovo",
      value: await milliseconds(15, () => average(kosovo)),
      unit: "ms",
      beside: "Rcapture, the fits alone",
      besideValue: 290,
      direction: "lower is better",
      slope: `does not depend on the number of people: ${growth(averageGrowth, "ms")}`,
    },
    0.1,
  )

  const stepGrowth = []
  for (const size of SIZES) stepGrowth.push(await milliseconds(3, () => stepwise(sixLists(size))))
  add(
    {
      id: "figures.log-linear-stepwise",
      what: "stepwise choice of pairs and the same without each list, six lists, 10,000 people",
      value: await milliseconds(5, () => stepwise(sixLists(10_000))),
      unit: "ms",
      beside: null,
      besideValue: null,
      direction: "lower is better",
      slope: `grows with the pairs that enter, which more people make significant: ${growth(stepGrowth, "ms")}`,
    },
    null,
  )

  const mthGrowth = []
  for (const size of SIZES) mthGrowth.push(await milliseconds(5, () => chaoMth(scaled(size))))
  add(
    {
      id: "figures.chao-mth",
      what: "Chao's bound with list effects and its profile interval, Kosovo",
      value: await milliseconds(7, () => chaoMth(kosovo)),
      unit: "ms",
      beside: null,
      besideValue: null,
      direction: "lower is better",
      slope: `does not depend on the number of people: ${growth(mthGrowth, "ms")}`,
    },
    null,
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
  )

  add(
    {
      id: "figures.log-linear-five-lists",
      what: "all 6,893 models of five lists, sparse (United Kingdom 2013)",
      value: await milliseconds(3, () => rankAll(unitedKingdom)),
      unit: "ms",
      beside: null,
      besideValue: null,
      direction: "lower is better",
      slope: "61 times as many models as for four lists, each about twice the work",
    },
    null,
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
      beside: null,
      besideValue: null,
      direction: "lower is better",
      slope: `three times the cells take ${(large / small).toFixed(1)} times as long`,
    },
    null,
  )
  return rows
}
