/** The line's entries in the vault, and the state that they add up to. */
import type { CharterChain } from "@kunak/core/charter/charter"
import { decodeEntry, type Entry, encodeEntry } from "@kunak/core/log/entry"
import { sha256 } from "@kunak/core/suite"
import { applyEntry, emptyLine, type LineState } from "@kunak/duty/line/line-state"
import { sql } from "../vault/sql.ts"
import type { VaultChange, VaultReader } from "../vault/unlocked-vault.ts"

/** Leases are passing, drafts have a table of their own. */
export const isKept = (entry: Entry): boolean =>
  entry.kind !== "lease" && entry.kind !== "draft" && entry.kind !== "draft-discarded"

export function journal(change: VaultChange, position: number, entry: Entry): void {
  const bytes = encodeEntry(entry)
  change.run(sql`insert or ignore into line_entry (position, digest, bytes)
    values (${position}, ${sha256(bytes)}, ${bytes})`)
}

/** Verifies everything again: what the vault holds is judged by the same rules as what a relay gives. */
export async function replayLine(vault: VaultReader, chain: CharterChain): Promise<LineState> {
  let state = emptyLine(chain, [])
  for (const bytes of vault.all(sql`select bytes from line_entry order by number`, (row) =>
    row.bytes("bytes"),
  )) {
    const entry = decodeEntry(bytes)
    if (entry) state = await applyEntry(state, entry)
  }
  return state
}
