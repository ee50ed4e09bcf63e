/**
 * From a file's table to tables of captures. Three forms are understood: one row for each combination of lists
 * with a `count`; one row for each person; and the clusters that linkage writes, one row for each record.
 */
import { isVerdictColumn, readVerdict } from "../linkage/output/verdict.ts"
import { err, ok, type Result } from "../result.ts"
import { isAbsent } from "../tabular/absent.ts"
import { markOf } from "../tabular/marks.ts"
import { columnIndex, type Table } from "../tabular/table.ts"
import { type CaptureTable, captureTable, MAX_LISTS, type TableError } from "./capture-table.ts"
import { type Finding, finding } from "./finding.ts"
import { verdictFindings } from "./linkage-findings.ts"
import { clusterColumns, readClusters } from "./read-clusters.ts"
import { largestFirst, stratumNamed } from "./strata.ts"

export interface Captures {
  readonly form: "combinations" | "people" | "clusters"
  readonly whole: CaptureTable
  /** Distinct people of whom no two could be one, so far as is known; null where nobody is surely distinct. */
  readonly minimum: number | null
  /** Other plausible linkages of the same records, when the file has them. */
  readonly linkages: readonly CaptureTable[]
  /** One for each combination of the columns asked for, in order of size; empty when none was. */
  readonly strata: readonly Stratum[]
  /** Any of these and no method may answer: who was linked to whom is not tenable. */
  readonly refusals: readonly Finding[]
  readonly warnings: readonly Finding[]
}

export interface Stratum {
  readonly name: string
  readonly values: Readonly<Record<string, string>>
  readonly table: CaptureTable
  /** The stratum in other plausible linkages; empty where there are none. */
  readonly linkages: readonly CaptureTable[]
  readonly warnings: readonly Finding[]
}

export type CapturesError =
  | { readonly kind: "no-list-columns" }
  | { readonly kind: "no-such-column"; readonly column: string; readonly columns: readonly string[] }
  | { readonly kind: "not-0-or-1"; readonly column: string; readonly row: number; readonly value: string }
  | { readonly kind: "count-not-whole"; readonly row: number; readonly value: string }
  | { readonly kind: "count-unclear"; readonly columns: readonly string[] }
  | { readonly kind: "count-missing"; readonly rows: number }
  | { readonly kind: "not-carried"; readonly column: string }
  | { readonly kind: "not-linked"; readonly column: string; readonly row: number }
  | { readonly kind: "not-nested"; readonly row: number }
  | { readonly kind: "table"; readonly error: TableError }

export interface CapturesOptions {
  /** Names of the list columns; guessed when absent: every column of 0 and 1 only. */
  readonly lists?: readonly string[]
  readonly strata?: readonly string[]
  /** The column with counts; guessed when absent. */
  readonly count?: string
}

/** A column of counts goes by many names; one of them alone, `n`, may as well be a list, so values decide too. */
const COUNT =
  /^(count|counts|freq|frequency|n|cases|people|persons|number|antal|tilfælde|hyppighed|anzahl|fälle|häufigkeit|personen|nombre|effectif|numero|число|частота|количество|кол-во|людей)$/i
/** Of these names no other meaning is known. */
const SURELY_COUNT = /^(count|freq)/i

export const isCountName = (name: string): boolean => COUNT.test(name)
export const isSurelyCountName = (name: string): boolean => SURELY_COUNT.test(name)

/** What people are, not which list they are on, though it may be written as 0 and 1. */
const TRAIT =
  /^(sex|gender|(is_?)?(fe)?male|wom[ae]n|m[ae]n|girl|boy|adult|minor|child|geschlecht|weiblich|männlich|frau|kind|køn|kvinde|mand|barn|sexe|femme|homme|пол|женщина|мужчина|реб[её]нок|несовершеннолетн(ий|яя))$/i

export function readCaptures(table: Table, options: CapturesOptions = {}): Result<Captures, CapturesError> {
  const clusters = clusterColumns(table)
  const missing = [
    ...(options.strata ?? []),
    ...(options.lists ?? []),
    ...(options.count === undefined ? [] : [options.count]),
  ].find((name) => columnIndex(table, name) === undefined)
  if (missing !== undefined && clusters !== null && options.strata?.includes(missing) === true)
    return err({ kind: "not-carried", column: missing })
  if (missing !== undefined) return err({ kind: "no-such-column", column: missing, columns: table.columns })
  if (clusters !== null && options.lists === undefined)
    return readClusters(table, clusters, options.strata ?? [])
  return readIndicators(table, options)
}

