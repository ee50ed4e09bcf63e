/** What must not happen to what people write: docs/protocol.md §18 to §22, with everything that goes wrong on the way. */
import { statSync } from "node:fs"
import { join } from "node:path"
import { OPENED_ONLY } from "@kunak/core/board/part"
import { toHex } from "@kunak/core/bytes/hex"
import { attendance } from "@kunak/core/edition/attendance"
import type { Edition } from "@kunak/core/edition/verify"
import { openEnvelope, parseEnvelope } from "@kunak/core/envelope/envelope"
import { signIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import type { SigningKey } from "@kunak/core/keys"
import { EntryAssembly } from "@kunak/core/log/assembly"
import { hashCell, openCell } from "@kunak/core/log/cell"
import { decodeEntry } from "@kunak/core/log/entry"
import { noteKeyOf, openNote, type SealedNote } from "@kunak/core/log/note"
import { must, ok } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { kemOpener, makeKemKey } from "@kunak/core/suite"
import { revocationBytes } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { weekOf } from "@kunak/core/time/instant"
import { LOG_START, LogFollower } from "@kunak/duty/line/log-follower"
import { relayClient } from "@kunak/duty/relay-client"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { TestDesk } from "../testing/test-desk.ts"
import { type DeskLine, deskCapabilities, LINE_KEY, STAFF_KEY } from "../testing/test-line.ts"
import { makePerson, newestEdition } from "../testing/test-person.ts"
import { makeTeam, openThread, queueOf, type Team, textsOf, todayOf } from "../testing/test-team.ts"
import { imageHolds, possibleKeys, vaultImage } from "../testing/vault-image.ts"
import { sql } from "../vault/sql.ts"
import { MESSAGES_A_DAY } from "./threads/take-letter.ts"

const HOUR = 3600
const DAY = 24 * HOUR

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())
const two = async () => (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]
const ring = async (name: "A" | "B") => must(await team.line.stores[name === "A" ? 0 : 1].ringState())
const isAcknowledged = async (name: "A" | "B"): Promise<boolean> => {
  const { head, acknowledged } = await ring(name)
  return head === acknowledged
}

/** How often a desk has moved its write-ahead log into the file since. */
function countCheckpoints(desk: TestDesk): () => number {
  const { vault } = desk.open()
  const plain = vault.checkpoint.bind(vault)
  let count = 0
  Object.assign(vault, {
    checkpoint: () => {
      count += 1
      plain()
    },
  })
  return () => count
}

/** Says an entry in the log as whoever has its keys and capabilities. */
async function sayInLog(line: DeskLine, entry: Parameters<LogFollower["partsOf"]>[0]): Promise<void> {
  const [a] = line.organisation.charter.relays
  const relay = relayClient(a, deskCapabilities(), line.outgoing)
  const keys = { line: new Secret(LINE_KEY.slice()), staff: new Secret(STAFF_KEY.slice()) }
  const { organisationId } = line.organisation.chain
  const log = new LogFollower({ organisationId, keys, random: seededRandom("log") })
  const { place } = must(await log.catchUp(relay, LOG_START))
  must(await log.append(relay, place, log.partsOf(entry)))
}

