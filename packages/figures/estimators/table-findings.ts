import { SMALL_GROUP } from "../disclosure/source-patterns.ts"
import { bitCount, type CaptureTable, listTotal, overlap } from "./capture-table.ts"
import { type Finding, finding } from "./finding.ts"
import { MAX_LISTS_STEPWISE } from "./log-linear/model.ts"
import { people } from "./people.ts"

/** What a table is good for, before any model is fitted. */
export interface TableFindings {
  /** Any of these and no estimate is made at all. */
  readonly refusals: readonly Finding[]
  readonly warnings: readonly Finding[]
}

/** Overlaps below this make every estimate hang on a handful of people, whose linkage may be wrong. */
const SMALL_OVERLAP = 5

/**
 * From this share on a list is as good as inside another: a copy from which one missed link or one added name took
 * somebody out says no more than a whole one. In lists of fewer people all but one is a smaller share than this.
 */
const NEARLY = 0.95
const ENOUGH_FOR_NEARLY = 20

const isNearly = (part: number, whole: number): boolean =>
  whole >= ENOUGH_FOR_NEARLY && part >= NEARLY * whole && part < whole

/**
 * Looks for lists that say nothing (empty, a copy of another, everybody, or nearly so) and overlaps that carry nothing.
 * Source: the checks that Chan, Silverman & Vincent (2021) make before fitting, and 5 as the usual rule of
 * thumb for a cell.
 */
export function tableFindings(table: CaptureTable): TableFindings {
  const refusals: Finding[] = []
  const warnings: Finding[] = []
  const { lists, n } = table
  const totals = lists.map((_, list) => listTotal(table, list))
  if (lists.length < 2) {
    refusals.push(
      finding(
        "too-few-lists",
        "There is only one list. People who are on no list can only be estimated from how several lists overlap: add lists from other sources.",
      ),
    )
  }
  // Latent classes would still answer, alone: there is no bound, no graph and no model to hold them against.
  if (lists.length > MAX_LISTS_STEPWISE)
    warnings.push(
      finding(
        "too-many-lists",
        `There are ${lists.length} lists. Methods that could check one another take ${MAX_LISTS_STEPWISE} at most, so no total is stated. Join lists of the same kind (all newspapers, all police reports) into one: a few full lists say more than many thin ones.`,
      ),
    )
  lists.forEach((name, i) => {
    if (totals[i] === 0)
      refusals.push(
        finding("list-empty", `The list "${name}" has nobody on it: remove its column and run again.`),
      )
    if (totals[i] === n && lists.length > 1)
      refusals.push(
        finding(
          "list-contains-all",
          `Everybody is on the list "${name}", so the lists show nobody whom it missed, and an estimate would say that nobody was missed at all. Check whether "${name}" was compiled from the other lists; if so, remove its column.`,
        ),
      )
    if (isNearly(totals[i] ?? 0, n) && lists.length > 1) warnings.push(nearlyAll(name, totals[i] ?? 0, n))
  })
  let overlapping = 0
  const strangers: Pair[] = []
  const thin: Pair[] = []
  for (let a = 0; a < lists.length; a++) {
    for (let b = a + 1; b < lists.length; b++) {
      const both = overlap(table, (1 << a) | (1 << b))
      const [nameA, nameB] = [lists[a] ?? "", lists[b] ?? ""]
      const [totalA, totalB] = [totals[a] ?? 0, totals[b] ?? 0]
      if (totalA === 0 || totalB === 0) continue
      overlapping += both
      if (both === totalA && both === totalB)
        refusals.push(
          finding(
            "list-duplicate",
            `The lists "${nameA}" and "${nameB}" have exactly the same people: one looks like a copy of the other and must not count as a second source. Remove one of the columns.`,
          ),
        )
      else if (both === totalA && totalB !== n) warnings.push(insideAnother(nameA, nameB))
      else if (both === totalB && totalA !== n) warnings.push(insideAnother(nameB, nameA))
      else warnings.push(...nearlyInside(both, [nameA, totalA], [nameB, totalB], n))
      if (both === 0) strangers.push({ nameA, nameB, both })
      else if (both < SMALL_OVERLAP) thin.push({ nameA, nameB, both })
    }
  }
  if (lists.length >= 2 && overlapping === 0 && refusals.length === 0)
    refusals.push(
      finding(
        "no-overlap",
        "No two lists have anyone in common. Without overlap nothing can be said about those on no list. Check first whether records of one person were recognised as such (kunak link): lists with no common names at all are rare.",
      ),
    )
  else warnings.push(...emptyOverlaps(strangers, n))
  warnings.push(...smallOverlaps(thin, n))
  const onSeveral = table.histories.reduce(
    (sum, history, i) => sum + (bitCount(history) > 1 ? (table.counts[i] ?? 0) : 0),
    0,
  )
  if (n < 50 && refusals.length === 0)
    warnings.push(
      finding(
        "few-cases",
        `Only ${people(n)} people were seen at all, ${onSeveral} of them by more than one list. Every method here was made for more: give no number without its interval, and add people or lists if you can.`,
      ),
    )
  return { refusals, warnings }
}

interface Pair {
  readonly nameA: string
  readonly nameB: string
  readonly both: number
}

/** With more pairs than this one sentence stands for all: twenty lists have 190 pairs. */
const NAMED_PAIRS = 3

