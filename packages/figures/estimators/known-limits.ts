/** What only people who know the sources can say; no data show it. */
import { type Finding, finding } from "./finding.ts"
import type { EstimatorId, EstimatorResult } from "./result.ts"

export interface KnownLimits {
  /** People came into or left the population while the lists were made. */
  readonly notClosed?: boolean
  /** Lists that cannot reach a group: "women", "the mountain districts". */
  readonly misses?: readonly string[]
}

export function limitFindings(limits: KnownLimits): Finding[] {
  const findings: Finding[] = []
  if (limits.notClosed === true)
    findings.push(
      finding(
        "population-not-closed",
        "The population was not closed: people came into it or left it while the lists were made. Then not everybody could be on every list, so overlaps come out too small and estimates, as a rule, too high. Divide the time into shorter periods (--strata).",
      ),
    )
  for (const name of limits.misses ?? [])
    findings.push(
      finding(
        "source-misses-group",
        `A source systematically misses a group (${name}). Whoever no source can reach is in no estimate here: say of whom the number speaks, or divide by the group (--strata).`,
      ),
    )
  return findings
}

/**
 * Beside every number that somebody might report, since no check of the data can rule it out. The shares stand in
 * docs/figures.md; `[hard to find]` in `simulation.slow.test.ts` makes a hundred populations for each factor and prints them.
 */
export const HARDER_TO_FIND: Finding = finding(
  "harder-to-find",
  'If some people are much harder to find than others and no column says who, this number is too low and its interval usually misses the truth: where half of the people were twice as hard to find, intervals made to hold it in 95 of 100 cases held it in 9 to 31. Divide by what makes people hard to find (--strata); where you cannot, say "at least".',
)

/** Diagnostics and lower bounds say their own limits; all others are read as totals. */
const READ_AS_TOTALS: readonly EstimatorId[] = [
  "log-linear-model",
  "log-linear-bic",
  "log-linear-aicc",
  "log-linear-averaged",
  "log-linear-stepwise",
  "log-linear-bootstrap",
  "decomposable-graphs",
  "lcmcr",
]

export const withHarderToFind = (result: EstimatorResult): EstimatorResult =>
  result.status === "ok" && READ_AS_TOTALS.includes(result.id)
    ? { ...result, warnings: [...result.warnings, HARDER_TO_FIND] }
    : result

/** Published criticism of the method itself; more of it, with its context, stands in docs/figures.md. */
export const CRITICISM =
  "Not everybody accepts such estimates. Cormack (1999, Journal of Clinical Epidemiology 52) holds against them that human lists are not designed as traps are; Aleshin-Guendel, Sadinle and Wakefield (2024, Biometrics 80) that no data can identify the number of unseen people without an assumption which they cannot test. Quote these beside the number."

/** Said with every estimate, since no check can stand in for it. */
export const STANDING_ASSUMPTIONS =
  "Every estimate assumes: the same people throughout (nobody joins or leaves), correct linkage between lists, a chance for everybody to be on some list, and that what the lists cannot show about their dependence is as the model says."