describe("keys", () => {
  it("[L8] two desks that start at once end up with one key for each window of seven days, and both open everything", async () => {
    const [amina, boris] = await two()
    await team.rounds(25, amina, boris)
    const first = windowOf(team.now())
    for (const one of [amina, boris]) {
      const keys = one.open().sync.line().intakeKeys
      // The last day's are made in turns, and the third officer's desk is not there yet.
      const windows = keys.map(({ window }) => window)
      expect(windows.slice(0, 24)).toEqual(Array.from({ length: 24 }, (_, i) => first + i))
      expect(windows.length).toBeLessThan(28)
      const held = one.open().vault.all(
        sql`select intake_key.window as window from intake_key join intake_seed using (key_id)
              where counts = 1 order by 1`,
        (row) => row.number("window"),
      )
      expect(held).toEqual(keys.map(({ window }) => window))
    }
    const ids = (one: TestDesk) =>
      one
        .open()
        .sync.line()
        .intakeKeys.map(({ keyId }) => String(keyId))
    expect(ids(amina)).toEqual(ids(boris))
    expect((await queueOf(amina)).receivingUntil).toBeGreaterThanOrEqual((first + 24) * 6 * HOUR)
    // One-time keys that have served are gone.
    const kept = amina.open().vault.all(sql`select window from receive_seed`, (row) => row.number("window"))
    expect(Math.min(...kept)).toBeGreaterThanOrEqual(first + 24)
  })

  it("[I1] an intake key that duty signed is refused, by desks and so by the page", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    const { organisation } = team.line
    const delegation = organisation.delegations.find(({ week }) => week === weekOf(team.now()))
    if (!delegation) throw new TypeError("no delegation")
    const window = windowOf((team.now() + 8 * DAY) as never)
    const later = organisation.delegations.find(({ week }) => week === delegation.week + 1) ?? delegation
    const { publicKey } = await makeKemKey(organisation.random)
    const bytes = await signIntakeKey(publicKey, window, organisation.amina, later)
    // The place of an officer, the signature of duty.
    const forged = await signIntakeKey(
      publicKey,
      window,
      {
        ...organisation.duties[0],
        publicKey: organisation.amina.publicKey,
      } as unknown as SigningKey<"officer">,
      later,
    )
    await sayInLog(team.line, { kind: "intake-key", bytes: forged })
    await team.rounds(1, amina)
    const windows = () =>
      amina
        .open()
        .sync.line()
        .intakeKeys.map((key) => key.window)
    expect(windows()).not.toContain(window)
    await sayInLog(team.line, { kind: "intake-key", bytes })
    await team.rounds(1, amina)
    expect(windows()).toContain(window)
  })

  it("[L8] a desk that is enrolled later is given what it needs to read on", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    const person = await makePerson(team.line, "person")
    await person.say({ text: "before" })
    await team.rounds(20, amina)
    const boris = await team.desk("boris")
    await team.rounds(8, boris, amina)
    await person.say({ text: "after" })
    await team.rounds(14, boris, amina)
    expect(await textsOf(boris, person.id)).toEqual(["before", "after"])
    const seeds = boris
      .open()
      .vault.first(sql`select count(*) as n from intake_seed`, (row) => row.number("n"))
    const keys = boris.open().sync.line().intakeKeys.length
    expect(keys).toBeGreaterThanOrEqual(24)
    expect(seeds).toBe(keys)
  })

  it("[L8] an officer taken back: keys are made anew, wrapped to those who are left, and the old ones count no more", async () => {
    const [amina, boris] = await two()
    await team.rounds(20, amina, boris)
    const { organisation } = team.line
    const ids = (one: TestDesk) =>
      one
        .open()
        .sync.line()
        .intakeKeys.map(({ keyId }) => toHex(keyId))
    const heldBy = (one: TestDesk) =>
      one.open().vault.all(sql`select key_id from intake_seed`, (row) => toHex(row.bytes("key_id")))
    const before = new Set([...ids(amina), ...heldBy(amina), ...heldBy(boris)])
    const { boris: taken, signers } = organisation
    const bytes = await revocationBytes(organisation, [taken.publicKey], signers.slice(0, 2), team.now())
    await sayInLog(team.line, { kind: "revocation", bytes })
    await team.rounds(20, amina, boris)
    await team.publish()
    expect(ids(amina).length).toBeGreaterThanOrEqual(24)
    expect(ids(amina).filter((id) => before.has(id))).toEqual([])
    const person = await makePerson(team.line, "person")
    await person.say({ text: "not for Boris" })
    await team.rounds(3, amina)
    const colleague = await team.desk("vera")
    await team.rounds(12, colleague, amina, boris)
    expect(await textsOf(amina, person.id)).toEqual(["not for Boris"])
    expect(await textsOf(colleague, person.id)).toEqual(["not for Boris"])
    expect(await textsOf(boris, person.id)).toEqual([])
    expect(heldBy(boris).filter((id) => !before.has(id))).toEqual([])
  })

  it("[I3] [L7] erased keys open nothing: rings and log recorded, with all that is left in both vaults and every log key", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "Я пишу из дома.", to: "both" })
    await team.rounds(2, amina, boris)
    await boris.ask("hotline/reply", { id: person.id, text: "Мы читаем вас." })
    await boris.ask("hotline/note", { id: person.id, note: "says: from home" })
    await team.rounds(3, amina, boris)
    const before = await recordedSecrets(team.line, [amina, boris])
    expect(before.envelopes, "the recorder can open with the keys of today").toBeGreaterThan(0)
    expect(before.notes).toBeGreaterThan(0)

    for (let hours = 0; hours < 24; hours += 4) {
      await team.sleep(4 * HOUR, amina, boris)
      for (const one of [amina, boris]) await one.unlock()
      await team.rounds(2, amina, boris)
    }
    const after = await recordedSecrets(team.line, [amina, boris])
    expect(after).toEqual({ envelopes: 0, notes: 0, tried: after.tried })
    expect(after.tried).toBeGreaterThan(50)
    expect(await textsOf(amina, person.id)).toEqual(["Я пишу из дома.", "Мы читаем вас."])
  })

  it("[I3] whatever a flood leaves to be told, no key outlives a colleague's longest absence, and who is in a conversation is told first", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    const person = await makePerson(team.line, "person")
    await person.say({ text: "one", to: "both" })
    await team.rounds(3, amina)
    await amina.ask("hotline/reply", { id: person.id, text: "We read you." })
    await team.rounds(3, amina)
    const flooder = await makePerson(team.line, "flooder")
    await flooder.say({ text: "ф".repeat(2_000), to: "A" })
    await team.pass(1)
    await team.line.publish()
    // What six puzzles a minute leave in two weeks, short of their cost.
    await amina.open().sync.hotline.readRings()
    amina.open().vault.change((change) =>
      change.run(sql`insert into ring_pending (relay, position, thread, item, letter)
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 400)
        select relay, position + 1000 + i, randomblob(16), item, letter from ring_pending, n where log_position is null`),
    )
    await person.say({ text: "two", to: "both" })
    await team.rounds(3, amina)
    const untold = () =>
      amina
        .open()
        .vault.first(sql`select count(*) as n from ring_pending where log_position is null`, (row) =>
          row.number("n"),
        ) ?? 0
    expect(untold()).toBeGreaterThan(300)
    const waits = sql`select count(*) as n from ring_pending where log_position is null and thread = ${Buffer.from(person.id, "hex")}`
    expect(amina.open().vault.first(waits, (row) => row.number("n"))).toBe(0)
    const windows = () =>
      amina
        .open()
        .vault.all(sql`select distinct window from intake_seed order by 1`, (row) => row.number("window"))
    const first = windows()[0] ?? 0
    const hop = async (days: number) => {
      await team.sleep(days * DAY, amina)
      await amina.unlock()
      await team.rounds(2, amina)
    }
    for (const days of [4, 4, 4]) await hop(days)
    expect([windows()[0], untold() > 200]).toEqual([first, true])
    await hop(4)
    expect([(windows()[0] ?? 0) > first, untold() > 200]).toEqual([true, true])
  })

  it("[I3] a key is kept while a ring could not be read, or the other relay has not the notes", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    const first = windowOf(team.now())
    team.line.down.add("B")
    for (let hours = 0; hours < 24; hours += 8) {
      await amina.ask("lock")
      await team.sleep(8 * HOUR, amina).catch(() => {})
      await amina.unlock()
      await team.rounds(2, amina)
    }
    const windows = () =>
      amina.open().vault.all(sql`select window from intake_seed order by 1`, (row) => row.number("window"))
    expect(windows()[0]).toBe(first)
    team.line.down.delete("B")
    await team.rounds(2, amina)
    expect(windows()[0]).toBeGreaterThan(first)
  })
})

