/** The edge of linking: files in, files out. Everything that can be wrong with them becomes a sentence. */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { basename } from "node:path"
import { err, ok, type Result } from "../../result.ts"
import { readTable } from "../../tabular/read-table.ts"
import { columnIndex, type Table, type TableError, tableErrorText } from "../../tabular/table.ts"
import { auditSheet, combineDecisions } from "../clerical/combine.ts"
import { clericalSheet } from "../clerical/sheet.ts"
import { readSheet, type SheetError, sheetErrorText, sheetLines } from "../clerical/sheet-file.ts"
import { samplePartitions } from "../clusters/sample.ts"
import { MAX_COMPARISONS } from "../comparison/comparison.ts"
import type { ComparedPairs } from "../comparison/pairs.ts"
import { isLinkage, linkRecords, type Progress } from "../link.ts"
import { type GuessedRole, guessMapping, mappingOf, REPEATED_ID } from "../mapping/guess-mapping.ts"
import { parseMapping } from "../mapping/parse-mapping.ts"
import { type MappingError, mappingErrorText } from "../mapping/roles.ts"
import { nameVariants, type VariantGroups } from "../names/name-variants.ts"
import { counted, type Note, note, warning } from "../notes.ts"
import { clusterLines, isClusterColumn, pairLines } from "../output/files.ts"
import { type Summary, type SummaryInput, summarise, truthReport } from "../output/summary.ts"
import { summaryText } from "../output/summary-text.ts"
import { verdictOf } from "../output/verdict.ts"
import { type PlaceTree, placeTree } from "../places/place.ts"
import { buildRecords } from "../records/build-records.ts"
import { listDoubts } from "../records/doubts.ts"
import type { LinkageRecords, ShownColumn } from "../records/fields.ts"
import { linkageReport } from "../report/linkage-report.ts"
import { readTruth } from "../truth/evaluate.ts"
import { findUnfinished, forgetUnfinished, keepUnfinished } from "./unfinished.ts"
import { ensureWritable, writeFiles } from "./write-files.ts"

export interface LinkRequest {
  readonly files: readonly string[]
  readonly mapping?: string
  readonly out?: string
  readonly truth?: string
  readonly seed: number
  readonly clean: readonly string[]
  readonly rules?: string
  readonly places?: string
  readonly decisions: readonly string[]
  /** Columns that clusters.csv gets as the lists have them, to divide by when estimating. */
  readonly carry?: readonly string[]
  /** Sampled linkages to write; when absent ten for several lists, none for one. */
  readonly samples?: number
  readonly maxCandidates?: number
  /** Of the program: what an earlier one had compared is not gone on with. */
  readonly version?: string
  /** Kunak's own table where absent. */
  readonly variants?: VariantGroups
  readonly signal?: AbortSignal
  readonly onProgress?: (text: string) => void
}

export interface LinkAnswer {
  readonly summary: Summary
  /** For a terminal. */
  readonly text: string
}

/** Kinds of failures that are linking's own; tables, mappings and sheets bring theirs. */
export const LINK_FAILURES = [
  "too-few-records",
  "no-truth-column",
  "no-such-column",
  "column-taken",
  "not-places",
  "not-rules",
  "not-json",
  "unknown-list",
  "no-candidates",
  "cannot-write",
  "stopped",
] as const

export type LinkFailureKind =
  | (typeof LINK_FAILURES)[number]
  | TableError["kind"]
  | MappingError["kind"]
  | SheetError["kind"]

/** What the user can mend, as one sentence. */
export interface LinkFailure {
  readonly kind: LinkFailureKind
  readonly text: string
  /** 1 refused or stopped, 2 wrong usage or input, 3 the disk. */
  readonly exitCode: 1 | 2 | 3
}

const failure = (kind: LinkFailureKind, text: string, exitCode: 1 | 2 | 3 = 2): Result<never, LinkFailure> =>
  err({ kind, text, exitCode })

