/** Create, open and re-key a vault: one encrypted file. docs/protocol.md §18. */
import { closeSync, copyFileSync, existsSync, linkSync, openSync, renameSync, unlinkSync } from "node:fs"
import { err, ok, type Result } from "@kunak/core/result"
import { erase, reveal, Secret } from "@kunak/core/secret"
import { eraseFile, overwriteOpen } from "@kunak/duty/erase-file"
import {
  type CipherDatabase,
  emptyLog,
  isCode,
  openCipherFile,
  readSalt,
  rekeyCipherFile,
  syncToDisk,
} from "./cipher-file.ts"
import { type Migration, requireConsecutive } from "./migrations.ts"
import { Row } from "./row.ts"
import type { Sql } from "./sql.ts"
import type { UnlockedVault, VaultChange, VaultWriteError } from "./unlocked-vault.ts"
import {
  derivePassphraseKey,
  type FileKey,
  type PassphraseCost,
  type RemoteShare,
  SALT_BYTES,
  type Salt,
  unlockKey,
  VAULT_COST,
} from "./vault-key.ts"

export interface VaultPlace {
  readonly file: string
  readonly migrations: readonly Migration[]
  readonly random: (bytes: number) => Uint8Array
  /** Other than the format's only in tests. */
  readonly cost?: PassphraseCost
  /** To be read as it is, whatever its schema: it is not brought up to date, and a copy of before an update stays (Q12). */
  readonly asItIs?: boolean
}

export interface Unlocking {
  /** From `passphraseBytes`; erased in every case. */
  readonly passphrase: Uint8Array
  readonly remoteShare: RemoteShare | null
}

/** Q1: whatever kept the vault shut – passphrase, keepers, damage – is one kind. */
export type OpenError =
  | { readonly kind: "cannot-open" }
  | { readonly kind: "newer-format"; readonly schema: number }
  | VaultWriteError

/**
 * Makes a new vault: beside its place, and into it once it is whole and on the disk. A crash in between leaves none (K20).
 *
 * @param fill what a vault is not to be without. @throws Error EEXIST when the file is already there: nothing is ever overwritten.
 */
export async function createVault<E = never>(
  place: VaultPlace,
  unlocking: Unlocking,
  fill: (vault: UnlockedVault) => Result<null, E> = () => ok(null),
): Promise<Result<UnlockedVault, OpenError | E>> {
  const beside = { ...place, file: `${place.file}.new` }
  if (existsSync(place.file)) throw Object.assign(new Error("EEXIST: there is a vault"), { code: "EEXIST" })
  const salt = place.random(SALT_BYTES) as Salt
  const key = await deriveFileKey(place, unlocking, salt)
  try {
    removeCopy(beside.file)
    closeSync(openSync(beside.file, "wx", 0o600))
    const made = open(beside, copyOf(key), salt)
    const filled = made.ok ? fill(made.value) : made
    if (made.ok) made.value.lock()
    if (!filled.ok) return filled
    syncToDisk(beside.file)
    linkSync(beside.file, place.file)
    unlinkSync(beside.file)
    syncToDisk(place.file)
    return open(place, copyOf(key), salt)
  } catch (error) {
    const failed = writeError(error)
    if (failed) return err(failed)
    throw error
  } finally {
    removeCopy(beside.file)
    erase(key)
  }
}

/** `open` erases the key that it is given. */
function copyOf(key: FileKey): FileKey {
  const bytes: Uint8Array = reveal(key)
  return new Secret(bytes.slice()) as FileKey
}

/**
 * Opens the vault that stands at `place`, and sweeps away what an interrupted creation, change of passphrase or update left
 * beside it: whole copies, with keys that are destroyed in the vault itself. Whoever opens it has the process lock.
 */
