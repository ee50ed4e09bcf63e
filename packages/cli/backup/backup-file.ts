/**
 * A backup as a stranger may hold it: an age file under a passphrase (https://age-encryption.org/v1). Outside nothing says
 * what it is: not the kind, nor the organisation, and its size is one of a few. Inside is JSON, with spaces after it.
 */
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import { err, ok, type Result } from "@kunak/core/result"
import type { Instant } from "@kunak/core/time/instant"
import { Decrypter, Encrypter } from "age-encryption"

export const BACKUP_KINDS = ["vault", "relay", "duty"] as const
export type BackupKind = (typeof BACKUP_KINDS)[number]

export interface Backup {
  readonly kind: BackupKind
  readonly made: Instant
  /** Whose: 32 bytes. */
  readonly organisation: Uint8Array
  readonly content: unknown
}

export type BackupError =
  /** No file of this kind at all. */
  | { readonly kind: "not-a-backup" }
  /** Its size is none that a whole backup has. */
  | { readonly kind: "not-whole" }
  | { readonly kind: "wrong-passphrase" }
  /** The passphrase fits, the bytes do not. */
  | { readonly kind: "altered" }
  | { readonly kind: "newer-version"; readonly version: number }

/** Of what stands inside; raised when an older program could not read it. */
const VERSION = 1
/** scrypt's work factor as age's own tool sets it: about a second, 256 MiB. */
const WORK_FACTOR = 18
/** age seals pieces of 64 KiB, each with a tag, behind a nonce. Backups are 1, 2, 4, 8 … pieces. */
const PIECE_BYTES = 65_536
const TAG_BYTES = 16
const NONCE_BYTES = 16
const FIRST_LINE = "age-encryption.org/v1\n"
/** Of a header with one passphrase; age's own is below 200. */
const MOST_HEADER_BYTES = 1_024

/** @param workFactor other than the format's only in tests. */
export async function sealBackup(
  backup: Backup,
  passphrase: string,
  workFactor = WORK_FACTOR,
): Promise<Uint8Array> {
  const { kind, made, organisation, content } = backup
  const clear = new TextEncoder().encode(
    JSON.stringify({
      kunak: "backup",
      version: VERSION,
      kind,
      made,
      organisation: toBase64(organisation),
      content,
    }),
  )
  const padded = new Uint8Array(
    PIECE_BYTES * 2 ** Math.ceil(Math.log2(Math.max(1, clear.length / PIECE_BYTES))),
  )
  padded.fill(0x20)
  padded.set(clear)
  clear.fill(0)
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(workFactor)
  const sealed = await encrypter.encrypt(padded)
  padded.fill(0)
  return sealed
}

export async function openBackup(file: Uint8Array, passphrase: string): Promise<Result<Backup, BackupError>> {
  const form = formOf(file)
  if (form !== "whole") return err({ kind: form })
  const clear = await decrypt(file, passphrase)
  if (!clear.ok) return clear
  const text = new TextDecoder().decode(clear.value)
  clear.value.fill(0)
  return read(text)
}

/** What can be said of a file without its passphrase. */
function formOf(file: Uint8Array): "whole" | "not-whole" | "not-a-backup" {
  const head = Buffer.from(file.subarray(0, MOST_HEADER_BYTES)).toString("latin1")
  if (!head.startsWith(FIRST_LINE)) return FIRST_LINE.startsWith(head) ? "not-whole" : "not-a-backup"
  const end = /\n--- [A-Za-z0-9+/]{43}\n/.exec(head)
  if (!end) return file.length < MOST_HEADER_BYTES ? "not-whole" : "not-a-backup"
  const pieces = (file.length - end.index - end[0].length - NONCE_BYTES) / (PIECE_BYTES + TAG_BYTES)
  return pieces >= 1 && Number.isInteger(Math.log2(pieces)) ? "whole" : "not-whole"
}

async function decrypt(file: Uint8Array, passphrase: string): Promise<Result<Uint8Array, BackupError>> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return ok(await decrypter.decrypt(file))
  } catch (error) {
    // The library's word for a passphrase that opens none of the file's stanzas.
    const isWrong = error instanceof Error && error.message.includes("no identity matched")
    return err({ kind: isWrong ? "wrong-passphrase" : "altered" })
  }
}

function read(text: string): Result<Backup, BackupError> {
  let json: Readonly<Record<string, unknown>>
  try {
    json = JSON.parse(text)
  } catch {
    return err({ kind: "not-a-backup" })
  }
  const { version, kind, made, organisation, content } = json ?? {}
  if (json?.kunak !== "backup" || !Number.isInteger(version)) return err({ kind: "not-a-backup" })
  if ((version as number) > VERSION) return err({ kind: "newer-version", version: version as number })
  const id = typeof organisation === "string" ? fromBase64(organisation) : null
  const known = BACKUP_KINDS.find((one) => one === kind)
  if (!known || id?.length !== 32 || !Number.isInteger(made)) return err({ kind: "not-a-backup" })
  return ok({ kind: known, made: made as Instant, organisation: id, content })
}
