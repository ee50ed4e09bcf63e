import type { DatabaseSync } from "node:sqlite"
import { equalBytes } from "@kunak/core/bytes/equal"
import type { EditionId } from "@kunak/core/edition/header"
import { err, ok, type Result } from "@kunak/core/result"
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
import { mayResume } from "../resume-rule.ts"
import { acknowledgedAfter, firstFrom, roomIn } from "../ring-rule.ts"
import { type OpenError, openDatabase } from "./database.ts"
import { GroupCommit } from "./group-commit.ts"

/**
 * A relay's store in one SQLite file, in this thread: a commit holds everything else up. A relay has it in a
 * thread of its own, `store-in-worker.ts`. @param path of the file; it is made where there is none.
 */
export function sqliteStore(
  path: string,
  settings: StoreSettings,
  report: Report,
): Result<RelayStore, OpenError> {
  const opened = openDatabase(path, settings.slots)
  return opened.ok ? ok(new SqliteStore(opened.value, settings, report)) : opened
}

class SqliteStore implements RelayStore {
  readonly #db: DatabaseSync
  readonly #settings: StoreSettings
  readonly #commits: GroupCommit
  readonly #sql: ReturnType<typeof prepareStatements>

  constructor(db: DatabaseSync, settings: StoreSettings, report: Report) {
    this.#db = db
    this.#settings = settings
    this.#commits = new GroupCommit(db, new StoreHealth(report))
    this.#sql = prepareStatements(db)
  }

  async term(): Promise<Result<number, StoreUnavailable>> {
    return this.#commits.read(() => this.#state().term)
  }

  grantTerm(expected: number): Promise<Result<number, StaleTerm | StoreUnavailable>> {
    return this.#write((): Result<number, StaleTerm> => {
      const { term } = this.#state()
      if (term !== expected || term >= MAX_TERM) return err({ kind: "stale-term", term })
      this.#sql.setTerm.run(term + 1)
      return ok(term + 1)
    })
  }

  async newestId(): Promise<Result<EditionId | null, StoreUnavailable>> {
    return this.#commits.read(() => this.#newestId())
  }

  async editionsAfter(after: EditionId | null): Promise<Result<readonly StoredEdition[], StoreUnavailable>> {
    return this.#commits.read(() =>
      this.#sql.editionsAfter.all(after?.term ?? -1, after?.number ?? -1).map((row) => ({
        id: { term: Number(row.term), number: Number(row.number) },
        package: row.package as Uint8Array,
      })),
    )
  }

  publish(edition: StoredEdition): Promise<Result<"stored" | "already-stored", UsedId | StoreUnavailable>> {
    return this.#write((): Result<"stored" | "already-stored", UsedId> => {
      const { id } = edition
      const kept = this.#package(id)
      if (kept && equalBytes(kept, edition.package)) return ok("already-stored")
      const { term } = this.#state()
      const follows = mayFollow(id, this.#newestId(), term)
      if (!follows.ok) return follows
      this.#sql.addEdition.run(id.term, id.number, edition.package)
      this.#sql.dropEditions.run(EDITIONS_KEPT)
      // A relay whose store was lost learns its term from the first edition that A itself once granted.
      if (id.term > term) this.#sql.setTerm.run(id.term)
      return ok("stored")
    })
  }

  append(
    expected: number,
    cells: readonly Uint8Array[],
    mayLeap = false,
  ): Promise<Result<number, StaleHead | StoreUnavailable>> {
    return this.#write((): Result<number, StaleHead> => {
      const { head } = this.#state()
      if (!mayAppend(head, expected, mayLeap)) return err({ kind: "stale-head", head })
      cells.forEach((cell, i) => {
        this.#sql.addCell.run(expected + i, cell)
      })
      const next = expected + cells.length
      this.#sql.setHead.run(next)
      this.#sql.dropCells.run(trimmedAt(next, this.#settings.keepCells))
      return ok(next)
    })
  }

  async read(from: number, limit: number): Promise<Result<LogPage, StoreUnavailable>> {
    return this.#commits.read(() => {
      const { head } = this.#state()
      const rows = unbroken(this.#sql.cells.all(from, limit), (row) => Number(row.position))
      return {
        head,
        first: rows[0] ? Number(rows[0].position) : Math.min(from, head),
        cells: rows.map((row) => row.cell as Uint8Array),
      }
    })
  }

  addRevocation(revocation: Uint8Array): Promise<Result<void, TooMany | StoreUnavailable>> {
    return this.#write((): Result<void, TooMany> => {
      const kept = this.#sql.revocations.all().map((row) => row.bytes as Uint8Array)
      if (kept.some((bytes) => equalBytes(bytes, revocation))) return ok(undefined)
      if (kept.length >= MAX_REVOCATIONS) return err({ kind: "too-many" })
      this.#sql.addRevocation.run(revocation)
      return ok(undefined)
    })
  }

  async revocations(): Promise<Result<readonly Uint8Array[], StoreUnavailable>> {
    return this.#commits.read(() => this.#sql.revocations.all().map((row) => row.bytes as Uint8Array))
  }

  async ringState(): Promise<Result<RingState, StoreUnavailable>> {
    return this.#commits.read(() => this.#ring())
  }

  fillRing(
    expected: number,
    envelopes: readonly Uint8Array[],
  ): Promise<Result<number, StaleHead | StoreUnavailable>> {
    return this.#write((): Result<number, StaleHead> => {
      const { head, slots } = this.#ring()
      const next = expected + envelopes.length
      if (head !== expected || next > slots) return err({ kind: "stale-head", head })
      envelopes.forEach((envelope, i) => {
        this.#sql.addSlot.run(head + i, envelope)
      })
      this.#sql.setRing.run(next, next)
      return ok(next)
    })
  }

  async post(envelope: Uint8Array): Promise<Result<number, RingBusy | StoreUnavailable>> {
    const posted = await this.postAll([envelope])
    if (!posted.ok) return posted
    const [position] = posted.value
    return typeof position === "number" ? ok(position) : err({ kind: "busy" })
  }

  postAll(envelopes: readonly Uint8Array[]): Promise<Result<readonly (number | null)[], StoreUnavailable>> {
    return this.#write((): Result<readonly (number | null)[], never> => {
      const state = this.#ring()
      const taken = envelopes.slice(0, roomIn(state))
      taken.forEach((envelope, i) => {
        this.#sql.overwriteSlot.run(envelope, (state.head + i) % state.slots)
      })
      if (taken.length > 0) this.#sql.setRing.run(state.head + taken.length, state.acknowledged)
      return ok(envelopes.map((_, i) => (i < taken.length ? state.head + i : null)))
    })
  }

  async readRing(from: number, limit: number): Promise<Result<RingPage, StoreUnavailable>> {
    return this.#commits.read(() => {
      const state = this.#ring()
      const first = firstFrom(state, from)
      const count = Math.min(limit, state.head - first)
      const start = first % state.slots
      const rows = this.#sql.slots.all(start, count)
      // The ring's end lies between: the rest is at its beginning.
      if (rows.length < count) rows.push(...this.#sql.slots.all(0, count - rows.length))
      return { ...state, first, envelopes: rows.map((row) => row.envelope as Uint8Array) }
    })
  }

  acknowledge(position: number): Promise<Result<number, StoreUnavailable>> {
    return this.#write((): Result<number, never> => {
      const state = this.#ring()
      const acknowledged = acknowledgedAfter(state, position)
      if (acknowledged !== state.acknowledged) this.#sql.setRing.run(state.head, acknowledged)
      return ok(acknowledged)
    })
  }

  resume(
    counters: Counters,
    first: Uint8Array | null,
  ): Promise<Result<void, { readonly kind: "not-new" } | StoreUnavailable>> {
    return this.#write((): Result<void, { readonly kind: "not-new" }> => {
      const may = mayResume(counters, this.#state(), this.#ring())
      if (!may.ok) return may
      const { term, logHead, ringHead } = counters
      this.#sql.setTerm.run(term)
      this.#sql.setHead.run(logHead)
      if (first) this.#sql.addCell.run(logHead - 1, first)
      this.#sql.setRing.run(ringHead, ringHead)
      return ok(undefined)
    })
  }

  async close(): Promise<void> {
    if (!this.#db.isOpen) return
    this.#commits.flush()
    this.#db.close()
  }

  /** What `work` refuses is a value, not a failed transaction: the others of its batch go on. */
  async #write<T, E>(work: () => Result<T, E>): Promise<Result<T, E | StoreUnavailable>> {
    const committed = await this.#commits.write(work)
    return committed.ok ? committed.value : committed
  }

  #state(): { readonly term: number; readonly head: number } {
    const row = this.#sql.state.get()
    return { term: Number(row?.term), head: Number(row?.head) }
  }

  #ring(): RingState {
    const row = this.#sql.ring.get()
    return { slots: Number(row?.slots), head: Number(row?.head), acknowledged: Number(row?.acknowledged) }
  }

  #newestId(): EditionId | null {
    const row = this.#sql.newestId.get()
    return row ? { term: Number(row.term), number: Number(row.number) } : null
  }

  #package(id: EditionId): Uint8Array | undefined {
    return this.#sql.edition.get(id.term, id.number)?.package as Uint8Array | undefined
  }
}

