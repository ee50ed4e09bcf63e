/** The shape that `kunak estimate --json` prints; its fields are a promise to other programs. */

import type { Estimation } from "../estimate-captures.ts"
import type { Evaluation } from "../evaluate.ts"

const evaluationJson = (evaluation: Evaluation) => ({
  n: evaluation.n,
  lists: evaluation.lists.map((list) => list.name),
  listTotals: evaluation.lists.map((list) => list.total),
  estimators: evaluation.estimators,
  agreement: {
    agrees: evaluation.agreement.agrees,
    ratio: evaluation.agreement.ratio,
    limit: evaluation.agreement.limit,
    low: evaluation.agreement.low,
    high: evaluation.agreement.high,
    compared: evaluation.agreement.compared,
    warnings: evaluation.agreement.warnings,
  },
  warnings: evaluation.warnings,
  total: evaluation.total,
})

export const estimationJson = (estimation: Estimation) => ({
  ...evaluationJson(estimation.whole),
  minimum: estimation.minimum,
  reported: reportedRange(estimation),
  seed: estimation.seed,
  linkages: estimation.linkages,
  models: estimation.whole.models,
  ...(estimation.strata.length === 0
    ? {}
    : {
        strata: estimation.strata.map(({ name, values, evaluation }) => ({
          name,
          values,
          ...evaluationJson(evaluation),
        })),
        sum: estimation.sum,
      }),
})

/**
 * What single sources say: from the shortest list to the longest. Never their sum, since they overlap.
 *
 * @returns null where linking made out of a list's records what are no people.
 */
export function reportedRange({
  whole,
  untenable,
}: Pick<Estimation, "whole" | "untenable">): { readonly low: number; readonly high: number } | null {
  if (untenable) return null
  const totals = whole.lists.map((list) => list.total)
  return { low: Math.min(...totals), high: Math.max(...totals) }
}
