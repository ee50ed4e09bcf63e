/** A copy of a desk's vault opened with its passphrase: for what the drill must know, and what an enemy would read then. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type CipherDatabase, everyPage, openCipherFile, readSalt } from "@kunak/desk/vault/cipher-file"
import {
  derivePassphraseKey,
  type FileKey,
  passphraseBytes,
  type Salt,
  unlockKey,
  VAULT_COST,
} from "@kunak/desk/vault/vault-key"
import { Failure } from "../../failure.ts"

const TRIES = 6

/**
 * @param work is given the open copy and its path; both are gone afterwards.
 * @throws Failure where it does not open: a copy of a desk at work can be torn, so some are made.
 */
export async function withOpenCopy<T>(
  vault: string,
  passphrase: string,
  scratch: string,
  work: (database: CipherDatabase, path: string) => T,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const folder = mkdtempSync(join(scratch, "copy-"))
    try {
      const copy = join(folder, "vault")
      const database = await openOne(vault, copy, passphrase)
      if (!database && tries < TRIES) {
        await sleep(1_000)
        continue
      }
      if (!database) throw new Failure(`${vault} does not open with its passphrase`, "no-vault", 3)
      try {
        return work(database, copy)
      } finally {
        if (database.open) database.close()
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function openOne(vault: string, copy: string, passphrase: string): Promise<CipherDatabase | null> {
  copyFileSync(vault, copy)
  if (existsSync(`${vault}-wal`)) copyFileSync(`${vault}-wal`, `${copy}-wal`)
  const salt = readSalt(copy)
  return salt && openCipherFile(copy, await fileKey(salt, passphrase), salt)
}

const fileKey = async (salt: Salt, passphrase: string): Promise<FileKey> =>
  unlockKey(await derivePassphraseKey(passphraseBytes(passphrase), salt, VAULT_COST), null)

/** @throws Failure for a file that is too short to be a vault. */
export async function fileKeyOf(vault: string, passphrase: string): Promise<FileKey> {
  const salt = readSalt(vault)
  if (!salt) throw new Failure(`${vault} is no vault`, "no-vault", 3)
  return await fileKey(salt, passphrase)
}

/** Every page in the clear, freed ones too; the log is played in. */
export const decryptedImage = (vault: string, passphrase: string, scratch: string): Promise<Uint8Array> =>
  withOpenCopy(vault, passphrase, scratch, everyPage)
