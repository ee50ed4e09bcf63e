/** Desks of two people, two relays, a duty and somebody who writes: the hotline from letter to answer and back. */
import { OPENED_ONLY } from "@kunak/core/board/part"
import { SAMPLE_NOW } from "@kunak/core/testing/organisation"
import type { Instant } from "@kunak/core/time/instant"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { deskIn, makeTestDesk, type OfficerName, type TestDesk } from "../testing/test-desk.ts"
import { type DeskLine, makeDeskLine } from "../testing/test-line.ts"
import { makePerson, newestEdition, type TestPerson } from "../testing/test-person.ts"
import type { TodayView } from "../today/model.ts"
import type { ConversationView, QueueView } from "./model.ts"

let time: { wall: number; monotonic: number }
let line: DeskLine
let desks: TestDesk[]
const clock = { wall: () => time.wall, monotonic: () => time.monotonic }
const now = (): Instant => Math.floor(time.wall / 1000) as Instant
const HOUR = 3600
const DAY = 24 * HOUR

beforeEach(async () => {
  time = { wall: SAMPLE_NOW * 1000, monotonic: 0 }
  desks = []
  line = await makeDeskLine(now)
})
afterEach(async () => {
  for (const one of desks) {
    expect(one.mistakes).toEqual([])
    one.remove()
  }
  await line.close()
})

async function desk(officer: OfficerName): Promise<TestDesk> {
  const made = await makeTestDesk(line, officer, clock)
  desks.push(made)
  return made
}
/** Seconds that all desks see pass. */
function pass(seconds: number): void {
  for (let left = seconds; left > 0; left -= 20) {
    time.wall += Math.min(20, left) * 1000
    time.monotonic += Math.min(20, left) * 1000
    for (const one of desks) {
      one.desk.host.watch.touch()
      one.desk.host.open()
    }
  }
}
async function rounds(count: number, ...of: readonly TestDesk[]): Promise<void> {
  for (let i = 0; i < count; i += 1)
    for (const one of of) {
      pass(1)
      await one.open().sync.tick()
    }
}
/** First rounds, until keys stand in the log, and an edition that has one. */
async function started(...officers: readonly OfficerName[]): Promise<TestDesk[]> {
  const made: TestDesk[] = []
  for (const officer of officers) made.push(await desk(officer))
  await rounds(6, ...made)
  await line.publish()
  await rounds(2, ...made)
  return made
}
const queue = async (one: TestDesk) => (await one.ask<QueueView>("hotline/queue")).value
const open = async (one: TestDesk, id: string) =>
  (await one.ask<ConversationView | null>("hotline/open", { id })).value
const today = async (one: TestDesk) => (await one.ask<TodayView>("today")).value
const texts = async (one: TestDesk, person: TestPerson) =>
  ((await open(one, person.id))?.items ?? []).flatMap((item) =>
    item.kind === "message" || item.kind === "reply" ? [item.text] : [],
  )

describe("a letter", () => {
  it("[I6] is opened once, stands at both desks, is answered by the other officer and read by its writer", async () => {
    const [amina, boris] = (await started("amina", "boris")) as [TestDesk, TestDesk]
    const eve = await makePerson(line, "person")
    const id = await eve.say({ text: "Помогите, я не знаю, что делать.", to: "A", times: 3 })
    await eve.say({ text: "Помогите, я не знаю, что делать.", id, to: "B", times: 2 })
    await rounds(2, amina, boris)
    expect(await texts(amina, eve)).toEqual(["Помогите, я не знаю, что делать."])
    expect(await texts(boris, eve)).toEqual(["Помогите, я не знаю, что делать."])
    expect((await queue(boris)).threads).toMatchObject([{ id: eve.id, messages: 1, putAside: 0 }])

    await amina.ask("hotline/assign", { id: eve.id, to: "officer 2" })
    await rounds(2, amina, boris)
    expect((await queue(boris)).threads).toMatchObject([{ isMine: true }])
    expect((await queue(amina)).threads).toMatchObject([{ isMine: false, assignee: "officer 2" }])

    await line.publish()
    expect((await eve.look()).map(({ sequence, opened }) => [sequence, opened])).toEqual([
      [OPENED_ONLY, [id]],
    ])

    const answer = "Мы здесь. ".repeat(250).trim()
    const said = await boris.ask<{ reply: string }>("hotline/reply", { id: eve.id, text: answer })
    expect(said.status, said.text).toBe(200)
    await rounds(3, boris, amina)
    pass(10)
    await line.publish()
    await rounds(1, boris, amina)
    const parts = (await eve.look()).filter(({ sequence }) => sequence !== OPENED_ONLY)
    expect(parts.map(({ text }) => text).join("")).toBe(answer)
    expect(parts.length).toBe(3)
    const shown = await open(amina, eve.id)
    expect(shown?.items.at(-1)).toMatchObject({ kind: "reply", by: "officer 2", parts: 3, state: "on-board" })
    expect(shown?.thread.unansweredSince).toBeNull()

    await eve.say({ text: "Спасибо", read: parts.map(({ sequence }) => sequence) })
    await rounds(3, amina, boris)
    await line.publish()
    expect((await eve.look()).filter(({ text }) => text !== "")).toEqual([])
    for (const one of [amina, boris]) {
      expect((await open(one, eve.id))?.items.find(({ kind }) => kind === "reply")).toMatchObject({
        state: "read",
      })
      expect((await queue(one)).counts.unanswered).toBe(1)
    }
  })
})
