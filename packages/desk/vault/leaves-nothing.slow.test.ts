import { randomBytes } from "node:crypto"
import * as fs from "node:fs"
import {
  closeSync,
  linkSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { eraseFile } from "@kunak/duty/erase-file"
import Database from "better-sqlite3-multiple-ciphers"
import { afterEach, beforeEach, expect, type MockInstance, onTestFinished, test, vi } from "vitest"
import type { Migration } from "./migrations.ts"
import { changePassphrase, createVault, openVault, type VaultPlace } from "./open-vault.ts"
import { sql } from "./sql.ts"
import type { UnlockedVault } from "./unlocked-vault.ts"
import { passphraseBytes } from "./vault-key.ts"

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>()
  return { ...real, fsyncSync: vi.fn(real.fsyncSync) }
})

const migrations: readonly Migration[] = [
  { number: 1, apply: (change) => change.run(sql`create table note (text text not null)`) },
]
const further: Migration = {
  number: 2,
  apply: (change) => change.run(sql`create table other (id integer)`),
}
const withPassphrase = (typed: string) => ({ passphrase: passphraseBytes(typed), remoteShare: null })

let folder: string
let place: VaultPlace
/** What stood in the log at the moment in which SQLite was told to cut it off. */
let cutOff: Buffer[]
let spy: MockInstance

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vault-"))
  const cost = { memoryKiB: 64, passes: 1, lanes: 1 }
  const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
  place = { file: join(folder, "desk.vault"), migrations, random, cost }
  cutOff = []
  const pragma = Database.prototype.pragma
  spy = vi.spyOn(Database.prototype, "pragma").mockImplementation(function (this: Database, text: string) {
    if (text.includes("TRUNCATE")) cutOff.push(readFileSync(`${this.name}-wal`))
    return pragma.call(this, text)
  })
})
afterEach(() => {
  spy.mockRestore()
  rmSync(folder, { recursive: true, force: true })
})

const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)

async function withNotes(count: number): Promise<UnlockedVault> {
  const vault = must(await createVault(place, withPassphrase("horse mill bridge")))
  cutOff = []
  for (let i = 0; i < count; i += 1)
    must(vault.change((change) => change.run(sql`insert into note values (${"x".repeat(4000)})`)))
  return vault
}
const count = (vault: UnlockedVault) =>
  vault.first(sql`select count(*) as n from note`, (row) => row.number("n"))

test("[Q13] the write-ahead log is overwritten before it is cut off, at a checkpoint and at the lock, and nothing is lost", async () => {
  const vault = await withNotes(300)
  vault.checkpoint()
  must(vault.change((change) => change.run(sql`delete from note where rowid > 200`)))
  expect(count(vault)).toBe(200)
  vault.lock()
  expect(cutOff.map(({ length }) => length > 4_096)).toEqual([true, true])
  expect(cutOff.every(isZero)).toBe(true)
  expect(readdirSync(folder)).toEqual(["desk.vault"])
  expect(count(must(await openVault(place, withPassphrase("horse mill bridge"))))).toBe(200)
})

/** Everything beside the vault as it is on the disk now. */
function imageOf(): string {
  const image = mkdtempSync(join(tmpdir(), "vault-"))
  onTestFinished(() => rmSync(image, { recursive: true }))
  for (const name of readdirSync(folder)) writeFileSync(join(image, name), readFileSync(join(folder, name)))
  return image
}

test("[Q13] when the power goes at any step of it, the vault has everything", async () => {
  const vault = await withNotes(30)
  const images: string[] = []
  const { fsyncSync } = await vi.importActual<typeof import("node:fs")>("node:fs")
  vi.mocked(fs.fsyncSync).mockImplementation((handle) => {
    fsyncSync(handle)
    images.push(imageOf())
  })
  vault.checkpoint()
  vi.mocked(fs.fsyncSync).mockImplementation(fsyncSync)
  // The head alone, then all of it.
  expect(images).toHaveLength(2)
  const logs = images.map((image) => readFileSync(join(image, "desk.vault-wal")))
  expect(logs.map((log) => isZero(log.subarray(0, 512)))).toEqual([true, true])
  expect(logs.map((log) => isZero(log.subarray(512)))).toEqual([false, true])
  for (const image of images) {
    const copy = { ...place, file: join(image, "desk.vault") }
    const opened = must(await openVault(copy, withPassphrase("horse mill bridge")))
    expect(count(opened)).toBe(30)
    opened.lock()
  }
  vault.lock()
})

test("[Q13] the file of the former passphrase, and a copy of before an update, are overwritten when they go", async () => {
  ;(await withNotes(3)).lock()
  const former = openSync(place.file, "r")
  must(await changePassphrase(place, withPassphrase("horse mill bridge"), withPassphrase("new words here")))
  expect(isZero(readFileSync(former))).toBe(true)
  closeSync(former)
  const newer = { ...place, migrations: [...migrations, further] }
  const updated = must(await openVault(newer, withPassphrase("new words here")))
  const before = openSync(`${place.file}.before-update`, "r")
  updated.lock()
  expect(isZero(readFileSync(before))).toBe(true)
  closeSync(before)
  expect(readdirSync(folder)).toEqual(["desk.vault"])
  expect(count(must(await openVault(newer, withPassphrase("new words here"))))).toBe(3)
})

test("[Q13] a file that has another name is not overwritten: a vault that was just put into its place", () => {
  const [one, other] = [join(folder, "one"), join(folder, "other")]
  writeFileSync(one, "a whole vault")
  linkSync(one, other)
  eraseFile(one)
  expect(readdirSync(folder)).toEqual(["other"])
  expect(readFileSync(other, "utf8")).toBe("a whole vault")
  eraseFile(other)
  eraseFile(join(folder, "nothing"))
  expect(readdirSync(folder)).toEqual([])
})
