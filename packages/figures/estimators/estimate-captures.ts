/** From what was read to everything that is shown: the whole, its strata, and other plausible linkages. */

import { agreementOf, headline } from "./agreement.ts"
import type { CaptureTable } from "./capture-table.ts"
import { type Evaluation, evaluate } from "./evaluate.ts"
import { type Finding, type FindingCode, finding } from "./finding.ts"
import type { LatentClassSettings } from "./latent-classes/estimator.ts"
import { DIFFERENT, usualReplicates } from "./log-linear/estimators.ts"
import type { LogLinearModel } from "./log-linear/model.ts"
import { people } from "./people.ts"
import { poolLinkages } from "./pool.ts"
import type { Captures } from "./read-captures.ts"
import type { EstimatorId, EstimatorResult } from "./result.ts"
import { sumStrata } from "./sum-strata.ts"
import { FORBID_TOTAL } from "./table-findings.ts"

export interface EstimationSettings {
  readonly seed: number
  /** One more log-linear model, its terms in the order of the lists as read. */
  readonly model?: LogLinearModel
  /** Findings that the user brings: what no data show. */
  readonly limits?: readonly Finding[]
  readonly replicates?: number
  readonly rounds?: number
  readonly threads?: number
  readonly skip?: readonly EstimatorId[]
  readonly signal?: AbortSignal
  readonly onProgress?: (text: string) => void
}

export interface Estimation {
  readonly whole: Evaluation
  /** Distinct people of whom no two could be one, so far as is known; null where nobody is surely distinct. */
  readonly minimum: number | null
  /** Who was linked to whom is not tenable: no count of people in `whole` may be stated, nor one of a single list. */
  readonly untenable: boolean
  readonly strata: readonly {
    readonly name: string
    readonly values: Readonly<Record<string, string>>
    readonly evaluation: Evaluation
  }[]
  /** Sums over strata; empty without strata. */
  readonly sum: readonly EstimatorResult[]
  /** How many sampled linkages the results of `whole` are pooled over; 0 for none. */
  readonly linkages: number
  readonly seed: number
}

/** What a linkage among several is worth: its part is the variance between linkages, not the last digit. */
const EFFORT_PER_LINKAGE = {
  replicateShare: 1 / 10,
  leastReplicates: 200,
  chains: { chains: 2, burnIn: 10_000, drawsPerRound: 1500, maxRounds: 1 },
} as const

export async function estimateCaptures(
  captures: Captures,
  settings: EstimationSettings,
): Promise<Estimation> {
  const run = (table: CaptureTable, name: string, effort: Effort = {}) => {
    const say = (text: string): void => settings.onProgress?.(`${name}${text}`)
    const replicates = effort.replicates ?? settings.replicates
    return evaluate(table, {
      seed: settings.seed,
      skip: settings.skip ?? [],
      refusals: captures.refusals,
      ...(settings.model === undefined ? {} : { model: settings.model }),
      bootstrap: {
        ...(replicates === undefined ? {} : { replicates }),
        onProgress: (done, of) => {
          say(`bootstrap: ${done} of ${of} resamples`)
          return settings.signal?.aborted !== true
        },
        pause: () => new Promise((resolve) => setImmediate(resolve)),
      },
      latentClasses: {
        ...(settings.rounds === undefined ? {} : { maxRounds: settings.rounds }),
        ...effort.chains,
        ...(settings.threads === undefined ? {} : { threads: settings.threads }),
        ...(settings.signal === undefined ? {} : { signal: settings.signal }),
        onProgress: (round, of, diagnostics) =>
          say(
            `latent classes: round ${round + 1} of at most ${of}${diagnostics === null ? "" : `, R-hat ${diagnostics.rHat.toFixed(3)}`}`,
          ),
      },
    })
  }
  let whole = withFindings(await run(captures.whole, ""), [...(settings.limits ?? []), ...captures.warnings])
  const untenable = captures.refusals.length > 0
  const pools = (linkages: readonly CaptureTable[]) => !untenable && linkages.length > 1
  if (pools(captures.linkages)) whole = await pooled(captures.linkages, whole, settings, run)
  // What forbids a total of all forbids one of each part.
  const forbidding = captures.warnings.filter(({ code }) => FORBID_TOTAL.includes(code))
  const strata = []
  for (const { name, values, table, linkages, warnings } of captures.strata) {
    const inStratum: typeof run = (given, part, effort) => run(given, `${name}: ${part}`, effort)
    let evaluation = withFindings(await inStratum(table, ""), [
      ...warnings,
      ...forbidding.filter(({ code }) => !warnings.some((own) => own.code === code)),
    ])
    if (pools(linkages)) evaluation = await pooled(linkages, evaluation, settings, inStratum)
    strata.push({ name, values, evaluation })
  }
  const sum = sumStrata(
    strata.map(({ name, evaluation }) => ({
      name,
      findings: evaluation.warnings,
      results: evaluation.estimators,
    })),
  )
  const stopped = settings.signal?.aborted === true ? [STOPPED] : []
  return {
    whole: withFindings(againstSum(whole, sum), stopped),
    minimum: captures.minimum,
    untenable,
    strata: strata.map((stratum) => ({ ...stratum, evaluation: withFindings(stratum.evaluation, stopped) })),
    sum,
    linkages: pools(captures.linkages) ? captures.linkages.length : 0,
    seed: settings.seed,
  }
}

