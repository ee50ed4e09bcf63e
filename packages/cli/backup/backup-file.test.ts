/** What a stranger holds, and what is said of a file that is not what it was. */
import { must } from "@kunak/core/result"
import type { Instant } from "@kunak/core/time/instant"
import { Encrypter } from "age-encryption"
import { beforeAll, expect, test } from "vitest"
import { type Backup, openBackup, sealBackup } from "./backup-file.ts"

const PASSPHRASE = "five words of a backup"
const backup = (content: unknown): Backup => ({
  kind: "duty",
  made: 1_700_000_000 as Instant,
  organisation: new Uint8Array(32).fill(3),
  content,
})
/** Cheap: the format's own factor takes a second. */
const seal = (one: Backup) => sealBackup(one, PASSPHRASE, 2)
const open = (file: Uint8Array, passphrase = PASSPHRASE) => openBackup(file, passphrase)

let sealed: Uint8Array
beforeAll(async () => {
  sealed = await seal(backup({ words: "canary, мост у мельницы" }))
})

test("[BU7] comes back as it was, and says nothing outside: not what it is, whose, or how long", async () => {
  expect(must(await open(sealed))).toEqual(backup({ words: "canary, мост у мельницы" }))
  const outside = Buffer.from(sealed).toString("latin1")
  expect(outside).not.toMatch(/kunak|duty|canary/i)
  expect((await seal(backup(null))).length).toBe(sealed.length)
  expect((await seal(backup("x".repeat(60_000)))).length).toBe(sealed.length)
  const [two, four] = [await seal(backup("x".repeat(70_000))), await seal(backup("x".repeat(140_000)))]
  expect((four.length - two.length) / 65_552).toBe(2)
  expect(must(await open(four)).content).toBe("x".repeat(140_000))
})

test("[BU7] another passphrase, a cut, an altered byte and another file are told apart", async () => {
  expect(await open(sealed, "five words of a backup.")).toEqual({
    ok: false,
    error: { kind: "wrong-passphrase" },
  })
  for (const length of [0, 10, 100, 170, 200, 1_000, 65_000, sealed.length - 1])
    expect((await open(sealed.slice(0, length))).ok ? "" : await kindOf(sealed.slice(0, length))).toBe(
      "not-whole",
    )
  expect(await kindOf(Buffer.concat([sealed, Buffer.of(0)]))).toBe("not-whole")
  for (const at of [300, 5_000, sealed.length - 1]) {
    const altered = sealed.slice()
    altered[at] = (altered[at] as number) ^ 1
    expect(await kindOf(altered)).toBe("altered")
  }
  expect(await kindOf(new TextEncoder().encode("a photo of a bridge".repeat(100)))).toBe("not-a-backup")
  // Two whole ones, one behind the other's half: cut at a piece's end, where the size is one that a backup can have.
  const long = await seal(backup("x".repeat(70_000)))
  expect(await kindOf(long.slice(0, long.length - 65_552))).toBe("altered")
})

test("[BU7] every byte of the head counts", async () => {
  for (let at = 0; at < 170; at += 1) {
    const altered = sealed.slice()
    altered[at] = (altered[at] as number) ^ 1
    expect(await kindOf(altered), `byte ${at}`).not.toBe("opens")
  }
})

test("[BU7] a newer version's says so; an age file of something else is none", async () => {
  const inside = async (json: unknown): Promise<string> => {
    const encrypter = new Encrypter()
    encrypter.setPassphrase(PASSPHRASE)
    encrypter.setScryptWorkFactor(2)
    const padded = new Uint8Array(65_536).fill(0x20)
    padded.set(new TextEncoder().encode(typeof json === "string" ? json : JSON.stringify(json)))
    return await kindOf(await encrypter.encrypt(padded))
  }
  expect(await inside({ kunak: "backup", version: 2, kind: "what is yet to come" })).toBe("newer-version")
  for (const json of [
    "letters",
    "null",
    { kunak: "enrolment", version: 1 },
    { kunak: "backup", version: "1" },
  ])
    expect(await inside(json)).toBe("not-a-backup")
  const made = { kunak: "backup", version: 1, made: 1, organisation: Buffer.alloc(32).toString("base64") }
  expect(await inside({ ...made, kind: "desk" })).toBe("not-a-backup")
  expect(await inside({ ...made, kind: "duty", organisation: "AA==" })).toBe("not-a-backup")
  expect(await inside({ ...made, kind: "duty" })).toBe("opens")
})

async function kindOf(file: Uint8Array): Promise<string> {
  const opened = await open(file)
  return opened.ok ? "opens" : opened.error.kind
}
