import { randomBytes } from "node:crypto"
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { createVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { sql } from "@kunak/desk/vault/sql"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"
import { afterEach, beforeEach, expect, it } from "vitest"
import { decryptedImage } from "../canaries/open-copy.ts"
import { drawTyped, wordsOf } from "../canaries/typed.ts"
import { plantInFreePages } from "./plant.ts"

const PASSPHRASE = "horse mill bridge"
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plant-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

it("[DR5] what is planted in a vault's free pages can be found there, beside a log that a killed desk left too", async () => {
  const file = join(folder, "officer.vault")
  const vault = must(
    await createVault(
      { file, migrations: SCHEMA, random: (bytes) => new Uint8Array(randomBytes(bytes)) },
      { passphrase: passphraseBytes(PASSPHRASE), remoteShare: null },
    ),
  )
  must(vault.change((change) => change.run(sql`insert into setting values ('a', 'b')`)))
  const killed = join(folder, "killed.vault")
  for (const beside of ["", "-wal"]) copyFileSync(`${file}${beside}`, `${killed}${beside}`)
  vault.lock()
  expect([existsSync(`${file}-wal`), existsSync(`${killed}-wal`)]).toEqual([false, true])
  const typed = drawTyped()
  for (const one of [file, killed]) {
    await plantInFreePages(one, PASSPHRASE, typed, folder)
    const image = Buffer.from(await decryptedImage(one, PASSPHRASE, folder))
    expect(image.includes(wordsOf(typed, "letter of a deleted conversation")), one).toBe(true)
  }
})
