/** Whoever may let slots be overwritten must not be able to silence the line: a seized desk's capability, or a relay's word. */
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { TestDesk } from "../../testing/test-desk.ts"
import { makePerson } from "../../testing/test-person.ts"
import { makeTeam, queueOf, type Team, textsOf, todayOf } from "../../testing/test-team.ts"
import { sql } from "../../vault/sql.ts"
import { unopenedOf } from "./ring-store.ts"

const HOUR = 3600
const DAY = 24 * HOUR

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())

/** As the adversary does it at both relays, every second. */
async function acknowledgeAll(): Promise<void> {
  for (const store of team.line.stores) must(await store.acknowledge(must(await store.ringState()).head))
}

const one = async (): Promise<TestDesk> => {
  const [amina] = (await team.start("amina")) as readonly [TestDesk]
  await team.rounds(20, amina)
  return amina
}
const lastReceipt = (desk: TestDesk) => desk.open().sync.line().receipt?.receipt

/** @returns how many envelopes of nobody went over what was there. */
async function overwrite(name: "A" | "B", more = 0): Promise<number> {
  const store = team.line.stores[name === "A" ? 0 : 1]
  const count = must(await store.ringState()).slots + more
  const rubbish = new Uint8Array(ENVELOPE_BYTES)
  for (let i = 0; i < count; i += 1) {
    await acknowledgeAll()
    must(await store.post(rubbish))
  }
  return count
}

describe("what somebody else acknowledges", () => {
  it("[S17] is opened all the same: by whoever holds the capability", async () => {
    const amina = await one()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "Помогите", to: "both" })
    await acknowledgeAll()
    await team.rounds(3, amina)
    expect(await textsOf(amina, person.id)).toEqual(["Помогите"])
    await team.publish()
    expect((await person.look()).flatMap(({ opened }) => opened)).toHaveLength(1)
  })

  it("[S17] is opened all the same: by a relay that says so", async () => {
    const amina = await one()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "through A", to: "A" })
    team.line.tamper = (_relay, path, body, status) => {
      if (path !== "/ring/read") return { body, status }
      const from = new ByteReader(body)
      const head = from.u64()
      return {
        status,
        body: Uint8Array.of(...new ByteWriter().u64(head).u64(head).bytes(), ...body.subarray(16)),
      }
    }
    await team.rounds(3, amina)
    expect(await textsOf(amina, person.id)).toEqual(["through A"])
  })

  it("[S17] by a relay that says its ring was made anew, and then that all of it is acknowledged", async () => {
    const amina = await one()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "through A", to: "A" })
    team.line.tamper = (relay, path, body, status) =>
      path === "/ring/read" && relay === "A"
        ? { status, body: new ByteWriter().u64(0).u64(0).u64(0).bytes() }
        : { body, status }
    await team.rounds(1, amina)
    team.line.tamper = null
    await acknowledgeAll()
    await team.rounds(3, amina)
    expect(await textsOf(amina, person.id)).toEqual(["through A"])
    expect(await queueOf(amina)).toMatchObject({ unopened: null, unopenable: 0 })
  })

  it("[S17] is kept while its key may still come", async () => {
    const [amina, boris] = (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]
    await team.rounds(20, amina, boris)
    const vera = await team.desk("vera")
    await team.rounds(1, vera)
    // Vera's desk has no seed yet, and Amina's and Boris's are away.
    const person = await makePerson(team.line, "person")
    await person.say({ text: "for whoever comes first", to: "A" })
    await team.rounds(1, vera)
    await acknowledgeAll()
    await team.rounds(1, vera)
    expect(unopenedOf(vera.open().vault, "A")).toHaveLength(1)
    expect((await queueOf(vera)).unopened).toBe(1)
  })

  it("[S17] opened before by a colleague, it is told to nobody again once no visit can still wait for it", async () => {
    const [amina, boris] = (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]
    await team.rounds(20, amina, boris)
    await boris.ask("lock")
    const person = await makePerson(team.line, "person")
    await person.say({ text: "hello", to: "both" })
    await team.rounds(4, amina)
    await team.sleep(DAY, amina, boris)
    await boris.unlock()
    await team.rounds(3, boris)
    expect(await textsOf(boris, person.id)).toEqual(["hello"])
    expect(boris.open().vault.all(sql`select * from outbox where thread is not null`, () => 1)).toEqual([])
    expect((await queueOf(boris)).threads).toHaveLength(1)
    const said = boris
      .open()
      .vault.first(sql`select max(opened_said) as at from thread`, (row) => row.number("at"))
    expect(said).toBe(0)
  })
})