function readIndicators(table: Table, options: CapturesOptions): Result<Captures, CapturesError> {
  const strata = options.strata ?? []
  const counted = countColumnOf(table, options)
  if (!counted.ok) return counted
  const counts = counted.value
  const chosen = chooseLists(table, options, counts.column)
  if (!chosen.ok) return chosen
  const { lists, ignored, traits } = chosen.value
  if (counts.column < 0 && isEveryCombination(table, lists, strata))
    return err({ kind: "count-missing", rows: table.rows })
  const names = lists.map((column) => table.columns[column] ?? "")
  const strataColumns = strata.map((name) => columnIndex(table, name) ?? -1)
  const rows: (readonly [number, number])[] = []
  const rowsByStratum = new Map<string, (readonly [number, number])[]>()
  for (let row = 0; row < table.rows; row++) {
    let history = 0
    for (let j = 0; j < lists.length; j++) {
      const value = table.cells[lists[j] as number]?.[row] ?? ""
      const mark = markOf(value)
      if (mark === undefined) return err({ kind: "not-0-or-1", column: names[j] ?? "", row: row + 2, value })
      if (mark === 1) history |= 1 << j
    }
    const written = counts.column < 0 ? "1" : (table.cells[counts.column]?.[row] ?? "")
    // A published table may leave the cell of the unseen empty: that is what is asked for.
    if (history === 0 && isAbsent(written)) continue
    if (!WHOLE.test(written)) return err({ kind: "count-not-whole", row: row + 2, value: written })
    const entry = [history, Number(written)] as const
    rows.push(entry)
    if (strataColumns.length > 0) {
      const key = JSON.stringify(strataColumns.map((column) => table.cells[column]?.[row] ?? ""))
      const group = rowsByStratum.get(key) ?? []
      group.push(entry)
      rowsByStratum.set(key, group)
    }
  }
  const whole = captureTable(names, rows)
  if (!whole.ok) return err({ kind: "table", error: whole.error })
  const parts: Stratum[] = []
  for (const [key, group] of rowsByStratum) {
    const part = captureTable(names, group)
    if (!part.ok) {
      if (part.error.kind === "nobody") continue
      return err({ kind: "table", error: part.error })
    }
    const values = JSON.parse(key) as string[]
    parts.push({ ...stratumNamed(strata, values), table: part.value, linkages: [], warnings: [] })
  }
  parts.sort(largestFirst)
  // People whom somebody put together from linked records are no surer than these were.
  const verdict = readVerdict(table)
  const { refusals, warnings } = verdict === null ? NOTHING_SAID : verdictFindings(verdict)
  return ok({
    form: counts.column < 0 ? "people" : "combinations",
    whole: whole.value,
    minimum: refusals.length === 0 ? whole.value.n : null,
    linkages: [],
    strata: parts,
    refusals,
    warnings: [
      ...warnings,
      ...counts.warnings,
      ...ignoredFinding(ignored),
      ...traitFinding(traits),
      ...onNoListFinding(whole.onNoList),
    ],
  })
}

/** Of a table that no linkage was written for. */
const NOTHING_SAID = { refusals: [], warnings: [] } as const

/** A number of people, as a spreadsheet may write it. */
const WHOLE = /^\d+(\.0+)?$/

const isList = (cells: readonly string[]): boolean =>
  cells.length > 0 &&
  cells.every((value) => markOf(value) !== undefined) &&
  // A column of "no" alone, or of the letter n, is more likely something else than an empty list.
  cells.some((value) => markOf(value) === 1 || value === "0")

/** Nearly a list. A letter alone is a mark beside its opposite only: F with M is no false. */
function isMostlyMarks(cells: readonly string[]): boolean {
  const marked = cells.filter((value) => markOf(value) !== undefined)
  const letters = marked.every((value) => /^\p{L}$/u.test(value))
  if (letters && new Set(marked.map(markOf)).size < 2) return false
  return marked.length > 0.5 * cells.length
}

interface CountColumn {
  /** −1: every row is one person. */
  readonly column: number
  readonly warnings: readonly Finding[]
}

/**
 * By its name; else, where no two rows have the same combination of lists and one single other column holds
 * whole numbers, that column: to take such rows for people would be a confident wrong number. So would be to add up
 * row numbers, whatever their column is called.
 */
