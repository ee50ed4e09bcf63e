/** `kunak tables`: counts that may be published, and a private log of what may not and why. */
import { createHmac } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { coarseTime, isFineTime, isUnclearTime, UNKNOWN } from "@kunak/figures/disclosure/coarse-time"
import {
  type CountedTable,
  type CountedTableError,
  countedTable,
  MAX_CELLS,
  MAX_DIMENSIONS,
} from "@kunak/figures/disclosure/counted-table"
import type { Edition } from "@kunak/figures/disclosure/editions"
import { LinearSolver } from "@kunak/figures/disclosure/linear-program"
import { type ProtectedTable, protect } from "@kunak/figures/disclosure/protect"
import { type PeopleError, readPeople } from "@kunak/figures/disclosure/read-people"
import type { KeyedUniform } from "@kunak/figures/disclosure/rounding"
import { forbiddenPattern, SMALL_GROUP } from "@kunak/figures/disclosure/source-patterns"
import { LEAST_THRESHOLD, THRESHOLD } from "@kunak/figures/disclosure/suppression"
import { guessDayOrder } from "@kunak/figures/linkage/dates/uncertain-date"
import { isPlaceholder } from "@kunak/figures/linkage/names/fold-name"
import { looksLikeMarks } from "@kunak/figures/tabular/marks"
import { readTable } from "@kunak/figures/tabular/read-table"
import { columnIndex, type Table, tableErrorText } from "@kunak/figures/tabular/table"
import type { Command } from "commander"
import { Failure } from "../failure.ts"

interface Options {
  readonly protect?: string | true
  readonly by: readonly string[]
  readonly threshold: string
  readonly count?: string
  readonly everyRow?: boolean
  readonly keyFile?: string
  readonly against: readonly string[]
  readonly notSource: readonly string[]
  readonly out?: string
  readonly json?: boolean
}

const EXAMPLE = `
Example:
  $ kunak tables persons.csv --protect --by region --by year --out table.csv
  $ kunak tables persons.csv --protect round --key-file rounding.key --by region --by year \\
      --against edition-1.json --json > edition-2.json

The file has one row per person, or a column "count"; of the clusters.csv that kunak link writes people are
counted, not records. Cells below the threshold are not printed, nor are those
from which they could be worked out; a linear program checks that. "published" in the JSON may be published;
"log" says why cells are missing and may not. Keep the JSON: later editions are checked against it.`

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value]

export function register(program: Command): void {
  program
    .command("tables")
    .summary("A table of counts that is safe to publish.")
    .description(
      "Counts people by one to three columns and leaves out what would expose someone: small cells, zeros, cells from which these follow, and differences to earlier editions.",
    )
    .argument("<file>", "CSV or Parquet")
    .option("--protect [how]", '"suppress" (default), or "round": also round what is printed to base 5')
    .option("--by <column>", "a dimension of the table (repeatable)", collect, [])
    .option(
      "--threshold <number>",
      `smallest count that is printed, at least ${LEAST_THRESHOLD}`,
      `${THRESHOLD}`,
    )
    .option("--count <column>", "the column with the number of people in each row; found when absent")
    .option("--every-row", "every row is one person, whatever numbers stand in it")
    .option("--key-file <file>", "secret key of 16 bytes or more for repeatable rounding")
    .option("--against <file>", "JSON of an earlier edition (repeatable)", collect, [])
    .option(
      "--not-source <column>",
      "a column of 0 and 1 that is not a list of a source (repeatable)",
      collect,
      [],
    )
    .option(
      "--seed <number>",
      "taken as by link and estimate; nothing here is drawn at random: rounding goes by the key",
    )
    .option("--out <file>", "write the publishable table as CSV")
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLE)
    .action(run)
}

async function run(file: string, options: Options): Promise<void> {
  if (options.protect === undefined)
    throw new Failure(
      "kunak tables prints protected tables only: add --protect. The raw counts stay in your file.",
      "not-protected",
    )
  if (options.protect !== true && options.protect !== "suppress" && options.protect !== "round")
    throw new Failure(`--protect takes "suppress" or "round", not "${options.protect}".`, "bad-option")
  const threshold = thresholdOf(options.threshold)
  const read = await readTable(file)
  if (!read.ok) throw new Failure(tableErrorText(read.error), read.error.kind)
  const { table, warnings } = countTable(read.value, options, file)
  refuseSourcePatterns(read.value, table, options.notSource)
  const rounding = options.protect === "round" ? await roundingKey(options.keyFile) : undefined
  const earlier = await Promise.all(options.against.map(readEdition))
  const result = withWarnings(
    protect(table, await LinearSolver.load(), {
      threshold,
      earlier,
      ...(rounding === undefined ? {} : { rounding }),
    }),
    warnings,
  )
  if (options.out !== undefined) await writeTable(options.out, csvOf(result))
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : textOf(table, result))
}

