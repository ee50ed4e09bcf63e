/** A vault as somebody has it who was told its passphrase: every page in the clear, freed ones too. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { everyPage, openCipherFile, readSalt } from "../vault/cipher-file.ts"
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
    const blobs: Uint8Array[] = []
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all() as {
      name: string
    }[]
    for (const { name } of tables)
      for (const row of database.prepare(`select * from "${name}"`).all() as Record<string, unknown>[])
        for (const value of Object.values(row))
          if (value instanceof Uint8Array) blobs.push(new Uint8Array(value))
    const bytes = everyPage(database)
    database.close()
    return { bytes, blobs }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether any part of a vault on disk, encrypted as it is, or its image holds these bytes. */
export const imageHolds = ({ bytes }: VaultImage, wanted: Uint8Array | string): boolean =>
  bytes.includes(typeof wanted === "string" ? Buffer.from(wanted, "utf8") : Buffer.from(wanted))

/** Whatever could be a key: each 32 bytes that stand alone in a table, once. */
export const possibleKeys = (images: readonly VaultImage[]): readonly Uint8Array[] =>
  [...new Set(images.flatMap(({ blobs }) => blobs.filter((blob) => blob.length === 32)).map(String))].map(
    (text) => Uint8Array.from(text.split(","), Number),
  )
