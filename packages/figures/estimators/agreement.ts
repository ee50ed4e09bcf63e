/** Do methods that rest on different assumptions come to the same number? */
import { type Finding, type FindingCode, finding } from "./finding.ts"
import { DIFFERENT } from "./log-linear/estimators.ts"
import { ESTIMATOR_NAMES } from "./names.ts"
import { people } from "./people.ts"
import type { Estimated, EstimatorId, EstimatorResult } from "./result.ts"

/** Lower bounds, diagnostics and the sensitivity estimate are not asked to agree. */
const COMPARED: readonly EstimatorId[] = [
  "log-linear-bic",
  "log-linear-aicc",
  "log-linear-averaged",
  "log-linear-stepwise",
  "decomposable-graphs",
  "lcmcr",
]

export interface Agreement {
  readonly compared: readonly { readonly id: EstimatorId; readonly estimate: number }[]
  readonly low: number | null
  readonly high: number | null
  /** high / low, 1 for a single estimate; `null` when there is none. */
  readonly ratio: number | null
  /** More than this is a disagreement. */
  readonly limit: number
  /** `null` when fewer than two estimates could be compared. */
  readonly agrees: boolean | null
  readonly warnings: readonly Finding[]
}

export function agreementOf(results: readonly EstimatorResult[]): Agreement {
  const compared = results.flatMap((result) =>
    result.status === "ok" && COMPARED.includes(result.id)
      ? [{ id: result.id, estimate: result.estimate }]
      : [],
  )
  const limit = DIFFERENT
  if (compared.length === 0)
    return { compared, low: null, high: null, ratio: null, limit, agrees: null, warnings: [] }
  const low = compared.reduce((a, b) => (b.estimate < a.estimate ? b : a))
  const high = compared.reduce((a, b) => (b.estimate > a.estimate ? b : a))
  const ratio = high.estimate / low.estimate
  const below = belowLowerBound(results, compared)
  const agrees = compared.length < 2 ? null : ratio <= limit
  return {
    compared,
    low: low.estimate,
    high: high.estimate,
    ratio,
    limit,
    agrees,
    warnings: [
      ...(agrees === false
        ? [
            finding(
              "estimators-disagree",
              `The methods contradict one another: "${ESTIMATOR_NAMES[low.id]}" says ${people(low.estimate)}, "${ESTIMATOR_NAMES[high.id]}" ${people(high.estimate)}, on the same data. No single number can be defended; give the range and say why.`,
            ),
          ]
        : []),
      ...(agrees === null
        ? [
            finding(
              "single-method",
              `Only one method ("${ESTIMATOR_NAMES[low.id]}") gives an estimate for these lists, so nothing can be said about whether others would agree: say so wherever you give it.`,
            ),
          ]
        : []),
      ...below,
    ],
  }
}

/** Estimates under even the lower end of Chao's bound with list effects, which holds for few lists too. */
function belowLowerBound(
  results: readonly EstimatorResult[],
  compared: readonly { readonly id: EstimatorId; readonly estimate: number }[],
): Finding[] {
  const bound = results.find((result) => result.id === "chao-mth")
  if (bound?.status !== "ok" || bound.lower === null) return []
  const least = bound.lower
  const under = compared.filter(({ estimate }) => estimate < least)
  if (under.length === 0) return []
  return [
    finding(
      "below-lower-bound",
      `Below what should be the least (${people(bound.estimate)}, with its interval from ${people(least)}) ${under.length === 1 ? "lies" : "lie"} ${under.map(({ id, estimate }) => `"${ESTIMATOR_NAMES[id]}" (${people(estimate)})`).join(", ")}. Either people differ much in how easily they are found, and these estimates are too low, or lists avoid each other's cases, and the bound is too high. Find out which it is before you report them.`,
    ),
  ]
}

export type Total =
  | {
      readonly kind: "stated"
      readonly from: EstimatorId
      readonly estimate: number
      readonly lower: number | null
      readonly upper: number | null
      /** What speaks against this number: it is quoted alone, so its reasons go with it. */
      readonly warnings: readonly Finding[]
    }
  /** Methods contradict one another: their range, and no single number. */
  | { readonly kind: "contested"; readonly low: number; readonly high: number }
  | { readonly kind: "refused" }

/** What speaks against the total that is stated; nothing where none is. */
export const againstTotal = (total: Total): readonly Finding[] =>
  total.kind === "stated" ? total.warnings : []

/** Findings of a method under which its number may be looked at, but is not stated as the total. */
export const FORBID_HEADLINE: readonly FindingCode[] = [
  "r-hat",
  "effective-sample-size",
  "chains-disagree",
  "several-modes",
  "saturated-graph",
  "heavy-tail",
  "grid-edge",
  "stopped-early",
  "few-resamples",
]

/** Which estimate stands at the head, if any may. The bootstrap's comes first: its interval knows of the model choice. */
export function headline(results: readonly EstimatorResult[], agreement: Agreement): Total {
  if (agreement.agrees === false && agreement.low !== null && agreement.high !== null)
    return { kind: "contested", low: agreement.low, high: agreement.high }
  const order: readonly EstimatorId[] = ["log-linear-bootstrap", "decomposable-graphs", "lcmcr"]
  const usable = (result: EstimatorResult): result is Estimated =>
    result.status === "ok" && !result.warnings.some((warning) => FORBID_HEADLINE.includes(warning.code))
  for (const id of order) {
    const found = results.find((result) => result.id === id)
    if (found !== undefined && usable(found))
      return {
        kind: "stated",
        from: id,
        estimate: found.estimate,
        lower: found.lower,
        upper: found.upper,
        warnings: found.warnings,
      }
  }
  return { kind: "refused" }
}
