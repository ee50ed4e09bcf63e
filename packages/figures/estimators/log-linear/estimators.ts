/**
 * The log-linear results as they are shown: one ranking, several ways to draw a number from it. The best model by
 * BIC = −2ℓ + p ln n, by AICc = −2ℓ + 2p + 2p (p + 1) / (n − p − 1), and the mean of all, Σ w N̂ with w ∝ exp(−ΔBIC / 2) and
 * variance Σ w (v + (N̂ − N̄)²).
 *
 * Assumes that the chosen model is true; the mean, that one of them all is. Every model assumes that what is left of the
 * dependence between lists is none, among people whom no list saw too.
 *
 * Source: Fienberg (1972), Biometrika 59; Cormack (1989), Biometrics 45; Buckland, Burnham & Augustin (1997), Biometrics
 * 53; Burnham & Anderson (2002), ch. 4, for the unconditional variance.
 */

import type { Random } from "../../random/random.ts"
import { bitCount, type CaptureTable, denseCounts, keepLists, namesIn } from "../capture-table.ts"
import { type Finding, finding } from "../finding.ts"
import { people } from "../people.ts"
import {
  type EstimatorId,
  type EstimatorResult,
  estimated,
  logNormalInterval,
  refused,
  Z_95,
} from "../result.ts"
import { tableFindings } from "../table-findings.ts"
import { bcaBootstrap } from "./bootstrap.ts"
import { type Face, faceOf } from "./face.ts"
import { type LogLinearFit, LogLinearFitter } from "./fit.ts"
import {
  allHierarchicalModels,
  type LogLinearModel,
  MAX_LISTS_FOR_ALL_MODELS,
  MAX_LISTS_STEPWISE,
  modelName,
  modelOf,
} from "./model.ts"
import { MOST_PEOPLE, type ProfileInterval, profileInterval } from "./profile.ts"
import { BestModelSearch, type Ranking, rankModels } from "./selection.ts"
import { stepwiseFit } from "./stepwise.ts"

/** Totals that differ by more than this factor are called different. */
export const DIFFERENT = 1.5

const tooMany = (lists: number, limit: number, instead: string): Finding =>
  finding("too-many-lists", `${lists} lists are more than this method can take (${limit}). ${instead}`)

const notFinite = (face: Face): Finding =>
  face.code === 1
    ? finding(
        "no-estimate",
        "The data have no estimate under this model: a combination of lists that nobody has would have to be impossible, or the unseen without end. Leave a term out of the model, or read the other methods.",
      )
    : finding(
        "not-identifiable",
        `The model asks more than the data can answer: different sizes of the population fit equally well${face.code === 3 ? ", and none of them best" : ""}. Leave a term out of the model, or read the other methods.`,
      )

/** All models of a table ranked, once, for the estimators that share them. */
export function rankAll(table: CaptureTable): Ranking {
  return rankModels(allHierarchicalModels(table.lists.length), denseCounts(table))
}

const modelDetails = (fit: LogLinearFit, table: CaptureTable) => ({
  model: modelName(fit.model, table),
  standardError: fit.standardError,
  deviance: fit.deviance,
  degreesOfFreedom: fit.degreesOfFreedom,
  parameters: fit.parameters,
  aic: fit.aic,
  aicc: fit.aicc,
  bic: fit.bic,
})

/** Rows of the model table in reports. */
export interface RankedModel {
  readonly model: string
  readonly estimate: number
  readonly standardError: number
  readonly deviance: number
  readonly degreesOfFreedom: number
  readonly aic: number
  readonly aicc: number
  readonly bic: number
  readonly weight: number
}

/** The best models by BIC with their weights exp(−ΔBIC / 2), which sum to 1 over all models. */
export function rankedModels(ranking: Ranking, table: CaptureTable, limit: number): readonly RankedModel[] {
  const weights = weightsBy(ranking.fits, (fit) => fit.bic)
  return ranking.fits.slice(0, limit).map((fit, i) => ({
    ...modelDetails(fit, table),
    estimate: fit.total,
    weight: weights[i] ?? 0,
  }))
}

