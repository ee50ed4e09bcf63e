/** What of a vault stands in a backup, and a new vault made of it. The list of tables is `tables.ts`. */
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { decodeEntry } from "@kunak/core/log/entry"
import { err, must, ok, type Result } from "@kunak/core/result"
import {
  createVault,
  type OpenError,
  openVault,
  type Unlocking,
  type VaultPlace,
} from "../vault/open-vault.ts"
import type { Row } from "../vault/row.ts"
import type { SqlValue } from "../vault/sql.ts"
import type { UnlockedVault, VaultChange, VaultReader, VaultWriteError } from "../vault/unlocked-vault.ts"
import { BACKED_UP, NEEDS_LOG, SAID_AGAIN, UNSIGNED_EDITS } from "./tables.ts"

/** Numbers and texts as they are, bytes as `{ base64 }`. */
type SavedValue = string | number | null | { readonly base64: string }
type SavedRow = Readonly<Record<string, SavedValue>>

export interface VaultBackup {
  /** Of the vault that it was taken from: a later version makes such a vault first, then brings it up to date. */
  readonly schema: number
  readonly tables: Readonly<Record<string, readonly SavedRow[]>>
}

/** In the clear: to be sealed at once, never written as it is. @param vault of this schema or an earlier one. */
export function takeVaultBackup(vault: VaultReader): VaultBackup {
  const present = BACKED_UP.filter((table) => columnsOf(vault, table).length > 0)
  const tables = present.map((table) => [table, rowsOf(vault, table)] as const)
  return { schema: schemaOf(vault), tables: Object.fromEntries(tables) }
}

/** @throws TypeError before enrolment. */
export async function organisationOf(vault: VaultReader): Promise<OrganisationId> {
  const bytes = vault.first({ text: "select charter_chain from enrolment", values: [] }, (row) =>
    row.bytes("charter_chain"),
  )
  if (!bytes) throw new TypeError("this vault is not enrolled")
  return must(await verifyCharterChain(bytes, null)).organisationId
}

const schemaOf = (vault: VaultReader): number =>
  vault.first({ text: "select user_version as version from pragma_user_version", values: [] }, (row) =>
    row.number("version"),
  ) ?? 0

const columnsOf = (vault: VaultReader, table: string): readonly string[] =>
  vault.all({ text: "select name from pragma_table_info(?)", values: [table] }, (row) => row.text("name"))

function rowsOf(vault: VaultReader, table: (typeof BACKED_UP)[number]): readonly SavedRow[] {
  const columns = columnsOf(vault, table)
  const save = (row: Row): SavedRow =>
    Object.fromEntries(columns.map((column) => [column, savedValue(row.value(column))]))
  const rows = vault.all({ text: `select * from ${table}`, values: [] }, (row) => row)
  switch (table) {
    case "outbox":
      return rows.filter((row) => isSaidAgain(row, columns)).map(save)
    case "draft":
      return rows
        .filter((row) => row.value("signed") !== null)
        .map(save)
        .map((row) => ({ ...row, [UNSIGNED_EDITS]: null }))
    default:
      return rows.map(save)
  }
}

function isSaidAgain(row: Row, columns: readonly string[]): boolean {
  // The first schema had entries alone.
  const isEntry = !columns.includes("form") || row.text("form") === "entry"
  const entry = isEntry ? decodeEntry(row.bytes("bytes")) : null
  return entry !== null && SAID_AGAIN.has(entry.kind)
}

function savedValue(value: SqlValue): SavedValue {
  if (typeof value === "bigint") throw new TypeError("no column holds such numbers")
  return value instanceof Uint8Array ? { base64: toBase64(value) } : value
}

export type MakeVaultError = OpenError | { readonly kind: "malformed-backup" }

/**
 * Makes a vault of a backup where there is none, and leaves it unlocked. It knows nobody: conversations come back by letters
 * that are written from now on, keys by what colleagues give to its new receive keys.
 *
 * @param withLog whether the log since the backup is going to be read: else what may have been discarded since is left out.
 * @throws Error EEXIST when the file is there.
 */
export async function makeVaultOf(
  backup: VaultBackup,
  place: VaultPlace,
  /** Asked for twice: the passphrase's bytes are erased by each opening. */
  unlocking: () => Unlocking,
  withLog: boolean,
): Promise<Result<UnlockedVault, MakeVaultError>> {
  if (backup.schema > place.migrations.length) return err({ kind: "newer-format", schema: backup.schema })
  const former = await createVault(
    { ...place, migrations: place.migrations.slice(0, backup.schema) },
    unlocking(),
  )
  if (!former.ok) return former
  const filled = fill(former.value, backup, withLog)
  former.value.lock()
  // A new one is opened by its passphrase, as it will be from now on.
  return filled.ok ? await openVault(place, unlocking()) : filled
}

function fill(
  vault: UnlockedVault,
  { tables }: VaultBackup,
  withLog: boolean,
): Result<null, VaultWriteError | { readonly kind: "malformed-backup" }> {
  const known: ReadonlySet<string> = new Set(BACKED_UP)
  const skipped: ReadonlySet<string> = new Set(withLog ? [] : NEEDS_LOG)
  if (Object.keys(tables).some((table) => !known.has(table))) return err({ kind: "malformed-backup" })
  let isSound = true
  const written = vault.change((change) => {
    for (const [table, rows] of Object.entries(tables)) {
      if (!skipped.has(table)) isSound &&= putRows(change, table, rows)
    }
  })
  if (!written.ok) return written
  return isSound ? ok(null) : err({ kind: "malformed-backup" })
}

/** @returns whether every column was one of this table's. */
function putRows(change: VaultChange, table: string, rows: readonly SavedRow[]): boolean {
  const columns = new Set(columnsOf(change, table))
  for (const row of rows) {
    const names = Object.keys(row)
    if (names.length === 0 || names.some((name) => !columns.has(name))) return false
    const values = names.map((name) => sqlValue(row[name]))
    if (values.some((value) => value === undefined)) return false
    change.run({
      text: `insert into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`,
      values: values as readonly SqlValue[],
    })
  }
  return true
}

function sqlValue(value: unknown): SqlValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "number") return value
  const { base64 } = (value ?? {}) as { readonly base64?: unknown }
  return typeof base64 === "string" ? (fromBase64(base64) ?? undefined) : undefined
}

/** The parts of a backup's JSON; null for anything else. */
export function readVaultBackup(json: unknown): VaultBackup | null {
  const { schema, tables } = (json ?? {}) as Readonly<Record<string, unknown>>
  const isTables =
    typeof tables === "object" &&
    tables !== null &&
    Object.values(tables).every(
      (rows) => Array.isArray(rows) && rows.every((row) => typeof row === "object" && row !== null),
    )
  return Number.isInteger(schema) && (schema as number) > 0 && isTables ? (json as VaultBackup) : null
}
