/** What the queue and a conversation show, from a vault as rounds leave it. */
import { fromHex } from "@kunak/core/bytes/hex"
import type { ReplyNote } from "@kunak/core/log/note"
import { MAX_PART_TEXT_BYTES, REPLY_LIFE_SECONDS } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { makeEdition, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import type { ThreadId } from "@kunak/core/thread/keys"
import { DAY_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { hoursOn, makeVaultDesk, type VaultDesk } from "../testing/vault-desk.ts"
import { sql } from "../vault/sql.ts"
import { assign, setState, setUrgency } from "./commands.ts"
import { queueCsv } from "./export-queue.ts"
import { checkReply, conversation, putAside, queue } from "./queries.ts"
import { repliesOf, takeReply } from "./replies/reply-store.ts"
import { takeFact } from "./threads/facts.ts"
import { MESSAGES_A_DAY } from "./threads/take-letter.ts"
import { handleOf } from "./threads/thread-store.ts"

let amina: VaultDesk
beforeEach(async () => {
  amina = await makeVaultDesk()
})
afterEach(() => amina.remove())

const random = seededRandom("replies")
const threadId = (id: string): ThreadId => fromHex(id) as ThreadId
const order = () => queue(amina.desk).threads.map(({ id }) => id)

/** An answer of Boris's in so many parts, as a note tells it. */
function answers(id: string, text: string, parts: number, written = amina.told.now): ReplyNote {
  const note: ReplyNote = {
    threadId: threadId(id),
    replyId: random(16) as never,
    officer: amina.organisation.boris.publicKey,
    written,
    expires: plusSeconds(written, REPLY_LIFE_SECONDS),
    sequences: Array.from({ length: parts }, (_, i) => 1_000 * written + i + 1).map((n) => n % 2 ** 31),
    text,
  }
  must(amina.vault.change((change) => takeReply(change, note, written, null)))
  return note
}
/** Seen on its way to duty. */
const placed = (note: ReplyNote, seen: Instant, expires = note.expires): void => {
  must(
    amina.vault.change((change) => {
      for (const sequence of note.sequences)
        change.run(sql`insert or replace into placed_part (handle, sequence, seen, expires)
          values (${handleOf(note.threadId)}, ${sequence}, ${seen}, ${expires})`)
    }),
  )
}
const isRead = (note: ReplyNote, ...sequences: readonly number[]): void => {
  must(
    amina.vault.change((change) => {
      for (const sequence of sequences)
        change.run(sql`update reply_part set is_read = 1 where thread = ${note.threadId}
          and sequence = ${sequence}`)
    }),
  )
}

describe("[K41] the queue", () => {
  it("stands by urgency, then by age; the answered after them, the newest first", () => {
    const names = ["a", "b", "c", "d", "e", "f"] as const
    const ids = Object.fromEntries(
      names.map((name, i) => {
        amina.told.now = hoursOn(i)
        return [name, amina.writes(name, name)]
      }),
    ) as Record<(typeof names)[number], string>
    const { a, b, c, d, e, f } = ids
    expect(order()).toEqual([a, b, c, d, e, f])
    for (const [id, urgency] of [
      [f, "danger-to-life"],
      [d, "high"],
      [e, "high"],
      [c, "low"],
    ] as const)
      must(setUrgency(amina.desk, id, urgency))
    expect(order()).toEqual([f, d, e, c, a, b])
    amina.told.now = hoursOn(7)
    answers(d, "Мы читаем вас.", 1)
    amina.told.now = hoursOn(8)
    answers(f, "Оставайтесь там.", 1)
    expect(order()).toEqual([e, c, a, b, f, d])
    // Whoever writes again is unanswered again, by the age of the new message.
    amina.told.now = hoursOn(9)
    amina.writes("d", "Вы здесь?")
    expect(order()).toEqual([e, d, c, a, b, f])
    expect(queue(amina.desk).threads[1]).toMatchObject({ unansweredSince: hoursOn(9), lastReply: hoursOn(7) })
  })

  it("counts what is open, unanswered, closed and spam; spam waits for nobody", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => amina.writes(name, name)) as [string, string, string]
    must(setState(amina.desk, b, "spam"))
    must(setState(amina.desk, c, "closed"))
    expect(queue(amina.desk).counts).toEqual({ unanswered: 1, open: 1, closed: 1, spam: 1 })
    expect(order()[0]).toBe(a)
    must(setState(amina.desk, b, "open"))
    expect(queue(amina.desk).counts).toEqual({ unanswered: 2, open: 2, closed: 1, spam: 0 })
  })

  it("[K54] what the officer who closed it had not seen opens it again; of what was said before that was told, the time decides", () => {
    const id = amina.writes("a", "one")
    amina.writes("a", "two")
    // The second came while the window still showed one.
    must(setState(amina.desk, id, "closed", 1))
    const first = () => queue(amina.desk).threads[0]
    expect(first()).toMatchObject({ state: "open", unansweredSince: SAMPLE_NOW, wroteAgain: SAMPLE_NOW })
    must(setState(amina.desk, id, "closed", 2))
    expect(first()).toMatchObject({ state: "closed", unansweredSince: null, wroteAgain: null })
    amina.told.now = hoursOn(3)
    amina.writes("a", "three")
    expect(first()).toMatchObject({ state: "open", unansweredSince: hoursOn(3), wroteAgain: hoursOn(3) })
    answers(id, "Мы здесь.", 1)
    expect(first()).toMatchObject({ state: "open", unansweredSince: null })
    // As facts were before: the state alone.
    const officer = amina.organisation.boris.publicKey
    const fact = { threadId: threadId(id), officer, field: "state", value: Uint8Array.of(1) } as const
    must(amina.vault.change((change) => takeFact(change, { ...fact, time: hoursOn(4) }, hoursOn(4))))
    expect(first()).toMatchObject({ state: "closed", wroteAgain: null })
    amina.told.now = hoursOn(5)
    amina.writes("a", "four")
    expect(first()).toMatchObject({ state: "open", unansweredSince: hoursOn(5) })
  })

  it("shows the first ninety letters of the newest message in one line, whole ones", () => {
    amina.writes("a", "old")
    amina.writes("a", `две\nстроки\t  и 👩🏽‍🌾${"я".repeat(100)}`)
    const [thread] = queue(amina.desk).threads
    expect(thread?.excerpt.startsWith("две строки и 👩🏽‍🌾яя")).toBe(true)
    expect([...new Intl.Segmenter().segment(thread?.excerpt ?? "")]).toHaveLength(91)
    expect(thread?.excerpt.endsWith("я…")).toBe(true)
  })

  it("[S12] of a thread that floods it counts what was put aside, each day anew", () => {
    for (let i = 0; i < MESSAGES_A_DAY + 5; i += 1) amina.writes("flood", `again ${i}`)
    expect(queue(amina.desk).threads).toMatchObject([{ messages: MESSAGES_A_DAY, putAside: 5 }])
    amina.told.now = plusSeconds(SAMPLE_NOW, DAY_SECONDS)
    amina.writes("flood", "tomorrow")
    expect(queue(amina.desk).threads).toMatchObject([
      { messages: MESSAGES_A_DAY + 1, putAside: 5, excerpt: "tomorrow" },
    ])
  })

  it("[S12] [K54] who was answered and writes once more than a day holds is unanswered; so is who writes so to a closed conversation", () => {
    for (let i = 0; i < MESSAGES_A_DAY; i += 1) amina.writes("much", `again ${i}`)
    amina.told.now = hoursOn(1)
    const id = amina.writes("much", "one too many")
    answers(id, "Мы здесь.", 1)
    const first = () => queue(amina.desk).threads[0]
    expect(first()).toMatchObject({ unansweredSince: null, putAside: 1 })
    amina.told.now = hoursOn(2)
    amina.writes("much", "они у двери")
    expect(first()).toMatchObject({ unansweredSince: hoursOn(2), putAside: 2 })
    must(setState(amina.desk, id, "closed", MESSAGES_A_DAY))
    expect(first()).toMatchObject({ state: "closed", unansweredSince: null })
    amina.told.now = hoursOn(3)
    amina.writes("much", "откройте")
    expect(first()).toMatchObject({ state: "open", unansweredSince: hoursOn(3) })
    expect(putAside(amina.desk, id)).toEqual({
      messages: ["one too many", "они у двери", "откройте"].map((text, i) => ({
        id: expect.any(String),
        opened: hoursOn(i + 1),
        text,
      })),
      lost: 0,
    })
  })

  it("leaves as a table without a word that people wrote, and names that begin like formulas stay names", () => {
    const id = amina.writes("a", "=secret words")
    must(assign(amina.desk, id, "officer 2"))
    const thread = queue(amina.desk).threads[0]
    if (!thread) throw new TypeError("no thread")
    const csv = queueCsv([{ ...thread, label: '=cmd|"x", y' }])
    expect(csv.split("\r\n")).toEqual([
      "label,state,urgency,assignee,unanswered_since,last_reply,messages,put_aside",
      `"'=cmd|""x"", y",open,none,officer 2,2019-01-14 09h,,1,0`,
      "",
    ])
  })
})

