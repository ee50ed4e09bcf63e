/**
 * The only importer of the database. SQLCipher 4 layout with a raw key: every page is encrypted and
 * authenticated, other tools can read it. Note: three traps. `serialize()` is plaintext (only `everyPage` calls it);
 * temporary databases are not encrypted (`temp_store=MEMORY`); a WAL keeps deleted rows until truncated.
 */
import { closeSync, fsyncSync, openSync, readSync } from "node:fs"
import { dirname } from "node:path"
import { reveal } from "@kunak/core/secret"
import { overwriteFile } from "@kunak/duty/erase-file"
import Database from "better-sqlite3-multiple-ciphers"
import { FILE_KEY_BYTES, type FileKey, SALT_BYTES, type Salt } from "./vault-key.ts"

export type CipherDatabase = Database

/** "raw:", key, salt: the form in which the cipher takes a key that needs no derivation of its own. */
function rawKey(key: FileKey, salt: Salt): Buffer {
  const bytes = Buffer.alloc(4 + FILE_KEY_BYTES + SALT_BYTES)
  bytes.write("raw:", "latin1")
  bytes.set(reveal(key), 4)
  bytes.set(salt, 4 + FILE_KEY_BYTES)
  return bytes
}

/** The salt at the head of a vault file, or null when the file is too short to be one. */
export function readSalt(file: string): Salt | null {
  const salt = new Uint8Array(SALT_BYTES)
  const handle = openSync(file, "r")
  try {
    return readSync(handle, salt, 0, SALT_BYTES, 0) === SALT_BYTES ? (salt as Salt) : null
  } finally {
    closeSync(handle)
  }
}

/**
 * Opens the file for this process alone: the lock of SQLite is exclusive, so there is no shared-memory file.
 *
 * @returns null when the key does not fit or the file is damaged: one answer for both.
 */
export function openCipherFile(file: string, key: FileKey, salt: Salt): CipherDatabase | null {
  const database = new Database(file)
  const raw = rawKey(key, salt)
  try {
    database.pragma("cipher = 'sqlcipher'")
    database.pragma("legacy = 4")
    database.key(raw)
    database.pragma("temp_store = MEMORY")
    database.pragma("locking_mode = EXCLUSIVE")
    database.prepare("select count(*) from sqlite_schema").get()
    database.pragma("journal_mode = WAL")
    database.pragma("synchronous = FULL")
    database.pragma("secure_delete = ON")
    database.pragma("foreign_keys = ON")
    database.pragma("trusted_schema = OFF")
    return database
  } catch (error) {
    database.close()
    if (isCode(error, "SQLITE_NOTADB") || isCode(error, "SQLITE_CORRUPT")) return null
    throw error
  } finally {
    raw.fill(0)
  }
}

/**
 * Takes the write-ahead log into the file, overwrites it and cuts it off: cut off alone, its former pages would stay in the disk's
 * free blocks, readable with the same key. Once it is restarted nobody reads it any more, and a crash before the end leaves
 * zeros, which SQLite takes for no log.
 */
export function emptyLog(database: CipherDatabase): void {
  const [{ busy } = { busy: 1 }] = database.pragma("wal_checkpoint(RESTART)") as { readonly busy: number }[]
  if (busy === 0) overwriteFile(`${database.name}-wal`)
  database.pragma("wal_checkpoint(TRUNCATE)")
}

/** Encrypts a closed copy of a vault anew, with a new key and salt. @returns false when `oldKey` does not fit. */
export function rekeyCipherFile(file: string, oldKey: FileKey, newKey: FileKey, newSalt: Salt): boolean {
  const oldSalt = readSalt(file)
  const database = oldSalt && openCipherFile(file, oldKey, oldSalt)
  if (!database) return false
  const raw = rawKey(newKey, newSalt)
  try {
    // A journal on disk would hold every page under the old key; the copy is made anew if this is cut off.
    database.pragma("journal_mode = DELETE")
    database.pragma("journal_mode = MEMORY")
    database.rekey(raw)
  } finally {
    database.close()
    raw.fill(0)
  }
  return true
}

/**
 * The vault in the clear with its freed pages, for whoever examines what deletion left: the drill and tests. To decrypt the file by giving it
 * an empty key would not do: that also throws the freed pages away, so that nothing is ever found in them.
 */
export const everyPage = (database: CipherDatabase): Buffer => database.serialize()

/** Makes a file and its name in the folder survive a power cut. */
export function syncToDisk(file: string): void {
  for (const path of [file, dirname(file)]) {
    const handle = openSync(path, "r")
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  }
}

/** SQLite's extended codes begin with the plain one: SQLITE_IOERR_WRITE is a SQLITE_IOERR. */
export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith(code)
