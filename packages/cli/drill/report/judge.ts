/** From what was examined to what may be said: nothing found, found, or not shown. */
import type { Drilled } from "../drill.ts"
import { type Finding, SECTIONS, type Section, type SectionId } from "../examine/section.ts"
import { LEAK_NAMES, LEAKS, type LeakName } from "../plant/leaks.ts"

/** not-shown: a part of it could not be examined, and nothing was found in the rest. Never counted as passed. */
export type Verdict = "nothing" | "found" | "not-shown"

export const verdictOf = ({ findings, notShown }: Pick<Section, "findings" | "notShown">): Verdict =>
  findings.length > 0 ? "found" : notShown.length > 0 ? "not-shown" : "nothing"

/** What no drill on one machine can look at. Whatever else was not looked at makes the whole "not shown". */
export const BEYOND_A_DRILL: readonly SectionId[] = ["tor"]

export interface PlantedLeak {
  readonly name: LeakName
  readonly outcome: "found" | "missed" | "not-shown"
  /** Where it was found: the first place. */
  readonly finding: Finding | null
}

/** Of the whole drill, as `npm run check` writes it. */
export type Whole = "holds" | "fails" | "not shown"

/** 2 and 3 are a wrong usage and a missing part, as in every command. */
export const EXIT_CODES: Readonly<Record<Whole, number>> = { holds: 0, fails: 1, "not shown": 4 }

export interface Judged {
  readonly sections: readonly (Section & { readonly verdict: Verdict })[]
  readonly planted: readonly PlantedLeak[]
  /** Findings that no planted leak explains: real ones. */
  readonly unexplained: readonly Finding[]
  /** Places that were not looked at, or not wholly, and that a drill can look at. */
  readonly blind: readonly SectionId[]
  /** holds: everything was looked at, nothing found but what was planted, and of that each. */
  readonly shown: Whole
}

export function judge({ sections }: Pick<Drilled, "sections">, leaks: ReadonlySet<LeakName>): Judged {
  const planted = LEAK_NAMES.filter((name) => leaks.has(name)).map((name): PlantedLeak => {
    const section = sections.find(({ id }) => id === LEAKS[name].section)
    const finding = section?.findings.find((one) => LEAKS[name].expects(one)) ?? null
    const couldNot = !section || section.notShown.length > 0
    return { name, finding, outcome: finding ? "found" : couldNot ? "not-shown" : "missed" }
  })
  const unexplained = sections
    .flatMap(({ findings }) => findings)
    .filter((finding) => ![...leaks].some((name) => LEAKS[name].traces(finding)))
  const blind = SECTIONS.filter(
    (id) =>
      !BEYOND_A_DRILL.includes(id) &&
      (sections.find((section) => section.id === id)?.notShown ?? [id]).length > 0,
  )
  const fails = unexplained.length > 0 || planted.some(({ outcome }) => outcome === "missed")
  return {
    sections: sections.map((section) => ({ ...section, verdict: verdictOf(section) })),
    planted,
    unexplained,
    blind,
    shown: fails ? "fails" : blind.length > 0 ? "not shown" : "holds",
  }
}
