/** The line's entries in the vault, and the state that they add up to. */

import { ByteWriter } from "@kunak/core/bytes/writer"
import type { CharterChain } from "@kunak/core/charter/charter"
import { windowOf } from "@kunak/core/intake/intake-key"
import { decodeEntry, type Entry, type EntryKind, encodeEntry } from "@kunak/core/log/entry"
import { sha256 } from "@kunak/core/suite"
import type { Instant } from "@kunak/core/time/instant"
import { applyEntry, emptyLine, type LineState } from "@kunak/duty/line/line-state"
import { sql } from "../vault/sql.ts"
import type { VaultChange, VaultReader } from "../vault/unlocked-vault.ts"

/** Sealed parts of replies on their way to duty: what this desk needs of them stands in the hotline's tables. */
export const isForBoard = (kind: EntryKind): boolean => kind === "part" || kind === "parts-dropped"

/** What the line's state is made of. Leases are passing; drafts, and all that is about people, have tables of their own. */
const KEPT: ReadonlySet<EntryKind> = new Set([
  "warning",
  "receipt",
  "revocation",
  "veto",
  "delegation",
  "charter",
  "intake-key",
])

export const isKept = (entry: Entry): boolean => KEPT.has(entry.kind)

/** Intake keys of windows that are over go: there are four a day. */
export function pruneJournal(change: VaultChange, now: Instant): void {
  const first = new ByteWriter().u32(windowOf(now)).bytes()
  // Kind 8, then the key: its window stands behind magic, version, organisation and delegation.
  change.run(
    sql`delete from line_entry where substr(bytes, 1, 1) = x'08' and substr(bytes, 71, 4) < ${first}`,
  )
}

export function journal(change: VaultChange, position: number, entry: Entry): void {
  const bytes = encodeEntry(entry)
  change.run(sql`insert or ignore into line_entry (position, digest, bytes)
    values (${position}, ${sha256(bytes)}, ${bytes})`)
}

/** Verifies everything again: what the vault holds is judged by the same rules as what a relay gives. */
export async function replayLine(vault: VaultReader, chain: CharterChain, now: Instant): Promise<LineState> {
  let state = emptyLine(chain, [])
  for (const bytes of vault.all(sql`select bytes from line_entry order by number`, (row) =>
    row.bytes("bytes"),
  )) {
    const entry = decodeEntry(bytes)
    if (entry) state = await applyEntry(state, entry, now)
  }
  return state
}