describe("a desk whose clock is wrong", () => {
  it("[I3] [S16] set weeks ahead it throws nothing away that is needed now, and the line is attended by colleagues", async () => {
    const ahead = { seconds: 0 }
    const clock = {
      wall: () => (team.now() + ahead.seconds) * 1000,
      monotonic: () => team.now() * 1000,
    }
    const amina = await team.desk("amina", { clock })
    const boris = await team.desk("boris")
    await team.rounds(20, amina, boris)
    await team.publish()
    await team.rounds(1, amina, boris)
    const person = await makePerson(team.line, "person")
    const seeds = () =>
      amina.open().vault.first(sql`select count(*) as n from intake_seed`, (row) => row.number("n"))
    const weekKeys = () =>
      amina.open().vault.first(sql`select count(*) as n from week_key`, (row) => row.number("n"))
    await person.say({ text: "before", to: "both" })
    await team.rounds(2, amina, boris)
    const kept = [seeds(), weekKeys()]
    ahead.seconds = 40 * DAY
    await amina.ask("state")
    await amina.unlock()
    await team.rounds(2, amina, boris)
    await team.publish()
    expect([(seeds() ?? 0) >= (kept[0] ?? 0), weekKeys()]).toEqual([true, kept[1]])
    ahead.seconds = 0
    await amina.ask("state")
    await amina.unlock()
    // Boris is away: what Amina can't open now nobody opens.
    await boris.ask("lock")
    await person.say({ text: "after", to: "B" })
    await team.rounds(8, amina)
    await team.publish()
    await team.rounds(1, amina)
    expect(await textsOf(amina, person.id)).toEqual(["before", "after"])
    expect((await queueOf(amina)).unopened).toBeNull()
    expect(attendance(amina.open().sync.watch.edition() as Edition).kind).toBe("attended")
  })

  it("[I7] [S16] years behind, as with a flat battery, it takes letters as they are, and answers once its clock is right", async () => {
    const behind = { seconds: 0 }
    const clock = {
      wall: () => (team.now() - behind.seconds) * 1000,
      monotonic: () => team.now() * 1000,
    }
    const amina = await team.desk("amina", { clock })
    const boris = await team.desk("boris")
    await team.rounds(20, amina, boris)
    await team.publish()
    await team.rounds(1, amina, boris)
    behind.seconds = 1_400 * DAY
    await amina.ask("state")
    await amina.unlock()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "Помогите", to: "both" })
    await team.rounds(3, amina)
    behind.seconds = 0
    await amina.ask("state")
    await amina.unlock()
    await team.rounds(2, amina)
    const message = (await openThread(amina, person.id))?.items[0]
    expect(message).toMatchObject({ kind: "message", text: "Помогите", isQuarantined: false })
    expect((await amina.ask("hotline/reply", { id: person.id, text: "Мы здесь." })).status).toBe(200)
    await team.rounds(3, amina, boris)
    await team.publish()
    expect((await person.look()).map((part) => part.text).filter(Boolean)).toEqual(["Мы здесь."])
  })
})

