/** How far this desk has read the staff log. */

import type { LogPlace } from "@kunak/duty/line/log-follower"
import { sql } from "../vault/sql.ts"
import type { VaultChange, VaultReader } from "../vault/unlocked-vault.ts"

/** An entry has at most this many cells: reading again from so far back finds the beginning of any that was half read. */
const LONGEST_ENTRY_CELLS = 255

/** Everything before this position has been applied. */
export const readUpTo = (vault: VaultReader): number =>
  vault.first(sql`select max(position) as position from log_place`, (row) => row.numberOrNull("position")) ??
  0

/** Where to start after unlocking: a place far enough back, so that no entry is met in its middle. */
export function restartPlace(vault: VaultReader): LogPlace | null {
  const before = Math.max(0, readUpTo(vault) - LONGEST_ENTRY_CELLS)
  return vault.first(
    sql`select position, previous_hash from log_place where position <= ${before} order by position desc limit 1`,
    toPlace,
  )
}

export function keepPlace(change: VaultChange, place: LogPlace): void {
  change.run(sql`insert into log_place values (${place.position}, ${place.previousHash})
    on conflict (position) do update set previous_hash = excluded.previous_hash`)
  // The newest one that is far enough back stays, older ones go.
  change.run(sql`delete from log_place where position <
    (select coalesce(max(position), 0) from log_place where position <= ${place.position - LONGEST_ENTRY_CELLS})`)
}

const toPlace = (row: {
  number(c: string): number
  bytesOrNull(c: string): Uint8Array | null
}): LogPlace => ({
  position: row.number("position"),
  previousHash: row.bytesOrNull("previous_hash"),
})
