/** What of a linkage speaks against any number that is drawn from its clusters. */
import { largeGroupIn } from "../linkage/clusters/largest-group.ts"
import { EFFECTS, type Effect, isUntenableCode, type NoteCode, type UntenableCode } from "../linkage/notes.ts"
import { VERDICT_COLUMN, type Verdict } from "../linkage/output/verdict.ts"
import { type Finding, finding } from "./finding.ts"

export interface LinkageFindings {
  /** Any of these and no number but a confirmed minimum may be drawn: what was counted is no people. */
  readonly refusals: readonly Finding[]
  readonly warnings: readonly Finding[]
  /** Whether clusters, when in doubt merged, are people of whom no two could be one. */
  readonly confirms: boolean
}

/** What linking itself said, where the file still has it. Without its word nobody here can know what was warned of. */
export function verdictFindings(verdict: Verdict | null): LinkageFindings {
  if (verdict === null) return { refusals: [], warnings: [unsaid("is missing")], confirms: true }
  const { codes, unknown } = verdict
  const tenable = unknown.length === 0 && !codes.some(isUntenableCode)
  return {
    confirms: tenable && !codes.includes("pairs-missed"),
    refusals: [
      ...codes.filter(isUntenableCode).map((code) => finding(code, UNTENABLE[code])),
      ...(unknown.length === 0
        ? []
        : [
            finding(
              "linkage-unread",
              `The column "${VERDICT_COLUMN}" says ${unknown.map((word) => `"${word}"`).join(" and ")}, which this version of Kunak does not know, so it cannot tell how much that speaks against these figures. No number of people is stated: use the version that linked these records, or link again with this one.`,
            ),
          ]),
    ],
    warnings: [
      ...warned(codes),
      ...(verdict.unsaid === 0
        ? []
        : [unsaid(`is empty in ${verdict.unsaid} ${verdict.unsaid === 1 ? "row" : "rows"}`)]),
    ],
  }
}

const UNTENABLE: Readonly<Record<UntenableCode, string>> = {
  "nothing-learnt":
    "Linking learnt nothing from these records: there were too few of one person to see how differently one person is written. Who is the same person was then decided by weights that nobody has tried on these lists, and every number drawn from it may be far too low or too high. None is stated. Find out by hand who is the same person and make a table with one row for each person and a column of 0 and 1 for each list; or link again with more records or columns (kunak link).",
  "too-many-matches":
    "Linking believed that each record has more than fifty others of the same person. That is seldom true: people were taken for one another, the lists come out too short, and every estimate is too low by more than any interval here shows. None is stated. Look for a column that is the same for nearly everybody, give it the role ignore (kunak link --mapping) and link again.",
  "large-group":
    "Linking took a whole group of records for one and the same person. People who were taken for one another make the lists too short and every estimate too low, by more than any interval here shows. None is stated, even where that group was left out since: what joined it joined others. Give a column that says the same as another the role ignore (kunak link --mapping) and link again.",
}

const SAID: Readonly<Record<Exclude<Effect, "untenable" | "none">, string>> = {
  missed: "records of one person may stand apart, which makes every estimate too high",
  "mixed-up": "people may have been taken for one another, which makes every estimate too low",
  copied: "one list may be a copy of another, and is then no source of its own",
}

function warned(codes: readonly NoteCode[]): Finding[] {
  const clauses = Object.entries(SAID).flatMap(([effect, said]) => {
    const which = codes.filter((code) => EFFECTS[code] === effect)
    return which.length === 0 ? [] : [`${said} (${which.join(", ")})`]
  })
  if (clauses.length === 0) return []
  return [
    finding(
      "linkage-warned",
      `Linking itself warned of what speaks against these figures: ${clauses.join("; ")}. Read its report, which says where and what to do, before you use a number.`,
    ),
  ]
}

const unsaid = (how: string): Finding =>
  finding(
    "linkage-unsaid",
    `What linking itself warned of is not known here: the column "${VERDICT_COLUMN}" that kunak link writes ${how}. Keep that column when you cut or join its clusters.csv. If another program linked these records, find out how well, and say so beside the number.`,
  )

/** Shares of people who are surely distinct, below which linkage is spoken of, and below which no total is stated. */
const SURE_ENOUGH = 0.95
const TOO_DOUBTFUL = 0.8

export const isSureEnough = (minimum: number | null, people: number): boolean =>
  (minimum ?? 0) >= SURE_ENOUGH * people

/** Whether so few are surely distinct that neither a total nor a table of these people may be stated. */
export const isTooDoubtful = (minimum: number | null, people: number): boolean =>
  (minimum ?? 0) < TOO_DOUBTFUL * people

/**
 * A link that was missed looks like two people seen once each, and raises every estimate; sampled linkages vary around
 * the best one and cannot show what all of them miss.
 */
export function doubtfulLinkage(minimum: number | null, people: number): Finding[] {
  if (isSureEnough(minimum, people)) return []
  const sure =
    minimum === null
      ? "none is surely different from the others"
      : `only ${minimum} are surely different from one another`
  const said = `Of the ${people} people whom the likeliest linkage sees, ${sure}. Links that were missed make every estimate too high`
  return [
    isTooDoubtful(minimum, people)
      ? finding(
          "linkage-doubtful",
          `${said}, by more than any interval here shows. No total is stated: have the doubtful pairs decided (clerical.csv), add columns that tell people apart, and link again.`,
        )
      : finding(
          "linkage-uncertain",
          `${said}: have the doubtful pairs decided (clerical.csv) and link again.`,
        ),
  ]
}

/** Links that were missed show in `counted`; people who were taken for one another show nowhere but here. */
export function groupsOfPeople(best: readonly string[]): Finding[] {
  const group = largeGroupIn(best)
  if (group === null) return []
  return [
    finding(
      "large-group",
      `${group.size} of ${group.records} records were taken for one and the same person. That is seldom true, and people who were taken for one another make the lists too short and every estimate too low, by more than any interval here shows. None is stated: look at this group in the column "best". Either no column tells these people apart, or two columns say the same and count twice; give one of them the role ignore (kunak link --mapping) and link again.`,
    ),
  ]
}
