/** A vault of before the hotline: what it holds stays, what it was never given is said. */
import { randomBytes } from "node:crypto"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { encodeEntry } from "@kunak/core/log/entry"
import { must } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { sha256 } from "@kunak/core/suite"
import { makeOrganisation } from "@kunak/core/testing/organisation"
import { afterEach, beforeEach, expect, it } from "vitest"
import { makeVaultOf, organisationOf, takeVaultBackup } from "../backup/vault-backup.ts"
import { readOfficer } from "../enrolment/officer.ts"
import { outbox } from "../sync/outbox.ts"
import { createVault, openVault } from "../vault/open-vault.ts"
import { SCHEMA } from "../vault/schema.ts"
import { sql } from "../vault/sql.ts"
import { passphraseBytes } from "../vault/vault-key.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "former-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it("[Q11] opens with its officer, its outbox and no key to acknowledge with", async () => {
  const organisation = await makeOrganisation()
  const place = {
    file: join(folder, "officer.vault"),
    migrations: SCHEMA,
    random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
    cost: { memoryKiB: 64, passes: 1, lanes: 1 },
  }
  const unlocking = () => ({ passphrase: passphraseBytes("mill bridge horse lantern"), remoteShare: null })
  const former = must(await createVault({ ...place, migrations: SCHEMA.slice(0, 1) }, unlocking()))
  const entry = encodeEntry({ kind: "draft-discarded", draftId: new Uint8Array(16) })
  const secret = (byte: number) => new Uint8Array(32).fill(byte)
  must(
    former.change((change) => {
      change.run(sql`insert into enrolment values (1, 'officer 1', ${organisation.chain.bytes},
        ${reveal(organisation.amina.seed)}, ${secret(1)}, ${secret(2)}, ${secret(3)}, ${secret(4)}, ${secret(5)},
        ${secret(6)})`)
      change.run(sql`insert into outbox (digest, bytes) values (${sha256(entry)}, ${entry})`)
    }),
  )
  const warning = encodeEntry({ kind: "revocation", bytes: new Uint8Array(40) })
  must(
    former.change((change) =>
      change.run(sql`insert into outbox (digest, bytes) values (${sha256(warning)}, ${warning})`),
    ),
  )
  former.lock()

  // Backed up by this program it stays as it was (Q12), and the backup is restored in this form.
  const asItIs = must(await openVault({ ...place, asItIs: true }, unlocking()))
  const backup = takeVaultBackup(asItIs)
  expect([backup.schema, backup.tables.outbox?.length]).toEqual([1, 1])
  expect(await organisationOf(asItIs)).toEqual(organisation.chain.organisationId)
  asItIs.lock()
  expect(readdirSync(folder)).toEqual(["officer.vault"])
  const file = join(folder, "restored.vault")
  const restored = must(await makeVaultOf(backup, { ...place, file }, unlocking, true))
  expect(outbox(restored).map(({ form }) => form)).toEqual(["entry"])
  restored.lock()

  const vault = must(await openVault(place, unlocking()))
  const officer = await readOfficer(vault)
  expect(officer.label).toBe("officer 1")
  for (const { read, append, acknowledge } of officer.capabilities) {
    expect([read && reveal(read).length, append && reveal(append).length]).toEqual([32, 32])
    expect(acknowledge).toBeNull()
  }
  expect(outbox(vault)[0]).toEqual({ number: 1, form: "entry", bytes: entry })
  vault.lock()
})