const prepareStatements = (db: DatabaseSync) => ({
  state: db.prepare("select term, head from state"),
  setTerm: db.prepare("update state set term = ?"),
  setHead: db.prepare("update state set head = ?"),
  newestId: db.prepare("select term, number from edition order by term desc, number desc limit 1"),
  editionsAfter: db.prepare(
    "select term, number, package from edition where (term, number) > (?, ?) order by term, number",
  ),
  edition: db.prepare("select package from edition where term = ? and number = ?"),
  addEdition: db.prepare("insert into edition (term, number, package) values (?, ?, ?)"),
  dropEditions: db.prepare(`delete from edition where (term, number) not in (
    select term, number from edition order by term desc, number desc limit ?)`),
  addCell: db.prepare("insert into log (position, cell) values (?, ?)"),
  dropCells: db.prepare(`delete from log where position < :floor and (position >= :stretch
    or exists (select 1 from log where position < :floor and position >= :stretch))`),
  cells: db.prepare("select position, cell from log where position >= ? order by position limit ?"),
  addRevocation: db.prepare("insert into revocation (bytes) values (?)"),
  revocations: db.prepare("select bytes from revocation order by place"),
  ring: db.prepare("select slots, head, acknowledged from ring_state"),
  setRing: db.prepare("update ring_state set head = ?, acknowledged = ?"),
  addSlot: db.prepare("insert into ring (slot, envelope) values (?, ?)"),
  overwriteSlot: db.prepare("update ring set envelope = ? where slot = ?"),
  slots: db.prepare("select envelope from ring where slot >= ? order by slot limit ?"),
})
