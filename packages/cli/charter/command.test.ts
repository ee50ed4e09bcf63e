import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { toHex } from "@kunak/core/bytes/hex"
import { encodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { must } from "@kunak/core/result"
import { makeEdition, makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { instantFromMs, plusSeconds } from "@kunak/core/time/instant"
import { dataBlocks } from "@kunak/page/document/extract"
import { Command } from "commander"
import { beforeAll, expect, onTestFinished, test, vi } from "vitest"
import { type Ceremony, found } from "../ceremony/ceremony.ts"
import { parseDescription } from "../ceremony/description.ts"
import { writeCeremony } from "../ceremony/files.ts"
import { register } from "../commands/charter.ts"
import { readEnrolment } from "./files.ts"
import { knownFrom } from "./known.ts"
import { makeSignerFile } from "./new-signer.ts"

let ceremony: Ceremony
let founded: string
beforeAll(async () => {
  const text = await readFile(new URL("../ceremony/example-organisation.json", import.meta.url), "utf8")
  const description = must(parseDescription(text))
  ceremony = must(
    await found(description, {
      random: seededRandom("a founding"),
      now: instantFromMs(Date.now()),
      templateHash: new Uint8Array(32),
      guidanceHash: () => null,
    }),
  )
  founded = await mkdtemp(join(tmpdir(), "kunak-charter-"))
  await writeCeremony(join(founded, "c"), ceremony, description, {
    of: async () => PASSPHRASE,
    workFactor: 2,
  })
  await writeFile(join(founded, "pass"), `${PASSPHRASE}\n`)
  return () => rm(founded, { recursive: true, force: true })
})

const PASSPHRASE = "five random words for tests"

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "kunak-papers-"))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Runs `kunak charter …` in this process. @returns what it printed. */
async function charter(...args: readonly string[]): Promise<string> {
  const printed: string[] = []
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(String(text))
    return true
  })
  try {
    const program = new Command("kunak").exitOverride()
    register(program)
    await program.parseAsync(["charter", ...args], { from: "user" })
    return printed.join("")
  } finally {
    out.mockRestore()
  }
}

const signer = (i: number): readonly string[] => [
  "--key",
  join(founded, "c", `signer-${i}`, "signer.age"),
  "--passphrase-file",
  join(founded, "pass"),
]

test("[Y5] weeks by command: begun, signed by two, kept in the public folder, and the next begin after them", async () => {
  const here = await folder()
  const paper = join(here, "weeks.json")
  expect(await charter("delegate", "--from", join(founded, "c"), "--out", paper)).toContain("13 weeks")
  const enrolment = join(founded, "c", "duty-1", "enrolment.json")
  await expect(charter("send", paper, "--enrolment", enrolment)).rejects.toMatchObject({
    kind: "too-few-signatures",
  })
  await expect(charter("keep", paper, "--in", join(founded, "c"))).rejects.toMatchObject({
    kind: "too-few-signatures",
  })
  expect(await charter("sign", paper, ...signer(3))).toMatch(/Signed by nobody.*Pass it on/s)
  const before = await readFile(paper, "utf8")
  await expect(charter("sign", paper, ...signer(3))).rejects.toMatchObject({ kind: "already-signed" })
  expect(await readFile(paper, "utf8")).toBe(before)
  expect(await charter("sign", paper, ...signer(1))).toMatch(/Signed by signer 3.*complete/s)
  expect(await charter("keep", paper, "--in", join(founded, "c"))).toContain("delegations.kunak")
  const shown = JSON.parse(await charter("show", join(founded, "c", "public"), "--json"))
  expect(shown.delegations).toHaveLength(26)
  const next = JSON.parse(
    await charter(
      "delegate",
      "--from",
      join(founded, "c"),
      "--weeks",
      "1",
      "--json",
      "--out",
      join(here, "next.json"),
    ),
  )
  expect(next).toMatchObject({ kind: "delegations", complete: false, signers: { signed: [], needed: 2 } })
  expect((await knownFrom([join(founded, "c")])).delegations).toHaveLength(26)
})

