/** The log read over gaps: what was trimmed, and where relay A was restored. docs/protocol.md §15, L2, L6, L10 */
import { randomBytes } from "node:crypto"
import type { OrganisationId } from "@kunak/core/charter/charter"
import type { Entry } from "@kunak/core/log/entry"
import { isLeap, stretchAt, stretchStart } from "@kunak/core/log/positions"
import { LOG_CELL_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import type { Instant } from "@kunak/core/time/instant"
import type { RelayStore } from "@kunak/relay/store/contract"
import { sqliteStore } from "@kunak/relay/store/sqlite/store"
import { expect, onTestFinished, test } from "vitest"
import type { RelayClient } from "../relay-client.ts"
import { deskKeys } from "../testing/line.ts"
import { LOG_START, LogFollower, type LogPlace, trimmedIn } from "./log-follower.ts"

const KEPT = 20
const RESTORED = 1_790_000_000 as Instant
const START = stretchStart(stretchAt(RESTORED))
const random = seededRandom("follower")
const follower = () =>
  new LogFollower({ organisationId: new Uint8Array(32) as OrganisationId, keys: deskKeys, random })

interface Relay {
  readonly client: RelayClient
  readonly store: RelayStore
}

/** B mirrors: cells beyond its head are taken. */
function relay(name: "A" | "B"): Relay {
  const store = must(sqliteStore(":memory:", { keepCells: KEPT, slots: 1_024 }, () => {}))
  onTestFinished(() => store.close())
  const client = {
    readLog: (from: number, limit = 64) => store.read(from, limit),
    appendLog: (expected: number, cells: readonly Uint8Array[]) =>
      store.append(expected, cells, name === "B"),
  }
  return { store, client: client as unknown as RelayClient }
}

/** As `kunak restore` leaves it. */
async function restoredA(): Promise<Relay> {
  const made = relay("A")
  const dummies = Array.from({ length: 1_024 }, () => new Uint8Array(LOG_CELL_BYTES))
  must(await made.store.fillRing(0, dummies))
  const counters = { term: 1, logHead: START + 1, ringHead: START }
  must(await made.store.resume(counters, new Uint8Array(randomBytes(LOG_CELL_BYTES))))
  return made
}

const veto = (mark: number): Entry => ({ kind: "veto", bytes: new Uint8Array(40).fill(mark) })
const marksOf = (entries: readonly { readonly entry: Entry }[]): readonly number[] =>
  entries.flatMap(({ entry }) => (entry.kind === "veto" ? [entry.bytes[0] ?? 0] : []))

/** Whoever writes has read to A's end, and mirrors. */
async function say(place: LogPlace, a: Relay, b: Relay | null, marks: readonly number[]): Promise<LogPlace> {
  const log = follower()
  let end = place
  for (const mark of marks) {
    end = must(await log.catchUp(a.client, end)).place
    end = must(await log.append(a.client, end, log.partsOf(veto(mark))))
    if (b) must(await log.mirror(a.client, b.client))
  }
  return end
}
const upTo = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, i) => from + i)
/** Only reading on gives the hash to write behind: a dummy in its place. */
async function behindTheLeap(a: Relay): Promise<LogPlace> {
  const page = must(await a.store.read(START, 1))
  expect(page.cells).toHaveLength(1)
  return must(await follower().catchUp(a.client, { position: START, previousHash: null })).place
}

test("[L6] [L10] a new reader reads all that B keeps, though B has trimmed and A was restored", async () => {
  const [first, b] = [relay("A"), relay("B")]
  await say(LOG_START, first, b, upTo(0, 60))
  const a = await restoredA()
  await say(await behindTheLeap(a), a, b, upTo(60, 70))
  const read = must(await follower().catchUp(a.client, LOG_START, b.client))
  // The first cell behind what was trimmed can't be opened: it is sealed to the one before.
  expect(marksOf(read.entries)).toEqual(upTo(41, 70))
  expect([trimmedIn(read.gaps), read.unopened]).toEqual([40, []])
  const [trimmed, leap] = read.gaps
  expect(trimmed).toEqual({ from: 0, first: 40, isAsked: true })
  expect(leap).toEqual({ from: 60, first: START, isAsked: true })
})