function boundaryFinding(fit: LogLinearFit, table: CaptureTable): Finding[] {
  if (fit.face.boundary.length === 0) return []
  const names = fit.face.boundary.map((term) => namesIn(table, term).join(" and "))
  return [
    finding(
      "boundary-estimate",
      `The model takes ${names.join("; ")} never to meet in anyone, since nobody was seen on them together: an estimate at the very edge of what is possible. Check whether they could have met; if so, do not report it.`,
    ),
  ]
}

function intervalFindings(n: number, interval: readonly [number | null, number | null]): Finding[] {
  const [lower, upper] = interval
  if (upper === null)
    return [
      finding(
        "interval-open",
        'The data set no upper limit: any larger number fits nearly as well. Say "at least" with the lower end, and give no other number.',
      ),
    ]
  if (lower !== null && upper - n > 4 * Math.max(lower - n, 1))
    return [
      finding(
        "interval-wide",
        `The interval is wide: the number of unseen people may be ${people(Math.max(lower - n, 0))} or ${people(upper - n)}. Give both ends of it whenever you give the number.`,
      ),
    ]
  return []
}

const beyondBelief = finding(
  "no-estimate",
  "This model says more people than live on earth: too few people are on several lists to say anything. Check the linkage between the lists before anything else.",
)

const conditional = finding(
  "interval-conditional",
  "This interval takes the chosen model as true. How much the choice itself could have come out differently is seen in the bootstrap interval: report that one.",
)

/** Models within two BIC units of the best whose totals differ too much from it. */
function disagreement(ranking: Ranking): Finding[] {
  const best = ranking.fits[0]
  if (best === undefined) return []
  const rivals = ranking.fits.filter((fit) => fit.bic - best.bic <= 2)
  const totals = rivals.map((fit) => fit.total)
  const [low, high] = [Math.min(...totals), Math.max(...totals)]
  if (high / low <= DIFFERENT) return []
  return [
    finding(
      "models-disagree",
      `${rivals.length} models fit the data almost equally well (within 2 units of BIC), and they say anything from ${people(low)} to ${people(high)}. The data do not decide between them: give the whole range, and say why.`,
    ),
  ]
}

/** Does the best model without one list say something outside the interval? Needs four lists. */
function leaveOneOut(
  table: CaptureTable,
  interval: readonly [number | null, number | null],
  estimateWithout: (smaller: CaptureTable) => number | null,
): { readonly findings: Finding[]; readonly estimates: { without: string; estimate: number | null }[] } {
  const { lists } = table
  if (lists.length < 4) return { findings: [], estimates: [] }
  const estimates = lists.map((name, left) => {
    const smaller = keepLists(
      table,
      lists.map((_, list) => list).filter((list) => list !== left),
    )
    const usable = smaller !== null && tableFindings(smaller).refusals.length === 0
    return { without: name, estimate: usable ? estimateWithout(smaller) : null }
  })
  const outside = estimates.filter(
    ({ estimate }) =>
      estimate !== null &&
      ((interval[0] !== null && estimate < interval[0]) || (interval[1] !== null && estimate > interval[1])),
  )
  if (outside.length === 0) return { findings: [], estimates }
  const said = outside.map(({ without, estimate }) => `without "${without}" ${people(estimate)}`)
  return {
    findings: [
      finding(
        "leave-one-out",
        `The result hangs on single lists: ${said.join(", ")}, which is outside the interval. Find out what is special about these lists before you report it, and say so beside it.`,
      ),
    ],
    estimates,
  }
}

function fitted(
  id: EstimatorId,
  table: CaptureTable,
  fit: LogLinearFit,
  extra: readonly Finding[],
  details: Readonly<Record<string, unknown>> = {},
): EstimatorResult {
  if (fit.total > MOST_PEOPLE) return refused(id, [beyondBelief])
  const profile: ProfileInterval = profileInterval(
    new LogLinearFitter(table.lists.length),
    denseCounts(table),
    fit.face,
    fit.unseen,
  )
  const interval = [profile.lower, profile.upper] as const
  return estimated(
    id,
    fit.total,
    interval,
    { ...modelDetails(fit, table), interval: "profile likelihood", ...details },
    [...extra, ...boundaryFinding(fit, table), ...intervalFindings(table.n, interval)],
  )
}

