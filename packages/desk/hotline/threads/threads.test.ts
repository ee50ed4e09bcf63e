import { nextSequences } from "@kunak/core/board/part"
import type { Letter } from "@kunak/core/envelope/letter"
import { asPublicKey } from "@kunak/core/keys"
import type { FactField, FactNote } from "@kunak/core/log/note"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { runs } from "@kunak/core/testing/runs"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { DAY_SECONDS, type Instant, plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { makeTestVault, type TestVault } from "../../testing/test-vault.ts"
import { sql } from "../../vault/sql.ts"
import type { UnlockedVault } from "../../vault/unlocked-vault.ts"
import { highestSequence, repliesOf, takeReply } from "../replies/reply-store.ts"
import { factOf, takeFact, timeToSet } from "./facts.ts"
import { labelOf } from "./label.ts"
import { ASIDE_BYTES_A_DAY, itemOf, MESSAGES_A_DAY, takeLetter } from "./take-letter.ts"
import { asideOf, isDeleted, type KeptThread, messagesOf, threadById, weekKeyOf } from "./thread-store.ts"

const random = seededRandom("threads")
const ID = random(16) as ThreadId
const WEEK = weekOf(SAMPLE_NOW)
const OFFICERS = [asPublicKey<"officer">(random(32)), asPublicKey<"officer">(random(32))] as const

let made: TestVault
let vault: UnlockedVault
beforeEach(async () => {
  made = await makeTestVault()
  vault = made.vault
})
afterEach(() => made.remove())

/** Keys that follow from the week, as a person's do; `of` another's. */
const keyOf = (week: number, of = 1): WeekKey =>
  new Secret(new Uint8Array(32).fill((week + 7 * of) % 251)) as WeekKey
const letter = (change: Partial<Letter> & { text?: string; of?: number } = {}): Letter => {
  const { text = "hello", of = 1, ...rest } = change
  const week = rest.week ?? WEEK
  return {
    edition: { term: 1, number: 1 },
    threadId: ID,
    week,
    weekKeys: [0, 1, 2].map((i) => keyOf(week + i, of)),
    read: [],
    message: { id: random(8), text },
    ...rest,
  }
}
const take = (one: Letter, logPosition: number | null = null, time = SAMPLE_NOW) =>
  must(vault.change((change) => takeLetter(change, one, time, logPosition)))
const texts = () => messagesOf(vault, ID).map(({ text }) => text)

describe("letters", () => {
  it("[I6] one of each thread and message, from ring and log, in whatever order they come", () => {
    const kinds = fc.array(fc.record({ at: fc.nat(4), isFromLog: fc.boolean() }), { maxLength: 30 })
    fc.assert(
      fc.property(kinds, (steps) => {
        must(vault.change((change) => change.run(sql`delete from thread`)))
        const letters = [0, 1, 2, 3, 4].map((i) => letter({ text: `message ${i}` }))
        for (const [i, { at, isFromLog }] of steps.entries())
          take(letters[at] as Letter, isFromLog ? i : null)
        const wanted = [...new Set(steps.map(({ at }) => `message ${at}`))].sort()
        expect([...texts()].sort()).toEqual(wanted)
      }),
      { numRuns: runs(20) },
    )
  })

  it("[I6] cover of an unknown thread leaves nothing; of a known one it counts only if it says something new", () => {
    expect(take(letter({ message: null })).item).toBeNull()
    expect(threadById(vault, ID)).toBeNull()
    const first = letter()
    expect(take(first).item).toEqual(itemOf(first))
    expect(take(letter({ message: null })).item).toBeNull()
    const later = letter({ message: null, week: (WEEK + 1) as Week })
    expect(take(later).item).toEqual(itemOf(later))
    expect(take(later).item).toBeNull()
    expect(threadById(vault, ID)?.keysWeek).toBe(WEEK + 1)
    expect(weekKeyOf(vault, ID, (WEEK + 3) as Week)).not.toBeNull()
  })

  it("[I7] other keys for a known week: the message is set aside, keys and read marks are not taken", () => {
    take(letter())
    reply([16, 32])
    const other = letter({ text: "no, I", of: 2, week: (WEEK + 1) as Week, read: [16, 32] })
    take(other)
    expect(messagesOf(vault, ID).map(({ isQuarantined }) => isQuarantined)).toEqual([false, true])
    expect(threadById(vault, ID)?.keysWeek).toBe(WEEK)
    expect(repliesOf(vault, ID)[0]?.parts.some(({ isRead }) => isRead)).toBe(false)
    expect(take(letter({ of: 2, message: null, week: (WEEK + 1) as Week })).item).toBeNull()
  })

  it("[I7] keys of weeks that no edition was of are not taken, or they would take the thread over unnoticed", () => {
    take(letter())
    for (const week of [WEEK + 2, WEEK + 3, WEEK + 9999, WEEK - 60])
      take(letter({ of: 2, week: week as Week }))
    expect(threadById(vault, ID)?.keysWeek).toBe(WEEK)
    expect(messagesOf(vault, ID).filter(({ isQuarantined }) => isQuarantined)).toHaveLength(4)
  })

  it("[S12] a flood is counted: a repeated one once, the next day begins anew, what a colleague kept is kept", () => {
    for (let i = 0; i < MESSAGES_A_DAY; i += 1) take(letter({ text: `${i}` }))
    const beyond = letter({ text: "beyond" })
    for (let i = 0; i < 3; i += 1) expect(take(beyond)).toEqual({ item: null, isRepeated: false })
    expect(threadById(vault, ID)?.putAside).toBe(1)
    expect(texts()).toHaveLength(MESSAGES_A_DAY)
    take(letter({ text: "tomorrow" }), null, plusSeconds(SAMPLE_NOW, DAY_SECONDS))
    expect(texts().at(-1)).toBe("tomorrow")
    take(beyond, 7)
    expect(texts().at(-1)).toBe("beyond")
    expect(threadById(vault, ID)?.putAside, "it is kept now").toBe(0)
  })

  it("[S12] what is too much for a day is put aside whole, up to a size; what still repeats the next day stands in the conversation", () => {
    for (let i = 0; i < MESSAGES_A_DAY; i += 1) take(letter({ text: `${i}` }))
    const after = letter({ text: "они у двери" })
    take(after)
    take(after)
    const aside = () => asideOf(vault, threadById(vault, ID) as KeptThread).map(({ text }) => text)
    expect(aside()).toEqual(["они у двери"])
    // An attacker with the phrase goes on; what does not fit any more is counted.
    const long = "я".repeat(30_000)
    for (let i = 0; i < 20; i += 1) take(letter({ text: long }))
    const room = Math.floor((ASIDE_BYTES_A_DAY - 64 - 21) / (60_000 + 64))
    expect(aside()).toEqual(["они у двери", ...Array.from({ length: room }, () => long)])
    expect(threadById(vault, ID)?.putAside).toBe(21)
    // The page of its writer was open over midnight.
    const tomorrow = plusSeconds(SAMPLE_NOW, DAY_SECONDS)
    expect(take(after, null, tomorrow).item).toEqual(itemOf(after))
    expect(texts().at(-1)).toBe("они у двери")
    expect(aside()).toHaveLength(room)
    expect(threadById(vault, ID)?.putAside).toBe(20)
    // Each day anew.
    for (let i = 1; i < MESSAGES_A_DAY; i += 1) take(letter({ text: `${i}` }), null, tomorrow)
    take(letter({ text: "and then" }), null, tomorrow)
    expect(aside().at(-1)).toBe("and then")
  })

  it("a part that was never placed can't be claimed to be read", () => {
    take(letter())
    reply([16])
    take(letter({ read: [1, 2, 16, 4_000_000_000] }))
    const rows = vault.all(sql`select sequence from reply_part where is_read <> 0`, (row) =>
      row.number("sequence"),
    )
    expect(rows).toEqual([16])
  })
})

const reply = (sequences: readonly number[], officer = OFFICERS[0], logPosition: number | null = null) =>
  must(
    vault.change((change) =>
      takeReply(
        change,
        {
          threadId: ID,
          replyId: random(8),
          officer,
          written: SAMPLE_NOW,
          expires: plusSeconds(SAMPLE_NOW, DAY_SECONDS),
          sequences,
          text: "answer",
        },
        SAMPLE_NOW,
        logPosition,
      ),
    ),
  )

describe("replies", () => {
  it("[O1] sequences rise above all that are known of the thread, a colleague's too", () => {
    take(letter())
    expect(highestSequence(vault, ID)).toBe(0)
    for (const officer of [OFFICERS[0], OFFICERS[1], OFFICERS[0]]) {
      const highest = highestSequence(vault, ID)
      const sequences = nextSequences(highest, ID, officer, 2)
      expect(sequences[0]).toBeGreaterThan(highest)
      reply(sequences, officer)
    }
    expect(repliesOf(vault, ID).flatMap(({ parts }) => parts)).toHaveLength(6)
  })

  it("a message that stood in the log behind an answer is unanswered, though it came here before it", () => {
    take(letter({ text: "answered" }), 10)
    take(letter({ text: "only here" }))
    reply([16], OFFICERS[1], 20)
    const after = repliesOf(vault, ID)[0]?.after ?? 0
    expect(messagesOf(vault, ID).filter(({ number }) => number > after)).toMatchObject([
      { text: "only here" },
    ])
  })
})

describe("facts", () => {
  const fact = (change: Partial<FactNote> = {}): FactNote => ({
    threadId: ID,
    officer: OFFICERS[0],
    time: SAMPLE_NOW,
    field: "urgency",
    value: Uint8Array.of(1),
    ...change,
  })
  const takeIn = (one: FactNote): void => {
    must(vault.change((change) => takeFact(change, one, SAMPLE_NOW)))
  }

  it("[L9] the latest counts, then the greater key, in whatever order they arrive", () => {
    const each = fc.record({
      officer: fc.constantFrom(...OFFICERS),
      time: fc.integer({ min: SAMPLE_NOW - 2, max: SAMPLE_NOW + 2 }),
      value: fc.integer({ min: 0, max: 3 }).map((value) => Uint8Array.of(value)),
      field: fc.constantFrom<FactField>("urgency", "state"),
    })
    const order = fc
      .array(each, { minLength: 1, maxLength: 8 })
      .chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })))
    fc.assert(
      fc.property(order, ([facts, shuffled]) => {
        const outcomes = [facts, shuffled].map((list) => {
          must(vault.change((change) => change.run(sql`delete from thread`)))
          for (const one of list) takeIn(fact({ ...one, time: one.time as Instant }))
          return ["urgency", "state"].map((field) => {
            const kept = factOf(vault, ID, field as FactField)
            return kept && [kept.time, String(kept.officer)]
          })
        })
        expect(outcomes[1]).toEqual(outcomes[0])
      }),
      { numRuns: runs(20) },
    )
  })

  it("[L9] what is set here always counts, even against a colleague whose clock is ahead", () => {
    takeIn(fact({ officer: OFFICERS[1], time: plusSeconds(SAMPLE_NOW, 600) }))
    for (const officer of OFFICERS) {
      const time = timeToSet(vault, ID, "urgency", SAMPLE_NOW)
      takeIn(fact({ officer, time, value: Uint8Array.of(3) }))
      expect(factOf(vault, ID, "urgency")).toMatchObject({ time, value: Uint8Array.of(3) })
    }
  })

  it("[L9] a fact dated days ahead is passed over: it would have the last word for ever", () => {
    takeIn(fact({ time: 0xffff_ffff as Instant }))
    expect(factOf(vault, ID, "urgency")).toBeNull()
  })

  it("[L9] a deletion counts whatever its date: a colleague's clock that is ahead keeps no thread alive", () => {
    take(letter())
    takeIn(
      fact({ field: "deleted", value: new Uint8Array(), time: plusSeconds(SAMPLE_NOW, 40 * DAY_SECONDS) }),
    )
    expect(isDeleted(vault, ID)).toBe(true)
    expect(threadById(vault, ID)).toBeNull()
  })

  it("[L9] after deletion nothing of the thread is taken, from ring or log", () => {
    take(letter())
    takeIn(fact({ field: "deleted", value: new Uint8Array() }))
    expect(isDeleted(vault, ID)).toBe(true)
    expect(take(letter()).item).toBeNull()
    take(letter(), 5)
    takeIn(fact())
    reply([16])
    expect(threadById(vault, ID)).toBeNull()
    const tables = ["message", "week_key", "fact", "reply", "reply_part", "handover"]
    for (const table of tables)
      expect([
        table,
        vault.first({ text: `select count(*) as n from ${table}`, values: [] }, (row) => row.number("n")),
      ]).toEqual([table, 0])
  })
})

describe("a thread's pseudonym", () => {
  it("is two words and a number, the same at every desk, the same words in both languages", () => {
    const [ru, en] = [labelOf(ID, "ru"), labelOf(ID, "en")]
    expect(ru).toMatch(/^[а-яё]+ [а-яё]+ \d\d$/)
    expect(en).toMatch(/^[a-z]+ [a-z]+ \d\d$/)
    expect(labelOf(ID, "ru")).toBe(ru)
    expect(ru.slice(-2)).toBe(en.slice(-2))
    const many = new Set(Array.from({ length: 500 }, () => labelOf(random(16) as ThreadId, "en")))
    expect(many.size).toBeGreaterThan(480)
  })

  it("shows no byte of the thread id", () => {
    const changed = ID.slice() as ThreadId
    changed[15] = (changed[15] ?? 0) ^ 1
    expect(labelOf(changed, "en")).not.toBe(labelOf(ID, "en"))
  })
})
