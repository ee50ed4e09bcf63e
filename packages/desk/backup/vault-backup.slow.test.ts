/** What a backup of a desk gives back, and what it must never give back. docs/decisions/0014 */
import { randomBytes } from "node:crypto"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stretchAt } from "@kunak/core/log/positions"
import { LOG_CELL_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { revocationBytes } from "@kunak/core/testing/organisation"
import type { Instant } from "@kunak/core/time/instant"
import { leapTo } from "@kunak/relay/backup/leap"
import { memoryStore, TEST_SLOTS } from "@kunak/relay/testing/memory-store"
import { afterEach, beforeEach, expect, it } from "vitest"
import { highestSequence } from "../hotline/replies/reply-store.ts"
import { handleOf } from "../hotline/threads/thread-store.ts"
import { enqueue } from "../sync/outbox.ts"
import { CHEAP, PASSPHRASE, type TestDesk } from "../testing/test-desk.ts"
import { makePerson } from "../testing/test-person.ts"
import { makeTeam, openThread, queueOf, type Team, textsOf } from "../testing/test-team.ts"
import { SCHEMA } from "../vault/schema.ts"
import { sql } from "../vault/sql.ts"
import { passphraseBytes } from "../vault/vault-key.ts"
import type { ShownWarning, WarningDetail, WarningItem } from "../warnings/model.ts"
import { type CaughtUp, catchUp } from "./catch-up.ts"
import { makeVaultOf, takeVaultBackup, type VaultBackup } from "./vault-backup.ts"

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())
const two = async () => (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

/** As it comes out of the encrypted file. */
const backupOf = (desk: TestDesk): VaultBackup =>
  JSON.parse(JSON.stringify(takeVaultBackup(desk.open().vault)))

/** Makes the vault in a folder of its own, reads the log, and leaves it locked. */
async function restored(
  backup: VaultBackup,
  withLog = true,
): Promise<{ folder: string; caught: CaughtUp | null }> {
  const folder = mkdtempSync(join(tmpdir(), "restored-"))
  const place = { file: join(folder, "officer.vault"), migrations: SCHEMA, random, cost: CHEAP }
  const unlocking = () => ({ passphrase: passphraseBytes(PASSPHRASE), remoteShare: null })
  const vault = must(await makeVaultOf(backup, place, unlocking, withLog))
  const { outgoing } = team.line
  const caught = withLog ? await catchUp(vault, { outgoing, random, now: team.now }) : null
  vault.lock()
  return { folder, caught }
}

/** Behind the sample's time, which is before every stretch. */
const RESTORED = 1_790_000_000 as Instant

/** Relay A's disk is lost, and it is restored as `kunak restore` does. */
async function loseA() {
  const { head } = must(await team.line.stores[0].read(0, 0))
  const fresh = await memoryStore()
  const counters = leapTo(stretchAt(RESTORED), { term: 7, logHead: head, ringHead: 0 }, TEST_SLOTS, true)
  if (!counters) throw new TypeError("no numbers")
  must(await fresh.resume(counters, random(LOG_CELL_BYTES)))
  Object.assign(team.line.stores[0], { read: fresh.read.bind(fresh), append: fresh.append.bind(fresh) })
  return { fresh, counters }
}

/** More than the log of a test keeps, which is 4,096 cells. */
async function fillLogs(): Promise<void> {
  const [a, b] = team.line.stores
  let { head } = must(await a.read(0, 0))
  for (let written = 0; written < 4_200; written += 150) {
    const cells = Array.from({ length: 150 }, () => random(LOG_CELL_BYTES))
    must(await b.append(head, cells, true))
    head = must(await a.append(head, cells))
  }
}

/** Every value that stands in a backup, as bytes. */
function valuesOf({ tables }: VaultBackup): readonly Buffer[] {
  return Object.values(tables).flatMap((rows) =>
    rows.flatMap((row) =>
      Object.values(row).flatMap((value) => {
        if (typeof value === "string") return [Buffer.from(value)]
        return value !== null && typeof value === "object" ? [Buffer.from(value.base64, "base64")] : []
      }),
    ),
  )
}

/** All that a vault holds in these columns. */
const secretsIn = (desk: TestDesk, columns: readonly string[]): readonly Buffer[] =>
  columns.flatMap((name) => {
    const [table, column] = name.split(".") as [string, string]
    return desk.open().vault.all({ text: `select ${column} as it from ${table}`, values: [] }, (row) => {
      const value = row.value("it")
      return Buffer.from(value as Uint8Array)
    })
  })

/** A free text with one signature: it waits for the second, in the log. */
async function signedDraft(desk: TestDesk, headline: string): Promise<string> {
  const { value: id } = await desk.ask<string>("drafts/start", { start: { from: "nothing" } })
  const opened = (await desk.ask<WarningDetail>("warnings/open", { id })).value
  if (opened.kind !== "draft") throw new TypeError("no draft")
  const text = { headline, description: "People were called.", instruction: "Stay away." }
  const form = { ...opened.form, kind: "free", areas: [2], texts: { en: text, ru: text } }
  await desk.ask("drafts/save", { id, form })
  const { digest } = (await desk.ask<ShownWarning>("drafts/prepare", { id })).value
  expect((await desk.ask("drafts/sign", { id, digest })).status).toBe(200)
  return id
}
const draftsOf = async (desk: TestDesk) =>
  (await desk.ask<readonly WarningItem[]>("warnings/list")).value.filter(({ kind }) => kind !== "signed")

/** Says in the log that Vera's key is taken back. */
async function takeVeraBack(desk: TestDesk): Promise<void> {
  const { organisation } = team.line
  const { signers, vera } = organisation
  const bytes = await revocationBytes(organisation, [vera.publicKey], signers.slice(0, 2), team.now())
  must(desk.open().vault.change((change) => enqueue(change, { kind: "revocation", bytes })))
}

it("[BU2] holds no conversation, no person's key and no key that is to be destroyed", async () => {
  const [amina] = (await team.start("amina")) as readonly [TestDesk]
  const person = await makePerson(team.line, "person")
  await person.say({ text: "canary of somebody who writes" })
  await team.rounds(2, amina)
  await amina.ask("hotline/reply", { id: person.id, text: "canary of an answer" })
  await amina.ask("hotline/note", { id: person.id, note: "canary of a note" })
  await amina.ask("hotline/draft", { id: person.id, text: "canary of what was not sent" })
  await amina.ask<string>("drafts/start", { start: { from: "nothing" } })
  await person.say({ text: "a letter that is not yet told" })
  await amina.open().sync.hotline.readRings()
  const secrets = secretsIn(amina, [
    "receive_seed.seed",
    "intake_seed.seed",
    "week_key.key",
    "thread.id",
    "thread.draft",
    "message.id",
    "message.text",
    "fact.value",
    "reply.text",
    "ring_pending.letter",
  ]).filter(({ length }) => length > 0)
  expect(secrets.length).toBeGreaterThan(60)
  for (const canary of ["canary of somebody who writes", "canary of an answer", "canary of a note"])
    expect(secrets.some((one) => one.includes(canary))).toBe(true)
  const backup = backupOf(amina)
  const values = valuesOf(backup)
  expect(values.length).toBeGreaterThan(100)
  for (const secret of secrets) expect(values.some((value) => value.includes(secret))).toBe(false)
  expect(Buffer.concat(values.map((value) => Buffer.from(value))).includes("canary")).toBe(false)
  // Nobody could learn that an unsigned one was discarded.
  expect(backup.tables.draft).toEqual([])
})

it("[BU3] a restored desk is the same officer, and what was discarded, deleted or taken back since stays so", async () => {
  const [amina, boris] = await two()
  const person = await makePerson(team.line, "person")
  await person.say({ text: "the first that they wrote" })
  await team.rounds(2, amina, boris)
  const kept = await signedDraft(amina, "kept")
  const gone = await signedDraft(amina, "discarded")
  await team.rounds(2, amina, boris)
  const backup = backupOf(amina)
  expect(backup.tables.draft).toHaveLength(2)
  const officer = amina.open().officer.key.publicKey
  // Since then.
  await boris.ask("drafts/discard", { id: gone })
  await boris.ask("hotline/delete", { id: person.id })
  await takeVeraBack(boris)
  await team.rounds(2, amina, boris)
  expect(await openThread(amina, person.id)).toBeNull()
  amina.desk.host.lock("button")

  const { folder, caught } = await restored(backup)
  expect(caught).toEqual({ kind: "caught-up", delegated: true })
  const again = await team.revive(amina, folder)
  expect(again.open().officer.key.publicKey).toEqual(officer)
  expect((await draftsOf(again)).map(({ id }) => id)).toEqual([kept])
  expect(again.open().sync.line().revocations.length).toBe(1)
  expect((await queueOf(again)).threads).toEqual([])
  expect(await openThread(again, person.id)).toBeNull()
})

it("[BU4] it reads what comes, under keys that colleagues give it, nothing of before, and gives no number again [O1]", async () => {
  const [amina, boris] = await two()
  const person = await makePerson(team.line, "person")
  await person.say({ text: "of before" })
  await team.rounds(2, amina, boris)
  await amina.ask("hotline/reply", { id: person.id, text: "an answer of before" })
  await team.rounds(2, amina, boris)
  const before = highestSequence(amina.open().vault, person.threadId)
  expect(before).toBeGreaterThan(0)
  const { folder } = await restored(backupOf(amina))
  const again = await team.revive(amina, folder)
  await team.rounds(12, again, boris)
  await team.publish()
  await person.say({ text: "of afterwards" })
  await team.rounds(3, again, boris)
  expect(await textsOf(again, person.id)).toEqual(["of afterwards"])
  expect(await textsOf(boris, person.id)).toEqual(["of before", "an answer of before", "of afterwards"])
  // By what stands on the board: the replies themselves it has forgotten.
  expect(highestSequence(again.open().vault, person.threadId)).toBe(before)
  await again.ask("hotline/reply", { id: person.id, text: "an answer of afterwards" })
  await team.rounds(3, again, boris)
  await team.publish()
  const parts = await person.look()
  const texts = parts.filter(({ text }) => text !== "").map(({ text }) => text)
  expect(texts).toEqual(["an answer of before", "an answer of afterwards"])
  // Whoever can write to the line's log can't use the numbers up.
  must(
    again.open().vault.change((change) => {
      change.run(sql`delete from reply_part where thread = ${person.threadId}`)
      change.run(sql`insert into placed_part (handle, sequence, seen, expires)
        values (${handleOf(person.threadId)}, ${0xffff_0000}, 0, 0)`)
    }),
  )
  expect(highestSequence(again.open().vault, person.threadId)).toBeLessThan(0xf000_0000)
})

it("[BU6] a backup that is older than the log keeps is not restored with its drafts, and none without a relay", async () => {
  const [amina] = (await team.start("amina")) as readonly [TestDesk]
  await signedDraft(amina, "of before")
  await team.rounds(2, amina)
  const backup = backupOf(amina)
  expect(backup.tables.draft).toHaveLength(1)
  team.line.down.add("A").add("B")
  expect((await restored(backup)).caught).toEqual({ kind: "no-relay", why: ["relay-down", "relay-down"] })
  // Relay B alone will do, as long as its log has no gap.
  team.line.down.delete("B")
  expect((await restored(backup)).caught).toEqual({ kind: "caught-up", delegated: true })
  team.line.down.clear()
  await fillLogs()
  expect((await restored(backup)).caught).toMatchObject({ kind: "log-trimmed" })
  const { folder } = await restored(backup, false)
  const again = await team.revive(amina, folder)
  expect(await draftsOf(again)).toEqual([])
  expect(again.open().sync.delegation(team.now())).not.toBeNull()
})

it("[BU6] a leap hides nothing: what was trimmed behind it, and what no relay has of before it, is said", async () => {
  const [amina] = (await team.start("amina")) as readonly [TestDesk]
  const backup = backupOf(amina)
  await team.rounds(1, amina)
  const { fresh } = await loseA()
  await fillLogs()
  const { caught } = await restored(backup)
  expect(caught).toEqual({ kind: "log-trimmed", cells: null })
  await fresh.close()
})

it("[BU6] where both relays lost their disks, what was said since a backup is not known", async () => {
  const [amina] = (await team.start("amina")) as readonly [TestDesk]
  const backup = backupOf(amina)
  await team.rounds(1, amina)
  const { fresh } = await loseA()
  const b = await memoryStore()
  Object.assign(team.line.stores[1], { read: b.read.bind(b), append: b.append.bind(b) })
  expect((await restored(backup)).caught).toEqual({ kind: "log-trimmed", cells: null })
  for (const store of [fresh, b]) await store.close()
})

it("[T10] after relay A lost its disk desks read on in relay B's log, and mirror what A is given from then on", async () => {
  const [amina] = (await team.start("amina")) as readonly [TestDesk]
  const backup = backupOf(amina)
  await takeVeraBack(amina)
  await team.rounds(2, amina)
  const { fresh, counters } = await loseA()
  // The revocation stands in relay B's log alone.
  const { folder, caught } = await restored(backup)
  expect(caught).toEqual({ kind: "caught-up", delegated: true })
  const again = await team.revive(amina, folder)
  expect(again.open().sync.line().revocations.length).toBe(1)
  await team.rounds(3, again)
  // Behind the leap relay B alone is not believed.
  team.line.down.add("A")
  expect((await restored(backup)).caught).toEqual({ kind: "no-relay", why: ["relay-down", "mirror-gap"] })
  team.line.down.clear()
  const newest = must(await fresh.read(0, 0)).head
  expect(newest).toBeGreaterThan(counters.logHead)
  expect(must(await team.line.stores[1].read(0, 0)).head).toBe(newest)
  expect(again.open().sync.trouble("A")).toBeNull()
  await fresh.close()
})
