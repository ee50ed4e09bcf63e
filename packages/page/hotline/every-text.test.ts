/**
 * Every kind of text on its whole way, both ways: typed, sealed, stored by a relay, opened by a desk; cut, sealed, placed on a board,
 * looked up at two relays, opened, put together. None is cut, changed or put into another form on its way.
 */
import type { Part } from "@kunak/core/board/part"
import type { Letter } from "@kunak/core/envelope/letter"
import {
  ENVELOPE_BYTES,
  MAX_LETTER_TEXT_BYTES,
  MAX_PART_TEXT_BYTES,
  MAX_PARTS,
  TICKS,
} from "@kunak/core/parameters"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { longTexts, SHORT_TEXTS } from "@kunak/core/testing/texts"
import { encodeScsu, toLetterText } from "@kunak/core/text/scsu"
import { dummyRoot, type ThreadRoot } from "@kunak/core/thread/keys"
import { beforeAll, expect, test } from "vitest"
import { liveThread, openLetters, partsOf } from "./testing/desk-side.ts"
import { startVisit, type TestVisit, type VisitLine, visitLine } from "./testing/visit-line.ts"

const bytesOf = (text: string): number => encodeScsu(text)?.length ?? Number.NaN
const LETTERS = Object.entries({ ...SHORT_TEXTS, ...longTexts(MAX_LETTER_TEXT_BYTES) })
/** Of one part, at its limit, and of as many as a reply may have. */
const REPLIES = [
  ...Object.entries({ ...SHORT_TEXTS, ...longTexts(MAX_PART_TEXT_BYTES) }),
  ...Object.entries(longTexts(4 * MAX_PART_TEXT_BYTES)).filter(([, text]) => partsOf(text).length <= 4),
]

let line: VisitLine
beforeAll(async () => {
  line = await visitLine()
})

/** What a page has at once without saying so: an envelope for each tick but the first. */
const IN_A_VISIT = TICKS - 1

/** Of the envelopes that went out, in the order of the ticks. */
async function lettersOf({ bodies }: TestVisit): Promise<readonly (Letter | null)[]> {
  const envelopes = bodies.filter(({ length }) => length > ENVELOPE_BYTES)
  const sealed = envelopes.map((body) => body.slice(-ENVELOPE_BYTES))
  return await openLetters(sealed, line.intake, line.organisation)
}
/** Desks have each message once. */
const textsSent = async (started: TestVisit): Promise<readonly (string | undefined)[]> => [
  ...new Set((await lettersOf(started)).map((letter) => letter?.message?.text)),
]

test("[I5] the table says what it means: nothing that typing would change, and limits reached to the byte", () => {
  for (const [name, text] of [...LETTERS, ...REPLIES]) expect(toLetterText(text), name).toBe(text)
  for (const limit of [MAX_LETTER_TEXT_BYTES, MAX_PART_TEXT_BYTES])
    expect(Object.values(longTexts(limit)).map((text) => limit - bytesOf(text))).toEqual([0, 1, 0, 0, 0, 0])
  expect(Object.values(SHORT_TEXTS).every((text) => bytesOf(text) <= MAX_PART_TEXT_BYTES)).toBe(true)
})

test("[I5] [I6] a letter of every kind is read by a desk as it was typed", async () => {
  const waiting = [...LETTERS]
  while (waiting.length > 0) {
    const given = waiting.splice(0, IN_A_VISIT)
    await line.acknowledge()
    const started = startVisit(line, { own: await line.publish(), seed: `${waiting.length} more` })
    for (const [name, text] of given) expect(started.visit.send(text).ok, name).toBe(true)
    await started.runTo(TICKS - 1)
    expect(await textsSent(started)).toEqual(given.map(([, text]) => text))
  }
})

test("[G20] what is typed in another form arrives in one: composed, lines ended alike, without control letters or space around it", async () => {
  await line.acknowledge()
  const started = startVisit(line, { own: await line.publish() })
  const typed = "Амина. Мои̒ ёлка, й".normalize("NFD")
  started.visit.send(` \t${typed}\r\nвторая\u2028третья\r\u0007\u0000\u0085\n\n `)
  started.visit.send("\ud83d и целый 🌲")
  await started.runTo(2)
  expect(await textsSent(started)).toEqual([`${typed.normalize("NFC")}\nвторая\nтретья`, "\ufffd и целый 🌲"])
})

