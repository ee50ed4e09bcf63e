import { randomBytes } from "node:crypto"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { must } from "@kunak/core/result"
import { reveal, Secret } from "@kunak/core/secret"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Migration } from "./migrations.ts"
import { changePassphrase, createVault, openVault, type VaultPlace } from "./open-vault.ts"
import { sql } from "./sql.ts"
import type { UnlockedVault } from "./unlocked-vault.ts"
import { derivePassphraseKey, passphraseBytes, type RemoteShare, type Salt, unlockKey } from "./vault-key.ts"

const CHEAP = { memoryKiB: 64, passes: 1, lanes: 1 }
const CANARY = "canary of Amina, мост у мельницы"
const migrations: readonly Migration[] = [
  {
    number: 1,
    apply: (change) => change.run(sql`create table note (id integer primary key, text text not null)`),
  },
]

let folder: string
let place: VaultPlace
const withPassphrase = (typed: string) => ({ passphrase: passphraseBytes(typed), remoteShare: null })
const notes = (vault: UnlockedVault) =>
  vault.all(sql`select text from note order by id`, (row) => row.text("text"))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vault-"))
  place = {
    file: join(folder, "desk.vault"),
    migrations,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    cost: CHEAP,
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Every byte that this vault has on disk, side files included. */
const diskImage = () => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
const holdsCanary = (image: Buffer) =>
  ["utf8", "utf16le"].some((encoding) => image.includes(Buffer.from(CANARY, encoding as BufferEncoding)))

async function vaultWithCanary(): Promise<UnlockedVault> {
  const vault = must(await createVault(place, withPassphrase("horse mill bridge")))
  must(vault.change((change) => change.run(sql`insert into note (text) values (${CANARY})`)))
  return vault
}

describe("vault", () => {
  it("[Q1] a wrong passphrase, a damaged page and a file that is no vault get one and the same answer", async () => {
    ;(await vaultWithCanary()).lock()
    const whole = readFileSync(place.file)
    const wrong = await openVault(place, withPassphrase("horse mill bridges"))
    const damaged = Buffer.from(whole)
    damaged[200] = (damaged[200] as number) ^ 1
    writeFileSync(place.file, damaged)
    const broken = await openVault(place, withPassphrase("horse mill bridge"))
    writeFileSync(place.file, "short")
    const noVault = await openVault(place, withPassphrase("horse mill bridge"))
    expect([wrong, broken, noVault]).toEqual(Array(3).fill({ ok: false, error: { kind: "cannot-open" } }))
    writeFileSync(place.file, whole)
    expect(notes(must(await openVault(place, withPassphrase(" horse mill bridge "))))).toEqual([CANARY])
  })

  it("[Q2] nothing written stands in the clear in the file or its WAL, open, crashed or locked", async () => {
    const vault = await vaultWithCanary()
    must(vault.change((change) => change.run(sql`delete from note`)))
    must(vault.change((change) => change.run(sql`insert into note (text) values (${CANARY})`)))
    expect(readdirSync(folder)).toContain("desk.vault-wal")
    expect(holdsCanary(diskImage())).toBe(false)
    expect(diskImage().includes("create table")).toBe(false)
    vault.lock()
    expect(readdirSync(folder)).toEqual(["desk.vault"])
    expect(holdsCanary(diskImage())).toBe(false)
  })

  it("[Q2] a sort larger than the cache leaves no temporary file", async () => {
    const vault = await vaultWithCanary()
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("etilqs"))
    must(
      vault.change((change) => {
        for (let i = 0; i < 3000; i += 1)
          change.run(sql`insert into note (text) values (${`${i % 97} ${CANARY.repeat(20)}`})`)
      }),
    )
    const found = vault.all(sql`select distinct text from note order by text desc`, (row) => row.text("text"))
    expect(found.length).toBeGreaterThan(90)
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("etilqs"))).toEqual(before)
    expect(vault.first(sql`select temp_store as t from pragma_temp_store`, (row) => row.number("t"))).toBe(2)
    vault.lock()
  })

  it("[Q3] a change that fails half-way leaves nothing of itself", async () => {
    const vault = await vaultWithCanary()
    expect(() =>
      vault.change((change) => {
        change.run(sql`insert into note (text) values ('half')`)
        throw new RangeError("a mistake of ours")
      }),
    ).toThrow(RangeError)
    expect(notes(vault)).toEqual([CANARY])
    vault.lock()
  })

  it("[Q12] before the schema changes the file is put aside, until the new vault has been locked once", async () => {
    const more: readonly Migration[] = [
      ...migrations,
      { number: 2, apply: (change) => change.run(sql`create table other (id integer)`) },
    ]
    const copy = `${place.file}.before-update`
    ;(await vaultWithCanary()).lock()
    const before = readFileSync(place.file)
    const opened = must(await openVault({ ...place, migrations: more }, withPassphrase("horse mill bridge")))
    expect(readFileSync(copy).equals(before)).toBe(true)
    expect(notes(opened)).toEqual([CANARY])
    opened.lock()
    expect(readdirSync(folder)).toEqual(["desk.vault"])
    // A step that breaks: the file as it was is still there, and a program of before opens it.
    const broken: readonly Migration[] = [
      ...more,
      { number: 3, apply: (change) => change.run(sql`no statement`) },
    ]
    const asItWas = readFileSync(place.file)
    await expect(
      openVault({ ...place, migrations: broken }, withPassphrase("horse mill bridge")),
    ).rejects.toThrow()
    expect(readFileSync(copy).equals(asItWas)).toBe(true)
    // Killed before it was locked: it goes with the next opening.
    const again = must(await openVault({ ...place, migrations: more }, withPassphrase("horse mill bridge")))
    expect(existsSync(copy)).toBe(false)
    again.lock()
  })

  it("[Q3] a full disk is said, and what was there before stays", async () => {
    const vault = await vaultWithCanary()
    vault.first({ text: "pragma max_page_count = 8", values: [] }, () => null)
    const failed = vault.change((change) => {
      for (let i = 0; i < 100; i += 1) change.run(sql`insert into note (text) values (${"x".repeat(4000)})`)
    })
    expect(failed).toEqual({ ok: false, error: { kind: "disk-full" } })
    expect(notes(vault)).toEqual([CANARY])
    vault.lock()
    expect(notes(must(await openVault(place, withPassphrase("horse mill bridge"))))).toEqual([CANARY])
  })

  it("[Q4] a locked vault answers nothing and its secrets are zero", async () => {
    const vault = await vaultWithCanary()
    const seed = Uint8Array.of(1, 2, 3)
    vault.eraseOnLock(seed)
    vault.lock()
    vault.lock()
    expect([...seed]).toEqual([0, 0, 0])
    expect(() => notes(vault)).toThrow()
  })

  it("[Q5] a changed passphrase opens, the old one no longer does, and the salt is another", async () => {
    ;(await vaultWithCanary()).lock()
    const salt = readFileSync(place.file).subarray(0, 16)
    const refused = await changePassphrase(place, withPassphrase("wrong"), withPassphrase("new words"))
    expect(refused).toEqual({ ok: false, error: { kind: "cannot-open" } })
    must(await changePassphrase(place, withPassphrase("horse mill bridge"), withPassphrase("new words")))
    expect(readdirSync(folder)).toEqual(["desk.vault"])
    expect(readFileSync(place.file).subarray(0, 16).equals(salt)).toBe(false)
    expect((await openVault(place, withPassphrase("horse mill bridge"))).ok).toBe(false)
    expect(notes(must(await openVault(place, withPassphrase("new words"))))).toEqual([CANARY])
  })

  it("[Q5] the rest of a change that crashed is swept away by the next", async () => {
    ;(await vaultWithCanary()).lock()
    writeFileSync(`${place.file}.next`, "half a copy")
    writeFileSync(`${place.file}.next-wal`, "half a log")
    must(await changePassphrase(place, withPassphrase("horse mill bridge"), withPassphrase("new words")))
    expect(notes(must(await openVault(place, withPassphrase("new words"))))).toEqual([CANARY])
  })

  it("[Q5] what a change, a creation or an update left when the power went is swept away by unlocking", async () => {
    ;(await vaultWithCanary()).lock()
    for (const end of [".next", ".next-wal", ".new", ".new-journal", ".before-update.part"])
      writeFileSync(place.file + end, "a whole copy, with keys that are destroyed since")
    expect((await openVault(place, withPassphrase("wrong"))).ok).toBe(false)
    expect(readdirSync(folder)).toHaveLength(6)
    must(await openVault(place, withPassphrase("horse mill bridge"))).lock()
    expect(readdirSync(folder)).toEqual(["desk.vault"])
  })

  it("[Q12] the former version, and a reader that changes nothing, leave the copy of before the update", async () => {
    ;(await vaultWithCanary()).lock()
    const second: Migration = {
      number: 2,
      apply: (change) => change.run(sql`alter table note add column mark integer not null default 5`),
    }
    const newer = { ...place, migrations: [...migrations, second] }
    const reading = must(await openVault({ ...newer, asItIs: true }, withPassphrase("horse mill bridge")))
    expect(notes(reading)).toEqual([CANARY])
    reading.lock()
    expect(readdirSync(folder)).toEqual(["desk.vault"])
    // Updated, and killed before it was locked. Then somebody starts the former version before moving the copy.
    const copy = `${place.file}.before-update`
    const updated = must(await openVault(newer, withPassphrase("horse mill bridge")))
    const before = readFileSync(copy)
    updated.lock()
    writeFileSync(copy, before)
    const former = await openVault(place, withPassphrase("horse mill bridge"))
    expect(former).toMatchObject({ ok: false, error: { kind: "newer-format" } })
    must(await openVault({ ...newer, asItIs: true }, withPassphrase("horse mill bridge"))).lock()
    const asItIs = await openVault({ ...place, asItIs: true }, withPassphrase("horse mill bridge"))
    expect(asItIs).toMatchObject({ ok: false, error: { kind: "newer-format", schema: 2 } })
    expect(existsSync(copy)).toBe(true)
  })

  it("[Q7] a remote share is needed once it was used, and changes the key", async () => {
    const share = (first: number) => new Secret(new Uint8Array(32).fill(first)) as RemoteShare
    const passphrase = () => passphraseBytes("horse mill bridge")
    must(await createVault(place, { passphrase: passphrase(), remoteShare: share(7) })).lock()
    expect((await openVault(place, { passphrase: passphrase(), remoteShare: null })).ok).toBe(false)
    expect((await openVault(place, { passphrase: passphrase(), remoteShare: share(8) })).ok).toBe(false)
    expect((await openVault(place, { passphrase: passphrase(), remoteShare: share(7) })).ok).toBe(true)
  })

  it("[Q8] never overwrites a file that is there", async () => {
    writeFileSync(place.file, "somebody's file")
    await expect(createVault(place, withPassphrase("horse mill bridge"))).rejects.toThrow("EEXIST")
    expect(readFileSync(place.file, "utf8")).toBe("somebody's file")
  })

  it("[K20] a creation that is cut off leaves no vault, and the next sweeps its rest away", async () => {
    writeFileSync(`${place.file}.new`, "half a vault")
    writeFileSync(`${place.file}.new-wal`, "half a log")
    const making = createVault(place, withPassphrase("horse mill bridge"))
    // A process that is killed while the passphrase is worked on, or before the enrolment is in it.
    expect(existsSync(place.file)).toBe(false)
    must(await making).lock()
    expect(readdirSync(dirname(place.file)).filter((name) => name.includes(".new"))).toEqual([])
    const other = { ...place, file: `${place.file}.other` }
    const refused = await createVault(other, withPassphrase("horse mill bridge"), () => {
      expect(existsSync(other.file)).toBe(false)
      return { ok: false, error: { kind: "disk-full" } } as const
    })
    expect([refused.ok, existsSync(other.file), existsSync(`${other.file}.new`)]).toEqual([
      false,
      false,
      false,
    ])
  })

  it("[Q9] applies missing migrations once and refuses a vault of a newer Kunak", async () => {
    ;(await vaultWithCanary()).lock()
    const second: Migration = {
      number: 2,
      apply: (change) => change.run(sql`alter table note add column mark integer not null default 5`),
    }
    const newer = { ...place, migrations: [...migrations, second] }
    for (let round = 0; round < 2; round += 1) {
      const vault = must(await openVault(newer, withPassphrase("horse mill bridge")))
      expect(vault.first(sql`select mark from note`, (row) => row.number("mark"))).toBe(5)
      vault.lock()
    }
    expect(await openVault(place, withPassphrase("horse mill bridge"))).toEqual({
      ok: false,
      error: { kind: "newer-format", schema: 2 },
    })
    expect(existsSync(`${place.file}-wal`)).toBe(false)
  })

  it("[Q10] the passphrase's bytes are erased once the key is made", async () => {
    const typed = passphraseBytes("horse")
    await derivePassphraseKey(typed, new Uint8Array(16) as Salt, CHEAP)
    expect([...typed]).toEqual([0, 0, 0, 0, 0])
  })

  it("[Q10] the key is a known function of passphrase, salt and cost", async () => {
    const salt = Uint8Array.from({ length: 16 }, (_, i) => i) as Salt
    const key = unlockKey(await derivePassphraseKey(passphraseBytes("мост Horse "), salt, CHEAP), null)
    const again = unlockKey(await derivePassphraseKey(passphraseBytes("мост Horse"), salt, CHEAP), null)
    expect(reveal(key)).toEqual(reveal(again))
    expect(Buffer.from(reveal(key)).toString("hex")).toMatchInlineSnapshot(
      `"63293fccefa1b3cbe23215ba5732164e25ebceeb4ed3d3fcca9e3a33cbf4be3c"`,
    )
  })
})
