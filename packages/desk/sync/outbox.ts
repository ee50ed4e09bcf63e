/** What this desk has said and the staff log has not yet: kept in the vault until it is read back from a relay (S1). */
import { type Entry, encodeEntry } from "@kunak/core/log/entry"
import { sha256 } from "@kunak/core/suite"
import { sql } from "../vault/sql.ts"
import type { VaultChange, VaultReader } from "../vault/unlocked-vault.ts"

export interface OutboxItem {
  readonly number: number
  /** An entry as it is sent, or a note, which is sealed only when it is cut to cells. */
  readonly form: "entry" | "note"
  readonly bytes: Uint8Array
}

/** @param thread whose deletion takes the entry along, if it has not left by then. */
export function enqueue(change: VaultChange, entry: Entry, thread: Uint8Array | null = null): void {
  const bytes = encodeEntry(entry)
  change.run(sql`insert or ignore into outbox (digest, bytes, thread)
    values (${sha256(bytes)}, ${bytes}, ${thread})`)
}

/** Oldest first. */
export const outbox = (vault: VaultReader): readonly OutboxItem[] =>
  vault.all(sql`select number, form, bytes from outbox order by number`, (row) => ({
    number: row.number("number"),
    form: row.text("form") === "note" ? "note" : "entry",
    bytes: row.bytes("bytes"),
  }))

/** Takes out what has come back in the log. */
export const settle = (change: VaultChange, bytes: Uint8Array): void =>
  change.run(sql`delete from outbox where digest = ${sha256(bytes)}`)