describe.each([
  ["ahead", 25 * HOUR],
  ["behind", -25 * HOUR],
] as const)("a desk whose clock is a day and an hour %s", (direction, seconds) => {
  it("[S16] [L9] says so, and nothing is lost: letters, what is said of a thread, and answers reach colleagues and the person", async () => {
    const off = { seconds: 0 }
    const wall = () => (team.now() + off.seconds) * 1000
    const amina = await team.desk("amina", {
      clock: { wall, monotonic: () => team.now() * 1000 },
      // As relays answer: with the time that it is.
      outgoing: async (exchange) => {
        const answer = await team.line.outgoing(exchange)
        const date = new Date(team.now() * 1000).toUTCString()
        return answer.ok ? ok({ ...answer.value, date }) : answer
      },
    })
    const boris = await team.desk("boris")
    const vera = await team.desk("vera")
    await team.rounds(9, amina, boris, vera)
    await team.publish()
    await team.rounds(1, amina, boris, vera)
    off.seconds = seconds
    await amina.ask("state")
    await amina.unlock()
    for (const one of [boris, vera]) await one.ask("lock")
    const person = await makePerson(team.line, "person")
    await person.say({ text: "Помогите", to: "both" })
    await team.rounds(4, amina)
    const wrong = (await todayOf(amina)).items.filter(({ kind }) => /clock|stale|ahead/.test(kind))
    expect(wrong).toEqual([
      { kind: "clock-wrong", seconds: expect.any(Number), by: "relays", urgency: "now" },
    ])
    const [item] = wrong
    expect(item?.kind === "clock-wrong" && Math.abs(item.seconds - seconds)).toBeLessThanOrEqual(2)
    expect(await textsOf(amina, person.id)).toEqual(["Помогите"])
    await amina.ask("hotline/urgency", { id: person.id, urgency: "danger-to-life" })
    await amina.ask("hotline/assign", { id: person.id, to: "officer 2" })
    const sent = await amina.ask("hotline/reply", { id: person.id, text: "Мы здесь." })
    expect([direction, sent.status]).toEqual([direction, 200])
    await team.rounds(4, amina)
    for (const one of [boris, vera]) await one.unlock()
    await team.rounds(3, boris, vera)
    expect((await openThread(boris, person.id))?.thread).toMatchObject({
      urgency: "danger-to-life",
      assignee: "officer 2",
      isMine: true,
    })
    // Boris, whose clock is right, changes what the other said, and both hold the same.
    await boris.ask("hotline/urgency", { id: person.id, urgency: "high" })
    await team.rounds(3, boris, amina, vera)
    const urgencies: unknown[] = []
    for (const one of [amina, boris, vera]) urgencies.push((await openThread(one, person.id))?.thread.urgency)
    expect(urgencies).toEqual(["high", "high", "high"])
    for (const one of [boris, vera])
      expect((await todayOf(one)).items.filter(({ kind }) => kind === "notes-lost")).toEqual([])

    off.seconds = 0
    await amina.ask("state")
    await amina.unlock()
    await team.rounds(3, amina, boris)
    await team.publish()
    await team.rounds(1, amina)
    expect((await person.look()).map((part) => part.text).filter(Boolean)).toEqual(["Мы здесь."])
    expect((await todayOf(amina)).items.filter(({ kind }) => kind === "clock-wrong")).toEqual([])
    for (const one of [amina, boris]) expect(await textsOf(one, person.id)).toEqual(["Помогите", "Мы здесь."])
  })
})

