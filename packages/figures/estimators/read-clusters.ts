/**
 * From the clusters that linkage writes, one row for each record, to tables of captures: who was on which lists, in
 * the likeliest linkage and in others.
 */
import { isSampleColumn } from "../linkage/output/files.ts"
import { readVerdict } from "../linkage/output/verdict.ts"
import { err, ok, type Result } from "../result.ts"
import { isAbsent } from "../tabular/absent.ts"
import { markOf } from "../tabular/marks.ts"
import { columnIndex, type Table } from "../tabular/table.ts"
import { type CaptureTable, captureTable, MAX_LISTS } from "./capture-table.ts"
import { type Finding, finding } from "./finding.ts"
import { doubtfulLinkage, groupsOfPeople, type LinkageFindings, verdictFindings } from "./linkage-findings.ts"
import type { Captures, CapturesError, Stratum } from "./read-captures.ts"
import { largestFirst, stratumNamed } from "./strata.ts"

/** Kunak's own name first: a list that was joined to the clusters may have a column of another of these. */
const SOURCES = [/^list$/i, /^(source|file|organisation|organization)$/i] as const

export interface ClusterColumns {
  readonly source: number
  readonly strict: number | undefined
  readonly best: number
  readonly loose: number
  /** Where linkage said which records belong to the confirmed minimum. */
  readonly counted: number | undefined
  readonly samples: readonly number[]
}

/** @returns null where the file is no linkage. */
export function clusterColumns(table: Table): ClusterColumns | null {
  const source = SOURCES.map((pattern) => table.columns.findIndex((name) => pattern.test(name))).find(
    (column) => column >= 0,
  )
  const best = columnIndex(table, "best")
  if (source === undefined || best === undefined) return null
  const samples = table.columns.flatMap((name, column) => (isSampleColumn(name) ? [column] : []))
  return {
    source,
    strict: columnIndex(table, "strict"),
    best,
    loose: columnIndex(table, "loose") ?? best,
    counted: columnIndex(table, "counted"),
    samples,
  }
}

/** @param strata columns of the table; a person is in the stratum of the commonest value of their records. */
export function readClusters(
  table: Table,
  columns: ClusterColumns,
  strata: readonly string[],
): Result<Captures, CapturesError> {
  const wrong = notOneLinkage(table, columns)
  if (wrong !== null) return err(wrong)
  const sources = [...new Set(table.cells[columns.source] ?? [])]
  const names = shortNames(sources)
  if (names.length > MAX_LISTS)
    return err({ kind: "table", error: { kind: "too-many-lists", lists: names.length } })
  const listOf = new Map(sources.map((name, list) => [name, list]))
  const lists = (table.cells[columns.source] ?? []).map((source) => listOf.get(source) ?? 0)
  const linkage = (column: number): ReadonlyMap<string, readonly number[]> => rowsByPerson(table, column)
  const tableOf = (people: Iterable<readonly number[]>) =>
    captureTable(
      names,
      Array.from(
        people,
        (rows) => [rows.reduce((mask, row) => mask | (1 << (lists[row] ?? 0)), 0), 1] as const,
      ),
    )
  const best = linkage(columns.best)
  const whole = tableOf(best.values())
  if (!whole.ok) return err({ kind: "table", error: whole.error })
  const samples = columns.samples.map(linkage)
  const linkages: CaptureTable[] = []
  for (const sample of samples) {
    const sampled = tableOf(sample.values())
    if (!sampled.ok) return err({ kind: "table", error: sampled.error })
    linkages.push(sampled.value)
  }
  const { refusals, warnings, confirms } = clusterFindings(table, columns)
  const minimumAmong = (rows: readonly number[]) => minimumOf(table, columns, rows, confirms)
  const minimum = minimumAmong([...best.values()].flat())
  const doubts = (sure: number | null, people: number) =>
    refusals.length > 0 ? [] : doubtfulLinkage(sure, people)
  const parts: Stratum[] = []
  const mixed = new Set<string>()
  if (strata.length > 0) {
    const divide = (people: ReadonlyMap<string, readonly number[]>, doubtful?: Set<string>) =>
      divided(table, strata, people, doubtful)
    const sampledStrata = samples.map((sample) => divide(sample))
    for (const [key, people] of divide(best, mixed)) {
      const part = tableOf(people)
      if (!part.ok) return err({ kind: "table", error: part.error })
      parts.push({
        ...stratumNamed(strata, JSON.parse(key) as string[]),
        table: part.value,
        linkages: sampledStrata.flatMap((sample) => {
          const sampled = tableOf(sample.get(key) ?? [])
          return sampled.ok ? [sampled.value] : []
        }),
        warnings: doubts(minimumAmong(people.flat()), part.value.n),
      })
    }
    parts.sort(largestFirst)
  }
  return ok({
    form: "clusters",
    whole: whole.value,
    minimum,
    linkages,
    strata: parts,
    refusals,
    warnings: [
      ...doubts(minimum, whole.value.n),
      ...warnings,
      ...mixedFinding(mixed.size, best.size, strata),
    ],
  })
}

