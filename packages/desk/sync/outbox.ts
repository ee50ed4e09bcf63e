/**
 * What this desk has said: kept in the vault until it is read back from the log and known to stand at both relays. A relay A that
 * lost its disk may have had it alone; then it is told again (rules S1, L10).
 */
import { type Entry, encodeEntry } from "@kunak/core/log/entry"
import { sha256 } from "@kunak/core/suite"
import { sql } from "../vault/sql.ts"
import type { UnlockedVault, VaultChange, VaultReader } from "../vault/unlocked-vault.ts"

export interface OutboxItem {
  readonly number: number
  /** An entry as it is sent, or a note, which is sealed only when it is cut to cells. */
  readonly form: "entry" | "note"
  readonly bytes: Uint8Array
}

/** @param thread whose deletion takes the entry along, if it has not left by then. */
export function enqueue(change: VaultChange, entry: Entry, thread: Uint8Array | null = null): void {
  const bytes = encodeEntry(entry)
  change.run(sql`insert into outbox (digest, bytes, thread) values (${sha256(bytes)}, ${bytes}, ${thread})
    on conflict (digest) do update set log_position = null`)
}

/** What waits to be sent, oldest first. */
export const outbox = (vault: VaultReader): readonly OutboxItem[] =>
  vault.all(
    sql`select number, form, bytes from outbox where log_position is null order by number`,
    (row) => ({
      number: row.number("number"),
      form: row.text("form") === "note" ? "note" : "entry",
      bytes: row.bytes("bytes"),
    }),
  )

/** It has come back in the log: an entry's bytes, or a note's. */
export const settle = (change: VaultChange, bytes: Uint8Array, position: number): void =>
  change.run(sql`update outbox set log_position = ${position} where digest = ${sha256(bytes)}`)

/** What stands in the log of both relays. */
export function forgetMirrored(vault: UnlockedVault, mirrored: number): void {
  const isAny = vault.first(
    sql`select 1 as one from outbox where log_position < ${mirrored} limit 1`,
    () => true,
  )
  if (isAny) vault.change((change) => change.run(sql`delete from outbox where log_position < ${mirrored}`))
}

/** Relay A lost its disk: what is not known to have been mirrored waits again. */
export const takeBackSent = (change: VaultChange, mirrored: number): void =>
  change.run(sql`update outbox set log_position = null where log_position >= ${mirrored}`)

/** Where it stands in the log, of what was read back there. */
export const addLogPosition = (change: VaultChange): void =>
  change.run(sql`alter table outbox add column log_position integer`)
