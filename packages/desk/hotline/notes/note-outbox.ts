/** What this desk has to tell colleagues: unsealed in the vault until it is cut to cells. */
import { encodeNote, type Note } from "@kunak/core/log/note"
import { sha256 } from "@kunak/core/suite"
import { settle } from "../../sync/outbox.ts"
import { sql } from "../../vault/sql.ts"
import type { VaultChange } from "../../vault/unlocked-vault.ts"

/** Letters have no place here: they wait in `ring_pending`, and several go into one note. */
export function enqueueNote(change: VaultChange, note: Extract<Note, { kind: "reply" | "fact" }>): void {
  const bytes = encodeNote(note)
  // What is said of a deleted thread goes with it; that it was deleted must still be said.
  const thread = note.kind === "fact" && note.field === "deleted" ? null : note.threadId
  change.run(sql`insert into outbox (digest, bytes, form, thread) values (${sha256(bytes)}, ${bytes}, 'note', ${thread})
    on conflict (digest) do update set log_position = null`)
}

/** It has come back in the log, from whomever. */
export const settleNote = (change: VaultChange, note: Note, position: number): void =>
  settle(change, encodeNote(note), position)
