import { equalBytes } from "@kunak/core/bytes/equal"
import type { EditionId } from "@kunak/core/edition/header"
import { err, ok, type Result } from "@kunak/core/result"
import type pg from "pg"
import type { Report } from "../../notice.ts"
import {
  type Counters,
  EDITIONS_KEPT,
  type LogPage,
  MAX_REVOCATIONS,
  MAX_TERM,
  type RelayStore,
  type RingBusy,
  type RingPage,
  type RingState,
  type StaleHead,
  type StaleTerm,
  type StoredEdition,
  type StoreSettings,
  type StoreUnavailable,
  type TooMany,
  type UsedId,
} from "../contract.ts"
import { mayFollow } from "../edition-rule.ts"
import { StoreHealth } from "../health.ts"
import { mayAppend, trimmedAt, unbroken } from "../log-rule.ts"
import { PostBundle } from "../post-bundle.ts"
import { mayResume } from "../resume-rule.ts"
import { acknowledgedAfter, firstFrom, roomIn } from "../ring-rule.ts"
import { connectionPool, inTransaction, whileAvailable } from "./connections.ts"
import { createTables } from "./schema.ts"

export type PostgresOpenError =
  | { readonly kind: "database-away" }
  /** `fsync` is off: an answered write could be lost. */
  | { readonly kind: "not-durable" }
  | { readonly kind: "newer-schema"; readonly version: number }
  /** Its ring has another size than the charter's. */
  | { readonly kind: "other-ring"; readonly slots: number }

/** A relay's store in PostgreSQL. Several relay processes may share it. @param url as libpq takes it. */
export async function postgresStore(
  url: string,
  settings: StoreSettings,
  report: Report,
): Promise<Result<RelayStore, PostgresOpenError>> {
  const pool = connectionPool(url)
  const ready = await whileAvailable(() => createTables(pool, settings.slots))
  if (ready.ok && ready.value === null) return ok(new PostgresStore(pool, settings, report))
  await pool.end()
  return err(ready.ok && ready.value ? ready.value : { kind: "database-away" })
}

class PostgresStore implements RelayStore {
  readonly #pool: pg.Pool
  readonly #settings: StoreSettings
  readonly #health: StoreHealth
  readonly #posts: PostBundle

  constructor(pool: pg.Pool, settings: StoreSettings, report: Report) {
    this.#pool = pool
    this.#settings = settings
    this.#health = new StoreHealth(report)
    this.#posts = new PostBundle((envelopes) => this.postAll(envelopes))
  }

  term(): Promise<Result<number, StoreUnavailable>> {
    return whileAvailable(async () => {
      const { rows } = await this.#pool.query("select term from relay_state")
      return Number(rows[0]?.term)
    })
  }

