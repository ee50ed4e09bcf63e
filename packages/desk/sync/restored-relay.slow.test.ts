/** Desks while a relay is lost, restored or written to by others. docs/protocol.md §15: L2, L6, L10 */
import { randomBytes } from "node:crypto"
import { stretchAt } from "@kunak/core/log/positions"
import { LOG_CELL_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import type { Instant } from "@kunak/core/time/instant"
import { leapTo } from "@kunak/relay/backup/leap"
import { memoryStore, TEST_SLOTS } from "@kunak/relay/testing/memory-store"
import { afterEach, beforeEach, expect, it } from "vitest"
import type { TestDesk } from "../testing/test-desk.ts"
import { makePerson } from "../testing/test-person.ts"
import { makeTeam, openThread, type Team, textsOf, todayOf } from "../testing/test-team.ts"
import { sql } from "../vault/sql.ts"
import { outbox } from "./outbox.ts"

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())
const two = async () => (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]
const cell = (): Uint8Array => new Uint8Array(randomBytes(LOG_CELL_BYTES))

it("[I3] [L10] a letter whose note stood in the lost log alone is told again", async () => {
  const [amina, boris] = await two()
  const person = await makePerson(team.line, "person")
  const [a, b] = team.line.stores
  const before = must(await a.ringState()).acknowledged
  const mirrorHead = must(await b.read(0, 0)).head
  await person.say({ text: "told to a relay that was lost" })
  team.line.down.add("B")
  await team.rounds(3, amina)
  expect(must(await a.read(0, 0)).head).toBeGreaterThan(mirrorHead)

  const fresh = await memoryStore()
  const known = { term: 7, logHead: 0, ringHead: 0 }
  const counters = leapTo(stretchAt(1_790_000_000 as Instant), known, TEST_SLOTS, true)
  if (!counters) throw new TypeError("no numbers")
  must(await fresh.resume(counters, cell()))
  Object.assign(a, { read: fresh.read.bind(fresh), append: fresh.append.bind(fresh) })
  team.line.down.clear()
  await team.rounds(4, amina, boris)
  expect(await textsOf(boris, person.id)).toEqual(["told to a relay that was lost"])
  expect(await textsOf(amina, person.id)).toEqual(["told to a relay that was lost"])
  expect(must(await a.ringState()).acknowledged).toBeGreaterThan(before)
  await fresh.close()
})

it("[S1] [L10] what stood in the lost log alone is told again: a deletion, a hand-over, an answer and its parts", async () => {
  const [amina, boris] = await two()
  const [gone, handed, answered] = await Promise.all(
    ["gone", "handed", "answered"].map((seed) => makePerson(team.line, seed)),
  )
  if (!gone || !handed || !answered) throw new TypeError("nobody")
  for (const one of [gone, handed, answered]) await one.say({ text: "question" })
  await team.rounds(3, amina, boris)
  await boris.ask("lock")
  const [a, b] = team.line.stores
  const mirrorHead = must(await b.read(0, 0)).head
  team.line.down.add("B")
  await amina.ask("hotline/delete", { id: gone.id })
  await amina.ask("hotline/assign", { id: handed.id, to: "officer 2" })
  await amina.ask("hotline/reply", { id: answered.id, text: "the answer" })
  await team.rounds(4, amina)
  // It all stands at A, and is out of the outbox.
  expect(must(await a.read(0, 0)).head).toBeGreaterThan(mirrorHead + 4)
  expect((await todayOf(amina)).waitingToLeave).toBe(0)
  expect(outbox(amina.open().vault)).toEqual([])

  const fresh = await memoryStore()
  const known = { term: 7, logHead: 0, ringHead: 0 }
  const counters = leapTo(stretchAt(1_790_000_000 as Instant), known, TEST_SLOTS, true)
  if (!counters) throw new TypeError("no numbers")
  must(await fresh.resume(counters, cell()))
  Object.assign(a, { read: fresh.read.bind(fresh), append: fresh.append.bind(fresh) })
  team.line.down.clear()
  await team.rounds(4, amina)
  await boris.unlock()
  await team.rounds(3, boris, amina)
  expect(await openThread(boris, gone.id)).toBeNull()
  expect(await openThread(boris, handed.id)).toMatchObject({ thread: { isMine: true } })
  expect(await textsOf(boris, answered.id)).toEqual(["question", "the answer"])
  expect((await openThread(boris, answered.id))?.thread.unansweredSince).toBeNull()
  await team.publish()
  expect((await answered.look()).flatMap((part) => part.text || [])).toEqual(["the answer"])
  // Known to stand in both logs, nothing of it is kept any longer.
  for (const one of [amina, boris]) {
    const kept = one.open().vault.first(sql`select count(*) as n from outbox`, (row) => row.number("n"))
    expect(kept).toBe(0)
  }
  await fresh.close()
})

it("[L2] cells that somebody writes to relay B, far ahead, neither stop desks nor count as a mirror", async () => {
  const [amina, boris] = await two()
  const person = await makePerson(team.line, "person")
  const [a, b] = team.line.stores
  team.line.down.add("A")
  must(await b.append(2 ** 52 - 1, [cell()], true))
  await team.rounds(2, amina, boris)
  expect(amina.open().sync.trouble("B")).toMatchObject({ kind: "mirror-gap" })
  team.line.down.clear()
  const before = must(await a.ringState()).acknowledged
  await person.say({ text: "while relay B is of no use" })
  await team.rounds(3, amina, boris)
  expect([amina.open().sync.trouble("A"), boris.open().sync.trouble("A")]).toEqual([null, null])
  expect(amina.open().sync.trouble("B")).toMatchObject({ kind: "mirror-ahead" })
  expect(await textsOf(boris, person.id)).toEqual(["while relay B is of no use"])
  // Nothing was mirrored, so nothing is let go.
  expect(must(await a.ringState()).acknowledged).toBe(before)
  // Relay B begins again with an empty store.
  const fresh = await memoryStore()
  Object.assign(b, { read: fresh.read.bind(fresh), append: fresh.append.bind(fresh) })
  await team.rounds(3, amina, boris)
  expect(amina.open().sync.trouble("B")).toBeNull()
  expect(must(await a.ringState()).acknowledged).toBeGreaterThan(before)
  await fresh.close()
})
