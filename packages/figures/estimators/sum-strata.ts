/**
 * The total over strata that were estimated apart. Intervals of a sum are recovered from the strata's own, which
 * may be lopsided: L = Σθ − √Σ(θ − l)², U = Σθ + √Σ(u − θ)².
 *
 * Source: Zou & Donner (2008), Construction of confidence limits about effect measures (MOVER), Stat. Med. 27.
 */
import { finding } from "./finding.ts"
import { type EstimatorId, type EstimatorResult, estimated, refused } from "./result.ts"

export interface StratumResults {
  readonly name: string
  readonly results: readonly EstimatorResult[]
}

/** @returns one result for each estimator; refused as soon as one stratum is, since a sum would leave people out. */
export function sumStrata(strata: readonly StratumResults[]): readonly EstimatorResult[] {
  const ids = strata[0]?.results.map((result) => result.id) ?? []
  return ids.map((id) => sumOne(id, strata))
}

function sumOne(id: EstimatorId, strata: readonly StratumResults[]): EstimatorResult {
  let estimate = 0
  let below: number | null = 0
  let above: number | null = 0
  const missing: string[] = []
  for (const { name, results } of strata) {
    const result = results.find((candidate) => candidate.id === id)
    if (result === undefined || result.status === "refused") {
      missing.push(name)
      continue
    }
    estimate += result.estimate
    below = below === null || result.lower === null ? null : below + (result.estimate - result.lower) ** 2
    above = above === null || result.upper === null ? null : above + (result.upper - result.estimate) ** 2
  }
  if (missing.length > 0)
    return refused(id, [
      finding(
        "stratum-refused",
        `No sum: ${missing.join("; ")} ${missing.length === 1 ? "has" : "have"} no estimate by this method, and leaving ${missing.length === 1 ? "it" : "them"} out would count nobody unseen there.`,
      ),
    ])
  return estimated(
    id,
    estimate,
    [
      below === null ? null : estimate - Math.sqrt(below),
      above === null ? null : estimate + Math.sqrt(above),
    ],
    { strata: strata.length, interval: "recovered from the strata's intervals" },
  )
}