describe("what was overwritten before it was read", () => {
  it("[S17] is counted, said in Today, and receipts do not say that it was read", async () => {
    const amina = await one()
    await team.rounds(1, amina)
    const before = amina.open().sync.hotline.lastRead(0 as never)
    await team.sleep(5 * HOUR, amina)
    const person = await makePerson(team.line, "person")
    await person.say({ text: "nobody reads this", to: "A" })
    await overwrite("A", 6)
    await amina.unlock()
    await team.rounds(8, amina)
    expect(await textsOf(amina, person.id)).toEqual([])
    // The message and six of those that came after it.
    expect((await todayOf(amina)).items).toContainEqual(
      expect.objectContaining({ kind: "overwritten", relay: "A", count: 7, urgency: "now" }),
    )
    expect(lastReceipt(amina)?.time).toBeGreaterThan(before)
    expect(lastReceipt(amina)?.lastRead).toBe(before)
    // What is written from now on is read, and once nobody waits any more the receipts say so again.
    await person.say({ text: "again", to: "A" })
    await team.rounds(2, amina)
    expect(await textsOf(amina, person.id)).toEqual(["again"])
    await team.sleep(2 * DAY + HOUR, amina)
    await amina.unlock()
    await team.rounds(4, amina)
    expect(lastReceipt(amina)?.lastRead).toBeGreaterThan(before + 2 * DAY)
  })

  it("[S17] what a colleague's receipt says was read stays said", async () => {
    const [amina, boris] = (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]
    await team.rounds(20, amina, boris)
    await boris.ask("lock")
    for (let i = 0; i < 3; i += 1) {
      await overwrite("A", -600)
      await team.rounds(8, amina)
    }
    await team.sleep(5 * HOUR, boris, amina)
    await amina.unlock()
    await team.rounds(2, amina)
    const said = lastReceipt(amina)?.lastRead ?? 0
    await boris.unlock()
    await team.rounds(8, boris)
    expect((await todayOf(boris)).items).toContainEqual(expect.objectContaining({ kind: "overwritten" }))
    expect(boris.open().sync.hotline.lastRead(said as never)).toBe(said)
  })

  it("[S17] a relay that keeps back what it has is not read to its head, and is asked again", async () => {
    const amina = await one()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "late", to: "A" })
    team.line.tamper = (relay, path, body, status) =>
      path === "/ring/read" && relay === "A" ? { status, body: body.slice(0, 24) } : { body, status }
    const before = amina.open().sync.hotline.lastRead(0 as never)
    await team.rounds(2, amina)
    expect(team.line.sent.slice(-40).filter((line) => line.startsWith("A /ring/read")).length).toBeLessThan(4)
    expect(amina.open().sync.hotline.lastRead(0 as never)).toBe(before)
    team.line.tamper = null
    await team.rounds(2, amina)
    expect(await textsOf(amina, person.id)).toEqual(["late"])
    expect((await todayOf(amina)).items.filter(({ kind }) => kind === "overwritten")).toEqual([])
  })
})

describe("a relay that shows its ring in another order", () => {
  /** The envelopes of a page, moved about. */
  const reordered =
    (move: (envelopes: readonly Uint8Array[]) => readonly Uint8Array[]): Team["line"]["tamper"] =>
    (relay, path, body, status) => {
      if (path !== "/ring/read" || relay !== "A" || status !== 200) return { body, status }
      const count = (body.length - 24) / ENVELOPE_BYTES
      const envelopes = Array.from({ length: count }, (_, i) =>
        body.slice(24 + i * ENVELOPE_BYTES, 24 + (i + 1) * ENVELOPE_BYTES),
      )
      return {
        status,
        body: Uint8Array.of(...body.subarray(0, 24), ...move(envelopes).flatMap((one) => [...one])),
      }
    }

  it("[I6] turned round, and one slot in the place of all: what it shows is opened once, and what it hides comes through the other relay", async () => {
    const amina = await one()
    const [person, other] = [await makePerson(team.line, "person"), await makePerson(team.line, "other")]
    for (const text of ["one", "two", "three"]) await person.say({ text, to: "A" })
    await other.say({ text: "another's", to: "A" })
    team.line.tamper = reordered((envelopes) => [...envelopes].reverse())
    await team.rounds(2, amina)
    expect([...(await textsOf(amina, person.id))].sort()).toEqual(["one", "three", "two"])
    expect(await textsOf(amina, other.id)).toEqual(["another's"])

    // Three slots, and the first of them three times.
    for (const text of ["four", "five", "six"]) await person.say({ text, to: "A" })
    team.line.tamper = reordered((envelopes) => envelopes.map(() => envelopes[0] as Uint8Array))
    await team.rounds(2, amina)
    team.line.tamper = null
    const said = await textsOf(amina, person.id)
    expect(said.filter((text) => text === "four")).toHaveLength(1)
    expect(new Set(said).size).toBe(said.length)
    // What was kept back so is a relay that withholds: the page repeats until it hears that it was opened, and brings it to B.
    for (const text of ["five", "six"]) await person.say({ text, to: "B" })
    await team.rounds(2, amina)
    expect([...(await textsOf(amina, person.id))].sort()).toEqual([
      "five",
      "four",
      "one",
      "six",
      "three",
      "two",
    ])
    expect(await queueOf(amina)).toMatchObject({ unopened: null })
  })
})
