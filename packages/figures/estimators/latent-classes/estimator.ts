import { quantile } from "../../numeric/quantile.ts"
import type { CaptureTable } from "../capture-table.ts"
import { type Finding, finding } from "../finding.ts"
import { people } from "../people.ts"
import { modesOf, type PosteriorCurve } from "../posterior-curve.ts"
import { type EstimatorResult, estimated, refused } from "../result.ts"
import type { ChainDiagnostics } from "./diagnostics.ts"
import { type ChainsOptions, type ChainsResult, runChains } from "./run-chains.ts"
import type { LatentClassPrior } from "./sampler.ts"

export interface LatentClassSettings {
  readonly seed: number
  /** K; else min(2^J − 1, 10): no more classes than the histories can tell apart. */
  readonly classes?: number
  readonly chains?: number
  readonly burnIn?: number
  readonly thin?: number
  readonly drawsPerRound?: number
  readonly maxRounds?: number
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (round: number, of: number, diagnostics: ChainDiagnostics | null) => void
}

const R_HAT = 1.01
const EFFECTIVE = 400
/** The usual R package stops its draws at 21·n without a word; draws beyond it are counted and said here. */
const FAR = 20
const FAR_SHARE = 0.001

/** Latent classes: people of several hidden kinds, each kind with its own chances to be on each list. */
export async function latentClasses(
  table: CaptureTable,
  settings: LatentClassSettings,
): Promise<EstimatorResult> {
  const lists = table.lists.length
  const prior: LatentClassPrior = {
    classes: settings.classes ?? Math.min(2 ** lists - 1, 10),
    a: 0.25,
    b: 0.25,
  }
  const thin = settings.thin ?? 20
  const chains = settings.chains ?? 4
  const burnIn = settings.burnIn ?? 20_000
  const tasks = Array.from({ length: chains }, (_, chain) => ({
    chain,
    seed: settings.seed,
    lists,
    histories: table.histories,
    counts: table.counts,
    prior,
    burnIn,
    thin,
  }))
  const options: ChainsOptions = {
    chains,
    drawsPerRound: settings.drawsPerRound ?? 2500,
    maxRounds: settings.maxRounds ?? 8,
    rHat: R_HAT,
    // More than the least that is asked for: the ends of the interval need it.
    effective: 2 * EFFECTIVE,
    effectiveTail: EFFECTIVE,
    ...(settings.threads === undefined ? {} : { threads: settings.threads }),
    ...(settings.signal === undefined ? {} : { signal: settings.signal }),
    ...(settings.onProgress === undefined ? {} : { onProgress: settings.onProgress }),
  }
  const result = await runChains(tasks, options)
  if (result === null)
    return refused("lcmcr", [
      finding("stopped-early", "Stopped before there were enough draws to say anything. Run again."),
    ])
  return summarise(table, result, { ...prior, chains, burnIn, thin })
}

/** Turns draws into a result; apart from running them, so that diverging chains can be tested. */
export function summarise(
  table: CaptureTable,
  result: ChainsResult,
  settings: Readonly<Record<string, number>>,
): EstimatorResult {
  const { n } = table
  const all = Float64Array.from(result.draws.flatMap((draws) => [...draws])).sort()
  const at = (p: number): number => n + quantile(all, p)
  const curve = densityCurve(all, n)
  const { rHat, effective, effectiveTail } = result.diagnostics
  const far = all.reduce((sum, unseen) => sum + (unseen > FAR * n ? 1 : 0), 0) / all.length
  const chainMedians = result.draws.map((draws) => n + quantile(Float64Array.from(draws).sort(), 0.5))
  const warnings: Finding[] = []
  if (result.stopped)
    warnings.push(
      finding(
        "stopped-early",
        "Stopped on request; the draws so far are used. Run again to the end before you report it.",
      ),
    )
  if (!(rHat <= R_HAT))
    warnings.push(
      finding(
        "r-hat",
        `The ${result.draws.length} simulations have not come to agree (R-hat ${rHat.toFixed(3)}, should be at most ${R_HAT}). Do not report this number: run longer (--rounds), and if it stays so the data do not settle the question.`,
      ),
    )
  if (Math.min(effective, effectiveTail) < EFFECTIVE)
    warnings.push(
      finding(
        "effective-sample-size",
        `The draws are worth only ${Math.round(Math.min(effective, effectiveTail))} independent ones${effectiveTail < effective ? " where the interval ends" : ""} (should be ${EFFECTIVE} or more): the ends of the interval are rough. Run longer (--rounds).`,
      ),
    )
  if (chainsApart(result.draws))
    warnings.push(
      finding(
        "chains-disagree",
        `Different simulations settle on different answers (medians ${chainMedians.map(people).join("; ")}). Do not report any of them: run longer (--rounds), and if it stays so the data do not settle the question.`,
      ),
    )
  const modes = modesOf(curve)
  if (modes.length > 1)
    warnings.push(
      finding(
        "several-modes",
        `The data support ${modes.length} separate answers, near ${modes.map((mode) => people(mode.at)).join(" and ")}; a single number between them would mislead. Give both, and say why.`,
      ),
    )
  if (far > FAR_SHARE)
    warnings.push(
      finding(
        "heavy-tail",
        `${(100 * far).toFixed(1)} % of the draws say that more than ${FAR} times as many people are unseen as seen: the data hardly limit the number from above. Say "at least" with the lower end, and give no other number.`,
      ),
    )
  return estimated(
    "lcmcr",
    at(0.5),
    [at(0.025), at(0.975)],
    {
      center: "posterior median",
      ...settings,
      rHat,
      effectiveSampleSize: effective,
      effectiveSampleSizeOfTails: effectiveTail,
      draws: all.length,
      rounds: result.rounds,
      chainMedians,
      largestDraw: n + (all.at(-1) ?? 0),
      shareBeyond20n: far,
      modes,
      posterior: curve,
    },
    warnings,
  )
}

/** Two chains whose middle halves do not even touch are in different modes. */
function chainsApart(chains: readonly Float64Array[]): boolean {
  const middles = chains.map((draws) => {
    const sorted = Float64Array.from(draws).sort()
    return [quantile(sorted, 0.25), quantile(sorted, 0.75)] as const
  })
  return middles.some(([low], i) => middles.some(([, high], j) => i !== j && high < low))
}

/** Histogram over the middle 99 %, smoothed by a triangle over neighbouring cells. */
function densityCurve(sorted: Float64Array, n: number): PosteriorCurve {
  const low = quantile(sorted, 0.002)
  const high = quantile(sorted, 0.995)
  const cells = 80
  const width = Math.max((high - low) / cells, 1)
  const raw = new Float64Array(Math.max(1, Math.ceil((high - low) / width)))
  for (const value of sorted) {
    const cell = Math.floor((value - low) / width)
    if (cell >= 0 && cell < raw.length) raw[cell] = (raw[cell] as number) + 1
  }
  const kernel = [1, 2, 3, 2, 1]
  const totals: number[] = []
  const densities: number[] = []
  raw.forEach((_, i) => {
    let sum = 0
    let weight = 0
    kernel.forEach((k, d) => {
      const value = raw[i + d - 2]
      if (value === undefined) return
      sum += k * value
      weight += k
    })
    totals.push(n + low + (i + 0.5) * width)
    densities.push(sum / weight / width / sorted.length)
  })
  return { totals, densities }
}
