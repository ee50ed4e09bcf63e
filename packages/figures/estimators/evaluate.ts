/** All estimators over one table: what `kunak estimate` and the desk's window show. */
import { seededRandom } from "../random/random.ts"
import { type Agreement, agreementOf, headline, type Total } from "./agreement.ts"
import { type CaptureTable, canonicalOrder, listTotal } from "./capture-table.ts"
import { chao } from "./chao.ts"
import { chaoMth } from "./chao-mth.ts"
import { chapman } from "./chapman.ts"
import { type Finding, finding } from "./finding.ts"
import { decomposableGraphAverage } from "./graphs/estimator.ts"
import { withHarderToFind } from "./known-limits.ts"
import { type LatentClassSettings, latentClasses } from "./latent-classes/estimator.ts"
import {
  type BootstrapSettings,
  bootstrapped,
  independence,
  logLinearChoices,
  namedModel,
  type RankedModel,
  rankAll,
  rankedModels,
  stepwise,
} from "./log-linear/estimators.ts"
import {
  type LogLinearModel,
  MAX_LISTS_FOR_ALL_MODELS,
  MAX_LISTS_STEPWISE,
  modelOf,
} from "./log-linear/model.ts"
import { noHighestOrder } from "./no-highest-order.ts"
import { ESTIMATOR_IDS, type EstimatorId, type EstimatorResult, refused } from "./result.ts"
import { FORBID_TOTAL, needsThreeLists, tableFindings } from "./table-findings.ts"

export interface Evaluation {
  /** People seen. */
  readonly n: number
  readonly lists: readonly { readonly name: string; readonly total: number }[]
  readonly table: CaptureTable
  /** About the table as a whole; read before any number. */
  readonly warnings: readonly Finding[]
  readonly estimators: readonly EstimatorResult[]
  readonly agreement: Agreement
  readonly total: Total
  /** The best log-linear models, by BIC. */
  readonly models: readonly RankedModel[]
}

export interface EvaluationSettings {
  readonly seed: number
  /** One more model beside the usual ones, its terms in the order of the lists as given. */
  readonly model?: LogLinearModel
  readonly bootstrap?: BootstrapSettings
  readonly latentClasses?: Omit<LatentClassSettings, "seed">
  /** Leave out what takes seconds. */
  readonly skip?: readonly EstimatorId[]
  /** What was found before the table was made: any of these and no method answers. */
  readonly refusals?: readonly Finding[]
}

/**
 * Runs everything that the table allows. Deterministic in `seed`, and independent of the order of lists.
 */
export async function evaluate(given: CaptureTable, settings: EvaluationSettings): Promise<Evaluation> {
  const table = canonicalOrder(given)
  // What is no table of people is not looked into: to say how few they are would be to count them.
  const { refusals, warnings } =
    settings.refusals === undefined || settings.refusals.length === 0
      ? tableFindings(given)
      : { refusals: settings.refusals, warnings: [] }
  const [firstRefusal, ...otherRefusals] = refusals
  const lists = given.lists.map((name, list) => ({ name, total: listTotal(given, list) }))
  const base = { n: given.n, lists, table: given }
  if (firstRefusal !== undefined) {
    const estimators = ESTIMATOR_IDS.map((id) => refused(id, [firstRefusal, ...otherRefusals]))
    return {
      ...base,
      warnings: [...refusals, ...warnings],
      estimators,
      agreement: agreementOf(estimators),
      total: { kind: "refused" },
      models: [],
    }
  }
  const all = new Map<EstimatorId, EstimatorResult>()
  const three = needsThreeLists(table)
  const wanted = (id: EstimatorId): boolean => !(settings.skip ?? []).includes(id)
  // Threads work on the chains while this one does the rest.
  const chains =
    three === null && wanted("lcmcr")
      ? latentClasses(table, { seed: settings.seed, ...settings.latentClasses })
      : null
  let models: readonly RankedModel[] = []
  const model = settings.model === undefined ? undefined : inOrderOf(table, given, settings.model)
  for (const result of quickEstimators(table, model)) all.set(result.id, result)
  all.set("chapman", chapman(table))
  all.set("chao", chao(table))
  if (three === null) {
    const ranking = table.lists.length <= MAX_LISTS_FOR_ALL_MODELS ? rankAll(table) : null
    if (ranking !== null) models = rankedModels(ranking, table, 40)
    for (const result of logLinearChoices(table, ranking)) all.set(result.id, result)
    all.set("log-linear-stepwise", stepwise(table))
    if (wanted("decomposable-graphs")) all.set("decomposable-graphs", decomposableGraphAverage(table))
    if (wanted("log-linear-bootstrap"))
      all.set(
        "log-linear-bootstrap",
        await bootstrapped(table, ranking, seededRandom(settings.seed, "bootstrap"), settings.bootstrap),
      )
    if (chains !== null) all.set("lcmcr", await chains)
  }
  const estimators = ESTIMATOR_IDS.filter(wanted).map((id) => {
    const result = all.get(id) ?? (three === null ? undefined : refused(id, [three]))
    if (result === undefined) throw new RangeError(`${id} was not computed`)
    return withHarderToFind(result)
  })
  const named = all.get("log-linear-model")
  const agreement = agreementOf(estimators)
  return {
    ...base,
    warnings: [...(three === null ? [] : [three]), ...warnings],
    estimators: named === undefined ? estimators : [withHarderToFind(named), ...estimators],
    agreement,
    total: warnings.some(({ code }) => FORBID_TOTAL.includes(code))
      ? { kind: "refused" }
      : headline(estimators, agreement),
    models,
  }
}

/** What needs a table of all histories but no search. */
function quickEstimators(table: CaptureTable, model: LogLinearModel | undefined): EstimatorResult[] {
  const ids: readonly EstimatorId[] = ["independence", "chao-mth", "no-highest-order"]
  if (table.lists.length > MAX_LISTS_STEPWISE)
    return ids.map((id) =>
      refused(id, [
        finding(
          "too-many-lists",
          `${table.lists.length} lists have ${2 ** table.lists.length - 1} combinations, most of them with nobody. Join lists of the same kind into one.`,
        ),
      ]),
    )
  const results = [independence(table)]
  if (table.lists.length >= 3) results.push(chaoMth(table), noHighestOrder(table))
  if (model !== undefined) results.push(namedModel("log-linear-model", table, model))
  return results
}

/** A model of `given` in the order of lists of `table`. Strata and linkages each have an order of their own. */
function inOrderOf(table: CaptureTable, given: CaptureTable, model: LogLinearModel): LogLinearModel {
  const moved = (generator: number): number =>
    table.lists.reduce(
      (mask, name, list) => (generator & (1 << given.lists.indexOf(name)) ? mask | (1 << list) : mask),
      0,
    )
  return modelOf(table.lists.length, model.generators.map(moved))
}
