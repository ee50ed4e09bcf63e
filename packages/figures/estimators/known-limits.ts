/** What only people who know the sources can say; no data show it. */
import { type Finding, finding } from "./finding.ts"

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

/** Said with every estimate, since no check can stand in for it. */
export const STANDING_ASSUMPTIONS =
  "Every estimate assumes: the same people throughout (nobody joins or leaves), correct linkage between lists, a chance for everybody to be on some list, and that what the lists cannot show about their dependence is as the model says."