  grantTerm(expected: number): Promise<Result<number, StaleTerm | StoreUnavailable>> {
    return this.#write(async (client): Promise<Result<number, StaleTerm>> => {
      const { term } = await lockState(client)
      if (term !== expected || term >= MAX_TERM) return err({ kind: "stale-term", term })
      await client.query("update relay_state set term = $1", [term + 1])
      return ok(term + 1)
    })
  }

  newestId(): Promise<Result<EditionId | null, StoreUnavailable>> {
    return whileAvailable(() => newestId(this.#pool))
  }

  editionsAfter(after: EditionId | null): Promise<Result<readonly StoredEdition[], StoreUnavailable>> {
    return whileAvailable(async () => {
      const { rows } = await this.#pool.query(
        `select term, number, package from relay_edition where (term, number) > ($1, $2) order by term, number`,
        [after?.term ?? -1, after?.number ?? -1],
      )
      return rows.map((row) => ({
        id: { term: Number(row.term), number: Number(row.number) },
        package: plainBytes(row.package),
      }))
    })
  }

  publish(edition: StoredEdition): Promise<Result<"stored" | "already-stored", UsedId | StoreUnavailable>> {
    return this.#write(async (client): Promise<Result<"stored" | "already-stored", UsedId>> => {
      const { id } = edition
      const { term } = await lockState(client)
      const key = [id.term, id.number]
      const kept = await client.query(
        "select package from relay_edition where term = $1 and number = $2",
        key,
      )
      if (kept.rows[0] && equalBytes(kept.rows[0].package, edition.package)) return ok("already-stored")
      const follows = mayFollow(id, await newestId(client), term)
      if (!follows.ok) return follows
      await client.query("insert into relay_edition (term, number, package) values ($1, $2, $3)", [
        ...key,
        asBuffer(edition.package),
      ])
      await client.query(
        `delete from relay_edition where (term, number) not in (
           select term, number from relay_edition order by term desc, number desc limit $1)`,
        [EDITIONS_KEPT],
      )
      if (id.term > term) await client.query("update relay_state set term = $1", [id.term])
      return ok("stored")
    })
  }

  append(
    expected: number,
    cells: readonly Uint8Array[],
    mayLeap = false,
  ): Promise<Result<number, StaleHead | StoreUnavailable>> {
    return this.#write(async (client): Promise<Result<number, StaleHead>> => {
      // The row lock makes appends follow one another, so a reader never meets a gap that is filled later
      // (a sequence alone would leave such gaps under concurrent commits).
      const { head } = await lockState(client)
      if (!mayAppend(head, expected, mayLeap)) return err({ kind: "stale-head", head })
      const next = expected + cells.length
      await client.query(
        `insert into relay_log (position, cell)
           select $1::bigint + place - 1, cell from unnest($2::bytea[]) with ordinality as given (cell, place)`,
        [expected, cells.map(asBuffer)],
      )
      await client.query("update relay_state set head = $1", [next])
      const { floor, stretch } = trimmedAt(next, this.#settings.keepCells)
      await client.query(
        `delete from relay_log where position < $1 and (position >= $2
           or exists (select 1 from relay_log where position < $1 and position >= $2))`,
        [floor, stretch],
      )
      return ok(next)
    })
  }

  read(from: number, limit: number): Promise<Result<LogPage, StoreUnavailable>> {
    return whileAvailable(async () => {
      // One statement, one snapshot: head and cells belong together.
      const { rows } = await this.#pool.query(
        `select head, position, cell from relay_state left join lateral (
           select position, cell from relay_log where position >= $1 order by position limit $2
         ) as kept on true order by position`,
        [from, limit],
      )
      const kept = rows.filter((row) => row.position !== null)
      const found = unbroken(kept, (row) => Number(row.position))
      const head = Number(rows[0]?.head)
      return {
        head,
        first: found[0] ? Number(found[0].position) : Math.min(from, head),
        cells: found.map((row) => plainBytes(row.cell)),
      }
    })
  }

  addRevocation(revocation: Uint8Array): Promise<Result<void, TooMany | StoreUnavailable>> {
    return this.#write(async (client): Promise<Result<void, TooMany>> => {
      await lockState(client)
      const kept = await revocations(client)
      if (kept.some((bytes) => equalBytes(bytes, revocation))) return ok(undefined)
      if (kept.length >= MAX_REVOCATIONS) return err({ kind: "too-many" })
      await client.query("insert into relay_revocation (bytes) values ($1)", [asBuffer(revocation)])
      return ok(undefined)
    })
  }

  revocations(): Promise<Result<readonly Uint8Array[], StoreUnavailable>> {
    return whileAvailable(() => revocations(this.#pool))
  }

  ringState(): Promise<Result<RingState, StoreUnavailable>> {
    return whileAvailable(() => ringState(this.#pool))
  }

  fillRing(
    expected: number,
    envelopes: readonly Uint8Array[],
  ): Promise<Result<number, StaleHead | StoreUnavailable>> {
    return this.#write(async (client): Promise<Result<number, StaleHead>> => {
      const { head, slots } = await ringState(client, "for update")
      const next = expected + envelopes.length
      if (head !== expected || next > slots) return err({ kind: "stale-head", head })
      await client.query(
        `insert into relay_ring (slot, envelope)
           select $1::bigint + place - 1, envelope from unnest($2::bytea[]) with ordinality as given (envelope, place)`,
        [head, envelopes.map(asBuffer)],
      )
      await client.query("update relay_ring_state set head = $1, acknowledged = $1", [next])
      return ok(next)
    })
  }

  post(envelope: Uint8Array): Promise<Result<number, RingBusy | StoreUnavailable>> {
    return this.#posts.add(envelope)
  }

  postAll(envelopes: readonly Uint8Array[]): Promise<Result<readonly (number | null)[], StoreUnavailable>> {
    return this.#write((client) => postAll(client, envelopes))
  }

  readRing(from: number, limit: number): Promise<Result<RingPage, StoreUnavailable>> {
    return whileAvailable(async () => {
      // One statement, one snapshot: no envelope is read in the place of one that it has overwritten meanwhile.
      const { rows } = await this.#pool.query(
        `select slots, head, acknowledged, envelope
           from relay_ring_state
           left join lateral generate_series(
             least(greatest($1::bigint, head - slots), head),
             least(least(greatest($1::bigint, head - slots), head) + $2, head) - 1
           ) as place (position) on true
           left join relay_ring on slot = position % slots
           order by position`,
        [from, limit],
      )
      const state = ringStateOf(rows[0])
      const envelopes = rows.filter((row) => row.envelope !== null).map((row) => plainBytes(row.envelope))
      return { ...state, first: firstFrom(state, from), envelopes }
    })
  }

  acknowledge(position: number): Promise<Result<number, StoreUnavailable>> {
    return this.#write(async (client): Promise<Result<number, never>> => {
      const state = await ringState(client, "for update")
      const acknowledged = acknowledgedAfter(state, position)
      await client.query("update relay_ring_state set acknowledged = $1", [acknowledged])
      return ok(acknowledged)
    })
  }

  resume(
    counters: Counters,
    first: Uint8Array | null,
  ): Promise<Result<void, { readonly kind: "not-new" } | StoreUnavailable>> {
    return this.#write(async (client): Promise<Result<void, { readonly kind: "not-new" }>> => {
      const may = mayResume(counters, await lockState(client), await ringState(client, "for update"))
      if (!may.ok) return may
      const { term, logHead, ringHead } = counters
      await client.query("update relay_state set term = $1, head = $2", [term, logHead])
      if (first)
        await client.query("insert into relay_log (position, cell) values ($1, $2)", [
          logHead - 1,
          asBuffer(first),
        ])
      await client.query("update relay_ring_state set head = $1, acknowledged = $1", [ringHead])
      return ok(undefined)
    })
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  async #write<T, E>(
    work: (client: pg.PoolClient) => Promise<Result<T, E>>,
  ): Promise<Result<T, E | StoreUnavailable>> {
    const written = await whileAvailable(() => inTransaction(this.#pool, work))
    if (written.ok) this.#health.wrote()
    else this.#health.refused()
    return written.ok ? written.value : written
  }
}

/** pg takes bytes as Buffer only; no copy. */
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** pg gives Buffers, whose `slice` is a view: whoever expects a copy would write into what others read. */
const plainBytes = (bytes: Buffer): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)

