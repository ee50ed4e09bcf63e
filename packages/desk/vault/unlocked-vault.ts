import type { Result } from "@kunak/core/result"
import type { Row } from "./row.ts"
import type { Sql } from "./sql.ts"

/** Why a change did not reach the disk. Nothing of it was kept: the vault is as it was before. */
export type VaultWriteError =
  | { readonly kind: "disk-full" }
  | { readonly kind: "disk-read-only" }
  | { readonly kind: "disk-failed" }

/** Reading. Only an unlocked vault has queries; after `lock` every one of them throws. */
export interface VaultReader {
  all<T>(query: Sql, parse: (row: Row) => T): readonly T[]
  first<T>(query: Sql, parse: (row: Row) => T): T | null
}

/** Writing, inside one `change`. */
export interface VaultChange extends VaultReader {
  run(statement: Sql): void
}

export interface UnlockedVault extends VaultReader {
  /** Runs `work` in one transaction that is on disk when this returns, or not at all (V3). */
  change<T>(work: (change: VaultChange) => T): Result<T, VaultWriteError>
  /** Truncates the WAL, closes the file and erases every registered secret (V4). Safe to call twice. */
  lock(): void
  /** `bytes` become zero when the vault is locked. */
  eraseOnLock(bytes: Uint8Array): void
}