test("[L10] what both relays trimmed behind a leap counts as gone", async () => {
  const [first, b] = [relay("A"), relay("B")]
  const place = await say(LOG_START, first, b, upTo(0, 30))
  const a = await restoredA()
  await say(await behindTheLeap(a), a, b, upTo(30, 80))
  // START itself, and fifty: twenty are left.
  const read = must(await follower().catchUp(a.client, place, b.client))
  expect(trimmedIn(read.gaps)).toBe(31)
  expect(trimmedIn(read.gaps, START + 10)).toBe(21)
  expect(marksOf(read.entries)).toEqual(upTo(61, 80))
})

test("[L10] over two restorations nothing is missed that B has, nor said of A that it changed the log", async () => {
  const [first, b] = [relay("A"), relay("B")]
  const place = await say(LOG_START, first, b, upTo(0, 6))
  const second = await restoredA()
  await say(await behindTheLeap(second), second, b, upTo(6, 9))
  const a = relay("A")
  must(
    await a.store.fillRing(
      0,
      Array.from({ length: 1_024 }, () => new Uint8Array(LOG_CELL_BYTES)),
    ),
  )
  const later = stretchStart(stretchAt((RESTORED + 7_200) as Instant))
  const counters = { term: 9, logHead: later + 1, ringHead: later }
  must(await a.store.resume(counters, new Uint8Array(randomBytes(LOG_CELL_BYTES))))
  must(await follower().mirror(a.client, b.client))
  for (const from of [LOG_START, place]) {
    const read = must(await follower().catchUp(a.client, from, b.client))
    expect(marksOf(read.entries)).toEqual(upTo(from.position, 9))
    expect([read.unopened, trimmedIn(read.gaps), read.place.position]).toEqual([[], 0, later + 1])
    expect(read.gaps.every((gap) => isLeap(gap.from, gap.first))).toBe(true)
  }
})

test("[L10] a gap that the other relay could not be asked about is told apart", async () => {
  const [first, b] = [relay("A"), relay("B")]
  const place = await say(LOG_START, first, b, upTo(0, 5))
  const a = await restoredA()
  const away = { readLog: async () => ({ ok: false, error: { kind: "relay-down", why: "away" } }) }
  const read = must(await follower().catchUp(a.client, place, away as unknown as RelayClient))
  expect(read.gaps).toEqual([{ from: 5, first: START, isAsked: false }])
  expect(read.place.position).toBe(START + 1)
})

test("[L2] what somebody wrote to the mirror alone, far ahead, moves no reader and no mirror on", async () => {
  const [a, b] = [relay("A"), relay("B")]
  const place = await say(LOG_START, a, b, upTo(0, 5))
  must(await b.store.append(2 ** 52 - 1, [new Uint8Array(randomBytes(LOG_CELL_BYTES))], true))
  // A is away: as far as B goes on without a gap.
  const read = must(await follower().readMirror(b.client, LOG_START))
  expect([marksOf(read.entries), read.place]).toEqual([upTo(0, 5), place])
  const answer = await follower().readMirror(b.client, place)
  expect(answer).toEqual({ ok: false, error: { kind: "mirror-gap", position: 5 } })
  // A is back: nothing counts as mirrored.
  const mirrored = await follower().mirror(a.client, b.client)
  expect(mirrored).toEqual({ ok: false, error: { kind: "mirror-ahead", position: 2 ** 52 } })
  expect(must(await follower().catchUp(a.client, place, b.client)).place).toEqual(place)
})

test("[L2] rubbish at the mirror's head is read over, and reading at A goes on before it", async () => {
  const [a, b] = [relay("A"), relay("B")]
  const place = await say(LOG_START, a, b, upTo(0, 5))
  must(await b.store.append(5, [new Uint8Array(randomBytes(LOG_CELL_BYTES))], true))
  const read = must(await follower().readMirror(b.client, LOG_START))
  expect([read.unopened, read.place]).toEqual([[5], place])
  await say(place, a, null, [5])
  const later = must(await follower().catchUp(a.client, read.place, b.client))
  expect([marksOf(later.entries), later.unopened]).toEqual([[5], []])
})