/** One named model. */
export function namedModel(
  id: EstimatorId,
  table: CaptureTable,
  model: LogLinearModel,
  extra: readonly Finding[] = [],
): EstimatorResult {
  const counts = denseCounts(table)
  const face = faceOf(model, counts)
  const check = { model: modelName(model, table), check: face.code }
  if (face.code !== 0) return refused(id, [notFinite(face)], check)
  const fit = new LogLinearFitter(table.lists.length).full(counts, model, face)
  if (fit === null)
    return refused(
      id,
      [
        finding(
          "no-estimate",
          "The computation came to no settled number under this model. Leave a term out of the model, or read the other methods.",
        ),
      ],
      check,
    )
  return fitted(id, table, fit, extra, { check: 0 })
}

/** No list depends on another: Lincoln and Petersen's assumption for any number of lists. */
export const independence = (table: CaptureTable): EstimatorResult =>
  namedModel("independence", table, modelOf(table.lists.length, []), [
    finding(
      "diagnostic-only",
      "Takes all lists to be independent, which they hardly ever are: compare other numbers with it, do not report it.",
    ),
  ])

/** The five results that draw on the ranking of all models; for six lists or more, refusals that say what to use. */
export function logLinearChoices(table: CaptureTable, ranking: Ranking | null): readonly EstimatorResult[] {
  const ids = ["log-linear-bic", "log-linear-aicc", "log-linear-averaged"] as const
  if (ranking === null)
    return ids.map((id) =>
      refused(id, [
        tooMany(
          table.lists.length,
          MAX_LISTS_FOR_ALL_MODELS,
          table.lists.length > MAX_LISTS_STEPWISE
            ? "Join lists of the same kind into one."
            : "See the stepwise choice, or join lists of the same kind into one.",
        ),
      ]),
    )
  const bic = ranking.fits[0]
  if (bic === undefined)
    return ids.map((id) =>
      refused(id, [
        finding(
          "no-estimate",
          "None of the models comes to one single number for these data. Join lists of the same kind into one, or add people who are on several lists.",
        ),
      ]),
    )
  const aicc = ranking.fits.reduce((best, fit) => (fit.aicc < best.aicc ? fit : best))
  const counted = { modelsFitted: ranking.fits.length, modelsRefused: ranking.refusals.length }
  const pairsOnly = ranking.fits.filter((fit) =>
    fit.model.generators.every((generator) => bitCount(generator) <= 2),
  )
  const bestPairwise = pairsOnly.slice(0, 3).map((fit) => ({
    model: modelName(fit.model, table),
    estimate: fit.total,
    bic: fit.bic,
  }))
  const chosen = fitted("log-linear-bic", table, bic, [conditional, ...disagreement(ranking)], {
    ...counted,
    bestPairwise,
  })
  const without =
    chosen.status === "ok"
      ? leaveOneOut(table, [chosen.lower, chosen.upper], (smaller) => rankAll(smaller).fits[0]?.total ?? null)
      : { findings: [], estimates: [] }
  const withLeaveOneOut: EstimatorResult =
    chosen.status === "ok"
      ? {
          ...chosen,
          details: { ...chosen.details, leaveOneOut: without.estimates },
          warnings: [...chosen.warnings, ...without.findings],
        }
      : chosen
  return [
    withLeaveOneOut,
    fitted("log-linear-aicc", table, aicc, [conditional], counted),
    averaged(table, ranking),
  ]
}

function weightsBy(fits: readonly LogLinearFit[], criterion: (fit: LogLinearFit) => number): number[] {
  const least = Math.min(...fits.map(criterion))
  const raw = fits.map((fit) => Math.exp(-(criterion(fit) - least) / 2))
  const sum = raw.reduce((a, b) => a + b, 0)
  return raw.map((weight) => weight / sum)
}

/**
 * Mean over all models with weights exp(−ΔBIC / 2); the same with AICc stands in the details. The standard
 * error adds the spread between models: √ Σ w (variance + (estimate − mean)²).
 */
