import { randomBytes } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { readSalt } from "@kunak/desk/vault/cipher-file"
import { createVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { sql } from "@kunak/desk/vault/sql"
import { derivePassphraseKey, type FileKey, passphraseBytes, unlockKey } from "@kunak/desk/vault/vault-key"
import { afterEach, beforeEach, expect, it } from "vitest"
import { drawTyped, typedCanaries, wordsOf } from "../canaries/typed.ts"
import { decryptedPieces } from "./decrypted.ts"
import { makeSearcher } from "./searcher.ts"

const CHEAP = { memoryKiB: 64, passes: 1, lanes: 1 }
const PASSPHRASE = "horse mill bridge"
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "decrypted-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

it("[DR1] what a vault's write-ahead log left in free blocks is read with the file key, wherever it lies there", async () => {
  const file = join(folder, "officer.vault")
  const vault = must(
    await createVault(
      { file, migrations: SCHEMA, random: (bytes) => new Uint8Array(randomBytes(bytes)), cost: CHEAP },
      { passphrase: passphraseBytes(PASSPHRASE), remoteShare: null },
    ),
  )
  const typed = drawTyped()
  const text = wordsOf(typed, "letter of a deleted conversation")
  for (const name of ["b", "c", "d"])
    must(vault.change((change) => change.run(sql`insert into setting values (${name}, 'x')`)))
  must(vault.change((change) => change.run(sql`insert into setting values ('a', ${text})`)))
  must(vault.change((change) => change.run(sql`delete from setting where name = 'a'`)))
  const log = readFileSync(`${file}-wal`)
  const salt = readSalt(file)
  if (!salt) throw new TypeError("no vault")
  const key = unlockKey(await derivePassphraseKey(passphraseBytes(PASSPHRASE), salt, CHEAP), null)
  vault.lock()
  const image = join(folder, "image")
  const searcher = makeSearcher(typedCanaries(typed))
  const foundWith = (one: FileKey): number =>
    searcher.pieces(decryptedPieces(image, one), [], "not").hits.length
  const other = new Secret(new Uint8Array(randomBytes(32))) as FileKey
  // Behind a hole; across the border of two pieces of it; cut off at the front, as blocks are that were given away again.
  const places = [
    [log, 4_096 * 40],
    [log, 16 * 1024 * 1024 - 4_096],
    [log.subarray(4_096), 4_096],
  ] as const
  for (const [bytes, at] of places) {
    const disk = Buffer.alloc(20 * 1024 * 1024)
    disk.set(bytes, at)
    writeFileSync(image, disk)
    expect(searcher.file(image, [], "marked").hits, "encrypted").toEqual([])
    expect(foundWith(key), String(at)).toBeGreaterThan(0)
    expect(foundWith(other), "another key").toBe(0)
  }
})