test("[I5] one letter beyond the limit is refused, of whatever it is made, and says by how much", async () => {
  const own = await line.publish()
  const { visit } = startVisit(line, { own })
  for (const [name, text] of Object.entries(longTexts(MAX_LETTER_TEXT_BYTES)))
    expect(visit.send(`${text}${name.includes("less") ? "аб" : "a"}`), name).toEqual({
      ok: false,
      error: { kind: "too-long", over: 1 },
    })
  expect(visit.state().messages).toEqual([])
})

test("[O1] [O3] a reply of every kind is read as it was written, from the board of an edition with all of them", async () => {
  const rootOf = (place: number): ThreadRoot => dummyRoot(seededRandom(`person ${place}`))
  const threads = REPLIES.map(([, text], place) => liveThread(rootOf(place), partsOf(text)))
  const own = await line.publish(await Promise.all(threads))
  for (const [place, [name, text]] of REPLIES.entries()) {
    const started = startVisit(line, { own, seed: `visit ${place}` })
    started.visit.enter(rootOf(place))
    await started.runTo(4)
    const texts = started.visit.state().replies.map(({ parts }) => parts.join(""))
    expect(texts, name).toEqual([text])
  }
})

/** A visit in which each header that is asked for is of a new edition, as in life. */
async function visitWith(root: ThreadRoot, parts: readonly Part[], seed: string): Promise<TestVisit> {
  await line.acknowledge()
  const started = startVisit(line, { own: await line.publish([await liveThread(root, parts)]), seed })
  started.visit.enter(root)
  for (const tick of [4, 9]) {
    await started.runTo(tick)
    await line.publish([await liveThread(root, parts)])
  }
  return started
}

test("[O3] who comes back to five long answers that they never marked has the newest at once, and whole", async () => {
  const root = (): ThreadRoot => dummyRoot(seededRandom("many answers"))
  const old = Array.from({ length: 5 }, (_, i) => partsOf(`${i}${"old ".repeat(600)}`)).flat()
  expect(old.length).toBe(15)
  const all = [...old, ...partsOf("Уходите сейчас.")]
  const numbered = all.map((part, i) => ({ ...part, sequence: 16 * (i + 1) }))
  const thread = await liveThread(root(), numbered)
  for (let edition = 0; edition < 4; edition += 1) {
    await line.acknowledge()
    const started = startVisit(line, {
      own: await line.publish([{ ...thread, newest: 1 }]),
      seed: `${edition}`,
    })
    started.visit.enter(root())
    await started.runTo(4)
    const whole = started.visit.state().replies.filter(({ parts }) => !parts.includes(null))
    expect(whole.map(({ parts }) => parts.join(""))).toContain("Уходите сейчас.")
  }
})

test("[O3] [G28] a reply of sixteen parts is more than one visit looks up: what was read of it is taken down, and whoever comes back has the rest", async () => {
  const texts = longTexts(MAX_PARTS * MAX_PART_TEXT_BYTES - 400)
  for (const name of ["emoji to the limit", "sentences in lines, to the limit"]) {
    const text = texts[name] ?? ""
    const parts = partsOf(text)
    expect(parts, name).toHaveLength(MAX_PARTS)
    const root = (): ThreadRoot => dummyRoot(seededRandom(name))
    const first = await visitWith(root(), parts, name)
    await first.runTo(12)
    const [some] = first.visit.state().replies
    if (!some) throw new TypeError("no part came")
    first.visit.markRead(some.id)
    await first.runTo(TICKS - 1)
    const read = (await lettersOf(first)).at(-1)?.read ?? []
    expect(read).toEqual(parts.filter((_, place) => some.parts[place]).map(({ sequence }) => sequence))
    expect(read.length, name).toBe(10)
    const second = await visitWith(
      root(),
      parts.filter(({ sequence }) => !read.includes(sequence)),
      name,
    )
    await second.runTo(TICKS - 1)
    const [rest] = second.visit.state().replies
    expect(rest?.id).toBe(some.id)
    expect(parts.map((_, place) => some.parts[place] ?? rest?.parts[place]).join(""), name).toBe(text)
  }
})
