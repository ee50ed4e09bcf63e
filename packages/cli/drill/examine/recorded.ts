/** What a relay recorded: envelopes that people posted, cells of the log, editions with their boards. */
import { DatabaseSync } from "node:sqlite"

export interface Recorded {
  readonly envelopes: readonly Uint8Array[]
  /** In order; the first may be a later one than the log's first. */
  readonly cells: readonly { readonly position: number; readonly cell: Uint8Array }[]
  readonly packages: readonly Uint8Array[]
}

export function recordedBy(relayDatabase: string): Recorded {
  const database = new DatabaseSync(relayDatabase, { readOnly: true })
  const rows = (query: string): readonly Record<string, unknown>[] => database.prepare(query).all()
  const bytes = (value: unknown): Uint8Array => new Uint8Array(value as Uint8Array)
  try {
    const posted = Number(rows("select head - slots as posted from ring_state")[0]?.posted)
    return {
      envelopes: rows(`select envelope from ring order by slot limit ${Math.max(0, posted)}`).map((row) =>
        bytes(row.envelope),
      ),
      cells: rows("select position, cell from log order by position").map((row) => ({
        position: Number(row.position),
        cell: bytes(row.cell),
      })),
      packages: rows("select package from edition order by term, number").map((row) => bytes(row.package)),
    }
  } finally {
    database.close()
  }
}
