/**
 * Group commit: whatever asks to write during one turn of the event loop shares one transaction and one
 * fsync, and is answered once that is on disk.
 */
import type { DatabaseSync } from "node:sqlite"
import { err, ok, type Result } from "@kunak/core/result"
import type { StoreUnavailable } from "../contract.ts"
import type { StoreHealth } from "../health.ts"

interface Waiting {
  readonly work: () => unknown
  readonly settle: (result: Result<unknown, StoreUnavailable>) => void
  readonly fail: (error: unknown) => void
}

/** Whether SQLite itself said no (disk full, I/O, read-only, cannot open), as opposed to a mistake of ours. */
const isFromSqlite = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_SQLITE_ERROR"

/**
 * The sync may have failed behind a commit that stands in the log beside the file: a restart would find it there. Not where
 * the writing itself was refused: then the commit's last page is not whole.
 */
const SQLITE_IOERR = 10
const SQLITE_IOERR_WRITE = 778
const mayStandInTheLog = (error: unknown): boolean => {
  const code = Number((error as { errcode?: unknown }).errcode)
  return (code & 0xff) === SQLITE_IOERR && code !== SQLITE_IOERR_WRITE
}

export class GroupCommit {
  readonly #db: DatabaseSync
  readonly #health: StoreHealth
  #waiting: Waiting[] = []

  constructor(db: DatabaseSync, health: StoreHealth) {
    this.#db = db
    this.#health = health
  }

  /** Runs `work` inside a transaction; resolves with what it returned once the transaction is on disk. */
  write<T>(work: () => T): Promise<Result<T, StoreUnavailable>> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush())
      this.#waiting.push({
        work,
        settle: (result) => resolve(result as Result<T, StoreUnavailable>),
        fail: reject,
      })
    })
  }

  /** Runs a query outside any transaction. */
  read<T>(query: () => T): Result<T, StoreUnavailable> {
    if (!this.#db.isOpen) return err({ kind: "unavailable" })
    try {
      return ok(query())
    } catch (error) {
      if (isFromSqlite(error)) return err({ kind: "unavailable" })
      throw error
    }
  }

  /** Commits what waits. Called by itself; by hand before closing. */
  flush(): void {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length > 0) this.#commit(batch)
  }

  #commit(batch: readonly Waiting[]): void {
    // Who looks around once more while a relay ends.
    if (!this.#db.isOpen) {
      for (const { settle } of batch) settle(err({ kind: "unavailable" }))
      return
    }
    let isCommitting = false
    try {
      this.#db.exec("begin immediate")
      const values = batch.map(({ work }) => work())
      isCommitting = true
      this.#db.exec("commit")
      this.#health.wrote()
      batch.forEach(({ settle }, i) => {
        settle(ok(values[i]))
      })
    } catch (error) {
      this.#rollBack()
      // One that is too big for what is left of the disk must not take the others with it.
      if (batch.length > 1) for (const one of batch) this.#commit([one])
      else if (isFromSqlite(error)) {
        this.#health.refused()
        const mayBeStored = isCommitting && mayStandInTheLog(error)
        batch[0]?.settle(err({ kind: "unavailable", ...(mayBeStored ? { mayBeStored } : {}) }))
      } else batch[0]?.fail(error)
    }
  }

  #rollBack(): void {
    try {
      if (this.#db.isTransaction) this.#db.exec("rollback")
    } catch {
      // SQLite has rolled back by itself, as it does on a full disk.
    }
  }
}
