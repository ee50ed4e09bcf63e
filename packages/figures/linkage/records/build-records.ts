/** From tables and a mapping to coded records. Pure: the tables are already read. */
import { columnIndex, type Table } from "../../tabular/table.ts"
import type { Mapping, Role } from "../mapping/roles.ts"
import { isPlaceholder } from "../names/fold-name.ts"
import type { VariantGroups } from "../names/name-variants.ts"
import { fatherName } from "../names/patronymic.ts"
import { splitName } from "../names/split-name.ts"
import { asciiWord } from "../names/transliterate.ts"
import { type Note, note } from "../notes.ts"
import { foldPlace, type PlaceTree } from "../places/place.ts"
import { dateFields } from "./date-fields.ts"
import {
  type Field,
  type LinkageRecords,
  type NameField,
  type NamePart,
  type PlaceField,
  type ShownColumn,
  sharedInt32,
  type TextField,
} from "./fields.ts"
import { NameDictionaryBuilder } from "./name-dictionary.ts"

export interface BuiltRecords {
  readonly records: LinkageRecords
  readonly notes: readonly Note[]
}

/** A column as it runs through all lists: per list the values, or undefined where a list lacks it. */
export interface AlignedColumn {
  readonly label: string
  readonly role: Role
  /** One value per record over all lists, `""` where absent. */
  readonly values: readonly string[]
}

/**
 * @param tables the lists, in order; records are numbered through them.
 * @param mapping column → role, for every column of every table.
 */
export function buildRecords(
  tables: readonly Table[],
  mapping: Mapping,
  variants: VariantGroups,
  tree: PlaceTree = new Map(),
): BuiltRecords {
  const count = tables.reduce((sum, table) => sum + table.rows, 0)
  const notes: Note[] = []
  const aligned = alignColumns(tables, mapping, notes)
  const names = new NameDictionaryBuilder(variants)
  const fields: Field[] = [
    ...nameFields(aligned, count, names, notes),
    ...dateFields(
      aligned.filter(({ role }) => role === "date"),
      notes,
    ),
    ...aligned.filter(({ role }) => role === "identifier").map((column) => textField("identifier", column)),
    ...aligned.filter(({ role }) => role === "postcode").map((column) => textField("postcode", column)),
    ...aligned.filter(({ role }) => role === "place").map((column) => placeField(column, tree)),
    ...aligned.filter(({ role }) => role === "category").map((column) => textField("category", column)),
  ].filter((field) => field.counts.length > 1)
  return {
    records: {
      count,
      ids: recordIds(tables, mapping),
      listOf: listNumbers(tables, count),
      lists: listNames(tables.map(({ source }) => source)),
      fields,
      names: names.build(),
      shown: aligned
        .filter(({ role }) => role !== "id" && role !== "ignore")
        .map(({ label, values }) => ({ label, values }) satisfies ShownColumn),
    },
    notes,
  }
}

/**
 * Columns of the same name belong together. Where lists name them differently, a role that each list has once
 * is matched, and said so.
 */
function alignColumns(tables: readonly Table[], mapping: Mapping, notes: Note[]): readonly AlignedColumn[] {
  const groups = new Map<string, { label: string; role: Role; at: (number | undefined)[] }>()
  tables.forEach((table, list) => {
    table.columns.forEach((column, index) => {
      const role = mapping.get(column) ?? "ignore"
      if (role === "ignore" || role === "id") return
      const alone = table.columns.filter((other) => mapping.get(other) === role).length === 1
      const everywhereAlone =
        alone &&
        tables.every(({ columns }) => columns.filter((other) => mapping.get(other) === role).length <= 1)
      const key = everywhereAlone ? `role ${role}` : `${role} ${column.toLowerCase()}`
      const group = groups.get(key) ?? { label: column, role, at: [] }
      if (!group.label.split(" / ").includes(column)) {
        notes.push(
          note(
            "columns-joined",
            `"${group.label}" and "${column}" are compared with each other: each list has one column for ${role}.`,
          ),
        )
        group.label = `${group.label} / ${column}`
      }
      group.at[list] = index
      groups.set(key, group)
    })
  })
  return [...groups.values()].map(({ label, role, at }) => ({
    label,
    role,
    values: tables.flatMap((table, list) => {
      const index = at[list]
      return index === undefined ? new Array<string>(table.rows).fill("") : (table.cells[index] ?? [])
    }),
  }))
}

/** Given, family and patronymic: from their own columns, completed from whole names where a part is missing. */
function nameFields(
  aligned: readonly AlignedColumn[],
  count: number,
  names: NameDictionaryBuilder,
  notes: Note[],
): readonly NameField[] {
  const columnsOf = (role: Role) => aligned.filter((column) => column.role === role)
  const whole = columnsOf("name")
  const hasParts = columnsOf("given").length > 0 || columnsOf("family").length > 0
  if (whole.length > 0 && hasParts) {
    notes.push(
      note(
        "whole-name-completes",
        `${quoted(whole)} repeats what other columns hold: it only fills in a given or family name that is missing, so that one agreement is not counted twice.`,
      ),
    )
  }
  const parts: Record<NamePart, string[]> = { given: [], family: [], patronymic: [] }
  for (let record = 0; record < count; record++) {
    const joined = (role: NamePart) =>
      columnsOf(role)
        .map(({ values }) => values[record] ?? "")
        .filter((value) => !isPlaceholder(value))
        .join(" ")
    const given = joined("given")
    const family = joined("family")
    const patronymic = joined("patronymic")
    const needed = given === "" || family === "" || (patronymic === "" && !hasParts)
    const split = needed ? firstSplit(whole, record, given) : undefined
    parts.given.push(given === "" && !duplicates(split?.given, family) ? (split?.given ?? "") : given)
    parts.family.push(family === "" && !duplicates(split?.family, given) ? (split?.family ?? "") : family)
    parts.patronymic.push(patronymic === "" ? (split?.patronymic ?? "") : patronymic)
  }
  const label = (part: NamePart) =>
    columnsOf(part)
      .map((column) => column.label)
      .join(" + ") || `${part} name`
  return (["given", "family", "patronymic"] as const)
    .map((part) => nameField(part, label(part), parts[part], names))
    .filter(({ counts }) => counts.some((value) => value > 0))
}