function countColumnOf(table: Table, options: CapturesOptions): Result<CountColumn, CapturesError> {
  if (options.count !== undefined)
    return ok({ column: columnIndex(table, options.count) ?? -1, warnings: [] })
  const taken = [...(options.strata ?? []), ...(options.lists ?? [])]
  const open = table.columns.flatMap((name, column) =>
    taken.includes(name) || (options.lists === undefined && isList(table.cells[column] ?? []))
      ? []
      : [column],
  )
  const named = table.columns.flatMap((name, column) =>
    COUNT.test(name) && !taken.includes(name) && (open.includes(column) || /^count/i.test(name))
      ? [column]
      : [],
  )
  const numbersRows = (column: number): boolean =>
    !SURELY_COUNT.test(table.columns[column] ?? "") && isRowNumber(table.cells[column] ?? [])
  const count = named.find((column) => !numbersRows(column))
  if (count !== undefined) return ok({ column: count, warnings: [] })
  const numbers = open.filter((column) => {
    const cells = table.cells[column] ?? []
    const written = cells.filter((value) => !isAbsent(value))
    // The one cell that may be left open is that of the unseen.
    if (written.length < cells.length - 1 || !written.every((value) => WHOLE.test(value))) return false
    return !isMostlyMarks(cells) && !isRowNumber(cells)
  })
  const [only] = numbers
  if (only === undefined || !everyRowDiffers(table, open, options))
    return ok({ column: -1, warnings: named.map((column) => rowsNumbered(table.columns[column] ?? "")) })
  if (numbers.length > 1)
    return err({ kind: "count-unclear", columns: numbers.map((column) => table.columns[column] ?? "") })
  return ok({
    column: only,
    warnings: [
      finding(
        "count-guessed",
        `"${table.columns[only]}" was taken for the number of people in each row, since no two rows have the same combination of lists. If every row is one person, leave that column out; if it is right, call it "count".`,
      ),
    ],
  })
}

const rowsNumbered = (name: string): Finding =>
  finding(
    "count-guessed",
    `"${name}" numbers the rows one after the other, so each row was taken for one person. If it is the number of people in each row, say so with --count "${name}".`,
  )

/** Each combination of lists in a row of its own, or all but none: nobody's list of people looks so. */
function isEveryCombination(table: Table, lists: readonly number[], strata: readonly string[]): boolean {
  const open = table.columns.flatMap((_, column) => (lists.includes(column) ? [] : [column]))
  return lists.length >= 2 && table.rows >= 2 ** lists.length - 1 && everyRowDiffers(table, open, { strata })
}

/** 1, 2, 3 … or 0, 1, 2 … down the column. */
export const isRowNumber = (cells: readonly string[]): boolean =>
  cells.length > 2 &&
  /^[01]$/.test(cells[0] ?? "") &&
  cells.every((value, row) => WHOLE.test(value) && Number(value) === Number(cells[0]) + row)

function everyRowDiffers(table: Table, open: readonly number[], { strata = [] }: CapturesOptions): boolean {
  const kept = table.columns.flatMap((name, column) =>
    !open.includes(column) || strata.includes(name) ? [column] : [],
  )
  const seen = new Set<string>()
  for (let row = 0; row < table.rows; row++)
    seen.add(kept.map((column) => (table.cells[column]?.[row] ?? "").toLowerCase()).join("\u0000"))
  return table.rows > 2 && seen.size === table.rows
}

/** Columns of 0 and 1 are lists; what else there is, is named as ignored. A column that is nearly one is an error. */
function chooseLists(
  table: Table,
  options: CapturesOptions,
  countColumn: number,
): Result<{ lists: number[]; ignored: string[]; traits: string[] }, CapturesError> {
  if (options.lists !== undefined) {
    const named = options.lists.map((name) => columnIndex(table, name) ?? -1)
    return ok({ lists: named, ignored: [], traits: [] })
  }
  const lists: number[] = []
  const ignored: string[] = []
  const traits: string[] = []
  for (let column = 0; column < table.columns.length; column++) {
    const name = table.columns[column] ?? ""
    if (column === countColumn || isVerdictColumn(name) || (options.strata ?? []).includes(name)) continue
    const cells = table.cells[column] ?? []
    if (isList(cells)) {
      if (TRAIT.test(name)) traits.push(name)
      else lists.push(column)
      continue
    }
    if (!TRAIT.test(name) && isMostlyMarks(cells) && cells.some((value) => markOf(value) === undefined)) {
      const row = cells.findIndex((value) => markOf(value) === undefined)
      return err({ kind: "not-0-or-1", column: name, row: row + 2, value: cells[row] ?? "" })
    }
    ignored.push(name)
  }
  if (lists.length === 0) return err({ kind: "no-list-columns" })
  if (lists.length > MAX_LISTS)
    return err({ kind: "table", error: { kind: "too-many-lists", lists: lists.length } })
  return ok({ lists, ignored, traits })
}