test("[Y7] no paper and no key is ever overwritten", async () => {
  const here = await folder()
  const paper = join(here, "weeks.json")
  await writeFile(paper, "somebody's")
  const beginning = ["delegate", "--from", join(founded, "c"), "--out", paper]
  await expect(charter(...beginning)).rejects.toMatchObject({ kind: "exists" })
  expect(await readFile(paper, "utf8")).toBe("somebody's")
  const key = join(here, "signer.age")
  await makeSignerFile(key, async () => PASSPHRASE, seededRandom("new"), 2)
  expect(((await stat(key)).mode & 0o777).toString(8)).toBe("600")
  const before = await readFile(key, "hex")
  await expect(
    charter("new-signer", "--out", key, "--passphrase-file", join(founded, "pass")),
  ).rejects.toMatchObject({ kind: "exists" })
  expect(await readFile(key, "hex")).toBe(before)
  await writeFile(join(here, "short"), "too short")
  await expect(
    charter("new-signer", "--out", join(here, "other.age"), "--passphrase-file", join(here, "short")),
  ).rejects.toMatchObject({ kind: "short-passphrase" })
})

test("[Y16] a new officer and a new duty by command: what their role shares, a key of their own that the signers can add", async () => {
  const here = await folder()
  const pass = join(founded, "pass")
  const from = ["--from", join(founded, "c"), "--json"]
  const officer = ["--like", join(founded, "c", "officer-1", "enrolment.age"), "--like-passphrase-file", pass]
  const duty = ["--like", join(founded, "c", "duty-1", "enrolment.json")]
  const make = async (...args: readonly string[]) =>
    JSON.parse(await charter("new-enrolment", ...from, ...args))
  const age = join(here, "enrolment.age")
  const made = await make(...officer, "--passphrase-file", pass, "--out", age)
  const machine = await make(...duty, "--out", join(here, "enrolment.json"))
  expect([made.role, machine.role]).toEqual(["officer", "duty"])
  const read = (path: string) => readEnrolment(path, async () => PASSPHRASE)
  for (const [path, first, key] of [
    [age, ceremony.officers[0]!, made.publicKey],
    [join(here, "enrolment.json"), ceremony.duties[0]!, machine.publicKey],
  ] as const) {
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe("600")
    const { label, seed, ...shared } = JSON.parse(encodeEnrolment(await read(path)))
    const { label: _label, seed: firstSeed, ...before } = JSON.parse(encodeEnrolment(first))
    expect(shared).toEqual({ ...before, delegations: shared.delegations })
    expect(seed).not.toBe(firstSeed)
    expect(label).toBe(`${shared.role} ${key.slice(0, 8)}`)
  }
  const paper = join(here, "weeks.json")
  const add = ["--add-officer", made.publicKey, "--add-duty", machine.publicKey, "--now", "--out", paper]
  const { text } = JSON.parse(await charter("delegate", ...from, ...add))
  for (const key of [made.publicKey, machine.publicKey]) expect(text).toContain(key.slice(0, 8))
})

test("[Y6] a wrong passphrase, a file that is no key, and a key of nobody are told apart for the signer", async () => {
  const here = await folder()
  const paper = join(here, "weeks.json")
  await charter("delegate", "--from", join(founded, "c"), "--weeks", "1", "--out", paper)
  await writeFile(join(here, "wrong"), "another passphrase altogether")
  const key = join(founded, "c", "signer-1", "signer.age")
  await expect(
    charter("sign", paper, "--key", key, "--passphrase-file", join(here, "wrong")),
  ).rejects.toMatchObject({ kind: "cannot-open" })
  await expect(charter("sign", paper, ...signer(1), "--fingerprint", "aaaa")).rejects.toMatchObject({
    kind: "wrong-organisation",
  })
  const officer = join(founded, "c", "officer-1", "enrolment.age")
  await expect(
    charter("sign", paper, "--key", officer, "--passphrase-file", join(founded, "pass")),
  ).rejects.toMatchObject({ kind: "no-signer-key" })
  await expect(charter("sign", paper, "--key", join(here, "none"))).rejects.toMatchObject({ kind: "no-file" })
  await expect(charter("sign", key, ...signer(1))).rejects.toMatchObject({ kind: "malformed-paper" })
})

