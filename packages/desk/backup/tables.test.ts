/** Every table of the schema has its word in the lists: one that is forgotten could carry a conversation out. */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { expect, it, onTestFinished } from "vitest"
import { createVault } from "../vault/open-vault.ts"
import { SCHEMA } from "../vault/schema.ts"
import { passphraseBytes } from "../vault/vault-key.ts"
import { BACKED_UP, LEFT_OUT, NEEDS_LOG } from "./tables.ts"
import { makeVaultOf, readVaultBackup, takeVaultBackup } from "./vault-backup.ts"

const place = (folder: string, name: string) => ({
  file: join(folder, name),
  migrations: SCHEMA,
  random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
  cost: { memoryKiB: 64, passes: 1, lanes: 1 },
})
const unlocking = () => ({ passphrase: passphraseBytes("mill bridge horse lantern"), remoteShare: null })

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "backup-"))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

it("[BU1] a table is backed up, or left out for a reason: none is forgotten, none stands in both", async () => {
  const vault = must(await createVault(place(folder(), "officer.vault"), unlocking()))
  const tables = vault.all(
    { text: "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'", values: [] },
    (row) => row.text("name"),
  )
  vault.lock()
  expect([...BACKED_UP, ...Object.keys(LEFT_OUT)].sort()).toEqual([...tables].sort())
  expect(BACKED_UP).toEqual(expect.arrayContaining([...NEEDS_LOG]))
  for (const reason of Object.values(LEFT_OUT)) expect(reason.length).toBeGreaterThan(5)
})

it("[BU5] what names a table or a column that is not backed up makes no vault", async () => {
  const here = folder()
  const vault = must(await createVault(place(here, "officer.vault"), unlocking()))
  const taken = takeVaultBackup(vault)
  vault.lock()
  const with_ = (tables: object) => ({ ...taken, tables: { ...taken.tables, ...tables } })
  for (const [i, backup] of [
    with_({ thread: [] }),
    with_({ setting: [{ name: "x", other: "y" }] }),
    with_({ setting: [{ name: "x", value: { hex: "00" } }] }),
    with_({ setting: [{}] }),
  ].entries()) {
    const made = await makeVaultOf(backup as never, place(here, `wrong ${i}`), unlocking, true)
    expect(made).toEqual({ ok: false, error: { kind: "malformed-backup" } })
  }
  const newer = await makeVaultOf({ ...taken, schema: 99 }, place(here, "newer"), unlocking, true)
  expect(newer).toEqual({ ok: false, error: { kind: "newer-format", schema: 99 } })
  for (const json of [null, 1, {}, { schema: 0, tables: {} }, { schema: 2 }, { schema: 2, tables: { a: 1 } }])
    expect(readVaultBackup(json)).toBeNull()
})
