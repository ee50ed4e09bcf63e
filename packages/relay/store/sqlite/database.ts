import { readFileSync, writeFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { err, ok, type Result } from "@kunak/core/result"

export type OpenError =
  /** Another process has it open; `pid` where it said who it is. */
  | { readonly kind: "in-use"; readonly pid: number | null }
  | { readonly kind: "not-a-database" }
  /** The folder is missing, not writable, or the disk is full. */
  | { readonly kind: "cannot-open" }
  | { readonly kind: "newer-schema"; readonly version: number }
  /** Its ring has another size than the charter's. */
  | { readonly kind: "other-ring"; readonly slots: number }

/** Raised with every change of the tables; an older relay refuses a newer file. */
const SCHEMA_VERSION = 2

/** Positions and ids are primary keys; nothing here is or tells a time. */
const schema = (slots: number): string => `
  create table if not exists state (one integer primary key check (one = 1), term integer not null, head integer not null) strict;
  insert or ignore into state values (1, 0, 0);
  create table if not exists edition (
    term integer not null, number integer not null, package blob not null, primary key (term, number)
  ) strict;
  create table if not exists log (position integer primary key, cell blob not null check (length(cell) = 4096)) strict;
  create table if not exists revocation (place integer primary key, bytes blob not null unique) strict;
  create table if not exists ring_state (
    one integer primary key check (one = 1), slots integer not null, head integer not null, acknowledged integer not null
  ) strict;
  insert or ignore into ring_state values (1, ${slots}, 0, 0);
  create table if not exists ring (slot integer primary key, envelope blob not null check (length(envelope) = 4096)) strict;
  pragma user_version = ${SCHEMA_VERSION};
`

/** SQLite result codes, https://sqlite.org/rescode.html; the low byte is the primary code. */
const SQLITE_BUSY = 5
const SQLITE_NOTADB = 26
const SQLITE_CORRUPT = 11

const pidFile = (path: string): string => `${path}.pid`

/**
 * Opens the relay's database for this process alone: `locking_mode = exclusive` is a lock of the kernel's,
 * so it ends with the process, however that ends, and no shared-memory file is needed. The pid file only
 * tells the next one whom to blame.
 *
 * `page_size` 32 KiB: seven cells or envelopes of 4 KiB share a page, 4.6 KiB each; pages of 4 KiB would take two
 * for each, of 16 KiB 5.3 KiB. An envelope that follows another of the same length is written into its place.
 * `secure_delete`: what is overwritten or trimmed leaves no bytes in the file. The log beside it is cut back to
 * `journal_size_limit`, and holds no more than the newest writes.
 *
 * @param slots of the ring.
 */
export function openDatabase(path: string, slots: number): Result<DatabaseSync, OpenError> {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path)
    db.exec(`
      pragma page_size = 32768;
      pragma secure_delete = on;
      pragma locking_mode = exclusive;
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma temp_store = memory;
      pragma trusted_schema = off;
      pragma wal_autocheckpoint = 256;
      pragma journal_size_limit = 16777216;
    `)
    const version = Number(db.prepare("pragma user_version").get()?.user_version)
    if (version > SCHEMA_VERSION) {
      db.close()
      return err({ kind: "newer-schema", version })
    }
    db.exec(`begin immediate; ${schema(slots)} commit`)
    const made = Number(db.prepare("select slots from ring_state").get()?.slots)
    if (made !== slots) {
      db.close()
      return err({ kind: "other-ring", slots: made })
    }
    // Beside a store in memory, which tests have, nobody else can open anything.
    if (path !== ":memory:") writeFileSync(pidFile(path), `${process.pid}\n`)
    return ok(db)
  } catch (error) {
    db?.close()
    return err(openError(path, error))
  }
}

function openError(path: string, error: unknown): OpenError {
  const code = Number((error as { errcode?: unknown }).errcode) & 0xff
  if (code === SQLITE_BUSY) return { kind: "in-use", pid: readPid(path) }
  if (code === SQLITE_NOTADB || code === SQLITE_CORRUPT) return { kind: "not-a-database" }
  return { kind: "cannot-open" }
}

function readPid(path: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile(path), "utf8"))
    return Number.isInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}