/** What a recorder of both relays opens with every 32 bytes that these vaults hold, and the keys of the log. */
async function recordedSecrets(line: DeskLine, desks: readonly TestDesk[]) {
  const images = []
  for (const one of desks) {
    await one.ask("lock")
    images.push(await vaultImage(one))
    await one.unlock()
  }
  const candidates = possibleKeys(images)
  const { organisationId } = line.organisation.chain
  const envelopes: Uint8Array[] = []
  for (const store of line.stores) {
    const state = must(await store.ringState())
    const page = must(await store.readRing(state.slots, 64))
    envelopes.push(...page.envelopes)
  }
  const notes = await recordedNotes(line)
  let [openedEnvelopes, openedNotes] = [0, 0]
  for (const bytes of candidates) {
    const opener = await kemOpener(new Secret(bytes.slice()))
    for (const each of envelopes) {
      const envelope = parseEnvelope(each)
      if (envelope && (await openEnvelope(envelope, opener, organisationId))) openedEnvelopes += 1
    }
    const noteKeys = [new Secret(bytes.slice()), await noteKeyOf(new Secret(bytes.slice()))]
    for (const note of notes)
      for (const key of noteKeys) if (await openNote(note, key, organisationId)) openedNotes += 1
  }
  return { envelopes: openedEnvelopes, notes: openedNotes, tried: candidates.length }
}

/** All sealed notes of the log, read with both log keys. */
async function recordedNotes(line: DeskLine): Promise<readonly SealedNote[]> {
  const { organisationId } = line.organisation.chain
  const keys = { line: new Secret(LINE_KEY.slice()), staff: new Secret(STAFF_KEY.slice()) }
  const assembly = new EntryAssembly()
  const notes: SealedNote[] = []
  let previousHash: Uint8Array = new Uint8Array(32)
  for (let position = 0; ; ) {
    const { cells } = must(await line.stores[0].read(position, 64))
    if (cells.length === 0) return notes
    for (const cell of cells) {
      const opened = await openCell(cell, { organisationId, position, previousHash }, keys)
      const bytes = opened && assembly.add(opened.compartment, opened.part)
      const entry = bytes && decodeEntry(bytes)
      if (entry?.kind === "sealed") notes.push(entry.note)
      previousHash = hashCell(cell)
      position += 1
    }
  }
}

