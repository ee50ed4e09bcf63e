/**
 * Deletion that deletes: messages, keys, replies, facts, drafts and what waits to be said, in one change. The thread's
 * id stays, so that later letters of it are not taken (rule L9). What stood in the log ends with its key (rule L7).
 */
import type { ThreadId } from "@kunak/core/thread/keys"
import { sql } from "../../vault/sql.ts"
import type { VaultChange } from "../../vault/unlocked-vault.ts"
import { handleOf } from "./thread-store.ts"

/** Afterwards the vault needs a checkpoint, or its write-ahead log still holds the pages as they were. */
export function deleteThread(change: VaultChange, id: ThreadId): void {
  change.run(sql`insert or ignore into deleted_thread (id, handle) values (${id}, ${handleOf(id)})`)
  change.run(sql`delete from thread where id = ${id}`)
  change.run(sql`delete from ring_pending where thread = ${id}`)
  change.run(sql`delete from outbox where thread = ${id}`)
  change.run(sql`delete from placed_part where handle = ${handleOf(id)}`)
}
