import { makeBoard } from "@kunak/core/board/make-board"
import { boardRows, rowBytes, verifiedCell } from "@kunak/core/board/merkle"
import { candidates, unwrapCell } from "@kunak/core/board/placement"
import { decodeEntry, encodeEntry, type PlacedPart } from "@kunak/core/log/entry"
import { reveal, Secret } from "@kunak/core/secret"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import {
  DAY_SECONDS,
  HOUR_SECONDS,
  plusSeconds,
  type Week,
  weekOf,
  weekStart,
} from "@kunak/core/time/instant"
import { describe, expect, test } from "vitest"
import {
  liveThreads,
  stillWaiting,
  type WaitingThread,
  withoutParts,
  withoutPastKeys,
  withPart,
} from "./waiting.ts"

const random = seededRandom("replies that wait")
const now = plusSeconds(weekStart(2560 as Week), DAY_SECONDS)
const week = weekOf(now)
const keys = (): PlacedPart["keys"] =>
  Array.from({ length: 3 }, () => ({ cell: new Secret(random(32)), placement: new Secret(random(32)) }))
const placed = (handle: Uint8Array, sequence: number, change: Partial<PlacedPart> = {}): PlacedPart => ({
  handle,
  week,
  keys: keys(),
  sequence,
  written: now,
  expires: plusSeconds(now, 13 * DAY_SECONDS),
  part: random(996),
  ...change,
})
const all = (...parts: readonly PlacedPart[]): readonly WaitingThread[] =>
  parts.reduce<readonly WaitingThread[]>(withPart, [])
const sequences = (waiting: readonly WaitingThread[]) =>
  waiting.map(({ parts }) => parts.map(({ sequence }) => sequence))
const [amina, boris] = [random(16), random(16)]