describe("rings", () => {
  it("[I3] nothing is acknowledged before its note stands in the log of both relays", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    const person = await makePerson(team.line, "person")
    await team.rounds(1, amina)
    expect(await isAcknowledged("A")).toBe(true)
    team.line.down.add("B")
    await person.say({ text: "one" })
    await team.rounds(3, amina)
    expect(await textsOf(amina, person.id)).toEqual(["one"])
    expect(await isAcknowledged("A")).toBe(false)
    team.line.down.delete("B")
    await team.rounds(2, amina)
    expect(await isAcknowledged("A")).toBe(true)
  })

  it("[S9] with relay A down what comes to B is opened and shown, and told when A is back", async () => {
    const [amina, boris] = await two()
    team.line.down.add("A")
    const person = await makePerson(team.line, "person")
    await person.say({ text: "through B", to: "B" })
    await team.rounds(2, amina)
    expect(await textsOf(amina, person.id)).toEqual(["through B"])
    expect(await isAcknowledged("B")).toBe(false)
    team.line.down.delete("A")
    await team.rounds(3, amina, boris)
    expect(await textsOf(boris, person.id)).toEqual(["through B"])
    expect(await isAcknowledged("B")).toBe(true)
  })

  it("[S10] whoever only reads leaves nothing in vault or log, and is acknowledged", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    await team.rounds(22, amina)
    const reader = await makePerson(team.line, "reader")
    await reader.say({ text: null, to: "both", times: 20 })
    const notes = (await recordedNotes(team.line)).length
    await team.rounds(3, amina)
    expect((await queueOf(amina)).threads).toEqual([])
    expect((await recordedNotes(team.line)).length).toBe(notes)
    expect(await isAcknowledged("A")).toBe(true)
    await amina.ask("lock")
    expect(imageHolds(await vaultImage(amina), reader.threadId)).toBe(false)
  })

  it("[S11] what nobody can open is counted, said, and given up only when its key is known to be gone", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    const person = await makePerson(team.line, "person")
    const random = seededRandom("rubbish")
    const rubbish = random(4096)
    rubbish[0] = 1
    must(await team.line.stores[0].post(rubbish))
    await person.say({ text: "behind the rubbish" })
    await team.rounds(3, amina)
    expect(await textsOf(amina, person.id)).toEqual(["behind the rubbish"])
    expect(await isAcknowledged("A")).toBe(false)
    expect(await queueOf(amina)).toMatchObject({ unopened: 1, unopenable: 0 })
    expect((await todayOf(amina)).items).toContainEqual(
      expect.objectContaining({ kind: "unopened", count: 1 }),
    )
    await team.sleep(25 * HOUR, amina)
    await amina.unlock()
    await team.rounds(2, amina)
    expect(await isAcknowledged("A")).toBe(true)
    expect(await queueOf(amina)).toMatchObject({ unopened: null, unopenable: 1 })
  })

  it("[S12] a thread that floods: two hundred a day are kept, the rest counted, others are read as before", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    const flood = await makePerson(team.line, "flood")
    const person = await makePerson(team.line, "person")
    for (let i = 0; i < MESSAGES_A_DAY + 30; i += 1) await flood.say({ text: `again and again ${i}` })
    await person.say({ text: "one among many" })
    await team.rounds(10, amina)
    const threads = (await queueOf(amina)).threads
    expect(threads.find(({ id }) => id === flood.id)).toMatchObject({
      messages: MESSAGES_A_DAY,
      putAside: 30,
    })
    expect(await textsOf(amina, person.id)).toEqual(["one among many"])
    await team.rounds(10, amina)
    expect(await isAcknowledged("A")).toBe(true)
  })

  it("[S2] says the same to relays whether people write or nobody does, and acknowledges ends of readings only", async () => {
    const [amina] = (await team.start("amina")) as readonly [TestDesk]
    await team.rounds(24, amina)
    const person = await makePerson(team.line, "person")
    const said = async (): Promise<readonly string[]> => {
      team.line.sent.length = 0
      await team.rounds(1, amina)
      return [...team.line.sent]
    }
    await person.say({ text: null })
    const silent = await said()
    await person.say({ text: "Помогите" })
    const spoken = await said()
    expect(spoken).toEqual(silent)
    expect(silent.filter((line) => line.includes("/ring/acknowledge"))).toHaveLength(2)
  })

  it("[S13] Today tells how full a ring is, and that nobody receives", async () => {
    const amina = await team.desk("amina")
    await team.publish()
    await amina.open().sync.refresh()
    expect((await todayOf(amina)).items).toContainEqual(expect.objectContaining({ kind: "not-receiving" }))
    await team.rounds(7, amina)
    await team.publish()
    await team.rounds(1, amina)
    const person = await makePerson(team.line, "person")
    team.line.down.add("B")
    const { slots } = await ring("A")
    await person.say({ text: "x", times: 1 })
    await person.say({ text: null, times: Math.ceil(slots * 0.25) })
    await team.rounds(1, amina)
    expect((await todayOf(amina)).items).toContainEqual(
      expect.objectContaining({ kind: "ring-filling", relay: "A", percent: 25, urgency: "soon" }),
    )
  })
})

