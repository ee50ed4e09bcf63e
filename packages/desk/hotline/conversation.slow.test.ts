/** Desks of two people, two relays, a duty and somebody who writes: from letter to answer and back. */
import { OPENED_ONLY } from "@kunak/core/board/part"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { TestDesk } from "../testing/test-desk.ts"
import { makePerson } from "../testing/test-person.ts"
import { makeTeam, openThread, queueOf, type Team, textsOf, todayOf } from "../testing/test-team.ts"

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())
const two = async () => (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]

describe("a letter", () => {
  it("[I6] is opened once, stands at both desks, is answered by the other officer and read by its writer", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    const text = "Помогите, я не знаю, что делать."
    const id = await person.say({ text, to: "A", times: 3 })
    await person.say({ text, id, to: "B", times: 2 })
    await team.rounds(2, amina, boris)
    expect(await textsOf(amina, person.id)).toEqual([text])
    expect(await textsOf(boris, person.id)).toEqual([text])
    expect((await queueOf(boris)).threads).toMatchObject([{ id: person.id, messages: 1, putAside: 0 }])

    await amina.ask("hotline/assign", { id: person.id, to: "officer 2" })
    await team.rounds(2, amina, boris)
    expect((await queueOf(boris)).threads).toMatchObject([{ isMine: true }])
    expect((await queueOf(amina)).threads).toMatchObject([{ isMine: false, assignee: "officer 2" }])

    await team.publish()
    const told = (await person.look()).map(({ sequence, opened }) => [sequence, opened])
    expect(told).toEqual([[OPENED_ONLY, [id]]])

    const answer = "Мы здесь. ".repeat(250).trim()
    const said = await boris.ask<{ reply: string }>("hotline/reply", { id: person.id, text: answer })
    expect(said.status, said.text).toBe(200)
    await team.rounds(3, boris, amina)
    await team.publish()
    await team.rounds(1, boris, amina)
    const parts = (await person.look()).filter(({ sequence }) => sequence !== OPENED_ONLY)
    expect(parts.map((part) => part.text).join("")).toBe(answer)
    expect(parts.length).toBe(3)
    expect(parts.every(({ opened }) => String(opened) === String([id]))).toBe(true)
    const shown = await openThread(amina, person.id)
    expect(shown?.items.at(-1)).toMatchObject({
      kind: "reply",
      by: "officer 2",
      parts: 3,
      state: "on-board",
    })
    expect(shown?.thread.unansweredSince).toBeNull()

    await person.say({ text: "Спасибо", read: parts.map(({ sequence }) => sequence) })
    await team.rounds(3, amina, boris)
    await team.publish()
    expect((await person.look()).filter((part) => part.text !== "")).toEqual([])
    for (const one of [amina, boris]) {
      const reply = (await openThread(one, person.id))?.items.find(({ kind }) => kind === "reply")
      expect(reply).toMatchObject({ state: "read" })
      expect((await queueOf(one)).counts.unanswered).toBe(1)
    }
  })

  it("[K54] who writes to a closed conversation is unanswered again, at both desks, whatever either had read when it was closed", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    const { id } = person
    const standing = async (of: TestDesk) => {
      const { threads, counts } = await queueOf(of)
      const today = (await todayOf(of)).items.filter(({ kind }) => kind === "unanswered")
      const [one] = threads
      return [one?.state, one?.unansweredSince !== null, counts.unanswered, counts.closed, today.length]
    }
    const WAITS = ["open", true, 1, 0, 1]
    const DONE = ["closed", false, 0, 1, 0]
    await person.say({ text: "Спасибо, больше ничего не нужно." })
    await team.rounds(2, amina, boris)
    await amina.ask("hotline/state", { id, state: "closed", seen: 99 })
    await team.rounds(2, amina, boris)
    for (const one of [amina, boris]) expect(await standing(one)).toEqual(DONE)

    team.pass(3 * 3600)
    await person.say({ text: "Они у двери." })
    await team.rounds(3, amina, boris)
    for (const one of [amina, boris]) {
      expect(await standing(one)).toEqual(WAITS)
      // By the age of what came now.
      expect(team.now() - ((await queueOf(one)).threads[0]?.unansweredSince ?? 0)).toBeLessThan(60)
    }
    await boris.ask("hotline/state", { id, state: "closed", seen: 99 })
    expect(await standing(boris)).toEqual(DONE)
    await team.rounds(2, boris, amina)
    for (const one of [amina, boris]) expect(await standing(one)).toEqual(DONE)

    // What Boris has opened and told, Amina has not read when she closes it: nobody has seen it closed.
    await person.say({ text: "Вы здесь?" })
    await team.rounds(2, boris)
    await amina.ask("hotline/state", { id, state: "closed", seen: 99 })
    await team.rounds(3, amina, boris)
    for (const one of [amina, boris]) expect(await standing(one)).toEqual(WAITS)

    // What Amina opened herself and has not told yet, she has seen when she closes it.
    await amina.ask("hotline/state", { id, state: "closed", seen: 99 })
    await team.rounds(2, amina, boris)
    await person.say({ text: "Уже всё хорошо." })
    await amina.open().sync.hotline.readRings()
    expect(await standing(amina)).toEqual(WAITS)
    await amina.ask("hotline/state", { id, state: "closed", seen: 99 })
    await team.rounds(3, amina, boris)
    for (const one of [amina, boris]) expect(await standing(one)).toEqual(DONE)
  })

  it("[K54] spam that writes again alarms nobody, and says so, at both desks, until it is set aside again", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    const { id } = person
    const standing = async (of: TestDesk) => {
      const { threads, counts } = await queueOf(of)
      const today = (await todayOf(of)).items.filter(({ kind }) => kind === "unanswered")
      const [one] = threads
      return [one?.state, one?.unansweredSince, counts.unanswered, one?.wroteAgain !== null, today.length]
    }
    await person.say({ text: "Buy now" })
    await team.rounds(2, amina, boris)
    await amina.ask("hotline/state", { id, state: "spam", seen: 99 })
    await team.rounds(2, amina, boris)
    for (const one of [amina, boris]) expect(await standing(one)).toEqual(["spam", null, 0, false, 0])
    await person.say({ text: "Buy again" })
    await team.rounds(2, amina, boris)
    for (const one of [amina, boris]) expect(await standing(one)).toEqual(["spam", null, 0, true, 0])
    await boris.ask("hotline/state", { id, state: "spam", seen: 99 })
    await team.rounds(2, boris, amina)
    for (const one of [amina, boris]) expect(await standing(one)).toEqual(["spam", null, 0, false, 0])
  })

  it("[K26] is answered by all that the window asks: draft, check, urgency, state, question, note, label, canned, export", async () => {
    const [amina, boris] = await two()
    const person = await makePerson(team.line, "person")
    await person.say({ text: "=HYPERLINK: I need advice, quickly." })
    await team.rounds(1, amina)
    const { id } = person
    expect((await amina.ask("hotline/urgency", { id, urgency: "high" })).value).toEqual({ before: "none" })
    expect((await amina.ask("hotline/urgency", { id, urgency: "low" })).value).toEqual({ before: "high" })
    expect((await amina.ask("hotline/state", { id, state: "spam", seen: 99 })).value).toEqual({
      before: "open",
    })
    expect((await amina.ask("hotline/state", { id, state: "open", seen: 1 })).value).toEqual({
      before: "spam",
    })
    expect((await amina.ask("hotline/assign", { id, to: "officer 1" })).value).toEqual({ before: "" })
    expect((await amina.ask("hotline/assign", { id, to: "nobody at all" })).error.kind).toBe(
      "no-such-officer",
    )
    await amina.ask("hotline/check-question", { id, question: "Чей это мост?", answer: "ничей" })
    await amina.ask("hotline/note", { id, note: "zuerst anrufen\nлучше вечером" })
    await amina.ask("hotline/label", { id, label: "=grey crane" })
    await amina.ask("hotline/draft", { id, text: "Мы прочи" })
    const opened = await openThread(amina, id)
    expect(opened).toMatchObject({
      draft: "Мы прочи",
      note: "zuerst anrufen\nлучше вечером",
      checkQuestion: { question: "Чей это мост?", answer: "ничей" },
      language: "en",
      thread: { label: "=grey crane", urgency: "low", state: "open" },
    })
    expect((await amina.ask("hotline/check", { id, text: "Спросите Ахмеда" })).value).toMatchObject({
      parts: 1,
      over: 0,
      risks: [{ kind: "name", words: "Ахмеда" }],
    })
    const long = "y".repeat(16 * 900 + 7)
    expect((await amina.ask("hotline/check", { id, text: long })).value).toMatchObject({ over: 7 })
    expect((await amina.ask("hotline/reply", { id, text: long })).error).toEqual({
      kind: "reply-too-long",
      over: 7,
    })
    expect((await amina.ask("hotline/reply", { id, text: " \n" })).error.kind).toBe("reply-empty")
    for (const language of ["ru", "en"])
      expect((await amina.ask("hotline/canned", { language })).value).toContainEqual(
        expect.objectContaining({ id: "check-question", isReviewed: false }),
      )
    const csv = (await amina.ask<string>("hotline/export")).value
    expect(csv).toContain("'=grey crane,open,low,officer 1,2019-01-14 09h,,1,0\r\n")
    expect(csv).not.toContain("advice")
    expect(csv).not.toContain(id)

    await team.rounds(3, amina, boris)
    const atBoris = await openThread(boris, id)
    expect(atBoris).toMatchObject({
      // What is being written stays where it is written.
      draft: "",
      note: "zuerst anrufen\nлучше вечером",
      checkQuestion: { question: "Чей это мост?" },
      thread: { label: "=grey crane", urgency: "low", assignee: "officer 1" },
    })
    expect((await todayOf(boris)).items).toContainEqual(
      expect.objectContaining({ kind: "unanswered", id, thread: "low", urgency: "soon" }),
    )
    for (const path of ["hotline/reply", "hotline/delete", "hotline/note", "hotline/state"]) {
      const body = { id: "ab".repeat(16), text: "a", note: "a", state: "open", seen: 0 }
      const wanted = {
        "hotline/reply": ["id", "text"],
        "hotline/delete": ["id"],
        "hotline/note": ["id", "note"],
      }[path] ?? ["id", "state", "seen"]
      const asked = Object.fromEntries(Object.entries(body).filter(([name]) => wanted.includes(name)))
      expect((await amina.ask(path, asked)).error.kind).toBe("no-such-thread")
    }
  })
})