const named = (pairs: readonly Pair[]): string =>
  pairs
    .slice(0, NAMED_PAIRS)
    .map(({ nameA, nameB }) => `"${nameA}" and "${nameB}"`)
    .join("; ")

/** In a small group nobody is told which two sources know the same people: the file shows it to whoever may see it. */
const unnamed = (pairs: readonly Pair[]): string =>
  pairs.length === 1 ? "one pair of lists" : `${pairs.length} pairs of lists`

function emptyOverlaps(pairs: readonly Pair[], n: number): Finding[] {
  if (n < SMALL_GROUP)
    return pairs.length === 0
      ? []
      : [
          finding(
            "overlap-empty",
            `Of all pairs, ${unnamed(pairs)} ${pairs.length === 1 ? "has" : "have"} nobody in common. Which, is not said: among fewer than ${SMALL_GROUP} people it would show who told whom. Look for the same people on every two lists by hand before you use an estimate.`,
          ),
        ]
  if (pairs.length > NAMED_PAIRS)
    return [
      finding(
        "overlap-empty",
        `${pairs.length} pairs of lists have nobody in common (${named(pairs)}; and others). Either they never reach the same people or the linkage failed between them; the data cannot tell which. Join lists of the same kind into one: fewer, larger lists say more.`,
      ),
    ]
  return pairs.map(({ nameA, nameB }) =>
    finding(
      "overlap-empty",
      `Nobody is on both "${nameA}" and "${nameB}". Either the two never reach the same people or the linkage failed between them; the data cannot tell which. Look for the same people on both by hand before you use an estimate.`,
    ),
  )
}

function smallOverlaps(pairs: readonly Pair[], n: number): Finding[] {
  if (n < SMALL_GROUP)
    return pairs.length === 0
      ? []
      : [
          finding(
            "overlap-small",
            `Of all pairs, ${unnamed(pairs)} ${pairs.length === 1 ? "has" : "have"} fewer than ${SMALL_OVERLAP} people in common. Which, is not said: among fewer than ${SMALL_GROUP} people it would show who told whom. One wrong match more or less would move the estimate visibly: have the matches checked by hand.`,
          ),
        ]
  if (pairs.length > NAMED_PAIRS)
    return [
      finding(
        "overlap-small",
        `${pairs.length} pairs of lists have fewer than ${SMALL_OVERLAP} people in common (${named(pairs)}; and others). One wrong match more or less would move the estimate visibly: have these matches checked by hand, or join lists of the same kind into one.`,
      ),
    ]
  return pairs.map(({ nameA, nameB, both }) =>
    finding(
      "overlap-small",
      `Only ${both} ${both === 1 ? "person is" : "people are"} on both "${nameA}" and "${nameB}". One wrong match more or less would move the estimate visibly: have ${both === 1 ? "it" : "them"} checked by hand.`,
    ),
  )
}

const insideAnother = (inner: string, outer: string): Finding =>
  finding(
    "list-inside-another",
    `Everybody on "${inner}" is also on "${outer}". If one was copied into the other they are one source: join the two columns into one. If they are two sources, leave "${inner}" out: it found nobody whom "${outer}" had missed. Until then no total is stated.`,
  )

const nearlyAll = (name: string, total: number, n: number): Finding =>
  finding(
    "list-nearly-all",
    `${total} of ${n} people are on the list "${name}", so the lists show hardly anybody whom it missed. Check whether "${name}" was compiled from the other lists; if so, remove its column. Until then no total is stated.`,
  )

type ListSize = readonly [name: string, total: number]

/** In a list with nearly everybody any other lies nearly whole; that list is spoken of by itself. */
function nearlyInside(both: number, a: ListSize, b: ListSize, n: number): Finding[] {
  const [[inner, size], [outer, outerSize]] = a[1] <= b[1] ? [a, b] : [b, a]
  if (!isNearly(both, size) || outerSize >= NEARLY * n) return []
  return [
    isNearly(both, outerSize)
      ? finding(
          "list-nearly-duplicate",
          `The lists "${inner}" and "${outer}" have nearly the same people (${both} of ${size} and of ${outerSize}): one looks like a copy of the other and must not count as a second source. Remove one of the columns. Until then no total is stated.`,
        )
      : finding(
          "list-nearly-inside",
          `${both} of the ${size} people on "${inner}" are also on "${outer}". If one was copied into the other they are one source: join the two columns into one. If they are two sources, leave "${inner}" out: it found hardly anybody whom "${outer}" had missed. Until then no total is stated.`,
        ),
  ]
}

/** Findings about the table under which methods may be looked at, but no total is stated. */
export const FORBID_TOTAL: readonly Finding["code"][] = [
  "too-many-lists",
  "list-inside-another",
  "list-nearly-duplicate",
  "list-nearly-all",
  "list-nearly-inside",
  "linkage-doubtful",
  "stopped-early",
]

/** Refuses methods that need three lists or more. */
export const needsThreeLists = (table: CaptureTable): Finding | null =>
  table.lists.length >= 3
    ? null
    : finding(
        "too-few-lists",
        "With two lists nobody can check whether being on one makes being on the other more likely, and any estimate depends wholly on that. Only checks and lower bounds are shown; add a third list from another source to get an estimate.",
      )