describe("replies that wait", () => {
  test("[O3] a thread's parts stand oldest first, what only says opened last, however they come", () => {
    expect(sequences(all(placed(amina, 33), placed(amina, 0), placed(amina, 17), placed(boris, 16)))).toEqual(
      [[17, 33, 0], [16]],
    )
  })

  test("[O3] the newest reply are the parts that were placed with the highest number, an opened alone is none", () => {
    const newest = (...parts: readonly PlacedPart[]) => liveThreads(all(...parts), now)[0]?.newest
    const later = plusSeconds(now, 1)
    const reply = [placed(amina, 49, { written: later }), placed(amina, 65, { written: later })]
    expect(newest(placed(amina, 17), placed(amina, 33), ...reply, placed(amina, 0))).toBe(2)
    expect(newest(...reply)).toBe(2)
    expect(newest(placed(amina, 0))).toBe(0)
    // An older one that was placed again stays older.
    expect(newest(placed(amina, 17, { written: plusSeconds(now, 9) }), ...reply)).toBe(2)
  })

  test("[O5] said again, a part takes its own place: at most one that only says opened", () => {
    const again = placed(amina, 0)
    const [thread] = all(placed(amina, 0), placed(amina, 16), again)
    expect(thread?.parts.map(({ sequence }) => sequence)).toEqual([16, 0])
    expect(thread?.parts[1]?.part).toEqual(again.part)
  })

  test("[O5] a part ends with its time, after 14 days, with the last week held; an opened alone after 48 hours", () => {
    const left = (part: PlacedPart, after: number) => stillWaiting(all(part), plusSeconds(now, after)).length
    const long = plusSeconds(now, 60 * DAY_SECONDS)
    expect(left(placed(amina, 16, { expires: plusSeconds(now, 60) }), 61)).toBe(0)
    expect(left(placed(amina, 16, { expires: long }), 14 * DAY_SECONDS - 1)).toBe(1)
    expect(left(placed(amina, 16, { expires: long }), 14 * DAY_SECONDS)).toBe(0)
    expect(left(placed(amina, 16, { expires: long, week: (week - 2) as Week }), 6 * DAY_SECONDS - 1)).toBe(1)
    expect(left(placed(amina, 16, { expires: long, week: (week - 2) as Week }), 6 * DAY_SECONDS)).toBe(0)
    expect(left(placed(amina, 0, { expires: long }), 48 * HOUR_SECONDS - 1)).toBe(1)
    expect(left(placed(amina, 0, { expires: long }), 48 * HOUR_SECONDS)).toBe(0)
  })

  test("[O6] with its last part a thread's keys are forgotten; dropping names one thread and leaves the others", () => {
    const waiting = all(placed(amina, 16), placed(amina, 32), placed(boris, 16))
    expect(sequences(withoutParts(waiting, amina, [16]))).toEqual([[32], [16]])
    expect(sequences(withoutParts(waiting, amina, [16, 32]))).toEqual([[16]])
    expect(sequences(withoutParts(waiting, boris, []))).toEqual([[16, 32]])
    expect(sequences(withoutParts(waiting, random(16), []))).toEqual([[16, 32], [16]])
  })

  test("[O5] newer week keys take the place of older ones, never the other way round", () => {
    const later = placed(amina, 32, { week: (week + 1) as Week })
    expect(all(placed(amina, 16), later, placed(amina, 48))[0]?.week).toBe(week + 1)
  })

  test("[O5] anybody can have thousands of threads say opened: a reply still finds its place, before them all", () => {
    const full = Array.from({ length: 4_096 }, (): WaitingThread => {
      const { handle, sequence, written, expires, part } = placed(random(16), 0)
      return { handle, week, keys: [], parts: [{ sequence, written, expires, part }] }
    })
    const [oldest] = full as [WaitingThread]
    const with_ = withPart(full, placed(amina, 16))
    expect(with_.length).toBe(4_096)
    expect(with_.some(({ handle }) => handle === amina)).toBe(true)
    expect(with_).not.toContain(oldest)
    expect(withPart(full, placed(amina, 0))).toBe(full)
    expect(withPart(full, { ...placed(oldest.handle, 16) }).length).toBe(4_096)
    const [thread] = liveThreads(all(placed(amina, 16), placed(amina, 0)), now)
    expect(thread?.endsWithOpened).toBe(true)
    expect(liveThreads(all(placed(boris, 16)), now)[0]?.endsWithOpened).toBe(false)
  })

  test("a thread that floods crowds out its own oldest parts, nobody else's", () => {
    const flood = all(placed(boris, 16), ...Array.from({ length: 80 }, (_, i) => placed(amina, 16 * (i + 1))))
    expect(flood.map(({ parts }) => parts.length).sort()).toEqual([1, 64])
    expect(flood.find(({ handle }) => handle === amina)?.parts[0]?.sequence).toBe(16 * 17)
  })

  test("[O4] an edition has them under the keys of its own week, and of no week that is not held", async () => {
    const part = placed(amina, 16, { week: (week - 1) as Week })
    const [live] = liveThreads(all(part), now)
    expect(live?.keys).toBe(part.keys[1])
    const board = await makeBoard(live ? [live] : [], 3, random)
    const { rows, root } = boardRows(board.bytes)
    const size = rowBytes(board.log2Rows)
    const found = await Promise.all(
      (await candidates(part.keys[1]!.placement, board, 0)).map(async (index) => {
        const cell = verifiedCell(rows.slice(index * size, (index + 1) * size), index, board.log2Rows, root)
        return cell && (await unwrapCell(cell, part.keys[1]!, board, 0))
      }),
    )
    expect(found.filter(Boolean)).toEqual([part.part])
    expect(liveThreads(all(placed(amina, 16, { week: (week + 1) as Week })), now)).toEqual([])
  })

  test("[J2] keys of weeks that are over are not kept, while the thread's parts wait and are placed with this week's", async () => {
    const part = placed(amina, 16)
    const next = plusSeconds(weekStart((week + 1) as Week), DAY_SECONDS)
    const bytes = (thread: WaitingThread | undefined) =>
      (thread?.keys ?? []).map(({ cell }) => String(reveal(cell)))
    const before = all(part)
    expect(bytes(withoutPastKeys(before, now)[0])).toEqual(bytes(before[0]))
    const after = withoutPastKeys(stillWaiting(before, next), next)
    expect(bytes(after[0])).toEqual([String(new Uint8Array(32)), ...bytes(before[0]).slice(1)])
    expect(reveal(after[0]!.keys[0]!.placement)).toEqual(new Uint8Array(32))
    expect(liveThreads(after, next)).toMatchObject([{ keys: part.keys[1], parts: [part.part] }])
    // A clock that is set back places nothing with what is gone, and the memory reads what it wrote.
    expect(liveThreads(after, now)).toEqual([])
    const read = decodeEntry(encodeEntry({ kind: "part", part: { ...part, keys: after[0]!.keys } }))
    expect(read).toMatchObject({ kind: "part" })
  })
})
