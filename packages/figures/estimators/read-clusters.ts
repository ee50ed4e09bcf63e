/**
 * From the clusters that linkage writes, one row for each record, to tables of captures: who was on which lists, in
 * the likeliest linkage and in others; and what of the linkage speaks against any number drawn from it.
 */
import { largeGroupIn } from "../linkage/clusters/largest-group.ts"
import { err, ok, type Result } from "../result.ts"
import { columnIndex, type Table } from "../tabular/table.ts"
import { type CaptureTable, captureTable, MAX_LISTS } from "./capture-table.ts"
import { type Finding, finding } from "./finding.ts"
import type { Captures, CapturesError, Stratum } from "./read-captures.ts"
import { largestFirst, stratumNamed } from "./strata.ts"

const SOURCE = /^(source|file|list|organisation|organization)$/i
const SAMPLE = /^sample[-_ ]?\d+$/i

export interface ClusterColumns {
  readonly source: number
  readonly best: number
  readonly loose: number
  /** Where linkage said which records belong to the confirmed minimum. */
  readonly counted: number | undefined
  readonly samples: readonly number[]
}

/** @returns null where the file is no linkage. */
export function clusterColumns(table: Table): ClusterColumns | null {
  const source = table.columns.findIndex((name) => SOURCE.test(name))
  const best = columnIndex(table, "best")
  if (source < 0 || best === undefined) return null
  const samples = table.columns.flatMap((name, column) => (SAMPLE.test(name) ? [column] : []))
  return {
    source,
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
  const minimum = minimumOf(table, columns, [...best.values()].flat())
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
        warnings: doubtfulLinkage(minimumOf(table, columns, people.flat()), part.value.n),
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
    warnings: [
      ...doubtfulLinkage(minimum, whole.value.n),
      ...groupsOfPeople(table.cells[columns.best] ?? []),
      ...mixedFinding(mixed.size, best.size, strata),
    ],
  })
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

/** People of whom no two could be one; without word of that, clusters when in doubt merged. */
function minimumOf(table: Table, { best, loose, counted }: ClusterColumns, rows: readonly number[]): number {
  const people = (column: number, among: readonly number[]): number =>
    new Set(among.map((row) => table.cells[column]?.[row] ?? "")).size
  if (counted === undefined) return people(loose, rows)
  return people(
    best,
    rows.filter((row) => table.cells[counted]?.[row] === "1"),
  )
}

/** Shares of people who are surely distinct, below which linkage is spoken of, and below which no total is stated. */
const SURE_ENOUGH = 0.95
const TOO_DOUBTFUL = 0.8

/**
 * A link that was missed looks like two people seen once each, and raises every estimate; sampled linkages vary around
 * the best one and cannot show what all of them miss.
 */
function doubtfulLinkage(minimum: number, best: number): Finding[] {
  const sure = minimum / best
  if (sure >= SURE_ENOUGH) return []
  const said = `Of the ${best} people whom the likeliest linkage sees, only ${minimum} are surely different from one another. Links that were missed make every estimate too high`
  return [
    sure >= TOO_DOUBTFUL
      ? finding(
          "linkage-uncertain",
          `${said}: have the doubtful pairs decided (clerical.csv) and link again.`,
        )
      : finding(
          "linkage-doubtful",
          `${said}, by more than any interval here shows. No total is stated: have the doubtful pairs decided (clerical.csv), add columns that tell people apart, and link again.`,
        ),
  ]
}

/** Links that were missed show in `counted`; people who were taken for one another show nowhere but here. */
function groupsOfPeople(best: readonly string[]): Finding[] {
  const group = largeGroupIn(best)
  if (group === null) return []
  return [
    finding(
      "large-group",
      `${group.size} of ${group.records} records were taken for one and the same person. That is seldom true, and people who were taken for one another make the lists too short and every estimate too low, by more than any interval here shows. No total is stated: look at this group in the column "best". Either no column tells these people apart, or two columns say the same and count twice; give one of them the role ignore (kunak link --mapping) and link again.`,
    ),
  ]
}

/** "data/ngo.csv" → "ngo", unless two sources would come to share a name. */
function shortNames(sources: readonly string[]): readonly string[] {
  const short = sources.map((source) =>
    (source.split(/[\\/]/).at(-1) ?? source).replace(/\.(csv|parquet|tsv|txt)$/i, ""),
  )
  return new Set(short).size === short.length ? short : sources
}