export async function openVault(
  place: VaultPlace,
  unlocking: Unlocking,
): Promise<Result<UnlockedVault, OpenError>> {
  const salt = readSalt(place.file)
  // Without a salt the same work is done, so that time says nothing about the file either.
  const key = await deriveFileKey(place, unlocking, salt ?? (place.random(SALT_BYTES) as Salt))
  if (salt) {
    const opened = open(place, key, salt)
    if (opened.ok) for (const rest of [".new", ".next", ".before-update.part"]) removeCopy(place.file + rest)
    return opened
  }
  erase(key)
  return err({ kind: "cannot-open" })
}

/**
 * Encrypts a vault under a new passphrase and a fresh salt. Works on a copy that takes the old file's place in
 * one step, so a crash leaves either the old vault or the new one (Q5).
 *
 * @param open the same vault, when it is unlocked: it is locked once the copy is ready to take its place, and
 *   stays unlocked when the old passphrase does not fit. Nothing can be written in between: no step waits.
 */
export async function changePassphrase(
  place: VaultPlace,
  old: Unlocking,
  next: Unlocking,
  open: UnlockedVault | null = null,
): Promise<Result<null, OpenError>> {
  const oldSalt = readSalt(place.file)
  const oldKey = await deriveFileKey(place, old, oldSalt ?? (place.random(SALT_BYTES) as Salt))
  const newSalt = place.random(SALT_BYTES) as Salt
  const newKey = await deriveFileKey(place, next, newSalt)
  const copy = `${place.file}.next`
  try {
    if (!oldSalt) return err({ kind: "cannot-open" })
    removeCopy(copy)
    open?.checkpoint()
    copyFileSync(place.file, copy)
    if (!rekeyCipherFile(copy, oldKey, newKey, newSalt)) return err({ kind: "cannot-open" })
    syncToDisk(copy)
    open?.lock()
    takePlace(copy, place.file)
    return ok(null)
  } catch (error) {
    const failed = writeError(error)
    if (failed) return err(failed)
    throw error
  } finally {
    removeCopy(copy)
    erase(oldKey)
    erase(newKey)
  }
}

/** Its side files too: a journal of another key beside a new copy would be played into it. */
function removeCopy(copy: string): void {
  for (const file of [copy, `${copy}-wal`, `${copy}-journal`]) eraseFile(file)
}

/** In one step; what stood there is overwritten once nothing reads it any more. */
function takePlace(copy: string, file: string): void {
  const former = openSync(file, "r+")
  try {
    renameSync(copy, file)
    syncToDisk(file)
    overwriteOpen(former)
  } finally {
    closeSync(former)
  }
}

async function deriveFileKey(place: VaultPlace, unlocking: Unlocking, salt: Salt): Promise<FileKey> {
  const passphraseKey = await derivePassphraseKey(unlocking.passphrase, salt, place.cost ?? VAULT_COST)
  const key = unlockKey(passphraseKey, unlocking.remoteShare)
  erase(passphraseKey)
  return key
}

function open(place: VaultPlace, key: FileKey, salt: Salt): Result<UnlockedVault, OpenError> {
  requireConsecutive(place.migrations)
  let database: CipherDatabase | null = null
  try {
    database = openCipherFile(place.file, key, salt)
    if (!database) return err({ kind: "cannot-open" })
    const vault = unlocked(database)
    if (place.asItIs) return readable(vault, place.migrations)
    const copied = copyBefore(vault, place)
    const migrated = migrate(vault, place.migrations)
    if (!migrated.ok) vault.lock()
    return migrated.ok
      ? ok(copied ? { ...vault, lock: () => lockForGood(vault, place.file) } : vault)
      : migrated
  } catch (error) {
    database?.close()
    const failed = writeError(error)
    if (failed) return err(failed)
    throw error
  } finally {
    erase(key)
  }
}

const copyName = (file: string): string => `${file}.before-update`

/**
 * Before the schema changes, the file as it was is put aside (Q12). It holds keys that are going to be destroyed: so it goes as
 * soon as the new vault is locked once, or opened again after a crash. A copy of a change that was cut off is kept.
 *
 * @returns whether there is a copy now. @throws when the disk refuses: then nothing was changed.
 */
