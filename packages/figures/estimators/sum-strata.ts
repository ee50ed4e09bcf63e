/**
 * The total over strata that were estimated apart. Intervals of a sum are recovered from the strata's own, which
 * may be lopsided: L = Σθ − √Σ(θ − l)², U = Σθ + √Σ(u − θ)².
 *
 * Assumes: each person belongs to one stratum, and the strata's estimates err independently of one another. What
 * makes all of them too low or too high together is not in the interval.
 *
 * Source: Zou & Donner (2008), Construction of confidence limits about effect measures (MOVER), Stat. Med. 27.
 */
import { FORBID_HEADLINE } from "./agreement.ts"
import { type Finding, finding } from "./finding.ts"
import { type EstimatorId, type EstimatorResult, estimated, refused } from "./result.ts"
import { FORBID_TOTAL } from "./table-findings.ts"

export interface StratumResults {
  readonly name: string
  /** About the stratum's table. */
  readonly findings: readonly Finding[]
  readonly results: readonly EstimatorResult[]
}

/**
 * @returns one result for each estimator, with what speaks against it in each stratum; refused as soon as one stratum
 *   is, since a sum would leave people out, or may not be stated by itself.
 */
export function sumStrata(strata: readonly StratumResults[]): readonly EstimatorResult[] {
  const ids = strata[0]?.results.map((result) => result.id) ?? []
  return ids.map((id) => sumOne(id, strata))
}

/** A finding with the stratum that it is about. */
interface Said {
  readonly name: string
  readonly finding: Finding
}

function sumOne(id: EstimatorId, strata: readonly StratumResults[]): EstimatorResult {
  let estimate = 0
  let below: number | null = 0
  let above: number | null = 0
  const missing: string[] = []
  const forbidden: string[] = []
  const reasons: Said[] = []
  const said: Said[] = []
  const by =
    (name: string) =>
    (one: Finding): Said => ({ name, finding: one })
  for (const { name, findings, results } of strata) {
    const result = results.find((candidate) => candidate.id === id)
    if (result === undefined || result.status === "refused") {
      missing.push(name)
      reasons.push(...(result?.warnings ?? []).map(by(name)))
      continue
    }
    const forbids = [
      ...findings.filter(({ code }) => FORBID_TOTAL.includes(code)),
      ...result.warnings.filter(({ code }) => FORBID_HEADLINE.includes(code)),
    ]
    if (forbids.length > 0) forbidden.push(name)
    reasons.push(...forbids.map(by(name)))
    said.push(...result.warnings.map(by(name)))
    estimate += result.estimate
    below = below === null || result.lower === null ? null : below + (result.estimate - result.lower) ** 2
    above = above === null || result.upper === null ? null : above + (result.upper - result.estimate) ** 2
  }
  if (missing.length > 0 || forbidden.length > 0)
    return refused(id, [noSum(missing, forbidden), ...prefixed(reasons, strata.length)])
  return estimated(
    id,
    estimate,
    [
      below === null ? null : estimate - Math.sqrt(below),
      above === null ? null : estimate + Math.sqrt(above),
    ],
    { strata: strata.length, interval: "recovered from the strata's intervals" },
    prefixed(said, strata.length),
  )
}

function noSum(missing: readonly string[], forbidden: readonly string[]): Finding {
  const it = (names: readonly string[]): string => (names.length === 1 ? "it" : "them")
  const why = [
    ...(missing.length === 0
      ? []
      : [
          `${missing.join("; ")} ${missing.length === 1 ? "has" : "have"} no estimate by this method, and leaving ${it(missing)} out would count nobody unseen there`,
        ]),
    ...(forbidden.length === 0
      ? []
      : [
          `the number of ${forbidden.join("; ")} may not be stated by itself, and a sum would hide what speaks against ${it(forbidden)}`,
        ]),
  ]
  return finding(
    "stratum-refused",
    `No sum: ${why.join("; ")}. Give the parts apart, or join small parts into larger ones.`,
  )
}

/** What is said of every stratum in the same words is said once; all else with the stratum's name. */
function prefixed(all: readonly Said[], strata: number): Finding[] {
  const namesByText = new Map<string, Set<string>>()
  for (const { name, finding: one } of all)
    namesByText.set(one.text, (namesByText.get(one.text) ?? new Set()).add(name))
  const shared = (one: Finding): boolean => namesByText.get(one.text)?.size === strata
  const once = new Map(
    all.flatMap(({ finding: one }) => (shared(one) ? [[one.text, one] as const] : [])),
  ).values()
  return [
    ...all.flatMap(({ name, finding: one }) =>
      shared(one) ? [] : [finding(one.code, `${name}: ${one.text}`)],
    ),
    ...once,
  ]
}
