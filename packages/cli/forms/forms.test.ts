/** Whatever a release has written, every later one reads: files in vectors/forms, frozen once (docs/forms.md). */
import { randomBytes } from "node:crypto"
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { fromHex } from "@kunak/core/bytes/hex"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { verifyDelegation } from "@kunak/core/delegation/delegation"
import { verifyEdition } from "@kunak/core/edition/verify"
import { decodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { EntryAssembly } from "@kunak/core/log/assembly"
import { hashCell, openCell } from "@kunak/core/log/cell"
import { decodeEntry } from "@kunak/core/log/entry"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { makeVaultOf, readVaultBackup } from "@kunak/desk/backup/vault-backup"
import { readOfficer } from "@kunak/desk/enrolment/officer"
import { ringPlace } from "@kunak/desk/hotline/rings/ring-store"
import { messagesOf } from "@kunak/desk/hotline/threads/thread-store"
import { openVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { sql } from "@kunak/desk/vault/sql"
import type { VaultReader } from "@kunak/desk/vault/unlocked-vault"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"
import { readDutyBackup } from "@kunak/duty/backup"
import { encodeMemory, freshMemory, loadMemory } from "@kunak/duty/memory-file"
import { extractEdition } from "@kunak/page/document/extract"
import { decodeRelayBackup } from "@kunak/relay/backup/relay-backup"
import { sqliteStore } from "@kunak/relay/store/sqlite/store"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { openBackup } from "../backup/backup-file.ts"
import { openAge } from "../ceremony/age-file.ts"
import { decodeDelegations } from "../ceremony/delegations-file.ts"
import { decodeSignerKey } from "../ceremony/signer-key.ts"
import { judgePaper } from "../charter/judge.ts"
import { decodePaper } from "../charter/paper.ts"
import { FROZEN_PASSPHRASE, FROZEN_SLOTS } from "./freeze.ts"

const schemaOf = (vault: VaultReader): number | null =>
  vault.first({ text: "select user_version as v from pragma_user_version", values: [] }, (row) =>
    row.number("v"),
  )
const FORMS = fileURLToPath(new URL("../../../vectors/forms", import.meta.url))
const versions = readdirSync(FORMS).filter((name) => /^\d/.test(name))
const { version: thisVersion } = JSON.parse(readFileSync(join(FORMS, "../../package.json"), "utf8")) as {
  version: string
}
/** Written by builds before the first release, when a vault had two steps. */
const EARLY = "0.1.0-early"

test("[FR1] every release has its forms, this one too", () => {
  expect(versions).toContain(thisVersion)
  expect(versions).toContain(EARLY)
})

test("[FR9] the forms of this version are those that its code writes: none is brought up to date by reading it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "forms-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(FORMS, thisVersion), folder, { recursive: true })
  const file = join(folder, "officer.vault")
  const place = {
    file,
    migrations: SCHEMA,
    random: (length: number) => new Uint8Array(randomBytes(length)),
    asItIs: true,
  }
  const unlocking = { passphrase: passphraseBytes(FROZEN_PASSPHRASE), remoteShare: null }
  const vault = must(await openVault(place, unlocking))
  expect(schemaOf(vault)).toBe(SCHEMA.length)
  vault.lock()
  // Of the others the version stands in the clear; opening a relay's database as it is changes nothing.
  const relay = new DatabaseSync(join(folder, "relay.db"), { readOnly: true })
  const fresh = join(folder, "fresh.db")
  await must(sqliteStore(fresh, { keepCells: 1_024, slots: FROZEN_SLOTS }, () => {})).close()
  const now = new DatabaseSync(fresh, { readOnly: true })
  const form = (db: DatabaseSync) => [
    db.prepare("pragma user_version").get(),
    db.prepare("select name, sql from sqlite_schema order by name").all(),
  ]
  expect(form(relay)).toEqual(form(now))
  for (const db of [relay, now]) db.close()
  const memory = JSON.parse(readFileSync(join(folder, "duty/memory.json"), "utf8")) as object
  const chain = must(
    await verifyCharterChain(new Uint8Array(readFileSync(join(folder, "charter.kunak"))), null),
  )
  const today = JSON.parse(encodeMemory(freshMemory(chain, []))) as object
  expect(Object.keys(memory)).toEqual(Object.keys(today))
}, 60_000)

