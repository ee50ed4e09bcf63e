/** Public sources beside the editor: what a draft rests on, never published. */
import type { Result } from "@kunak/core/result"
import { sql } from "../vault/sql.ts"
import type { UnlockedVault, VaultReader, VaultWriteError } from "../vault/unlocked-vault.ts"
import type { PublicSource } from "./model.ts"

/** More than any case has; a file beyond it is not taken. */
export const MOST_SOURCES = 5000

/**
 * Rows of a CSV file (RFC 4180) by the names in its first line, or null when it is none: another number of
 * cells in a row, an open quotation.
 */
export function parseCsv(file: string): readonly Readonly<Record<string, string>>[] | null {
  const rows: string[][] = [[]]
  let [cell, isQuoted, isOpen] = ["", false, false]
  const endCell = (): void => {
    rows.at(-1)?.push(cell)
    cell = ""
    isQuoted = false
  }
  const source = file.replace(/^\ufeff/, "")
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at] as string
    if (isOpen) {
      if (letter !== '"') cell += letter
      else if (source[at + 1] === '"') {
        cell += '"'
        at += 1
      } else isOpen = false
    } else if (letter === '"' && cell === "" && !isQuoted) {
      isOpen = true
      isQuoted = true
    } else if (letter === ",") endCell()
    else if (letter === "\n") {
      endCell()
      rows.push([])
    } else if (letter !== "\r") cell += letter
  }
  if (isOpen) return null
  if (cell !== "" || (rows.at(-1)?.length ?? 0) > 0) endCell()
  const [names, ...data] = rows.filter((row) => row.length > 0)
  if (!names || data.some((row) => row.length !== names.length) || data.length > MOST_SOURCES) return null
  return data.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ""])))
}

/** A file of public sources, or null when it lacks the columns id, source and claim. */
export function readSources(file: string): readonly PublicSource[] | null {
  const rows = parseCsv(file)
  if (
    !rows ||
    rows.some((row) => row.id === undefined || row.source === undefined || row.claim === undefined)
  )
    return null
  return rows.map((row) => ({
    id: row.id ?? "",
    source: row.source ?? "",
    kind: row.source_kind ?? "",
    saidOn: row.said_on ?? "",
    where: row.where_words ?? "",
    claim: row.claim ?? "",
  }))
}

/** Replaces the sources that the vault has. */
export const putSources = (
  vault: UnlockedVault,
  sources: readonly PublicSource[],
): Result<null, VaultWriteError> =>
  vault.change((change) => {
    change.run(sql`delete from source`)
    sources.forEach((source, place) => {
      change.run(sql`insert into source values (${place}, ${source.id}, ${JSON.stringify(source)})`)
    })
    return null
  })

const toSource = (row: { text(column: string): string }): PublicSource =>
  JSON.parse(row.text("fields")) as PublicSource

export const allSources = (vault: VaultReader): readonly PublicSource[] =>
  vault.all(sql`select fields from source order by place`, toSource)

export const sourcesById = (vault: VaultReader, ids: readonly string[]): readonly PublicSource[] =>
  allSources(vault).filter(({ id }) => ids.includes(id))
