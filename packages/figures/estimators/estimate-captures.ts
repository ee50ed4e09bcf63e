/** From what was read to everything that is shown: the whole, its strata, and other plausible linkages. */
import { agreementOf, headline } from "./agreement.ts"
import { type Evaluation, evaluate } from "./evaluate.ts"
import type { Finding } from "./finding.ts"
import type { LogLinearModel } from "./log-linear/model.ts"
import { poolLinkages } from "./pool.ts"
import type { Captures } from "./read-captures.ts"
import type { EstimatorId, EstimatorResult } from "./result.ts"
import { sumStrata } from "./sum-strata.ts"

export interface EstimationSettings {
  readonly seed: number
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
  /** Distinct people, when in doubt merged. */
  readonly minimum: number
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

/** What takes minutes over many linkages; the quick methods show how much linkage matters. */
const NOT_POOLED: readonly EstimatorId[] = ["lcmcr", "log-linear-bootstrap"]

export async function estimateCaptures(
  captures: Captures,
  settings: EstimationSettings,
): Promise<Estimation> {
  const run = (table: Captures["whole"], name: string, skip = settings.skip ?? []) => {
    const say = (text: string): void => settings.onProgress?.(`${name}${text}`)
    return evaluate(table, {
      seed: settings.seed,
      skip,
      ...(settings.model === undefined ? {} : { model: settings.model }),
      bootstrap: {
        ...(settings.replicates === undefined ? {} : { replicates: settings.replicates }),
        onProgress: (done, of) => {
          say(`bootstrap: ${done} of ${of} resamples`)
          return settings.signal?.aborted !== true
        },
        pause: () => new Promise((resolve) => setImmediate(resolve)),
      },
      latentClasses: {
        ...(settings.rounds === undefined ? {} : { maxRounds: settings.rounds }),
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
  if (captures.linkages.length > 1) whole = await pooled(captures, whole, run)
  const strata = []
  for (const { name, values, table } of captures.strata)
    strata.push({ name, values, evaluation: await run(table, `${name}: `) })
  return {
    whole,
    minimum: captures.minimum,
    strata,
    sum:
      strata.length === 0
        ? []
        : sumStrata(strata.map(({ name, evaluation }) => ({ name, results: evaluation.estimators }))),
    linkages: captures.linkages.length > 1 ? captures.linkages.length : 0,
    seed: settings.seed,
  }
}

async function pooled(
  captures: Captures,
  whole: Evaluation,
  run: (table: Captures["whole"], name: string, skip: readonly EstimatorId[]) => Promise<Evaluation>,
): Promise<Evaluation> {
  const each: Evaluation[] = []
  for (const [i, table] of captures.linkages.entries())
    each.push(await run(table, `linkage ${i + 1} of ${captures.linkages.length}: `, NOT_POOLED))
  const results = poolLinkages(
    each.map((evaluation) => evaluation.estimators),
    each.map((evaluation) => evaluation.n),
  )
  const estimators = whole.estimators.map(
    (result) => results.find((candidate) => candidate.id === result.id) ?? result,
  )
  const agreement = agreementOf(estimators)
  return { ...whole, estimators, agreement, total: headline(estimators, agreement) }
}

const withFindings = (evaluation: Evaluation, findings: readonly Finding[]): Evaluation => ({
  ...evaluation,
  warnings: [...evaluation.warnings, ...findings],
})