/** Methods that were passed over might have contradicted those that were not. */
const STOPPED = finding(
  "stopped-early",
  "This run was stopped before all methods had finished, so no total is stated. Run again to the end before you report anything.",
)

/**
 * People who differ from stratum to stratum make a total of all together wrong, and small strata a sum. Where the two
 * are far apart neither is stated alone.
 */
function againstSum(whole: Evaluation, sum: readonly EstimatorResult[]): Evaluation {
  const { total } = whole
  const apart = headline(sum, agreementOf(sum))
  if (total.kind !== "stated" || apart.kind === "refused") return whole
  const sums = apart.kind === "stated" ? [apart.estimate] : [apart.low, apart.high]
  const [low, high] = [Math.min(total.estimate, ...sums), Math.max(total.estimate, ...sums)]
  if (high / low <= DIFFERENT) return whole
  return {
    ...whole,
    warnings: [
      ...whole.warnings,
      finding(
        "strata-disagree",
        `All together the estimate is ${people(total.estimate)}, the sum of the strata ${sums.map(people).join(" to ")}. If the strata differ in how people came to be on the lists, the first is wrong; if some are too small for an estimate, the second. No single number can be defended; give the range and say why.`,
      ),
    ],
    total: { kind: "contested", low, high },
  }
}

interface Effort {
  readonly replicates?: number
  readonly chains?: Pick<LatentClassSettings, "chains" | "burnIn" | "drawsPerRound" | "maxRounds">
}

/**
 * Every method again over every sampled linkage. The best linkage was run in full: what its simulation says about
 * itself (R-hat, modes, tails) is kept, since shorter runs over the others cannot tell.
 */
async function pooled(
  linkages: readonly CaptureTable[],
  whole: Evaluation,
  settings: EstimationSettings,
  run: (table: CaptureTable, name: string, effort?: Effort) => Promise<Evaluation>,
): Promise<Evaluation> {
  const replicates = settings.replicates ?? usualReplicates(whole.lists.length)
  const effort = {
    replicates: Math.min(
      replicates,
      Math.max(
        EFFORT_PER_LINKAGE.leastReplicates,
        Math.round(replicates * EFFORT_PER_LINKAGE.replicateShare),
      ),
    ),
    chains: EFFORT_PER_LINKAGE.chains,
  }
  // Draws of a sure linkage are often the same table.
  const known = new Map<string, Evaluation>()
  const each: Evaluation[] = []
  for (const [i, table] of linkages.entries()) {
    const key = `${table.histories.join()} ${table.counts.join()}`
    const evaluation =
      known.get(key) ?? (await run(table, `linkage ${i + 1} of ${linkages.length}: `, effort))
    known.set(key, evaluation)
    each.push(evaluation)
  }
  const results = poolLinkages(
    each.map((evaluation) => evaluation.estimators.map(withoutSimulationFindings)),
    each.map((evaluation) => evaluation.n),
  )
  const estimators = whole.estimators.map((best) => {
    const result = results.find((candidate) => candidate.id === best.id)
    return result === undefined ? best : withFindingsOf(result, best)
  })
  const agreement = agreementOf(estimators)
  // What forbids a total for the best linkage forbids it for all.
  const total = whole.total.kind === "refused" ? whole.total : headline(estimators, agreement)
  return { ...whole, estimators, agreement, total }
}

/** What only a full simulation can say about itself. */
const SIMULATION: readonly FindingCode[] = [
  "r-hat",
  "effective-sample-size",
  "chains-disagree",
  "few-resamples",
  "interval-end-thin",
]

function withoutSimulationFindings(result: EstimatorResult): EstimatorResult {
  return result.status === "refused"
    ? result
    : { ...result, warnings: result.warnings.filter(({ code }) => !SIMULATION.includes(code)) }
}

/** The findings of the best linkage first, then what only other linkages have. */
function withFindingsOf(result: EstimatorResult, best: EstimatorResult): EstimatorResult {
  if (result.status === "refused" || best.status === "refused") return result
  const said = new Set(best.warnings.map(({ code }) => code))
  return {
    ...result,
    details: { ...best.details, bestLinkage: best.estimate, ...result.details },
    warnings: [...best.warnings, ...result.warnings.filter(({ code }) => !said.has(code))],
  }
}

const withFindings = (evaluation: Evaluation, findings: readonly Finding[]): Evaluation => ({
  ...evaluation,
  warnings: [...evaluation.warnings, ...findings],
  total: findings.some(({ code }) => FORBID_TOTAL.includes(code)) ? { kind: "refused" } : evaluation.total,
})
