/** What duty is told of a thread to which a desk says only that it opened something. */
import { OPENED_ONLY, openPart } from "@kunak/core/board/part"
import type { Entry } from "@kunak/core/log/entry"
import { OPENED_LIFE_SECONDS } from "@kunak/core/parameters"
import { Secret } from "@kunak/core/secret"
import { SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { replyKeyOf, type ThreadId, type ThreadRoot, weekKeyOf } from "@kunak/core/thread/keys"
import { HOUR_SECONDS, type Instant, plusSeconds, type Week, weekEnd, weekOf } from "@kunak/core/time/instant"
import { expect, it } from "vitest"
import { placeOpened } from "./compose.ts"

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
