/** When the page began to say that the organisation is closed, as this desk saw it: kept, since desks go by it for hours (rule K32). */
import type { Edition } from "@kunak/core/edition/verify"
import type { Instant } from "@kunak/core/time/instant"
import { sql } from "../vault/sql.ts"
import type { VaultChange, VaultReader } from "../vault/unlocked-vault.ts"

/** Of the first edition under the closing charter; later ones change nothing. */
export function keepClosedSince(change: VaultChange, { bulletin, header }: Edition): void {
  if (bulletin.chain.current.charter.closed)
    change.run(sql`insert or ignore into setting values ('closed-since', ${String(header.issued)})`)
}

/** Null while the organisation is open, or while the page does not say yet that it isn't. */
export const closedSince = (vault: VaultReader): Instant | null =>
  vault.first(
    sql`select value from setting where name = 'closed-since'`,
    (row) => Number(row.text("value")) as Instant,
  )
