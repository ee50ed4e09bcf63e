/** What duty is told of a thread: a reply in its parts, or only that something was opened. */
import { OPENED_ONLY, openPart } from "@kunak/core/board/part"
import type { Entry } from "@kunak/core/log/entry"
import { MAX_PART_TEXT_BYTES, MAX_PARTS, OPENED_LIFE_SECONDS } from "@kunak/core/parameters"
import { Secret } from "@kunak/core/secret"
import { SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { longTexts, SHORT_TEXTS } from "@kunak/core/testing/texts"
import { replyKeyOf, type ThreadId, type ThreadRoot, weekKeyOf } from "@kunak/core/thread/keys"
import { HOUR_SECONDS, type Instant, plusSeconds, type Week, weekEnd, weekOf } from "@kunak/core/time/instant"
import { expect, it } from "vitest"
import { cannedTexts } from "./canned-texts.ts"
import { cutReply, placeOpened, placeReply, replyText } from "./compose.ts"

const random = seededRandom("opened")
const root = new Secret(random(32)) as ThreadRoot
const threadId = random(16) as ThreadId
const WEEK = weekOf(SAMPLE_NOW)
const HOUR_BEGAN = (SAMPLE_NOW - (SAMPLE_NOW % HOUR_SECONDS)) as Instant

async function openedAt(now: Instant): Promise<Extract<Entry, { kind: "part" }>["part"]> {
  const keys = await Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (WEEK + i) as Week)))
  const entry = await placeOpened({
    threadId,
    handle: new Uint8Array(16),
    held: { week: WEEK, keys },
    week: WEEK,
    opened: { ids: [new Uint8Array(8).fill(1)], at: now },
    now,
    random,
  })
  if (entry.kind !== "part") throw new TypeError("no part")
  return entry.part
}

it("[O6] an opened alone names its hour and no minute; the person is told the minute, under the thread's key", async () => {
  for (const minutes of [0, 1, 31, 59]) {
    const now = plusSeconds(HOUR_BEGAN, minutes * 60 + 17)
    const placed = await openedAt(now)
    expect([placed.sequence, placed.written, placed.expires]).toEqual([
      OPENED_ONLY,
      HOUR_BEGAN,
      HOUR_BEGAN + OPENED_LIFE_SECONDS,
    ])
    const part = await openPart(placed.part, threadId, [await replyKeyOf(await weekKeyOf(root, WEEK))])
    expect(part?.openedAt).toBe(now)
  }
})

it("[O5] an opened alone ends with the last week held all the same", async () => {
  const last = weekEnd((WEEK + 2) as Week)
  const placed = await openedAt(plusSeconds(last, -HOUR_SECONDS / 2))
  expect(placed.expires).toBe(last)
})

const READY: Readonly<Record<string, string>> = Object.fromEntries(
  (["ru", "en"] as const).flatMap((language) =>
    cannedTexts(language).map(({ id, text }) => [`${id}, ${language}`, text]),
  ),
)

it("[O1] a reply of every kind, up to sixteen parts, and each ready text in both languages, is sealed as it was typed", async () => {
  const keys = await Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (WEEK + i) as Week)))
  const replyKey = await replyKeyOf(await weekKeyOf(root, WEEK))
  const texts = {
    ...SHORT_TEXTS,
    ...longTexts(MAX_PART_TEXT_BYTES),
    ...longTexts(15.5 * MAX_PART_TEXT_BYTES),
    ...READY,
  }
  for (const [name, text] of Object.entries(texts)) {
    const { pieces, over } = cutReply(replyText(`${text}\r\n`))
    expect(over, name).toBe(0)
    const entries = await placeReply(
      {
        threadId,
        handle: new Uint8Array(16),
        held: { week: WEEK, keys },
        week: WEEK,
        opened: { ids: [], at: 0 as Instant },
        now: SAMPLE_NOW,
        random,
      },
      {
        replyId: random(8),
        written: SAMPLE_NOW,
        texts: pieces.map((piece, place) => ({ text: piece, sequence: 65_536 * (place + 1), place })),
        parts: pieces.length,
      },
    )
    const parts = await Promise.all(
      entries.map((entry) =>
        entry.kind === "part" ? openPart(entry.part.part, threadId, [replyKey]) : null,
      ),
    )
    expect(parts.map((part) => part?.text).join(""), name).toBe(text)
  }
})

it("[O1] beyond sixteen parts it is said by how much, whatever the letters", () => {
  const limit = MAX_PARTS * MAX_PART_TEXT_BYTES
  expect(cutReply("a".repeat(limit)).over).toBe(0)
  expect(cutReply("a".repeat(limit + 1)).over).toBe(1)
  expect(cutReply("🌲".repeat(limit / 6 + 1)).over).toBe(6)
})
