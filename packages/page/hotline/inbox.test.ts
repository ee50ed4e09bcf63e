import type { Part } from "@kunak/core/board/part"
import { MAX_PARTS } from "@kunak/core/parameters"
import { runs } from "@kunak/core/testing/runs"
import { plusSeconds } from "@kunak/core/time/instant"
import fc from "fast-check"
import { expect, test } from "vitest"
import { makeInbox } from "./inbox.ts"
import { partsOf } from "./testing/desk-side.ts"

const long = partsOf("Долгий ответ. ".repeat(900))
const short = partsOf("Коротко.", { sequence: 1_000, written: (long[0] as Part).written })

test("[O3] parts in any order, each as often as it comes, make the reply; what is missing stays open", () => {
  expect(long.length).toBe(MAX_PARTS - 1)
  fc.assert(
    fc.property(fc.shuffledSubarray([...long, ...long, ...short]), (parts) => {
      const inbox = makeInbox()
      for (const part of parts) inbox.take(part)
      for (const { parts: shown } of inbox.list().filter((reply) => reply.parts.length > 1))
        expect(shown).toEqual(long.map((part) => (parts.includes(part) ? part.text : null)))
      expect(inbox.list().length).toBe(new Set(parts.map(({ replyId }) => String(replyId))).size)
    }),
    { numRuns: runs(100) },
  )
})

test("[I5] at most sixteen that were read, rising; more of them in turns, so that each is said", () => {
  const inbox = makeInbox()
  for (const part of [...short, ...long, ...partsOf("И ещё. ".repeat(900), { written: 7 as never })])
    inbox.take({ ...part, sequence: part.sequence + (part.written === 7 ? 500 : 0) })
  for (const { id } of inbox.list()) inbox.markRead(id)
  const all = new Set<number>()
  for (let turn = 0; turn < 4; turn++) {
    const read = inbox.readFor(turn)
    expect(read).toHaveLength(16)
    expect([...read].sort((a, b) => a - b)).toEqual(read)
    for (const one of read) all.add(one)
  }
  expect(all.size).toBe(long.length + 1 + 8)
})

test("[G24] when something was last opened is kept, from whatever part says so and in whatever order they come", () => {
  const inbox = makeInbox()
  expect(inbox.openedAt()).toBeNull()
  const [part] = short as [Part]
  const [earlier, later] = [part.openedAt, plusSeconds(part.openedAt, 60)]
  inbox.take({ ...part, opened: [] })
  expect(inbox.openedAt(), "this one says nothing of it").toBeNull()
  for (const openedAt of [earlier, later, earlier])
    inbox.take({ ...part, sequence: 0, text: "", opened: [new Uint8Array(8)], openedAt })
  expect(inbox.openedAt()).toBe(later)
  expect(inbox.list()).toHaveLength(1)
})

test("[O1] what only says that something was opened is no reply; a place beyond a reply's parts is none", () => {
  const inbox = makeInbox()
  const [part] = short as [Part]
  inbox.take({ ...part, sequence: 0, text: "" })
  expect(inbox.list()).toEqual([])
  inbox.take(part)
  inbox.take({ ...part, place: 3, parts: 4, text: "чужое", sequence: 2_000 })
  expect(inbox.list().map(({ parts }) => parts)).toEqual([["Коротко."]])
  const [reply] = inbox.list()
  inbox.markRead(reply?.id ?? "")
  expect(inbox.list()[0]?.isRead).toBe(true)
  expect(inbox.readFor(0)).toEqual([1_000])
})