const ignoredFinding = (columns: readonly string[]): Finding[] =>
  columns.length === 0
    ? []
    : [
        finding(
          "columns-ignored",
          `Not used, since they hold something other than 0 and 1: ${columns.join(", ")}. Name the lists with --lists if one of them is a list.`,
        ),
      ]

const traitFinding = (columns: readonly string[]): Finding[] =>
  columns.length === 0
    ? []
    : [
        finding(
          "columns-ignored",
          `Not taken for a list, since it is called like something that people are: ${columns.join(", ")}. Name the lists with --lists if it is one; to estimate its values apart, use --strata.`,
        ),
      ]

const onNoListFinding = (people: number): Finding[] =>
  people === 0
    ? []
    : [
        finding(
          "rows-on-no-list",
          `${people} ${people === 1 ? "person is" : "people are"} on none of the lists. They were left out: who is on no list is what is to be estimated. If they were on one, correct their rows.`,
        ),
      ]

/** One sentence that says what is wrong and what to do. */
export function capturesErrorText(error: CapturesError, source: string): string {
  switch (error.kind) {
    case "no-list-columns":
      return `${source} has no column of 0 and 1 only. Make one for each list: 1 for a person who is on it, 0 for one who is not; and, if rows are combinations and not people, a column "count".`
    case "no-such-column":
      return `${source} has no column "${error.column}". Name one of those that it has: ${error.columns.join(", ")}.`
    case "not-0-or-1":
      return `${source}, row ${error.row}: "${error.value}" in column "${error.column}" where a list has 0 or 1. ${error.value === "" ? "An empty value is not a 0: write 1 for a person who is on the list, 0 for one who is not." : "Correct it; if the column is no list, name the lists with --lists, or the column of counts with --count."}`
    case "count-not-whole":
      return `${source}, row ${error.row}: "${error.value}" is not a number of people. Counts are whole numbers without separators: do not round, weight or average them before.`
    case "count-unclear":
      return `${source}: no two rows have the same combination of lists, as in a table of counts, but more than one column holds numbers (${error.columns.join(", ")}). Name the number of people in each row with --count; if every row is one person, leave these columns out.`
    case "count-missing":
      return `${source} has each combination of lists in one row, ${error.rows} in all, as a table of counts has, but no column of counts. Name it with --count; if every row is one person, add a column "count" of 1.`
    case "not-carried":
      return `${source} holds linked records without the column "${error.column}". Link again with kunak link --carry "${error.column}", which writes it beside each record.`
    case "not-linked":
      return `${source}, row ${error.row}: the column "${error.column}" is empty, so nobody can say which person this row is of. A join leaves such rows where it found no record: remove them, or join again by the number of the record and its list.`
    case "not-nested":
      return `${source}, row ${error.row}: the number of this group stands in other rows for another group, as where two linkages were put below one another, and different people would be taken for one. Link all lists together in one run. If you corrected "best" by hand, remove the columns "strict" and "loose".`
    case "table":
      return tableErrorText(error.error, source)
  }
}

function tableErrorText(error: TableError, source: string): string {
  switch (error.kind) {
    case "no-lists":
      return `${source} has no lists. Make a column of 0 and 1 for each.`
    case "too-many-lists":
      return `${source} has ${error.lists} lists; ${MAX_LISTS} are the most that can be read, and five or fewer the most that can be estimated well. Join lists of the same kind into one.`
    case "repeated-name":
      return `${source} has two lists named "${error.name}". Name one of them otherwise.`
    case "not-whole":
      return `${source}: ${error.count} is not a number of people. Counts are whole numbers without separators: do not round, weight or average them before.`
    case "nobody":
      return `${source} has nobody on any list. Check the columns of the lists and of the counts: in each row there is no 1, or a count of 0.`
  }
}