export function averaged(table: CaptureTable, ranking: Ranking): EstimatorResult {
  const meanBy = (criterion: (fit: LogLinearFit) => number) => {
    const weights = weightsBy(ranking.fits, criterion)
    let unseen = 0
    ranking.fits.forEach((fit, i) => {
      unseen += (weights[i] ?? 0) * fit.unseen
    })
    let variance = 0
    ranking.fits.forEach((fit, i) => {
      variance += (weights[i] ?? 0) * (fit.standardError ** 2 + (fit.unseen - unseen) ** 2)
    })
    const standardError = Math.sqrt(variance)
    const [lower, upper] = logNormalInterval(table.n, unseen, standardError)
    return { estimate: table.n + unseen, lower, upper, standardError, largestWeight: Math.max(...weights) }
  }
  const byBic = meanBy((fit) => fit.bic)
  const byAicc = meanBy((fit) => fit.aicc)
  return estimated(
    "log-linear-averaged",
    byBic.estimate,
    [byBic.lower, byBic.upper],
    { weights: "BIC", ...byBic, byAicc },
    [...disagreement(ranking), ...intervalFindings(table.n, [byBic.lower, byBic.upper])],
  )
}

/** Forward choice of pairs at p = 0.02. Its interval is the normal one on the log scale of the unseen, as published. */
export function stepwise(table: CaptureTable): EstimatorResult {
  const { lists } = table
  if (lists.length > MAX_LISTS_STEPWISE)
    return refused("log-linear-stepwise", [
      tooMany(
        lists.length,
        MAX_LISTS_STEPWISE,
        "Join lists of the same kind (all newspapers, all police reports) into one; twenty thin lists say less than four full ones.",
      ),
    ])
  const choice = stepwiseFit(denseCounts(table))
  if (choice === null)
    return refused("log-linear-stepwise", [
      finding(
        "no-estimate",
        "Not even the model of independent lists comes to a number for these data. Join lists of the same kind into one, or add people who are on several lists.",
      ),
    ])
  const { fit, steps } = choice
  const logError = Math.sqrt(Math.max(0, fit.standardError ** 2 - fit.unseen)) / fit.unseen
  const interval = [
    table.n + fit.unseen * Math.exp(-Z_95 * logError),
    table.n + fit.unseen * Math.exp(Z_95 * logError),
  ] as const
  const without = leaveOneOut(
    table,
    interval,
    (smaller) => stepwiseFit(denseCounts(smaller))?.fit.total ?? null,
  )
  return estimated(
    "log-linear-stepwise",
    fit.total,
    interval,
    {
      ...modelDetails(fit, table),
      interval: "normal on the log scale of the unseen",
      leaveOneOut: without.estimates,
      steps: steps.map(({ pair, p }) => ({
        pair: namesIn(table, pair),
        p,
      })),
    },
    [
      conditional,
      ...(lists.length <= MAX_LISTS_FOR_ALL_MODELS
        ? [
            finding(
              "stepwise-only",
              "With five lists or fewer all models can be compared; this forward choice sees only some of them and is shown to compare with published figures. Report another one.",
            ),
          ]
        : []),
      ...without.findings,
      ...boundaryFinding(fit, table),
      ...intervalFindings(table.n, interval),
    ],
  )
}

/** Five lists have 6,893 models; resamples choose among this many of the best, which Silverman et al. (2024) found to be ample (they use 100). */
const MODELS_IN_RESAMPLES = 300

export interface BootstrapSettings {
  readonly replicates?: number
  readonly onProgress?: (done: number, of: number) => boolean
  readonly pause?: () => Promise<void>
}

/**
 * Resamples that finish in seconds on two cores. Where a correction for bias reaches far into a tail, an end of the
 * interval hangs on few of them: with 4,000 Kosovo's lower end scatters by 200, with 10,000 by 60.
 */
export const usualReplicates = (lists: number): number => (lists <= 4 ? 10_000 : lists <= 8 ? 1000 : 200)

/** With fewer, 2.5 % are not five resamples even where nothing is corrected. */
const LEAST_RESAMPLES = 200
/** An end of an interval beyond which fewer resamples than this lie moves from seed to seed. */
const FEW_BEYOND = 5