type Queryable = Pick<pg.Pool, "query">

/** Every writer takes this row first: writers follow one another, across processes. */
async function lockState(client: Queryable): Promise<{ readonly term: number; readonly head: number }> {
  const { rows } = await client.query("select term, head from relay_state for update")
  return { term: Number(rows[0]?.term), head: Number(rows[0]?.head) }
}

async function newestId(client: Queryable): Promise<EditionId | null> {
  const { rows } = await client.query(
    "select term, number from relay_edition order by term desc, number desc limit 1",
  )
  return rows[0] ? { term: Number(rows[0].term), number: Number(rows[0].number) } : null
}

async function revocations(client: Queryable): Promise<readonly Uint8Array[]> {
  const { rows } = await client.query("select bytes from relay_revocation order by place")
  return rows.map((row) => plainBytes(row.bytes))
}

async function ringState(client: Queryable, lock: "" | "for update" = ""): Promise<RingState> {
  const { rows } = await client.query(`select slots, head, acknowledged from relay_ring_state ${lock}`)
  return ringStateOf(rows[0])
}

const ringStateOf = (row: Readonly<Record<string, unknown>> | undefined): RingState => ({
  slots: Number(row?.slots),
  head: Number(row?.head),
  acknowledged: Number(row?.acknowledged),
})

/** Those for which there is room, in order, in one transaction. The row lock makes writers follow one another (R3). */
async function postAll(
  client: Queryable,
  envelopes: readonly Uint8Array[],
): Promise<Result<readonly (number | null)[], never>> {
  const state = await ringState(client, "for update")
  const taken = envelopes.slice(0, roomIn(state))
  if (taken.length > 0) {
    await client.query(
      `update relay_ring set envelope = given.envelope
         from unnest($2::bytea[]) with ordinality as given (envelope, place)
         where slot = ($1::bigint + given.place - 1) % $3::bigint`,
      [state.head, taken.map(asBuffer), state.slots],
    )
    await client.query("update relay_ring_state set head = $1", [state.head + taken.length])
  }
  return ok(envelopes.map((_, i) => (i < taken.length ? state.head + i : null)))
}