async function writeTable(path: string, csv: string): Promise<void> {
  try {
    await writeFile(path, csv)
  } catch (cause) {
    throw new Failure(
      `The table cannot be written to ${path} (${(cause as NodeJS.ErrnoException).code}). Choose a folder that exists and that you may write to.`,
      "cannot-write",
      3,
    )
  }
}

function thresholdOf(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < LEAST_THRESHOLD)
    throw new Failure(
      `--threshold takes a whole number from ${LEAST_THRESHOLD}: below that, single people show.`,
      "threshold-too-low",
    )
  return value
}

/** For whoever makes the table, never to be published. */
interface Warned extends Omit<ProtectedTable, "warnings"> {
  readonly warnings: readonly { readonly code: string; readonly text: string }[]
}

const withWarnings = (result: ProtectedTable, warnings: Warned["warnings"]): Warned => ({
  ...result,
  warnings: [...warnings, ...result.warnings],
})

function countTable(
  table: Table,
  options: Options,
  file: string,
): { readonly table: CountedTable; readonly warnings: Warned["warnings"] } {
  const { by } = options
  if (by.length === 0)
    throw new Failure(
      `Say what to count by, for example --by ${table.columns[0] ?? "region"}. Columns: ${table.columns.join(", ")}.`,
      "no-dimensions",
    )
  const people = readPeople(table, {
    by,
    ...(options.count === undefined ? {} : { count: options.count }),
    everyRow: options.everyRow === true,
  })
  if (!people.ok) {
    const { kind } = people.error
    // Files that can't be read are mended and read again; of these people there is no table that may be given.
    const exitCode = kind === "linkage-untenable" || kind === "linkage-doubtful" ? 1 : 2
    throw new Failure(peopleErrorText(people.error, table, file), kind, exitCode)
  }
  const columns = by.map((name) => table.cells[columnIndex(table, name) ?? -1] ?? [])
  const orders = columns.map((cells) => guessDayOrder(cells).order)
  const fine = columns.map((cells, d) => isFineTime(cells, orders[d]))
  columns.forEach((cells, d) => {
    const row = cells.findIndex((value) => fine[d] === true && isUnclearTime(value, orders[d] ?? "day-first"))
    if (row >= 0)
      throw new Failure(
        `${file}, row ${row + 2}: "${cells[row]}" in column "${by[d]}" is no date that can be read, so nobody can say how closely it tells the time. Write the year, or 2018-12-27, or leave it empty.`,
        "unclear-date",
      )
  })
  const rows = people.value.rows.map(({ at, count }) => ({
    at: at.map((value, d) =>
      value === "" || (fine[d] === true && isPlaceholder(value))
        ? UNKNOWN
        : coarseTime(value, by.length === 1, orders[d] ?? "day-first"),
    ),
    count,
  }))
  const counted = countedTable(by, rows)
  if (!counted.ok) throw new Failure(tableErrorSentence(counted.error), counted.error.kind)
  return { table: counted.value, warnings: people.value.warnings }
}

function peopleErrorText(error: PeopleError, table: Table, file: string): string {
  switch (error.kind) {
    case "no-such-column":
      return `${file} has no column "${error.column}". It has: ${table.columns.join(", ")}.`
    case "count-not-whole":
      return `${file}, row ${error.row}: "${error.value}" is not a number of people. Counts are whole numbers.`
    case "count-unclear":
      return `${file}: no two rows are alike, as in a table of counts, and ${error.columns.map((name) => `"${name}"`).join(", ")} may be how many people each stands for. Name that column with --count, or say --every-row if every row is one person.`
    case "not-of-people":
      return `${file} holds linked records, and "${error.column}" says something of records, not of people: who is on several lists would count several times. Count by a column of the lists (kunak link --carry).`
    case "not-linked":
      return `${file}, row ${error.row}: the column "${error.column}" is empty, so nobody can say which person this row is of. Remove such rows, or join again by the number of the record and its list.`
    case "not-nested":
      return `${file}, row ${error.row}: the number of this group stands in other rows for another group, as where two linkages were put below one another, and different people would be counted as one. Link all lists together in one run.`
    case "linkage-untenable":
      return `${file}: its people are not counted. ${error.reasons.map(({ text }) => text).join(" ")}`
    case "linkage-doubtful":
      return `${file}: of the ${error.people} people whom the likeliest linkage sees, only ${error.minimum} are surely different from one another, so a table of them may count many twice. Have the doubtful pairs decided (clerical.csv) and link again, or keep only the rows with 1 in the column "counted".`
  }
}

function tableErrorSentence(error: CountedTableError): string {
  switch (error.kind) {
    case "too-many-dimensions":
      return `A table has at most ${MAX_DIMENSIONS} dimensions: more of them single people out.`
    case "too-many-cells":
      return `The table would have ${error.cells} cells; more than ${MAX_CELLS} can be neither checked nor read. Join categories.`
    case "nobody":
      return "There is nobody to count."
  }
}