/**
 * A row that a join left without its record's cluster would be one person with all others of the kind; of two linkages
 * below one another, number 7 of the one and number 7 of the other. Strict groups lie within best ones, and these within
 * loose ones: where they don't, numbers mean two things.
 */
export function notOneLinkage(
  table: Table,
  { source, strict, best, loose, samples }: ClusterColumns,
): Extract<CapturesError, { kind: "not-linked" | "not-nested" }> | null {
  for (const column of [source, best, ...samples]) {
    const row = (table.cells[column] ?? []).findIndex(isAbsent)
    if (row >= 0) return { kind: "not-linked", column: table.columns[column] ?? "", row: row + 2 }
  }
  for (const [inner, outer] of [
    [strict ?? best, best],
    [best, loose],
  ] as const) {
    const around = new Map<string, string>()
    for (let row = 0; row < table.rows; row++) {
      const [group = "", larger = ""] = [table.cells[inner]?.[row], table.cells[outer]?.[row]]
      if ((around.get(group) ?? larger) !== larger) return { kind: "not-nested", row: row + 2 }
      around.set(group, larger)
    }
  }
  return null
}

/** What linking said, and what its groups themselves show. */
export function clusterFindings(table: Table, { best }: ClusterColumns): LinkageFindings {
  const said = verdictFindings(readVerdict(table))
  const seen = groupsOfPeople(table.cells[best] ?? [])
  return {
    refusals: [...seen, ...said.refusals.filter(({ code }) => !seen.some((own) => own.code === code))],
    warnings: said.warnings,
    confirms: said.confirms && seen.length === 0,
  }
}

function rowsByPerson(table: Table, column: number): Map<string, number[]> {
  const rows = new Map<string, number[]>()
  for (let row = 0; row < table.rows; row++) {
    const person = table.cells[column]?.[row] ?? ""
    const known = rows.get(person)
    if (known === undefined) rows.set(person, [row])
    else known.push(row)
  }
  return rows
}

/**
 * People by stratum, the key being the values as JSON.
 *
 * @param mixed takes the people whose records say different things.
 */
function divided(
  table: Table,
  strata: readonly string[],
  people: ReadonlyMap<string, readonly number[]>,
  mixed: Set<string> | undefined,
): ReadonlyMap<string, readonly (readonly number[])[]> {
  const columns = strata.map((name) => table.cells[columnIndex(table, name) ?? -1] ?? [])
  const groups = new Map<string, (readonly number[])[]>()
  for (const [person, rows] of people) {
    const values = columns.map((cells) => {
      const said = rows.map((row) => cells[row] ?? "").filter((value) => value !== "")
      if (new Set(said).size > 1) mixed?.add(person)
      return commonest(said)
    })
    const key = JSON.stringify(values)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [rows])
    else group.push(rows)
  }
  return groups
}

/** The people of the likeliest linkage by the commonest values of their records. */
export const countPeople = (
  table: Table,
  { best }: ClusterColumns,
  by: readonly string[],
): readonly { readonly at: readonly string[]; readonly count: number }[] =>
  Array.from(divided(table, by, rowsByPerson(table, best), undefined), ([key, people]) => ({
    at: JSON.parse(key) as string[],
    count: people.length,
  }))

/** Of equally common values the first by the alphabet, so that the order of records changes nothing. */
function commonest(values: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return first?.[0] ?? ""
}

const mixedFinding = (mixed: number, people: number, strata: readonly string[]): Finding[] =>
  mixed === 0
    ? []
    : [
        finding(
          "strata-mixed",
          `${mixed} of ${people} people have records that say different things in ${strata.map((name) => `"${name}"`).join(" or ")}. Each was counted once, by the commonest value. If there are many, sums over the strata hang on that choice: correct the records where you can.`,
        ),
      ]

/**
 * People of whom no two could be one; without word of that, clusters when in doubt merged.
 *
 * @param confirms whether clusters may be taken for that.
 * @returns null where nobody is surely distinct from others.
 */
export function minimumOf(
  table: Table,
  { best, loose, counted }: ClusterColumns,
  rows: readonly number[],
  confirms: boolean,
): number | null {
  const people = (column: number, among: readonly number[]): number =>
    new Set(among.map((row) => table.cells[column]?.[row] ?? "")).size
  if (counted === undefined) return confirms ? people(loose, rows) : null
  return (
    people(
      best,
      rows.filter((row) => markOf(table.cells[counted]?.[row] ?? "") === 1),
    ) || null
  )
}

/** "data/ngo.csv" → "ngo", unless two sources would come to share a name. */
function shortNames(sources: readonly string[]): readonly string[] {
  const short = sources.map((source) =>
    (source.split(/[\\/]/).at(-1) ?? source).replace(/\.(csv|parquet|tsv|txt)$/i, ""),
  )
  return new Set(short).size === short.length ? short : sources
}
