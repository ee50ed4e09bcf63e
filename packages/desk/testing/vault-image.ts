/** A vault as somebody has it who was told its passphrase: every page in the clear, freed ones too. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3-multiple-ciphers"
import { openCipherFile, readSalt } from "../vault/cipher-file.ts"
import { derivePassphraseKey, passphraseBytes, unlockKey } from "../vault/vault-key.ts"
import { CHEAP, PASSPHRASE, type TestDesk } from "./test-desk.ts"

export interface VaultImage {
  /** The decrypted file. */
  readonly bytes: Buffer
  /** Every blob that stands in a table. */
  readonly blobs: readonly Uint8Array[]
}

/** Of a locked desk. */
export async function vaultImage(desk: TestDesk): Promise<VaultImage> {
  const file = join(desk.folder, "officer.vault")
  const folder = mkdtempSync(join(tmpdir(), "image-"))
  const copy = join(folder, "copy")
  try {
    copyFileSync(file, copy)
    const salt = readSalt(copy)
    if (!salt) throw new TypeError("no vault")
    const key = unlockKey(await derivePassphraseKey(passphraseBytes(PASSPHRASE), salt, CHEAP), null)
    const database = openCipherFile(copy, key, salt)
    if (!database) throw new TypeError("the vault did not open")
    database.pragma("journal_mode = DELETE")
    const blobs: Uint8Array[] = []
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all() as {
      name: string
    }[]
    for (const { name } of tables)
      for (const row of database.prepare(`select * from "${name}"`).all() as Record<string, unknown>[])
        for (const value of Object.values(row))
          if (value instanceof Uint8Array) blobs.push(new Uint8Array(value))
    // Decrypts page by page: freed pages stay as they are.
    database.rekey(Buffer.alloc(0))
    database.close()
    const plain = new Database(copy)
    plain.prepare("select count(*) from sqlite_schema").get()
    plain.close()
    return { bytes: readFileSync(copy), blobs }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether any part of a vault on disk, encrypted as it is, or its image holds these bytes. */
export const imageHolds = ({ bytes }: VaultImage, wanted: Uint8Array | string): boolean =>
  bytes.includes(typeof wanted === "string" ? Buffer.from(wanted, "utf8") : Buffer.from(wanted))