function refuseSourcePatterns(table: Table, counted: CountedTable, notSource: readonly string[]): void {
  const sources = counted.dimensions.filter((name) => {
    const cells = table.cells[columnIndex(table, name) ?? -1] ?? []
    return !notSource.includes(name) && looksLikeMarks(cells)
  })
  const pattern = forbiddenPattern(counted, sources)
  if (pattern === null) return
  throw new Failure(
    `This table would show which of the sources ${pattern.sources.join(", ")} know the same people, in a group of ${pattern.smallest}: in groups below ${SMALL_GROUP} that tells who told whom. Count by one source at most, or join groups. (If these columns are no sources, say so with --not-source.)`,
    "pattern-by-source",
    1,
  )
}

async function roundingKey(path: string | undefined): Promise<KeyedUniform> {
  if (path === undefined)
    throw new Failure(
      "--protect round needs --key-file: the key makes the same cell round the same way in every edition. Make one with `head -c 32 /dev/urandom > rounding.key` and keep it secret.",
      "no-key",
    )
  const key = await readFile(path).catch(() => null)
  if (key === null)
    throw new Failure(
      `${path} cannot be read. Make a key with \`head -c 32 /dev/urandom > ${path}\`.`,
      "cannot-read",
    )
  if (key.length < 16)
    throw new Failure(`${path} has ${key.length} bytes; a key has 16 or more.`, "key-too-short")
  return (text) => createHmac("sha256", key).update(text).digest().readUInt32BE(0) / 2 ** 32
}

async function readEdition(path: string): Promise<Edition> {
  const text = await readFile(path, "utf8").catch(() => null)
  if (text === null) throw new Failure(`The earlier edition ${path} cannot be read.`, "cannot-read")
  const refuse = (): never => {
    throw new Failure(
      `${path} is not the JSON of an earlier edition. Give what \`kunak tables --json\` printed then.`,
      "not-an-edition",
    )
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return refuse()
  }
  const published = (parsed as { published?: Partial<Edition> } | null)?.published
  if (published === undefined || !Array.isArray(published.cells)) return refuse()
  const cells = published.cells.map((cell: { name?: unknown; value?: unknown }) => {
    const { name, value } = cell
    if (typeof name !== "string" || !(value === null || typeof value === "number")) return refuse()
    return { name, value }
  })
  return { threshold: Number(published.threshold), rounded: published.rounded === true, cells }
}

/** What stands in a cell that is not printed. */
const HIDDEN = "–"

function csvOf(result: Warned): string {
  const quote = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
  const { published } = result
  const lines = [[...published.dimensions, "count"].map(quote).join(",")]
  for (const cell of published.cells)
    lines.push([...cell.at.map((category) => quote(category ?? "Total")), cell.value ?? HIDDEN].join(","))
  return `${lines.join("\n")}\n`
}

function textOf(table: CountedTable, result: Warned): string {
  const { published } = result
  const out = ["To publish", ""]
  const valueAt = new Map(published.cells.map((cell) => [cell.at.join("\u0000"), cell.value]))
  const show = (at: readonly (string | null)[]): string => {
    const value = valueAt.get(at.join("\u0000"))
    return value === null || value === undefined ? HIDDEN : value.toLocaleString("en")
  }
  const [rows, columns, sheets] = table.categories.map((values) => [...values, null])
  for (const sheet of sheets ?? [undefined]) {
    if (sheet !== undefined) out.push(`${table.dimensions[2]}: ${sheet ?? "Total"}`)
    const grid = [
      [
        table.dimensions[0] ?? "",
        ...(columns ?? [undefined]).map((c) => (c === undefined ? "count" : (c ?? "Total"))),
      ],
      ...(rows ?? []).map((row) => [
        row ?? "Total",
        ...(columns ?? [undefined]).map((column) =>
          show([row, ...(column === undefined ? [] : [column]), ...(sheet === undefined ? [] : [sheet])]),
        ),
      ]),
    ]
    const widths = (grid[0] ?? []).map((_, i) => Math.max(...grid.map((line) => (line[i] ?? "").length)))
    for (const line of grid)
      out.push(
        `  ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`,
      )
    out.push("")
  }
  out.push(
    `${HIDDEN} not shown, to protect people. Counts below ${published.threshold} are never shown${published.rounded ? "; others are rounded to multiples of 5" : ""}.`,
    "",
    "For you only, not to publish",
    `  Checked by linear program: no hidden cell can be worked out more closely than a range of ${published.narrowestRange ?? "any size"}.`,
    ...result.warnings.map((warning) => `  ! ${warning.text}  [${warning.code}]`),
    ...result.log.map((entry) => `  ${entry.name}: ${entry.count}, ${entry.text}  [${entry.reason}]`),
  )
  return `${out.join("\n")}\n`
}