export async function runLink(request: LinkRequest): Promise<Result<LinkAnswer, LinkFailure>> {
  const tables: Table[] = []
  for (const file of request.files) {
    const table = await readTable(file)
    if (!table.ok) return failure(table.error.kind, tableErrorText(table.error))
    tables.push(table.value)
  }
  if (tables.reduce((sum, { rows }) => sum + rows, 0) < 2) {
    return failure(
      "too-few-records",
      "There is one record only, so there is nothing to link. Give the lists whole, with a line for each record.",
    )
  }
  const { truth } = request
  if (truth !== undefined) {
    const without = tables.find((table) => columnIndex(table, truth) === undefined)
    if (without !== undefined) {
      return failure(
        "no-truth-column",
        `${without.source} has no column "${truth}". Name one of those that it has: ${without.columns.join(", ")}.`,
      )
    }
  }
  const carried = carriedColumns(tables, request.carry ?? [])
  if (!carried.ok) return carried
  const roles = await mappingFor(tables, request)
  if (!roles.ok) return roles
  const tree = await placesFor(request)
  if (!tree.ok) return tree
  const rules = await rulesFor(request)
  if (!rules.ok) return rules
  const notes: Note[] = [...tables.flatMap(formatNotes), ...roles.value.flatMap(repeatedIdNote)]
  const built = buildRecords(tables, mappingOf(roles.value), request.variants ?? nameVariants(), tree.value)
  notes.push(...built.notes)
  const records = withinLimits(built.records, notes)
  if (records.fields.length === 0)
    return failure("nothing-to-compare", mappingErrorText({ kind: "nothing-to-compare" }))
  notes.push(...listDoubts(records))
  const cleanList = cleanLists(records, request)
  if (!cleanList.ok) return cleanList
  const sheets = await decisionsFor(request, records)
  if (!sheets.ok) return sheets
  const combined = combineDecisions(sheets.value)

  const { out } = request
  if (out !== undefined) {
    try {
      await ensureWritable(out)
    } catch (cause) {
      return cannotWrite(out, (cause as { code?: string }).code ?? "")
    }
  }
  const fingerprint = fingerprintOf(tables, roles.value, request, rules.value, tree.value)
  const earlierParts =
    out === undefined ? new Map<number, ComparedPairs>() : await findUnfinished(out, fingerprint)
  const parts = new Map(earlierParts)
  try {
    const linkage = await linkRecords(records, {
      seed: request.seed,
      cleanList: cleanList.value,
      apart: combined.apart,
      together: combined.together,
      earlierParts,
      onPart: (part, pairs) => parts.set(part, pairs),
      onProgress: (progress) => request.onProgress?.(progressText(progress)),
      ...(request.maxCandidates === undefined ? {} : { maxCandidates: request.maxCandidates }),
      ...(rules.value === undefined ? {} : { rules: rules.value }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    })
    if (!isLinkage(linkage)) {
      const reasons =
        linkage.kind === "no-candidates" ? linkage.notes.filter(({ severity }) => severity === "warning") : []
      return failure(
        linkage.kind,
        [
          "No two records could be compared, so nothing can be said about who is the same person. Give more columns a role (--mapping), or compare by other rules (--rules).",
          ...reasons.map(({ text }) => text),
        ].join(" "),
        1,
      )
    }
    notes.push(...linkage.notes)
    const sheet = clericalSheet(linkage.pairs, linkage.beforeDecisions, linkage.threshold.odds, request.seed)
    const input: SummaryInput = {
      records,
      linkage,
      mapping: roles.value,
      notes,
      seed: request.seed,
      ...(truth === undefined
        ? {}
        : { truth: truthReport(linkage, readTruth(columnOf(tables, truth)), cleanList.value) }),
      ...(sheets.value.length === 0
        ? {}
        : { decisions: { combined, audit: auditSheet(sheet, linkage.pairs, combined) } }),
      ...(out === undefined ? {} : { out }),
    }
    if (out !== undefined) {
      const samples = samplePartitions(
        {
          dendrogram: linkage.dendrogram,
          pairs: linkage.pairs,
          constraints: { cleanList: cleanList.value, apart: combined.apart },
        },
        samplesFor(request, records),
        request.seed,
      )
      const files = new Map<string, Iterable<string>>([
        ["clusters.csv", clusterLines(records, linkage, samples, verdictOf(notes), carried.value)],
        ["pairs.csv", pairLines(records, linkage)],
        ["clerical.csv", sheetLines(sheet, linkage.pairs, records)],
        ["report.html", [linkageReport(input)]],
      ])
      request.onProgress?.("writing")
      await writeFiles(out, files, request.signal)
      await forgetUnfinished(out)
    }
    return ok({ summary: summarise(input), text: summaryText(input) })
  } catch (cause) {
    if (request.signal?.aborted === true) return stopped(out, fingerprint, parts)
    const code = (cause as { code?: string }).code
    if (
      out !== undefined &&
      code !== undefined &&
      ["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOTDIR", "EEXIST", "ENOENT"].includes(code)
    ) {
      return cannotWrite(out, code)
    }
    throw cause
  }
}

const cannotWrite = (out: string, code: string): Result<never, LinkFailure> =>
  failure(
    "cannot-write",
    `${out} cannot be written (${code === "ENOSPC" ? "the disk is full" : code}). Nothing that was there has been changed. Choose another folder with --out, or make room.`,
    3,
  )

/** So many sampled linkages when none were asked for: Rubin (1987) needs few, and each costs an estimate. */
const USUAL_SAMPLES = 10

const samplesFor = ({ samples }: LinkRequest, { lists }: LinkageRecords): number =>
  samples ?? (lists.length > 1 ? USUAL_SAMPLES : 0)

async function stopped(
  out: string | undefined,
  fingerprint: string,
  parts: ReadonlyMap<number, ComparedPairs>,
): Promise<Result<never, LinkFailure>> {
  if (out === undefined)
    return failure("stopped", "Stopped. Nothing was written. Run the same command again for a result.", 1)
  try {
    await keepUnfinished(out, fingerprint, parts)
  } catch {
    return failure(
      "stopped",
      `Stopped. What was done could not be kept in ${out}; run the same command again from the start.`,
      1,
    )
  }
  return failure(
    "stopped",
    `Stopped. ${counted(parts.size)} compared parts are kept in ${out}; no result was written. Run the same command again: it goes on from there.`,
    1,
  )
}

async function mappingFor(
  tables: readonly Table[],
  request: LinkRequest,
): Promise<Result<readonly GuessedRole[], LinkFailure>> {
  const columns = [...new Set(tables.flatMap((table) => table.columns))]
  if (request.mapping !== undefined) {
    const json = await readJson(request.mapping)
    if (!json.ok) return json
    const mapping = parseMapping(json.value, columns)
    if (!mapping.ok) return failure(mapping.error.kind, mappingErrorText(mapping.error))
    return ok(
      columns.map((column): GuessedRole => {
        const said = mapping.value.get(column) ?? "ignore"
        if (column !== request.truth) return { column, role: said, because: "you said so" }
        return { column, role: said === "id" ? "id" : "ignore", because: "holds the truth to compare with" }
      }),
    )
  }
  const samples = columns.map((name) => {
    const files = tables.map((_, file) => file).filter((file) => indexIn(tables[file], name) !== undefined)
    return { name, files, lists: files.map((file) => cellsOf(tables[file], name)) }
  })
  const guesses = guessMapping(samples, request.truth)
  const compared = guesses.filter(({ role }) => role !== "id" && role !== "ignore")
  if (compared.length === 0)
    return failure("nothing-to-compare", mappingErrorText({ kind: "nothing-to-compare" }))
  return ok(guesses)
}

/** A list that lacks the column leaves it empty; a column that none has, or that would stand twice, is refused. */
function carriedColumns(
  tables: readonly Table[],
  names: readonly string[],
): Result<readonly ShownColumn[], LinkFailure> {
  const columns = [...new Set(tables.flatMap((table) => table.columns))]
  const unknown = names.find((name) => !columns.includes(name))
  if (unknown !== undefined)
    return failure(
      "no-such-column",
      `No file has the column "${unknown}" that --carry names. Name one of those that there are: ${columns.join(", ")}.`,
    )
  const taken = names.find((name) => isClusterColumn(name))
  if (taken !== undefined)
    return failure(
      "column-taken",
      `The file clusters.csv has a column "${taken}" of its own, so --carry cannot write another. Rename the column in the lists.`,
    )
  return ok(
    [...new Set(names)].map((label) => ({
      label,
      values: tables.flatMap((table) =>
        columnIndex(table, label) === undefined ? Array<string>(table.rows).fill("") : cellsOf(table, label),
      ),
    })),
  )
}

const indexIn = (table: Table | undefined, name: string): number | undefined =>
  table === undefined ? undefined : columnIndex(table, name)

const cellsOf = (table: Table | undefined, name: string): readonly string[] =>
  table?.cells[indexIn(table, name) ?? -1] ?? []

async function placesFor({ places }: LinkRequest): Promise<Result<PlaceTree, LinkFailure>> {
  if (places === undefined) return ok(new Map())
  const table = await readTable(places)
  if (!table.ok) return failure(table.error.kind, tableErrorText(table.error))
  const place = columnIndex(table.value, "place")
  const within = columnIndex(table.value, "within")
  if (place === undefined || within === undefined) {
    return failure(
      "not-places",
      `${places} needs two columns, place and within. Name them so in its first line.`,
    )
  }
  const pairs = Array.from(
    { length: table.value.rows },
    (_, row) => [table.value.cells[place]?.[row] ?? "", table.value.cells[within]?.[row] ?? ""] as const,
  )
  return ok(placeTree(pairs))
}

async function rulesFor({
  rules,
}: LinkRequest): Promise<Result<readonly (readonly string[])[] | undefined, LinkFailure>> {
  if (rules === undefined) return ok(undefined)
  const json = await readJson(rules)
  if (!json.ok) return json
  const valid =
    Array.isArray(json.value) &&
    json.value.length > 0 &&
    json.value.every(
      (rule) => Array.isArray(rule) && rule.length > 0 && rule.every((key) => typeof key === "string"),
    )
  return valid
    ? ok(json.value as string[][])
    : failure(
        "not-rules",
        `${rules} is no list of blocking rules. Write it as JSON, each rule a list of keys, such as [["surname","dob.year"],["postcode"]].`,
      )
}

async function readJson(path: string): Promise<Result<unknown, LinkFailure>> {
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch {
    return failure("cannot-read", `${path} cannot be read. Check the name and that the file may be opened.`)
  }
  try {
    return ok(JSON.parse(text.replace(/^\ufeff/, "")))
  } catch {
    return failure(
      "not-json",
      `${path} is not JSON. Write it like this example: {"surname": "family", "dob": "date"}.`,
    )
  }
}

function cleanLists(records: LinkageRecords, { clean, files }: LinkRequest): Result<Int32Array, LinkFailure> {
  const isNamed = (file: string, name: string) => file === name || basename(file) === name
  const unknown = clean.find((name) => name !== "all" && !files.some((file) => isNamed(file, name)))
  if (unknown !== undefined) {
    return failure(
      "unknown-list",
      `The option --clean names "${unknown}", which is not among the files. Name one of them: ${files.join(", ")}.`,
    )
  }
  const isClean = files.map((file) => clean.includes("all") || clean.some((name) => isNamed(file, name)))
  return ok(Int32Array.from(records.listOf, (list) => (isClean[list] === true ? list : -1)))
}

async function decisionsFor({ decisions }: LinkRequest, records: LinkageRecords) {
  const sheets = []
  for (const file of decisions) {
    const table = await readTable(file)
    if (!table.ok) return failure(table.error.kind, tableErrorText(table.error))
    const sheet = readSheet(table.value, records)
    if (!sheet.ok) return failure(sheet.error.kind, sheetErrorText(sheet.error))
    sheets.push(sheet.value)
  }
  return ok(sheets)
}

function withinLimits(records: LinkageRecords, notes: Note[]): LinkageRecords {
  if (records.fields.length <= MAX_COMPARISONS) return records
  const left = records.fields.slice(MAX_COMPARISONS).map(({ label }) => `"${label}"`)
  notes.push(
    warning(
      "too-many-columns",
      `At most ${MAX_COMPARISONS} columns are compared; ${left.join(", ")} are left out. Set the least useful ones to ignore.`,
    ),
  )
  return { ...records, fields: records.fields.slice(0, MAX_COMPARISONS) }
}

function formatNotes({ source, rows, format }: Table): readonly Note[] {
  const read =
    format.kind === "parquet"
      ? "Parquet"
      : `${format.encoding}, values separated by ${separatorName(format.separator)}`
  const entry = note("read-as", `${basename(source)}: ${counted(rows)} rows, read as ${read}.`)
  return format.kind === "csv" && !format.encoding.startsWith("utf")
    ? [
        entry,
        note(
          "encoding-guessed",
          `${basename(source)} does not say in which encoding it is; it was taken for ${format.encoding}. If names look wrong in the report, save it as UTF-8.`,
        ),
      ]
    : [entry]
}

function repeatedIdNote({ column, because }: GuessedRole): readonly Note[] {
  if (because !== REPEATED_ID) return []
  return [
    warning(
      "id-repeats",
      `"${column}" is called like a record number, but values repeat within a list, so equal values count as evidence for one person. If it numbers people, that is right; if it numbers rows, correct it or give it the role ignore (--mapping).`,
    ),
  ]
}

function separatorName(separator: string): string {
  return { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" }[separator] ?? `"${separator}"`
}

function columnOf(tables: readonly Table[], name: string): readonly string[] {
  return tables.flatMap((table) => cellsOf(table, name))
}

/** Everything that compared parts depend on. */
function fingerprintOf(
  tables: readonly Table[],
  mapping: readonly GuessedRole[],
  request: LinkRequest,
  rules: readonly (readonly string[])[] | undefined,
  tree: PlaceTree,
): string {
  const hash = createHash("sha256")
  for (const { columns, cells } of tables) {
    hash.update(JSON.stringify(columns))
    for (const column of cells) for (const value of column) hash.update(value).update("\u0000")
  }
  hash.update(
    JSON.stringify([
      mapping.map(({ column, role }) => [column, role]),
      request.clean,
      request.maxCandidates ?? 0,
    ]),
  )
  hash.update(JSON.stringify([rules ?? [], [...tree]]))
  // What another version would compare otherwise: its names and its levels.
  hash.update(JSON.stringify([request.version ?? "", [...(request.variants ?? nameVariants())]]))
  return hash.digest("hex")
}

function progressText({ step, done, of }: Progress): string {
  switch (step) {
    case "blocking":
      return "choosing which pairs to compare"
    case "comparing":
      return `comparing ${Math.round((100 * done) / Math.max(1, of))} %`
    case "learning":
      return "learning what agreement means"
    case "joining":
      return "joining records"
  }
}
