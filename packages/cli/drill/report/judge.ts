/** From what was examined to what may be said: nothing found, found, or not shown. */
import type { Drilled } from "../drill.ts"
import type { Finding, Section } from "../examine/section.ts"
import { LEAK_NAMES, LEAKS, type LeakName } from "../plant/leaks.ts"

/** not-shown: a part of it could not be examined, and nothing was found in the rest. Never counted as passed. */
export type Verdict = "nothing" | "found" | "not-shown"

export const verdictOf = ({ findings, notShown }: Section): Verdict =>
  findings.length > 0 ? "found" : notShown.length > 0 ? "not-shown" : "nothing"

export interface PlantedLeak {
  readonly name: LeakName
  readonly outcome: "found" | "missed" | "not-shown"
  /** Where it was found: the first place. */
  readonly finding: Finding | null
}

export interface Judged {
  readonly sections: readonly (Section & { readonly verdict: Verdict })[]
  readonly planted: readonly PlantedLeak[]
  /** Findings that no planted leak explains: real ones. */
  readonly unexplained: readonly Finding[]
  /** Nothing was found but what was planted, and of that everything that could be looked for. */
  readonly holds: boolean
}

export function judge({ sections }: Pick<Drilled, "sections">, leaks: ReadonlySet<LeakName>): Judged {
  const planted = LEAK_NAMES.filter((name) => leaks.has(name)).map((name): PlantedLeak => {
    const section = sections.find(({ id }) => id === LEAKS[name].section)
    const finding = section?.findings.find((one) => LEAKS[name].expects(one)) ?? null
    const couldNot = (section?.notShown.length ?? 0) > 0
    return { name, finding, outcome: finding ? "found" : couldNot ? "not-shown" : "missed" }
  })
  const unexplained = sections
    .flatMap(({ findings }) => findings)
    .filter((finding) => ![...leaks].some((name) => LEAKS[name].traces(finding)))
  return {
    sections: sections.map((section) => ({ ...section, verdict: verdictOf(section) })),
    planted,
    unexplained,
    holds: unexplained.length === 0 && planted.every(({ outcome }) => outcome !== "missed"),
  }
}