describe("threads", () => {
  it("[I7] the same thread id under other keys is set aside and said, and gets no answer's keys", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "this is me" })
    await team.rounds(1, amina)
    const impostor = await makePerson(team.line, "impostor", person.threadId)
    await impostor.say({ text: "no, this is me" })
    await team.rounds(3, amina, boris)
    for (const one of [amina, boris]) {
      const items = (await openThread(one, person.id))?.items ?? []
      expect(items).toMatchObject([
        { text: "this is me", isQuarantined: false },
        { text: "no, this is me", isQuarantined: true },
      ])
    }
    await amina.ask("hotline/reply", { id: person.id, text: "To the first." })
    await team.rounds(2, amina)
    await team.publish()
    expect((await person.look()).map((part) => part.text)).toContain("To the first.")
    expect(await impostor.look()).toEqual([])
  })

  it("[L9] deleted is deleted: in both vaults, on the board, and for letters that come later", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    const secret = "canary of the river mill"
    await person.say({ text: secret })
    await team.rounds(2, amina, boris)
    await boris.ask("hotline/reply", { id: person.id, text: `answer to the ${secret}` })
    await boris.ask("hotline/draft", { id: person.id, text: `draft about the ${secret}` })
    await amina.ask("hotline/note", { id: person.id, note: `note on the ${secret}` })
    await team.rounds(3, amina, boris)
    await team.publish()
    expect((await person.look()).length).toBeGreaterThan(1)
    // Something of it still waits to be said at the other desk.
    await boris.ask("hotline/label", { id: person.id, label: secret })
    const checkpoints = countCheckpoints(boris)
    expect((await amina.ask("hotline/delete", { id: person.id })).status).toBe(200)
    // The write-ahead log would hold the pages as they were.
    expect(statSync(join(amina.folder, "officer.vault-wal")).size).toBe(0)
    await person.say({ text: `again the ${secret}` })
    await team.rounds(3, amina, boris)
    await team.publish()
    expect(await person.look()).toEqual([])
    expect(checkpoints()).toBe(1)
    for (const one of [amina, boris]) {
      expect(await openThread(one, person.id)).toBeNull()
      expect((await queueOf(one)).threads).toEqual([])
      await one.ask("lock")
      const image = await vaultImage(one)
      expect(imageHolds(image, secret)).toBe(false)
      // The tombstone is all that is left.
      expect(imageHolds(image, person.threadId)).toBe(true)
      await one.unlock()
    }
    expect(await isAcknowledged("A")).toBe(true)
  })

  it("[L9] facts said at once at two desks: both end with the same", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "hello" })
    await team.rounds(2, amina, boris)
    await amina.ask("hotline/label", { id: person.id, label: "from amina" })
    await boris.ask("hotline/label", { id: person.id, label: "from boris" })
    await amina.ask("hotline/urgency", { id: person.id, urgency: "low" })
    team.pass(1)
    await boris.ask("hotline/urgency", { id: person.id, urgency: "danger-to-life" })
    await team.rounds(3, amina, boris)
    const [a, b] = [await openThread(amina, person.id), await openThread(boris, person.id)]
    expect(a?.thread.label).toBe(b?.thread.label)
    expect(a?.thread.urgency).toBe("danger-to-life")
    expect(b?.thread.urgency).toBe("danger-to-life")
  })
})

