import fc from "fast-check"
import { expect, test } from "vitest"
import { ENVELOPE_BYTES, TICKS } from "../parameters.ts"
import { sha256 } from "../suite.ts"
import { runs } from "../testing/runs.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import {
  decodeTickAnswer,
  decodeTickRequest,
  encodeTickAnswer,
  encodeTickRequest,
  type TickRequest,
  tickAnswerBytes,
  tickRequestBytes,
} from "./codec.ts"
import { PuzzleSolver, puzzleHolds } from "./puzzle.ts"
import { isLastTick, postsTo, sentLaterBy, slotAt, tickAt, wantsHeader } from "./schedule.ts"

const random = seededRandom("ticks")
const request = (wants: boolean, posts: boolean, log2Rows = 9): TickRequest => ({
  wantsHeader: wants,
  log2Rows,
  headerHash: random(32),
  masks: [random(2 ** log2Rows / 8), random(2 ** log2Rows / 8)],
  posted: posts ? { nonce: random(8), envelope: random(ENVELOPE_BYTES) } : null,
})

test("[Z1] a request and its answer come back, at the size that the tick alone decides", () => {
  for (const log2Rows of [9, 10, 11])
    for (const wants of [false, true])
      for (const posts of [false, true]) {
        const given = request(wants, posts, log2Rows)
        const bytes = encodeTickRequest(given)
        expect(bytes).toHaveLength(tickRequestBytes(log2Rows, posts))
        expect(decodeTickRequest(bytes)).toEqual(given)
        const row = () => random(1_024 + 32 * log2Rows)
        const answer = { hasRoom: posts, rows: [row(), row()] as const, header: wants ? random(4_096) : null }
        const said = encodeTickAnswer(answer)
        expect(said).toHaveLength(tickAnswerBytes(log2Rows, wants))
        expect(decodeTickAnswer(said, log2Rows, wants)).toEqual(answer)
        expect(decodeTickAnswer(said, log2Rows, !wants)).toBeNull()
      }
})

test("[Z1] both directions of a tick at both relays stay within 12 KB, with headers within 20 KB, HTTP's 1.6 KB apart", () => {
  const quiet = tickRequestBytes(9, true) + tickRequestBytes(9, false) + 2 * tickAnswerBytes(9, false)
  expect(quiet).toBeLessThan(12_000 - 1_600)
  expect(quiet + 2 * 4_096).toBeLessThan(20_000 - 1_600)
})

test("[Z6] refuses every other form: a byte less or more, another version, kind or board", () => {
  const good = encodeTickRequest(request(true, true))
  const changed = (at: number, byte: number): Uint8Array => good.map((old, i) => (i === at ? byte : old))
  for (const bad of [
    good.slice(1),
    new Uint8Array([...good, 0]),
    changed(0, 2),
    changed(1, 4),
    changed(1, 1),
    changed(2, 8),
    changed(2, 12),
  ])
    expect(decodeTickRequest(bad)).toBeNull()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const decoded = decodeTickRequest(bytes)
      if (decoded) expect(encodeTickRequest(decoded)).toEqual(bytes)
    }),
    { numRuns: runs(500) },
  )
})

test("[Z7] a solution holds for its relay, edition and envelope alone", () => {
  const puzzle = { termKey: random(32), headerHash: random(32), envelopeHash: sha256(random(99)), bits: 10 }
  const solver = new PuzzleSolver(puzzle, random(8))
  let nonce: Uint8Array | null = null
  while (!nonce) nonce = solver.try(64)
  expect(puzzleHolds(puzzle, nonce)).toBe(true)
  let others = 0
  for (const change of [{ termKey: random(32) }, { headerHash: random(32) }, { envelopeHash: random(32) }])
    others += puzzleHolds({ ...puzzle, ...change }, nonce) ? 1 : 0
  expect(others).toBe(0)
  expect(puzzleHolds({ ...puzzle, bits: 0 }, random(8))).toBe(true)
})

test("[Z1] the schedule follows from the tick's number: headers at 0, 5, 10, envelopes from 1 on, to B and A in turn", () => {
  const ticks = Array.from({ length: TICKS }, (_, tick) => tick)
  expect(ticks.filter(wantsHeader)).toEqual([0, 5, 10])
  expect(ticks.map(postsTo)).toEqual([
    null,
    "B",
    "A",
    "B",
    "A",
    "B",
    "A",
    "B",
    "A",
    "B",
    "A",
    "B",
    "A",
    "B",
    "A",
  ])
  expect(ticks.slice(1, 6).map(slotAt)).toEqual([0, 1, 2, 3, 0])
  expect(tickAt(0, 60_000)).toBe(5_000)
  expect(tickAt(14, 60_000)).toBe(845_000)
  expect([sentLaterBy(0, 60_000), sentLaterBy(0.5, 60_000), sentLaterBy(1, 1_600)]).toEqual([0, 125, 100])
  expect(ticks.filter(isLastTick)).toEqual([14])
})