/** The choice by BIC (six lists or more: stepwise) with the interval of a bootstrap that repeats it. */
export async function bootstrapped(
  table: CaptureTable,
  ranking: Ranking | null,
  random: Random,
  settings: BootstrapSettings = {},
): Promise<EstimatorResult> {
  const id = "log-linear-bootstrap"
  const size = table.lists.length
  if (size > MAX_LISTS_STEPWISE)
    return refused(id, [tooMany(size, MAX_LISTS_STEPWISE, "Join lists of the same kind into one.")])
  const counts = denseCounts(table)
  const fitter = new LogLinearFitter(size)
  const chosen = ranking === null ? (stepwiseFit(counts)?.fit ?? null) : (ranking.fits[0] ?? null)
  if (chosen === null)
    return refused(id, [
      finding(
        "no-estimate",
        "No model comes to one single number for these data. Join lists of the same kind into one, or add people who are on several lists.",
      ),
    ])
  const findings: Finding[] = []
  let select: (sample: Float64Array) => number | null
  let searched = 0
  if (ranking === null) {
    select = (sample) => stepwiseFit(sample, undefined, fitter)?.fit.unseen ?? null
  } else {
    // A resample has the same empty histories or more, so models without an estimate here are left out there.
    const models = ranking.fits.map((fit) => fit.model)
    searched = size < 5 ? models.length : Math.min(models.length, MODELS_IN_RESAMPLES)
    if (searched < models.length)
      findings.push(
        finding(
          "search-restricted",
          `Each resample chose among the ${searched} best of ${models.length} models, to finish in reasonable time. Join two lists of the same kind into one if all should compete in each.`,
        ),
      )
    const search = new BestModelSearch(models.slice(0, searched))
    select = (sample) => search.best(sample)?.unseen ?? null
  }
  const replicates = settings.replicates ?? usualReplicates(size)
  const result = await bcaBootstrap(counts, chosen.total, select, {
    replicates,
    random,
    ...(settings.onProgress === undefined ? {} : { onProgress: settings.onProgress }),
    ...(settings.pause === undefined ? {} : { pause: settings.pause }),
  })
  if (result === null)
    return refused(id, [
      finding(
        "resamples-failed",
        "When the data are drawn again, or one person is left out, no model has an estimate any more: the result hangs on single people. Join lists of the same kind into one, or add people who are on several lists.",
      ),
    ])
  if (result.done < replicates)
    findings.push(
      finding(
        "stopped-early",
        `Stopped after ${result.done} of ${replicates} resamples, as asked. Run again to the end before you report it.`,
      ),
    )
  const drawn = result.done - result.failed
  if (drawn < LEAST_RESAMPLES || !Number.isFinite(result.bias))
    findings.push(
      finding(
        "few-resamples",
        `${drawn < LEAST_RESAMPLES ? `Only ${drawn} resamples stand behind this interval` : "All resamples lie on one side of the estimate"}, so the interval means nothing and is not stated as the total. Run again with more (--replicates ${Math.max(1000, 10 * replicates)}).`,
      ),
    )
  else if (result.beyondEnds < FEW_BEYOND)
    findings.push(
      finding(
        "interval-end-thin",
        `One end of this interval hangs on the outermost ${Math.max(1, Math.ceil(result.beyondEnds))} of ${drawn} resamples, so another seed moves it. Run again with more (--replicates ${10 * replicates}) before you quote that end.`,
      ),
    )
  if (result.failed > 0.02 * result.done)
    findings.push(
      finding(
        "resamples-failed",
        `In ${result.failed} of ${result.done} resamples no model had an estimate; the interval is too narrow for that: say so wherever you give it.`,
      ),
    )
  const interval = [result.lower, result.upper] as const
  const without = leaveOneOut(table, interval, (smaller) =>
    ranking === null
      ? (stepwiseFit(denseCounts(smaller))?.fit.total ?? null)
      : (rankAll(smaller).fits[0]?.total ?? null),
  )
  return estimated(
    id,
    chosen.total,
    interval,
    {
      model: modelName(chosen.model, table),
      interval: "BCa bootstrap that repeats the choice of the model; the number of people seen is held fixed",
      leaveOneOut: without.estimates,
      replicates: result.done,
      failed: result.failed,
      modelsInEachResample: searched,
      acceleration: result.acceleration,
      bias: result.bias,
    },
    [
      ...findings,
      ...(ranking === null ? [] : disagreement(ranking)),
      ...without.findings,
      ...intervalFindings(table.n, interval),
    ],
  )
}
