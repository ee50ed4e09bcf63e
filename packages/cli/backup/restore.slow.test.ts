/** Machines are lost and come back from backups, on real processes: nothing is counted twice. docs/backup.md */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { EditionId } from "@kunak/core/edition/header"
import { signTermRequest } from "@kunak/core/edition/term"
import { STRETCH_POSITIONS, STRETCH_SECONDS, stretchOf, stretchStart } from "@kunak/core/log/positions"
import { must, type Result } from "@kunak/core/result"
import { encodeRevocation, encodeRevocationBody } from "@kunak/core/revocation/revocation"
import { reveal, Secret } from "@kunak/core/secret"
import { signBody } from "@kunak/core/signature/signed"
import { signingKeyFromSeed } from "@kunak/core/suite"
import { instantFromMs } from "@kunak/core/time/instant"
import { readOfficer } from "@kunak/desk/enrolment/officer"
import { openVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"
import { LOG_START, LogFollower, trimmedIn } from "@kunak/duty/line/log-follower"
import { afterAll, beforeAll, expect, test } from "vitest"
import { passToStretch, REAL_PASSPHRASE, type RealLine, realLine, until } from "../testing/real-line.ts"

let line: RealLine
beforeAll(async () => {
  line = await realLine()
})
afterAll(() => line?.close())

const at = (...names: readonly string[]): string => join(line.folder, ...names)
const words = (): readonly string[] => ["--passphrase-file", line.words]
const vaultWords = (): readonly string[] => ["--vault-passphrase-file", line.words]
const kind = (said: string): string => (JSON.parse(said) as { error: { kind: string } }).error.kind
const isAfter = (a: EditionId, b: EditionId): boolean =>
  a.term > b.term || (a.term === b.term && a.number > b.number)
const relay = (name: string) => line.start("relay", "--config", at(name, "relay.json"))
const newer = (origin: string, than: EditionId | null): Promise<EditionId> =>
  until(`a newer edition at ${origin}`, async () => {
    const id = await line.edition(origin)
    return id && (!than || isAfter(id, than)) ? id : null
  })

type Answer = Result<unknown, { readonly kind: string }>
/** A busy machine lets exchanges run out of time: asked again until the relay has answered, whatever it says. */
const heard = <A extends Answer>(what: string, ask: () => Promise<A>): Promise<A> =>
  until(what, async () => {
    const answer = await ask()
    return answer.ok || answer.error.kind !== "relay-down" ? answer : null
  })
const sure = async <T, E extends { readonly kind: string }>(ask: () => Promise<Result<T, E>>): Promise<T> =>
  must(await heard("an answer", ask))

test("[BU8] [BU9] relay A, lost and restored from an older backup, gives no term, position or edition again, nor does a duty", async () => {
  const [originA, originB] = line.origins
  let a = relay("relay-a")
  relay("relay-b")
  const duty = line.start("duty", "--dir", at("duty-1"))
  await newer(originA, null)
  const running = await line.kunak(
    "backup",
    "relay",
    at("relay-a", "relay.json"),
    "--to",
    at("a.age"),
    ...words(),
    "--json",
  )
  expect([running.code, kind(running.error)]).toEqual([3, "in-use"])
  await line.end(a)
  const taken = await line.kunak(
    "backup",
    "relay",
    at("relay-a", "relay.json"),
    "--to",
    at("a.age"),
    ...words(),
    "--json",
  )
  expect([taken.code, taken.error]).toEqual([0, ""])
  expect((await readFile(at("a.age"))).toString("latin1")).not.toMatch(/kunak|relay|charter/)
  a = relay("relay-a")

  // Since the backup: editions, cells, a term, a key taken back.
  const duties = [await line.enrolment("duty-1"), await line.enrolment("duty-2")]
  const [dutyA, dutyB] = line.clients(duties[1] as never)
  const officer = line.ceremony.officers[0]
  if (!officer) throw new TypeError("no officer")
  const [deskA, deskB] = line.clients(officer)
  const second = signingKeyFromSeed("duty", reveal((duties[1] as never as { seed: Secret<Uint8Array> }).seed))
  const { organisationId } = line.ceremony.chain
  const log = new LogFollower({
    organisationId,
    keys: { line: new Secret(reveal(officer.lineKey).slice()), staff: null as never },
    random: line.random,
  })
  await until("relay A again", async () => (await deskA.readLog(0, 0)).ok)
  const first = (await sure(() => log.catchUp(deskA, LOG_START))).place
  const granted = await until("a term for duty 2", async () => {
    const known = (await line.edition(originB)) as EditionId
    const answer = await dutyA.requestTerm(await signTermRequest(second, known.term))
    return answer.ok ? { term: known.term + 1 } : null
  })
  const { signers, chain } = { signers: line.ceremony.signers, chain: line.ceremony.chain }
  const body = encodeRevocationBody({
    organisationId,
    time: instantFromMs(line.clock.now()),
    keys: [second.publicKey],
    by: "signers",
    authority: chain.current.hash,
  })
  const signatures = []
  for (let index = 0; index < chain.current.charter.threshold; index += 1)
    signatures.push({ index, signature: await signBody("revocation", body, signers[index] as never) })
  const bytes = encodeRevocation({ body, signatures })
  await sure(() => dutyA.revoke(bytes))
  await sure(() => dutyB.revoke(bytes))
  // Into the log, so that duty carries it in the bulletin that the restored relay asks for.
  const said = await until("the revocation in the log", async () => {
    const read = await log.catchUp(deskA, first)
    if (!read.ok) return null
    const written = await log.append(deskA, read.value.place, log.partsOf({ kind: "revocation", bytes }))
    return written.ok ? written.value : null
  })
  const before = await until("an edition under duty 1's newer term", async () => {
    const id = await line.edition(originB)
    const page = await fetch(`${originB}/bulletin`)
      .then((answer) => answer.arrayBuffer())
      .catch(() => new ArrayBuffer(0))
    const carries = Buffer.from(page).includes(Buffer.from(bytes))
    return id && carries && id.term > granted.term ? id : null
  })
  await until("the mirror", async () => {
    const mirrored = await deskB.readLog(0, 0)
    return mirrored.ok && mirrored.value.head >= said.position
  })
  const ring = await sure(() => deskA.readRing(0, 1))

  // Its disk is gone.
  await line.end(a, "SIGKILL")
  await rm(at("relay-a"), { recursive: true })
  passToStretch(line)
  const restored = await line.kunak("restore", at("a.age"), "--to", at("relay-a"), ...words(), "--json")
  expect([restored.code, restored.error]).toEqual([0, ""])
  const { counters, revocations } = JSON.parse(restored.out) as {
    counters: { term: number; logHead: number; ringHead: number }
    revocations: number
  }
  expect(revocations).toBe(1)
  const stretch = stretchOf(counters.logHead)
  expect(counters.term).toBe(stretch * STRETCH_SECONDS)
  expect(counters.term).toBeGreaterThan(before.term + 2 ** 20)
  expect(counters.logHead).toBe(stretchStart(stretch) + 1)
  expect(counters.ringHead).toBe(stretchStart(stretch))
  expect(counters.ringHead).toBeGreaterThan(ring.head + STRETCH_POSITIONS)
  expect((await readdir(at("relay-a"))).sort()).toEqual([
    "charter.kunak",
    "relay.db",
    "relay.json",
    "term.key",
  ])
  a = relay("relay-a")

  // T13: the key that was taken back since gets nothing; T6: nor is a term given again.
  await until("the restored relay", async () => (await deskA.readLog(0, 0)).ok)
  const request = await signTermRequest(second, counters.term)
  const refused = await heard("an answer to duty 2", () => dutyA.requestTerm(request))
  expect(refused).toMatchObject({ ok: false, error: { kind: "relay-refuses" } })
  const once = await newer(originA, before)
  expect(once.term).toBeGreaterThan(counters.term)
  expect((await newer(originB, before)).term).toBe(once.term)
  const written = await sure(() => deskA.readLog(counters.logHead, 1))
  expect(written.cells).toHaveLength(1)

  // The disk is gone again, and nobody has made another backup since.
  await line.end(a, "SIGKILL")
  await rm(at("relay-a"), { recursive: true })
  // Its service writes elsewhere.
  await mkdir(at("state"))
  const store = at("state", "relay.db")
  const again = (...more: readonly string[]) =>
    line.kunak("restore", at("a.age"), "--to", at("relay-a"), ...words(), "--json", ...more)
  await writeFile(store, "somebody's store")
  const taken2 = await again("--store", store)
  expect([taken2.code, kind(taken2.error)]).toEqual([2, "exists"])
  await rm(store)
  passToStretch(line)
  const twice = await again("--store", store)
  expect([twice.code, twice.error]).toEqual([0, ""])
  expect((await readdir(at("relay-a"))).sort()).toEqual(["charter.kunak", "relay.json", "term.key"])
  expect(await readdir(at("state"))).toEqual(["relay.db"])
  expect(JSON.parse(await readFile(at("relay-a", "relay.json"), "utf8"))).toMatchObject({
    store: { kind: "sqlite", path: store },
  })
  const { counters: next } = JSON.parse(twice.out) as { counters: typeof counters }
  expect(next.logHead).toBeGreaterThanOrEqual(counters.logHead + STRETCH_POSITIONS)
  expect(next.ringHead).toBeGreaterThanOrEqual(counters.ringHead + STRETCH_POSITIONS)
  expect(next.term).toBeGreaterThan(once.term)
  a = relay("relay-a")
  await until("the relay restored twice", async () => (await deskA.readLog(0, 0)).ok)
  const after = await newer(originA, once)
  expect(after.term).toBeGreaterThan(next.term)
  const refusedAgain = await heard("an answer to duty 2", async () =>
    dutyA.requestTerm(await signTermRequest(second, after.term)),
  )
  expect(refusedAgain).toMatchObject({ ok: false, error: { kind: "relay-refuses" } })
  // T10: desks read on, over the gap, and miss nothing that relay B has.
  const read = await sure(() => log.catchUp(deskA, first, deskB))
  expect(trimmedIn(read.gaps)).toBe(0)
  expect(read.gaps.every(({ isAsked }) => isAsked)).toBe(true)
  expect(read.entries.some(({ entry }) => entry.kind === "revocation")).toBe(true)
  expect(read.place.position).toBeGreaterThan(next.logHead)
  expect((await sure(() => deskA.readLog(0, 1))).first).toBe(next.logHead - 1)
  for (const used of [0, first.position, said.position, counters.logHead]) {
    const cell = line.random(4_096)
    const answer = await heard("an answer to an append", () => deskA.appendLog(used, [cell]))
    expect(answer).toMatchObject({ ok: false, error: { kind: "stale-head" } })
  }
  // R3: who has seen a position never meets a smaller one.
  const rings = await sure(() => deskA.readRing(ring.head, 64))
  expect([rings.head, rings.acknowledged]).toEqual([next.ringHead, next.ringHead])
  await until("the mirror over the gap", async () => {
    const mirrored = await deskB.readLog(0, 0)
    return mirrored.ok && mirrored.value.head > next.logHead
  })

  // BU9: duty's folder is lost, too, and comes back from a backup.
  const kept = await line.kunak("backup", "duty", at("duty-1"), "--to", at("duty.age"), ...words(), "--json")
  expect([kept.code, kept.error]).toEqual([0, ""])
  const last = await newer(originB, after)
  await line.end(duty, "SIGKILL")
  await rm(at("duty-1"), { recursive: true })
  expect((await line.kunak("restore", at("duty.age"), "--to", at("duty-1"), ...words(), "--json")).code).toBe(
    0,
  )
  const memory = JSON.parse(await readFile(at("duty-1", "memory.json"), "utf8"))
  expect(memory).toMatchObject({ grant: null, number: 0, position: 0, parts: [] })
  line.start("duty", "--dir", at("duty-1"))
  const anew = await newer(originB, last)
  expect([anew.term > last.term, anew.number <= 3]).toEqual([true, true])
}, 1_800_000)

test("[BU3] a vault comes back under a new passphrase; what is wrong is said, and nothing is left", async () => {
  await line.endAll()
  const vault = at("officer-1", "officer.vault")
  const backup = (...more: readonly string[]) =>
    line.kunak("backup", "vault", vault, "--to", at("v.age"), ...words(), ...vaultWords(), "--json", ...more)
  // A desk has it open: this process stands for one.
  await writeFile(`${vault}.lock`, JSON.stringify({ pid: process.pid, startedTicks: null }))
  const open = await backup()
  expect([open.code, kind(open.error)]).toEqual([3, "vault-in-use"])
  await rm(`${vault}.lock`)
  const taken = await backup()
  expect([taken.code, taken.error]).toEqual([0, ""])
  const again = await backup()
  expect([again.code, kind(again.error)]).toEqual([2, "exists"])

  const restore = (file: string, to: string, ...more: readonly string[]) =>
    line.kunak("restore", file, "--to", to, ...words(), ...vaultWords(), "--json", ...more)
  await writeFile(at("other-words"), "other words than those\n")
  const wrong = await line.kunak(
    "restore",
    at("v.age"),
    "--to",
    at("new.vault"),
    "--passphrase-file",
    at("other-words"),
    "--json",
  )
  expect([wrong.code, kind(wrong.error)]).toEqual([1, "wrong-passphrase"])
  const whole = await readFile(at("v.age"))
  await writeFile(at("cut.age"), whole.subarray(0, whole.length - 1))
  await writeFile(
    at("altered.age"),
    Buffer.concat([whole.subarray(0, -1), Buffer.of((whole.at(-1) as number) ^ 1)]),
  )
  for (const [name, expected] of [
    ["cut.age", "not-whole"],
    ["altered.age", "altered"],
  ] as const) {
    const failed = await restore(at(name), at("new.vault"))
    expect([failed.code, kind(failed.error)]).toEqual([1, expected])
  }
  // No relay runs.
  const unread = await restore(at("v.age"), at("new.vault"))
  expect([unread.code, kind(unread.error)]).toEqual([3, "no-relay"])
  // No room: a disk that is full after a few pages.
  const disk = at("disk")
  await mkdir(disk)
  expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", disk]).status).toBe(0)
  const full = await restore(at("v.age"), join(disk, "new.vault"), "--no-log")
  const fullBackup = await line.kunak(
    "backup",
    "duty",
    at("duty-2"),
    "--to",
    join(disk, "d.age"),
    ...words(),
    "--json",
  )
  const left = await readdir(disk)
  spawnSync("umount", ["-l", disk])
  expect([full.code, kind(full.error).replace("disk-full", "no-space")]).toEqual([3, "no-space"])
  expect([fullBackup.code, kind(fullBackup.error)]).toEqual([3, "no-space"])
  expect(left).toEqual([])
  expect((await readdir(line.folder)).filter((name) => name.startsWith("new.vault"))).toEqual([])

  // Both: relay A was restored above, and behind a leap only A can tell what stands.
  relay("relay-a")
  relay("relay-b")
  for (const origin of line.origins)
    await until("both relays", async () => (await fetch(origin).catch(() => null)) !== null)
  const done = await until("an answer in time", async () => {
    const tried = await restore(at("v.age"), at("new.vault"))
    return tried.code === 3 && kind(tried.error) === "no-relay" ? null : tried
  })
  expect([done.code, done.error]).toEqual([0, ""])
  expect(JSON.parse(done.out)).toMatchObject({ kind: "vault", log: true, delegated: true })
  expect(existsSync(`${at("new.vault")}.lock`)).toBe(false)
  const place = { file: at("new.vault"), migrations: SCHEMA, random: line.random }
  const unlocking = { passphrase: passphraseBytes(REAL_PASSPHRASE), remoteShare: null }
  const opened = must(await openVault(place, unlocking))
  expect((await readOfficer(opened)).label).toBe(line.ceremony.officers[0]?.label)
  opened.lock()
  const taken2 = await restore(at("v.age"), at("new.vault"))
  expect([taken2.code, kind(taken2.error)]).toEqual([2, "exists"])
  await chmod(at("new.vault"), 0o600)
}, 1_800_000)
