import { readFile } from "node:fs/promises"
import { MAX_LETTER_TEXT_BYTES } from "@kunak/core/parameters"
import type { Receipt } from "@kunak/core/receipt/receipt"
import { makeEdition, makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { HOUR_SECONDS, plusSeconds } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import type { MessageProgress, VisitState } from "../visit-state.ts"
import { lastReading } from "./last-reading.ts"
import { textOf } from "./reply-item.ts"
import { roomLeft } from "./room.ts"
import { toldOf } from "./told.ts"
import { toldOfReply } from "./told-reply.ts"
import { troubles } from "./trouble.ts"
import { lessThan, waitOf } from "./wait.ts"

const state = (change: Partial<VisitState>): VisitState => ({
  tick: 3,
  isOver: false,
  nextSendSeconds: 20,
  lastSendSeconds: 600,
  relays: null,
  obstacle: null,
  disagree: false,
  brokenLookUps: 0,
  rounds: 0,
  messages: [],
  replies: [],
  openedAt: null,
  ...change,
})

test("[G20] waits are said in tens of seconds, then minutes, never as shorter than they are", () => {
  expect([0, 1, 10, 11, 89, 90].map((one) => waitOf(one).count)).toEqual([10, 10, 10, 20, 90, 90])
  expect(waitOf(91)).toEqual({ unit: "minutes", count: 2 })
  expect(waitOf(240)).toEqual({ unit: "minutes", count: 4 })
})

test("[G27] what is left of a visit is said as rather less than more", () => {
  for (let seconds = 10; seconds < 900; seconds++) {
    const { unit, count } = waitOf(lessThan(seconds))
    expect(count * (unit === "minutes" ? 60 : 1), `${seconds}`).toBeLessThanOrEqual(seconds)
  }
  expect([90, 119, 120, 299].map((one) => waitOf(lessThan(one)).count)).toEqual([90, 90, 2, 4])
})

test("[G20] every obstacle has a sentence; before the servers are asked none is claimed; at the end only that", () => {
  for (const obstacle of ["not-receiving", "both-down", "busy", "slow-device", "one-down"] as const) {
    expect(troubles(state({ obstacle }))).toEqual([`soon.${obstacle}`])
  }
  expect(troubles(state({ disagree: true, brokenLookUps: 2 }))).toEqual(["soon.disagree", "soon.broken"])
  expect(troubles(state({ tick: -1, obstacle: "not-receiving" }))).toEqual([])
  expect(troubles(state({ isOver: true, obstacle: "busy" }))).toEqual(["soon.ended"])
  expect(troubles(state({}))).toEqual([])
})

test("[G22] that the page may be closed is said of a message only when all that was written is with both servers", () => {
  const told = (...all: MessageProgress[]) => {
    const messages = all.map((progress, i) => ({ id: `${i}`, progress, leavesInSeconds: 20 }))
    return messages.map(({ id }) => toldOf(state({ messages }), id))
  }
  expect(told("half")).toEqual(["soon.half"])
  expect(told("handed-over", "opened")).toEqual(["soon.handed-over", "soon.opened"])
  expect(told("handed-over", "half")).toEqual(["soon.handed-one", "soon.half"])
  expect(told("handed-over", "waiting")).toEqual(["soon.handed-one", null])
})

test("[G23] what has left without an answer is never called unsent, nor at the end", () => {
  const told = (progress: MessageProgress, leavesInSeconds: number | null) =>
    toldOf(state({ messages: [{ id: "0", progress, leavesInSeconds }] }), "0")
  expect([told("left", 20), told("left", null)]).toEqual(["soon.left", "soon.left-over"])
  expect([told("half", 20), told("half", null)]).toEqual(["soon.half", "soon.half-over"])
  expect([told("waiting", 20), told("waiting", null)]).toEqual([null, null])
})

test("[G25] before somebody writes, and as long as a message waits, the page says to keep it in front with the screen on", async () => {
  for (const [file, screen] of [
    ["en", /page in front and the screen on/i],
    ["ru", /не сворачивайте страницу и не гасите экран/i],
  ] as const) {
    const words = JSON.parse(await readFile(new URL(`../../words/${file}.json`, import.meta.url), "utf8"))
    const waits = ["live.waiting", "soon.left", "soon.half", "soon.handed-one"]
    for (const key of ["live.askLong", "live.writeHow", ...waits]) expect(words[key], key).toMatch(screen)
  }
})

test("[G29] before ten words are taken the page tells its limits: that a long stay shows, and that whoever learns the words reads all answers", async () => {
  for (const [file, stay, learns, tooMuch] of [
    ["en", /a long stay shows/, /whoever learns them reads all answers/i, /cannot see/],
    ["ru", /долгое пребывание заметно/, /кто их узнает, прочтёт все ответы/i, /не видят/],
  ] as const) {
    const words = JSON.parse(await readFile(new URL(`../../words/${file}.json`, import.meta.url), "utf8"))
    expect(words["live.askWho"]).toMatch(stay)
    expect(words["live.askHow"]).toMatch(learns)
    expect(words["live.askWho"]).not.toMatch(tooMuch)
  }
})

test("[G26] what a desk says by itself is told as having arrived, never as opened or read by somebody", async () => {
  for (const [file, arrived, somebody] of [
    ["en", /reached us/, /(opened|read) by|has (opened|read) it/],
    ["ru", /до нас/i, /(открыт|прочита)\S* (человек|кто|кем)|открыл|прочёл/i],
  ] as const) {
    const words = JSON.parse(await readFile(new URL(`../../words/${file}.json`, import.meta.url), "utf8"))
    for (const key of ["soon.opened", "soon.reached", "soon.handed-over"]) {
      expect(words[key], key).toMatch(arrived)
      expect(words[key], key).not.toMatch(somebody)
    }
  }
})

test("[G20] room is counted as the letter counts it", () => {
  expect(roomLeft("")).toBe(MAX_LETTER_TEXT_BYTES)
  expect(roomLeft("ёж ")).toBe(MAX_LETTER_TEXT_BYTES - 2 - 1)
  expect(roomLeft("я".repeat(MAX_LETTER_TEXT_BYTES + 22))).toBeLessThan(-20)
})

test("[G28] an answer of which parts are missing can be marked as read when the visit ends, and nothing once a mark would not leave", () => {
  const told = (parts: readonly (string | null)[], lastSendSeconds: number, isRead = false) =>
    toldOfReply({ parts, isRead }, { lastSendSeconds, isOver: lastSendSeconds < -30 }, 300)
  expect(told(["a", null], 301)).toEqual({ key: "soon.replyParts", canMark: false })
  expect(told(["a", null], 300)).toEqual({ key: "soon.replyRest", canMark: true })
  expect(told(["a", null], 0)).toEqual({ key: "soon.replyRest", canMark: true })
  expect(told(["a", null], -1)).toEqual({ key: "soon.closing", canMark: false })
  expect(told(["a", null], -31)).toEqual({ key: "soon.ended", canMark: false })
  expect(told(["a", "b"], 301)).toEqual({ key: "soon.replyUntil", canMark: true })
  expect(told(["a", "b"], -1)).toEqual({ key: "soon.replyUntil", canMark: false })
  for (const parts of [["a"], ["a", null]]) {
    expect(told(parts, 100, true)).toEqual({ key: "soon.replyIsRead", canMark: false })
    // "We learn of it in the next minutes" would be no longer true.
    expect(told(parts, -1, true)).toEqual({ key: "soon.replyWasRead", canMark: false })
  }
})

test("[G20] parts of an answer stand in their places, whatever comes first", () => {
  expect(textOf(["one ", "two ", "three"])).toBe("one two three")
  expect(textOf([null, "two ", null, null, "five"])).toBe("[ … ]\ntwo \n[ … ]\nfive")
})

test("[G20] when somebody last read is an officer's word, and an old one is none", async () => {
  const organisation = await makeOrganisation()
  const { edition } = await makeEdition(organisation)
  expect(lastReading(edition), "no word of a hotline").toBeNull()
  const withReading = (hoursAgo: number) => ({
    ...edition,
    receipt: { ...edition.receipt, lastRead: plusSeconds(SAMPLE_NOW, -hoursAgo * HOUR_SECONDS) } as Receipt,
  })
  expect(lastReading(withReading(3))).toBe(plusSeconds(SAMPLE_NOW, -3 * HOUR_SECONDS))
  expect(lastReading(withReading(25))).toBeNull()
  expect(lastReading({ ...withReading(1), receipt: null })).toBeNull()
})
