/** Reader and seeker are the same to whoever watches the wire or owns a relay: in every state that relays can be in. */

import { SAMPLE_NOW, signEdition } from "@kunak/core/testing/organisation"
import { runs } from "@kunak/core/testing/runs"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { dummyRoot } from "@kunak/core/thread/keys"
import type { TickAnswer } from "@kunak/core/tick/codec"
import { decodeTickAnswer, encodeTickAnswer } from "@kunak/core/tick/codec"
import { plusSeconds } from "@kunak/core/time/instant"
import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { liveThread, partsOf } from "./testing/desk-side.ts"
import { nextTurn } from "./testing/virtual-clock.ts"
import {
  type SeenRequest,
  type Spoil,
  startVisit,
  type TestVisit,
  type VisitLine,
  type VisitOptions,
  visitLine,
} from "./testing/visit-line.ts"
import type { Visit } from "./visit-state.ts"

const amina = () => dummyRoot(seededRandom("Amina"))
const LONG = "Мы вас слышим. ".repeat(500)

let line: VisitLine
let options: VisitOptions
/** Signed by duty under the number of another: for one visitor only. */
let otherHeader: Uint8Array
let oldHeader: Uint8Array

beforeAll(async () => {
  line = await visitLine()
  oldHeader = (await line.publish()).header
  const thread = await liveThread(amina(), partsOf(LONG))
  const own = await line.publish([thread], { id: { term: 1, number: 9 } })
  options = { own }
  otherHeader = (
    await signEdition(line.organisation, { id: own.edition.header.id, issued: plusSeconds(SAMPLE_NOW, 90) })
  ).header
})

const changed =
  (change: (answer: TickAnswer) => TickAnswer): Spoil =>
  (bytes) => {
    const answer = [true, false].map((wants) => decodeTickAnswer(bytes, 9, wants)).find((one) => one !== null)
    return answer ? encodeTickAnswer(change(answer)) : bytes
  }
const fromTick =
  (tick: number, spoil: Spoil): Spoil =>
  (answer, request) =>
    request.tick >= tick ? spoil(answer, request) : answer
const down: Spoil = () => "down"
const alter = changed(({ rows: [first, second], ...rest }) => ({
  ...rest,
  rows: [first.map((byte, i) => (i === 40 ? byte ^ 1 : byte)), second],
}))
const filler = changed(({ rows, ...rest }) => ({
  ...rest,
  rows: rows.map((row) =>
    crypto.getRandomValues(new Uint8Array(row.length)),
  ) as unknown as TickAnswer["rows"],
}))
const serving = (header: () => Uint8Array): Spoil =>
  changed((answer) => ({ ...answer, header: answer.header && header() }))
const busy = changed((answer) => ({ ...answer, hasRoom: false }))

const states: Readonly<Record<string, VisitOptions["spoil"]>> = {
  "all is well": {},
  "A is down": { A: down },
  "B goes down at tick 3": { B: fromTick(3, down) },
  "both are down": { A: down, B: down },
  "A never answers": { A: () => "silent" },
  "A alters rows": { A: alter },
  "B answers filler": { B: filler },
  "A serves an old header": { A: serving(() => oldHeader) },
  "B serves a header of its own to this visitor": { B: serving(() => otherHeader) },
  "B serves what nobody signed": { B: serving(() => new Uint8Array(4_096)) },
  "A answers a byte less": { A: (answer) => answer.slice(1) },
  "B answers a megabyte": { B: () => new Uint8Array(1_000_000) },
  "both are busy": { A: busy, B: busy },
  "A says 503": { A: () => 503 },
  "A says 404 from tick 5 on": { A: fromTick(5, () => 404) },
}

/** Everything a person can do, early, late, twice and at the wrong moment. */
async function seek({ visit, runTo }: TestVisit): Promise<void> {
  const readAll = (): void => {
    for (const { id } of visit.state().replies) visit.markRead(id)
  }
  visit.enter(amina())
  visit.send("Меня ищут. Что делать?")
  await runTo(1)
  const second = visit.send("ж".repeat(2_700))
  await runTo(4, readAll)
  if (second.ok) visit.takeBack(second.id)
  await runTo(8, readAll)
  visit.enter(null)
  visit.enter(amina())
  for (let i = 0; i < 20; i++) visit.send(`Сообщение ${i}`)
  await runTo(14, readAll)
  visit.send("После конца")
}

