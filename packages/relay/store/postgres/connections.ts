import { err, ok, type Result } from "@kunak/core/result"
import pg from "pg"
import type { StoreUnavailable } from "../contract.ts"

/** Few: the staff routes are the only ones that write, and readers are served from memory. */
const CONNECTIONS = 4
const CONNECT_MS = 5_000
const STATEMENT_MS = 15_000

export function connectionPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    statement_timeout: STATEMENT_MS,
    // An answer means "on disk", whatever the server's default.
    options: "-c synchronous_commit=on",
  })
  // A connection that breaks while idle is replaced when the next one is asked for.
  pool.on("error", () => {})
  return pool
}

/** SQLSTATE classes of our own mistakes: data, constraint, syntax. Anything else is the database's state. */
const isMistake = (error: unknown): boolean => /^(22|23|42)/.test(String((error as { code?: unknown }).code))

/** PostgreSQL itself said no: a constraint, the transaction's state, a conflict, no room. Then nothing was committed. */
const isRefusal = (error: unknown): boolean =>
  /^(2[235]|40|42|53)/.test(String((error as { code?: unknown }).code))

/** The connection was lost while a commit was on its way. */
class UncertainCommit extends Error {}

/** Runs `use`; a database that is away, full or read-only becomes `unavailable`. */
export async function whileAvailable<T>(use: () => Promise<T>): Promise<Result<T, StoreUnavailable>> {
  try {
    return ok(await use())
  } catch (error) {
    if (error instanceof UncertainCommit) return err({ kind: "unavailable", mayBeStored: true })
    if (isMistake(error)) throw error
    return err({ kind: "unavailable" })
  }
}

/** One transaction on one connection. A connection that failed is thrown away. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  // A connection that breaks between two statements of ours must not end the process.
  const ignore = (): void => {}
  client.on("error", ignore)
  let broken = true
  try {
    await client.query("begin")
    const value = await work(client)
    await commit(client)
    broken = false
    return value
  } finally {
    client.off("error", ignore)
    client.release(broken)
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  try {
    await client.query("commit")
  } catch (error) {
    throw isRefusal(error) ? error : new UncertainCommit()
  }
}
