import type pg from "pg"
import { inTransaction } from "./connections.ts"
import type { PostgresOpenError } from "./store.ts"

/** Raised with every change of the tables; an older relay refuses newer ones. */
const SCHEMA_VERSION = 2
/** Any number, the same in every relay: two processes that start together make the tables one after the other. */
const SCHEMA_LOCK = 0x6b_75_6e_61

const tables = (slots: number): string => `
  create table if not exists relay_state (
    one integer primary key check (one = 1), schema integer not null, term bigint not null, head bigint not null
  );
  insert into relay_state values (1, ${SCHEMA_VERSION}, 0, 0) on conflict do nothing;
  create table if not exists relay_edition (
    term bigint not null, number bigint not null, package bytea not null, primary key (term, number)
  );
  create table if not exists relay_log (
    position bigint primary key, cell bytea not null check (length(cell) = 4096)
  );
  alter table relay_log alter column cell set storage external;
  create table if not exists relay_revocation (
    place bigint generated always as identity primary key, bytes bytea not null unique
  );
  create table if not exists relay_ring_state (
    one integer primary key check (one = 1), slots bigint not null, head bigint not null, acknowledged bigint not null
  );
  insert into relay_ring_state values (1, ${slots}, 0, 0) on conflict do nothing;
  create table if not exists relay_ring (
    slot bigint primary key, envelope bytea not null check (length(envelope) = 4096)
  );
  alter table relay_ring alter column envelope set storage external;
  alter table relay_ring set (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);
  update relay_state set schema = ${SCHEMA_VERSION} where schema < ${SCHEMA_VERSION};
`

/** Makes the tables where they are missing. @returns what forbids to use this database, or null. */
export async function createTables(pool: pg.Pool, slots: number): Promise<PostgresOpenError | null> {
  const fsync = await pool.query("show fsync")
  if (fsync.rows[0]?.fsync !== "on") return { kind: "not-durable" }
  return await inTransaction(pool, async (client) => {
    await client.query("select pg_advisory_xact_lock($1)", [SCHEMA_LOCK])
    await client.query(tables(slots))
    const { rows } = await client.query("select schema from relay_state")
    const version = Number(rows[0]?.schema)
    if (version > SCHEMA_VERSION) return { kind: "newer-schema", version }
    const ring = await client.query("select slots from relay_ring_state")
    const made = Number(ring.rows[0]?.slots)
    return made === slots ? null : { kind: "other-ring", slots: made }
  })
}