const wireOf = async (
  given: VisitOptions,
  act: (visit: TestVisit) => Promise<void> = async () => {},
): Promise<{ readonly wire: readonly SeenRequest[]; readonly visit: Visit }> => {
  await line.acknowledge()
  const started = startVisit(line, given)
  await act(started)
  await started.runTo(14)
  return { wire: started.seen, visit: started.visit }
}

/** The same each time: what is drawn for the moments must not depend on what somebody does. */
const chances = (): (() => number) => {
  const bytes = seededRandom("moments")
  return () => (bytes(1)[0] as number) / 256
}

describe("[Z3] [G4] reader and seeker send the same", () => {
  for (const [name, spoil] of Object.entries(states))
    test(`[Z3] ${name}: method, address, options, sizes and moments are equal`, async () => {
      const given = { ...options, ...(spoil ? { spoil } : {}) }
      const reader = await wireOf({ ...given, chance: chances() })
      const seeker = await wireOf({ ...given, chance: chances(), seed: "another visit" }, seek)
      expect(seeker.wire).toEqual(reader.wire)
      expect(reader.wire).toHaveLength(30)
      expect(reader.visit.state().brokenLookUps).toBe(seeker.visit.state().brokenLookUps)
      expect(reader.visit.state().obstacle).toBe(seeker.visit.state().obstacle)
    })
})

interface Act {
  readonly atMs: number
  /** Turns of the machine that pass before it: so it falls between any two steps of what is put together then. */
  readonly turns: number
  readonly act: (visit: Visit) => unknown
}

const doing = fc.oneof(
  fc.constant((visit: Visit) => visit.enter(amina())),
  fc.constant((visit: Visit) => visit.enter(null)),
  fc.string({ maxLength: 60 }).map((text) => (visit: Visit) => visit.send(text)),
  fc.constant((visit: Visit) => visit.send("щ".repeat(2_749))),
  fc.constant((visit: Visit) => visit.state().messages.map(({ id }) => visit.takeBack(id))),
  fc.constant((visit: Visit) => visit.state().replies.map(({ id }) => visit.markRead(id))),
)
const acts = fc.array(
  fc.record({
    atMs: fc.oneof(
      fc.integer({ min: 0, max: 900_000 }),
      fc.nat(14).map((tick) => 5_000 + 60_000 * tick),
      fc.nat(13).map((tick) => 35_000 + 60_000 * tick),
    ),
    turns: fc.nat(40),
    act: doing,
  }),
  { minLength: 5, maxLength: 40 },
)

async function perform({ visit, runTo }: TestVisit, given: readonly Act[]): Promise<void> {
  let waiting = [...given].sort((a, b) => a.atMs - b.atMs)
  const soon = async ({ turns, act }: Act): Promise<void> => {
    for (let i = 0; i < turns; i++) await nextTurn()
    act(visit)
  }
  await runTo(14, (ms) => {
    const due = waiting.filter(({ atMs }) => atMs <= ms)
    waiting = waiting.filter((one) => !due.includes(one))
    for (const one of due) void soon(one)
  })
}

test("[Z3] whatever is done, at whatever moment, leaves the wire as it is", async () => {
  const reader = await wireOf(options)
  await fc.assert(
    fc.asyncProperty(acts, fc.constantFrom({}, { A: down }, { B: alter }), async (given, spoil) => {
      const seeker = await wireOf({ ...options, spoil }, (visit) => perform(visit, given))
      expect(seeker.wire).toEqual(reader.wire)
    }),
    { numRuns: runs(12) },
  )
})

test("[Z5] a device that sleeps leaves ticks out, whoever holds it, and makes none up", async () => {
  /** Asleep from minute 3.5 to minute 7, and a quarter of a minute late at tick 12. */
  const sleeps = async ({ visit, clock, runTo }: TestVisit): Promise<void> => {
    await runTo(3)
    clock.skip(200_000)
    await runTo(11)
    await runTo(12, (ms) => {
      if (ms === 725_000) clock.skip(ms - clock.nowMs() + 15_001)
    })
    expect(visit.state().tick).toBe(12)
  }
  const reader = await wireOf(options, sleeps)
  const seeker = await wireOf(options, async (visit) => {
    visit.visit.enter(amina())
    visit.visit.send("Вы здесь?")
    await sleeps(visit)
  })
  expect(seeker.wire).toEqual(reader.wire)
  const moments = reader.wire.map(({ atMs }) => (atMs - 5_000) / 60_000)
  expect(moments).toEqual([0, 1, 2, 3, 7, 8, 9, 10, 11, 13, 14].flatMap((tick) => [tick, tick]))
})