describe.each(versions)("forms of %s", (version) => {
  let folder: string
  beforeAll(() => {
    // Opening a database changes it: what is frozen stays.
    folder = mkdtempSync(join(tmpdir(), "forms-"))
    cpSync(join(FORMS, version), folder, { recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const at = (name: string): string => join(folder, name)
  const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(at(name)))
  const text = (name: string): string => readFileSync(at(name), "utf8")
  const chain = async () => must(await verifyCharterChain(bytes("charter.kunak"), null))
  const delegations = async () => {
    const known = await chain()
    return Promise.all(
      (decodeDelegations(bytes("delegations.kunak")) ?? []).map(async (one) =>
        must(await verifyDelegation(one, known)),
      ),
    )
  }
  const unlocking = () => ({ passphrase: passphraseBytes(FROZEN_PASSPHRASE), remoteShare: null })
  const place = (name: string) => ({
    file: at(name),
    migrations: SCHEMA,
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  })

  test("[FR2] charter, delegations, a signer's key, an enrolment and a paper", async () => {
    expect((await chain()).links.length).toBeGreaterThan(0)
    expect((await delegations()).length).toBeGreaterThan(0)
    expect(decodeSignerKey((await openAge(bytes("signer.age"), FROZEN_PASSPHRASE)) ?? "")?.label).toBe(
      "signer 1",
    )
    const enrolment = must(decodeEnrolment((await openAge(bytes("enrolment.age"), FROZEN_PASSPHRASE)) ?? ""))
    expect(enrolment.role).toBe("officer")
    const paper = decodePaper(text("paper.json"))
    expect(paper && (await judgePaper(paper)).content.kind).toBe("delegations")
  })

  test("[FR3] a vault, brought up to date, with what people wrote", async () => {
    const vault = must(await openVault(place("officer.vault"), unlocking()))
    expect((await readOfficer(vault)).label).toBe("officer 1")
    expect(messagesOf(vault, new Uint8Array(16).fill(5)).map((one) => one.text)).toEqual(["мост у мельницы"])
    expect(schemaOf(vault)).toBe(SCHEMA.length)
    // Since the vault's third and fourth step.
    const since = version === EARLY ? { missed: 0, lost: 0 } : { missed: 3, lost: 1 }
    expect(ringPlace(vault, "A").missed).toBe(since.missed)
    expect(vault.all(sql`select position from note_lost`, (row) => row.number("position"))).toHaveLength(
      since.lost,
    )
    vault.lock()
  }, 180_000)

  test("[FR4] a relay's database: it goes on where it was", async () => {
    const store = must(sqliteStore(at("relay.db"), { keepCells: 1_024, slots: FROZEN_SLOTS }, () => {}))
    expect(must(await store.term())).toBe(1)
    expect(must(await store.newestId())).toEqual({ term: 1, number: 1 })
    const { head, cells } = must(await store.read(0, 64))
    expect([head, cells.length > 0]).toEqual([cells.length, true])
    const ring = must(await store.readRing(FROZEN_SLOTS, 1))
    expect([ring.head, ring.envelopes[0]?.[0]]).toEqual([FROZEN_SLOTS + 1, 7])
    await store.close()
  })

  test("[FR5] a duty's memory: no number is used again", async () => {
    const memory = must(await loadMemory(at("duty/memory.json"), await chain(), await delegations()))
    expect([memory.grant?.term, memory.number, memory.line.warnings.length]).toEqual([3, 7, 1])
    expect(must(decodeEnrolment(text("duty/enrolment.json"))).role).toBe("duty")
  })

  test("[FR6] cells of the staff log", async () => {
    const { lineKey, cells } = JSON.parse(text("log-cells.json")) as { lineKey: string; cells: string[] }
    const { organisationId } = await chain()
    const assembly = new EntryAssembly()
    const kinds: string[] = []
    let previousHash: Uint8Array = new Uint8Array(32)
    for (const [position, hex] of cells.entries()) {
      const cell = fromHex(hex) as Uint8Array
      const keys = { line: new Secret(fromHex(lineKey) as Uint8Array) }
      const opened = await openCell(cell, { organisationId, position, previousHash }, keys)
      const whole = opened && assembly.add(opened.compartment, opened.part)
      if (whole) kinds.push(decodeEntry(whole)?.kind ?? "")
      expect(opened).not.toBeNull()
      previousHash = hashCell(cell)
    }
    expect(kinds).toEqual(["warning"])
  })

  test("[FR7] a page, with its edition and warning", async () => {
    const embedded = extractEdition(text("page.html"))
    if (!embedded) throw new TypeError("no edition")
    const edition = must(
      await verifyEdition(embedded.header, embedded.bulletin, (await chain()).organisationId),
    )
    expect(edition.bulletin.warnings).toHaveLength(1)
  })

  test("[FR8] backups of vault, relay and duty", async () => {
    const open = async (name: string) => must(await openBackup(bytes(name), FROZEN_PASSPHRASE))
    const { organisationId } = await chain()
    const duty = await readDutyBackup((await open("duty-backup.age")).content)
    expect(duty?.organisationId).toEqual(organisationId)
    const relay = decodeRelayBackup((await open("relay-backup.age")).content, organisationId)
    expect(relay?.counters.term).toBe(1)
    const backup = readVaultBackup((await open("vault-backup.age")).content)
    if (!backup) throw new TypeError("no vault in it")
    // What it costs to guess a passphrase is the frozen vault's to show.
    const cheap = { ...place("restored.vault"), cost: { memoryKiB: 64, passes: 1, lanes: 1 } }
    const vault = must(await makeVaultOf(backup, cheap, unlocking, true))
    expect((await readOfficer(vault)).label).toBe("officer 1")
    vault.lock()
  })
})