function copyBefore(vault: UnlockedVault, { file, migrations }: VaultPlace): boolean {
  const present = schemaOf(vault)
  const copy = copyName(file)
  // Of a newer version: whoever started the former one too early still needs the copy that it reads.
  if (present > migrations.length) return false
  if (present === 0 || present === migrations.length) {
    removeCopy(copy)
    return false
  }
  if (existsSync(copy)) return true
  vault.checkpoint()
  const part = `${copy}.part`
  try {
    copyFileSync(file, part)
    syncToDisk(part)
    renameSync(part, copy)
  } finally {
    eraseFile(part)
  }
  return true
}

function readable(vault: UnlockedVault, migrations: readonly Migration[]): Result<UnlockedVault, OpenError> {
  const schema = schemaOf(vault)
  if (schema <= migrations.length) return ok(vault)
  vault.lock()
  return err({ kind: "newer-format", schema })
}

function lockForGood(vault: UnlockedVault, file: string): void {
  vault.lock()
  removeCopy(copyName(file))
}

function schemaOf(vault: UnlockedVault): number {
  const version = { text: "select user_version as version from pragma_user_version", values: [] }
  return vault.first(version, (row) => row.number("version")) ?? 0
}

function migrate(vault: UnlockedVault, migrations: readonly Migration[]): Result<null, OpenError> {
  const present = schemaOf(vault)
  if (present > migrations.length) return err({ kind: "newer-format", schema: present })
  for (const step of migrations.slice(present)) {
    const done = vault.change((change) => {
      step.apply(change)
      change.run({ text: `pragma user_version = ${step.number}`, values: [] })
    })
    if (!done.ok) return done
  }
  return ok(null)
}

/** Texts are few, since values are bound: preparing one costs more than asking it. */
const MOST_PREPARED = 500

function keepingPrepared(database: CipherDatabase) {
  const prepared = new Map<string, ReturnType<CipherDatabase["prepare"]>>()
  return (text: string) => {
    const known = prepared.get(text)
    if (known) return known
    const made = database.prepare(text)
    if (prepared.size >= MOST_PREPARED) prepared.clear()
    prepared.set(text, made)
    return made
  }
}

function unlocked(database: CipherDatabase): UnlockedVault {
  const toErase: Uint8Array[] = []
  const prepare = keepingPrepared(database)
  const reader = {
    all: <T>(query: Sql, parse: (row: Row) => T): readonly T[] =>
      prepare(query.text)
        .all(...query.values)
        .map((columns) => parse(new Row(columns))),
    first: <T>(query: Sql, parse: (row: Row) => T): T | null => {
      const columns = prepare(query.text).get(...query.values)
      return columns === undefined ? null : parse(new Row(columns))
    },
  }
  const change: VaultChange = {
    ...reader,
    run: (statement) => {
      prepare(statement.text).run(...statement.values)
    },
  }
  return {
    ...reader,
    change: (work) => {
      try {
        return ok(database.transaction(() => work(change)).immediate())
      } catch (error) {
        const failed = writeError(error)
        if (failed) return err(failed)
        throw error
      }
    },
    checkpoint: () => emptyLog(database),
    lock: () => {
      if (!database.open) return
      try {
        emptyLog(database)
      } finally {
        database.close()
        for (const bytes of toErase) bytes.fill(0)
      }
    },
    eraseOnLock: (bytes) => {
      toErase.push(bytes)
    },
  }
}

function writeError(error: unknown): VaultWriteError | null {
  const code = (error as { code?: unknown }).code
  if (isCode(error, "SQLITE_FULL") || code === "ENOSPC") return { kind: "disk-full" }
  if (
    isCode(error, "SQLITE_READONLY") ||
    isCode(error, "SQLITE_CANTOPEN") ||
    code === "EROFS" ||
    code === "EACCES"
  )
    return { kind: "disk-read-only" }
  if (isCode(error, "SQLITE_IOERR")) return { kind: "disk-failed" }
  return null
}
