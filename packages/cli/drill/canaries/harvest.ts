/** Keys that stand in an unlocked vault become canaries, and what was typed is looked for where it should have arrived. */

import { encodeScsu } from "@kunak/core/text/scsu"
import type { CipherDatabase } from "@kunak/desk/vault/cipher-file"
import type { Canary } from "./canary.ts"
import type { TypedName, TypedWords } from "./typed.ts"
import { VAULT_COLUMNS } from "./vault-columns.ts"

export interface Harvest {
  /** "table.column" of every table of the vault. */
  readonly columns: readonly string[]
  readonly keys: readonly Canary[]
  /** Columns of keys in which one stood. */
  readonly filled: ReadonlySet<string>
  /** Of each column that holds people's words: which of these stood there. */
  readonly arrived: ReadonlyMap<string, ReadonlySet<TypedName>>
}

/** Shorter values are marks, and would be met by chance. */
const LEAST_KEY_BYTES = 8

export function harvest(database: CipherDatabase, typed: TypedWords): Harvest {
  const columns: string[] = []
  const keys = new Map<string, Canary>()
  const filled = new Set<string>()
  const arrived = new Map<string, Set<TypedName>>()
  const tables = database
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
    .all()
  for (const { name } of tables)
    for (const { name: column } of database.prepare(`select name from pragma_table_info('${name}')`).all()) {
      const field = `${name}.${column}`
      columns.push(field)
      const holding = VAULT_COLUMNS[field]
      if (!holding || holding.kind === "plain") continue
      const values = database
        .prepare(`select distinct "${column}" as value from "${name}"`)
        .all()
        .map(({ value }) => value)
      for (const value of values)
        if (holding.kind === "typed")
          for (const one of holding.names) {
            if (!holds(value, typed[one].russian)) continue
            const before = arrived.get(field) ?? new Set<TypedName>()
            arrived.set(field, before.add(one))
          }
        else if (value instanceof Uint8Array && value.length >= LEAST_KEY_BYTES) {
          filled.add(field)
          addKey(keys, {
            field: `vault.${field}`,
            kind: "key",
            value: new Uint8Array(value),
            may: holding.may,
          })
        }
    }
  return { columns, keys: [...keys.values()], filled, arrived }
}

/** The same bytes stand in several columns: the one that fewest may have counts, unless a wider one says what it is. */
function addKey(keys: Map<string, Canary>, canary: Canary): void {
  const mark = Buffer.from(canary.value as Uint8Array).toString("hex")
  const known = keys.get(mark)
  if (!known || canary.may.length > known.may.length) keys.set(mark, canary)
}

/** In whatever form a column has: text, JSON, bytes of UTF-8 or SCSU. */
function holds(value: unknown, word: string): boolean {
  if (typeof value === "string") return value.includes(word)
  if (!(value instanceof Uint8Array)) return false
  const bytes = Buffer.from(value)
  return (
    bytes.includes(Buffer.from(word, "utf8")) ||
    bytes.includes(Buffer.from(encodeScsu(word) ?? []).subarray(1))
  )
}

export const mergeKeys = (...harvests: readonly Harvest[]): readonly Canary[] => {
  const keys = new Map<string, Canary>()
  for (const { keys: found } of harvests) for (const canary of found) addKey(keys, canary)
  return [...keys.values()]
}