test("[Y15] sources count together; those of another organisation, damaged or not there are refused, each in its words", async () => {
  const here = await folder()
  const organisation = await makeOrganisation()
  const made = await makeEdition(organisation, {})
  const page = join(here, "page.html")
  await writeFile(page, `<!doctype html>${dataBlocks({ header: made.header, bulletin: made.bulletinBytes })}`)
  const known = await knownFrom([page])
  expect(known.delegations).toHaveLength(1)
  expect(known.editions).toHaveLength(1)
  const kind = (expected: string) => expect.objectContaining({ kind: expected })
  const from = (...sources: readonly string[]) => knownFrom(sources)
  await expect(from(page, join(founded, "c"))).rejects.toEqual(kind("different-charters"))
  await expect(from(join(here, "nothing"))).rejects.toEqual(kind("no-file"))
  await expect(from(here)).rejects.toEqual(kind("no-charter"))
  await expect(from(join(founded, "pass"))).rejects.toEqual(kind("malformed-charter"))
  await expect(knownFrom([page], { fingerprint: "aaaa bbbb" })).rejects.toEqual(kind("wrong-organisation"))
  const cut = (await readFile(page, "utf8")).slice(0, 1500)
  await writeFile(join(here, "cut.html"), cut)
  await expect(from(join(here, "cut.html"))).rejects.toEqual(kind("no-edition"))
  const bulletin = made.bulletinBytes.slice()
  bulletin[40]! ^= 1
  await writeFile(
    join(here, "forged.html"),
    `<!doctype html>${dataBlocks({ header: made.header, bulletin })}`,
  )
  await expect(from(join(here, "forged.html"))).rejects.toEqual(kind("bulletin-mismatch"))
  // Two pages: the newer one's warnings, in whatever order they are given.
  const later = await makeEdition(organisation, {
    issued: plusSeconds(SAMPLE_NOW, 600),
    id: { term: 1, number: 2 },
  })
  await writeFile(
    join(here, "later.html"),
    `<!doctype html>${dataBlocks({ header: later.header, bulletin: later.bulletinBytes })}`,
  )
  const both = await from(join(here, "later.html"), page)
  expect(both.editions.map(({ edition }) => edition.header.issued)).toEqual([
    SAMPLE_NOW,
    plusSeconds(SAMPLE_NOW, 600),
  ])
})

test("[Y12] what is typed wrongly is said to be, before anything is written", async () => {
  const here = await folder()
  const out = ["--from", join(founded, "c"), "--out", join(here, "p.json")]
  await expect(charter("delegate", ...out, "--weeks", "27")).rejects.toMatchObject({ kind: "bad-number" })
  await expect(charter("revoke", ...out, "--key", "3f2a")).rejects.toMatchObject({ kind: "bad-key" })
  await expect(charter("revoke", ...out, "--key", "00".repeat(32))).rejects.toMatchObject({
    kind: "no-such-key",
  })
  await expect(charter("confirm", ...out)).rejects.toMatchObject({ kind: "no-page" })
  await expect(charter("delegate", ...out, "--fingerprint", "aaaa")).rejects.toMatchObject({
    kind: "wrong-organisation",
  })
  await expect(stat(join(here, "p.json"))).rejects.toMatchObject({ code: "ENOENT" })
})

test("[Y10] one command names several keys, parted by spaces or commas", async () => {
  const here = await folder()
  const [week] = (await knownFrom([join(founded, "c")])).delegations
  const keys = [week!.officers[0]!, week!.duties[1]!].map(toHex)
  const args = ["revoke", "--from", join(founded, "c"), "--json", "--out"]
  const spaced = JSON.parse(await charter(...args, join(here, "a.json"), "--key", ...keys))
  const commas = JSON.parse(await charter(...args, join(here, "b.json"), "--key", keys.join(",")))
  for (const { text } of [spaced, commas]) for (const key of keys) expect(text).toContain(key)
})