describe("replies", () => {
  it("[O1] both desks answer at once: no sequence twice, both answers are read", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "question" })
    await team.rounds(2, amina, boris)
    await Promise.all([
      amina.ask("hotline/reply", { id: person.id, text: "first answer" }),
      boris.ask("hotline/reply", { id: person.id, text: "second answer" }),
      amina.ask("hotline/reply", { id: person.id, text: "third answer" }),
    ])
    await team.rounds(3, amina, boris)
    await team.publish()
    const parts = (await person.look()).filter(({ sequence }) => sequence !== OPENED_ONLY)
    expect(parts.map((part) => part.text).sort()).toEqual(["first answer", "second answer", "third answer"])
    expect(new Set(parts.map(({ sequence }) => sequence)).size).toBe(3)
    expect((await textsOf(amina, person.id)).length).toBe(4)
    expect(await textsOf(boris, person.id)).toEqual(expect.arrayContaining(["first answer", "third answer"]))
  })

  it("[O5] a reply that ran out unread is placed again when the person is back with later keys", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "question" })
    await team.rounds(2, amina, boris)
    await boris.ask("hotline/reply", { id: person.id, text: "the answer" })
    await team.rounds(3, amina, boris)
    // Boris stays away; Amina looks after the line, a day at a time.
    for (let days = 0; days < 24; days += 6) {
      await team.sleep(6 * DAY, amina, boris)
      await amina.unlock()
      await team.rounds(4, amina)
    }
    await team.publish()
    expect(await person.look()).toEqual([])
    expect((await openThread(amina, person.id))?.items.at(-1)).toMatchObject({ state: "gone" })
    await amina.ask("hotline/reply", { id: person.id, text: "written without keys" })
    await team.rounds(2, amina)
    await team.publish()
    expect(await person.look()).toEqual([])
    await person.say({ text: "I am back" })
    await team.rounds(4, amina)
    await team.publish()
    const texts = (await person.look()).filter((part) => part.text !== "").map((part) => part.text)
    expect(texts).toEqual(["the answer", "written without keys"])
  })

  it("[O5] a reply that ran out in the middle of a week is placed again in that week, though the person had been there on its Monday", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "question" })
    await team.rounds(2, amina, boris)
    const days = async (count: number) => {
      await team.sleep(count * DAY, amina, boris)
      await amina.unlock()
      await team.rounds(4, amina)
      await team.publish()
      return (await person.look()).flatMap((part) => part.text || [])
    }
    await days(2)
    // On a Wednesday, for fourteen days.
    await amina.ask("hotline/reply", { id: person.id, text: "the answer" })
    await team.rounds(3, amina)
    for (const count of [6, 6]) expect(await days(count)).toEqual(["the answer"])
    // Monday: somebody looks in, and gives the keys of this week.
    await person.say({ text: null })
    await team.rounds(3, amina)
    expect(await days(4), "Friday: it is over").toEqual([])
    await person.say({ text: null })
    await team.rounds(3, amina)
    await team.publish()
    expect((await person.look()).flatMap((part) => part.text || [])).toEqual(["the answer"])
    await team.rounds(1, amina)
    expect((await openThread(amina, person.id))?.items.at(-1)).toMatchObject({ state: "on-board" })
    // Read, it is not placed for whoever looks in again.
    const read = (await person.look()).map(({ sequence }) => sequence)
    await person.say({ text: null, read })
    await person.say({ text: null })
    await team.rounds(4, amina)
    await team.publish()
    expect((await person.look()).flatMap((part) => part.text || [])).toEqual([])
  })

  it("[S14] the second desk answers while the first is away", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "question" })
    await team.rounds(2, amina, boris)
    await amina.ask("hotline/assign", { id: person.id, to: "officer 1" })
    await team.rounds(2, amina, boris)
    await team.sleep(HOUR, amina)
    await boris.ask("hotline/reply", { id: person.id, text: "from boris" })
    await team.rounds(3, boris)
    await team.publish()
    expect((await person.look()).map((part) => part.text)).toContain("from boris")
    await amina.unlock()
    await team.rounds(1, amina)
    expect(await textsOf(amina, person.id)).toEqual(["question", "from boris"])
    expect((await openThread(amina, person.id))?.thread.unansweredSince).toBeNull()
  })
})

describe("a desk that was away", () => {
  it("[S15] one desk for three days: everything is caught up, nothing lost, nothing twice", async () => {
    const [amina, boris] = await two()
    await team.rounds(20, amina, boris)
    const person = await makePerson(team.line, "person")
    await boris.ask("lock")
    const written: string[] = []
    for (let days = 0; days < 3; days += 1) {
      await team.sleep(DAY, amina, boris)
      await amina.unlock()
      written.push(`day ${days}`)
      await person.say({ text: `day ${days}`, to: days % 2 === 0 ? "A" : "B" })
      await team.rounds(4, amina)
    }
    expect(await textsOf(amina, person.id)).toEqual(written)
    await boris.unlock()
    await team.rounds(2, boris)
    expect(await textsOf(boris, person.id)).toEqual(written)
    expect((await queueOf(boris)).missedWindows).toEqual([])
    expect((await queueOf(boris)).unopened).toBeNull()
  })

  it("[S15] both desks for three days: the rings keep everything until somebody is back", async () => {
    const [amina, boris] = await two()
    await team.rounds(20, amina, boris)
    const person = await makePerson(team.line, "person")
    const written: string[] = []
    for (let days = 0; days < 3; days += 1) {
      await team.sleep(DAY, amina, boris)
      written.push(`day ${days}`)
      await person.say({ text: `day ${days}`, to: days % 2 === 0 ? "A" : "B" })
    }
    for (const one of [boris, amina]) await one.unlock()
    await team.rounds(3, boris, amina)
    for (const one of [amina, boris]) expect([...(await textsOf(one, person.id))].sort()).toEqual(written)
    expect(await isAcknowledged("A")).toBe(true)
    expect((await newestEdition(team.line)).header.intakeKey.length).toBeGreaterThan(0)
  })
})