/** @param given a given name known from elsewhere: then one word alone is the family's. */
function firstSplit(whole: readonly AlignedColumn[], record: number, given: string) {
  const value = whole.map(({ values }) => values[record] ?? "").find((name) => name !== "")
  if (value === undefined) return undefined
  const split = splitName(value)
  return split.family === "" && given !== "" && !duplicates(split.given, given)
    ? { ...split, given: "", family: split.given }
    : split
}

const duplicates = (part: string | undefined, other: string): boolean =>
  part !== undefined && other !== "" && asciiWord(part) === asciiWord(other)

function nameField(
  part: NamePart,
  label: string,
  values: readonly string[],
  names: NameDictionaryBuilder,
): NameField {
  const codes = sharedInt32(values.length)
  let highest = -1
  values.forEach((value, record) => {
    const code = names.code(part === "patronymic" ? fatherName(value) : value)
    codes[record] = code
    if (code > highest) highest = code
  })
  return { kind: "name", part, label, codes, counts: countCodes(codes, highest + 1) }
}

function placeField(column: AlignedColumn, tree: PlaceTree): PlaceField {
  const coded = codeValues(column.values, (value) => {
    const place = foldPlace(value, tree)
    return place.units.length === 0 ? undefined : { key: place.light, value: place }
  })
  return {
    kind: "place",
    label: column.label,
    codes: coded.codes,
    counts: coded.counts,
    places: coded.values,
  }
}

function textField(kind: TextField["kind"], column: AlignedColumn): TextField {
  const coded = codeValues(column.values, (value) => {
    const text = foldText(value, kind)
    return text === "" ? undefined : { key: text, value: text }
  })
  return { kind, label: column.label, codes: coded.codes, counts: coded.counts, values: coded.values }
}

function foldText(written: string, kind: TextField["kind"]): string {
  if (isPlaceholder(written)) return ""
  // A data frame with a gap in the column writes 24937 as 24937.0.
  const value = written.replace(/^(\d+)\.0+$/, "$1")
  if (kind === "identifier" && value.includes("@")) return value.trim().toLowerCase()
  const words = value
    .split(/[\s,;/]+/)
    .map(asciiWord)
    .filter((word) => word !== "")
  return words.join(kind === "category" ? " " : "")
}

/** Gives each distinct folded value a code, in order of appearance. */
export function codeValues<T>(
  values: readonly string[],
  fold: (value: string) => { readonly key: string; readonly value: T } | undefined,
): { readonly codes: Int32Array; readonly counts: Int32Array; readonly values: readonly T[] } {
  const codes = sharedInt32(values.length)
  const byWriting = new Map<string, number>()
  const byKey = new Map<string, number>()
  const distinct: T[] = []
  values.forEach((written, record) => {
    let code = byWriting.get(written)
    if (code === undefined) {
      const folded = fold(written)
      code = folded === undefined ? -1 : byKey.get(folded.key)
      if (code === undefined && folded !== undefined) {
        code = distinct.length
        distinct.push(folded.value)
        byKey.set(folded.key, code)
      }
      byWriting.set(written, code ?? -1)
    }
    codes[record] = code ?? -1
  })
  return { codes, counts: countCodes(codes, distinct.length), values: distinct }
}

export function countCodes(codes: Int32Array, distinct: number): Int32Array {
  const counts = sharedInt32(distinct)
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** A list is called after its file, without the folders: results do not depend on where files lie. */
export function listNames(sources: readonly string[]): readonly string[] {
  const names = sources.map((source) => source.split(/[\\/]/).at(-1) ?? source)
  return new Set(names).size === names.length ? names : sources
}

function recordIds(tables: readonly Table[], mapping: Mapping): readonly string[] {
  return tables.flatMap((table) => {
    const column = table.columns.find((name) => mapping.get(name) === "id")
    const index = column === undefined ? undefined : columnIndex(table, column)
    if (index !== undefined) return table.cells[index] ?? []
    return Array.from({ length: table.rows }, (_, row) => String(row + 1))
  })
}

function listNumbers(tables: readonly Table[], count: number): Int32Array {
  const numbers = sharedInt32(count)
  let from = 0
  tables.forEach(({ rows }, list) => {
    numbers.fill(list, from, from + rows)
    from += rows
  })
  return numbers
}

const quoted = (columns: readonly AlignedColumn[]): string =>
  columns.map(({ label }) => `"${label}"`).join(", ")