describe("[K44] a reply", () => {
  it("is said to be read at the earliest when a visit can have it, and one that no visit surely gets whole is said to take more", () => {
    const expected = (parts: number) => {
      const check = checkReply(amina.desk, "y".repeat(parts * MAX_PART_TEXT_BYTES))
      expect(check.parts).toBe(parts)
      return check.expectedSeconds
    }
    expect([1, 4, 5, 9].map(expected)).toEqual([240, 240, 540, 840])
    expect([10, 12, 13, 16].map(expected)).toEqual([null, null, null, null])
  })

  const state = (id: string) =>
    conversation(amina.desk, id)?.items.flatMap((item) => (item.kind === "reply" ? [item.state] : []))
  const editionAt = async (issued: Instant): Promise<void> => {
    amina.told.edition = (await makeEdition(amina.organisation, { issued })).edition
  }

  it("is out with the edition after it stood in the log, read with its last part, gone when its time is over", async () => {
    const id = amina.writes("a", "Что делать?")
    const note = answers(id, "long", 3)
    expect(state(id)).toEqual(["not-out"])
    await editionAt(plusSeconds(SAMPLE_NOW, 60))
    expect(state(id), "no part of it was seen in the log").toEqual(["not-out"])
    placed(note, plusSeconds(SAMPLE_NOW, 61))
    expect(state(id), "the edition is older").toEqual(["not-out"])
    await editionAt(plusSeconds(SAMPLE_NOW, 61))
    expect(state(id)).toEqual(["on-board"])
    const [one = 0, two = 0, three = 0] = note.sequences
    isRead(note, one, two)
    expect(state(id)).toEqual(["on-board"])
    amina.told.now = note.expires
    expect(state(id)).toEqual(["gone"])
    isRead(note, three)
    expect(state(id)).toEqual(["read"])
  })

  it("placed again after the person came back lives until then", async () => {
    const id = amina.writes("a", "Что делать?")
    const note = answers(id, "short", 1)
    const later = plusSeconds(note.expires, DAY_SECONDS)
    placed(note, SAMPLE_NOW, later)
    await editionAt(SAMPLE_NOW)
    amina.told.now = note.expires
    expect(state(id)).toEqual(["on-board"])
    const item = conversation(amina.desk, id)?.items.find(({ kind }) => kind === "reply")
    expect(item).toMatchObject({ expires: later, by: "officer 2", written: SAMPLE_NOW })
    amina.told.now = later
    expect(state(id)).toEqual(["gone"])
  })

  it("stands behind the messages that it answers, and before those that came after it", () => {
    const id = amina.writes("a", "one")
    amina.told.now = hoursOn(1)
    answers(id, "first answer", 1)
    amina.told.now = hoursOn(2)
    amina.writes("a", "two")
    must(assign(amina.desk, id, "officer 1"))
    const said = conversation(amina.desk, id)?.items.map((item) =>
      item.kind === "handed-over" ? `${item.by} → ${item.to}` : item.text,
    )
    expect(said).toEqual(["one", "first answer", "two", "officer 1 → officer 1"])
    expect(repliesOf(amina.vault, threadId(id)).map(({ after }) => after)).toEqual([1])
  })
})
