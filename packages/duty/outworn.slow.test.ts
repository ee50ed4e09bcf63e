/** When a duty's process has had keys of weeks that are over, and should begin anew. */
import { encodeVouched, signReceipt } from "@kunak/core/receipt/receipt"
import { reveal, Secret } from "@kunak/core/secret"
import { delegationAt } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { instant, plusSeconds, type Week, weekEnd, weekOf, weekStart } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import type { DutyMemory } from "./duty.ts"
import { type TestLine, testLine } from "./testing/line.ts"

const random = seededRandom("outworn")

/** A desk answers somebody, with the keys of three weeks from `week` on. */
const answer = (line: TestLine, week: Week, written = line.now()): Promise<void> =>
  line.say({
    kind: "part",
    part: {
      handle: random(16),
      week,
      keys: [0, 1, 2].map(() => ({ cell: key(), placement: key() })),
      sequence: 16,
      written,
      expires: plusSeconds(line.now(), 13 * 86_400),
      part: random(996),
    },
  })
const key = (): Secret<Uint8Array> => new Secret(random(32))

/** A desk is there: only what it says lets duty drop anything. */
async function sayReceipt(line: TestLine): Promise<void> {
  const { organisation } = line
  const delegation = delegationAt(organisation, line.now())
  const receipt = await signReceipt(
    {
      organisationId: organisation.chain.organisationId,
      delegationHash: delegation.hash,
      time: line.now(),
      lastRead: instant(0),
    },
    [],
    organisation.amina,
    delegation,
  )
  await line.say({ kind: "receipt", receipt, vouched: encodeVouched([]) })
}

/** Whether it holds anything by which cells of boards of that week are found. */
const holdsKeysOf = ({ line }: DutyMemory, week: Week): boolean =>
  line.waiting.some((thread) =>
    Object.values(thread.keys[week - thread.week] ?? {}).some((secret: Secret<Uint8Array>) =>
      reveal(secret).some((byte) => byte !== 0),
    ),
  )

const toNextWeek = (line: TestLine): void => line.forward(weekEnd(weekOf(line.now())) - line.now() + 60)

test("[U17] with each week it should begin anew, once: whoever takes its place from what it saved then is fresh", async () => {
  const line = await testLine()
  const week = weekOf(line.now())
  const { duty, saved } = line.duty(0)
  await answer(line, week)
  await duty.tick()
  line.forward(300)
  await duty.tick()
  expect(duty.isOutworn).toBe(false)
  toNextWeek(line)
  expect(await duty.tick()).toMatchObject({ kind: "published", id: { term: 1, number: 3 } })
  expect(duty.isOutworn).toBe(true)
  const memory = saved.at(-1) as DutyMemory
  expect(memory).toBe(duty.memory)
  expect([holdsKeysOf(memory, week), holdsKeysOf(memory, (week + 1) as Week)]).toEqual([false, true])
  const next = line.duty(0, memory).duty
  expect(next.isOutworn).toBe(false)
  line.forward(300)
  expect(await next.tick()).toMatchObject({ kind: "published", id: { term: 1, number: 4 } })
  expect(next.isOutworn).toBe(false)
})

test("[U17] it should whether anybody was answered or not, and while it stands by", async () => {
  const line = await testLine()
  const [first, second] = [line.duty(0).duty, line.duty(1).duty]
  await first.tick()
  expect((await second.tick()).kind).toBe("standing-by")
  toNextWeek(line)
  await first.tick()
  expect((await second.tick()).kind).toBe("standing-by")
  expect([first.isOutworn, second.isOutworn]).toEqual([true, true])
})

test("[U17] [U15] not before its keys are let go: a clock set ahead does not make it, nor a week in which no desk was there", async () => {
  const line = await testLine()
  const week = weekOf(line.now())
  const { duty } = line.duty(0)
  await sayReceipt(line)
  await answer(line, week)
  await duty.tick()
  toNextWeek(line)
  await duty.tick()
  expect([duty.isOutworn, holdsKeysOf(duty.memory, week)]).toEqual([false, true])
  await sayReceipt(line)
  line.forward(300)
  await duty.tick()
  expect([duty.isOutworn, holdsKeysOf(duty.memory, week)]).toEqual([true, false])
})

test("[U17] one that was down when the week ended had its keys from the disk: it should once they are gone there", async () => {
  const line = await testLine()
  const week = weekOf(line.now())
  const before = line.duty(0)
  await answer(line, week)
  await before.duty.tick()
  const memory = before.saved.at(-1)
  toNextWeek(line)
  line.down.add("a").add("b")
  const { duty, saved } = line.duty(0, memory)
  await duty.tick()
  // Begun anew now it would have them again.
  expect(duty.isOutworn).toBe(false)
  line.down.clear()
  await duty.tick()
  expect(duty.isOutworn).toBe(true)
  expect(holdsKeysOf(saved.at(-1) as DutyMemory, week)).toBe(false)
})

test("[U17] one that reads in the log what was written in a former week had its keys, too", async () => {
  const line = await testLine()
  const week = weekOf(line.now())
  await answer(line, (week - 1) as Week, plusSeconds(weekStart(week), -1))
  const { duty, saved } = line.duty(0)
  await duty.tick()
  expect(duty.isOutworn).toBe(true)
  const next = line.duty(0, saved.at(-1)).duty
  line.forward(300)
  await next.tick()
  expect(next.isOutworn).toBe(false)
})

test("[U17] not by answers to whoever wrote weeks ago: for these chance stands there, once every desk has heard that the week is over", async () => {
  for (const [week, written, isOutworn] of [
    [-1, 3600, false],
    [-1, 3599, true],
    // Whoever can write to the log says what they like.
    [-2000, Number.NEGATIVE_INFINITY, true],
    [0, Number.POSITIVE_INFINITY, false],
  ] as const) {
    const line = await testLine()
    const now = weekOf(line.now())
    const time = Math.min(0xffff_ffff, Math.max(0, weekStart(now) + written))
    await answer(line, (now + week) as Week, instant(time))
    const { duty } = line.duty(0)
    expect((await duty.tick()).kind).toBe("published")
    expect(duty.isOutworn, `${week} ${written}`).toBe(isOutworn)
  }
})

test("[U17] what it overwrites is its own: whoever gave it its memory still has that", async () => {
  const line = await testLine()
  const week = weekOf(line.now())
  const before = line.duty(0)
  await answer(line, week)
  await before.duty.tick()
  const memory = before.duty.memory
  toNextWeek(line)
  const { duty } = line.duty(1, memory)
  await duty.tick()
  expect([holdsKeysOf(duty.memory, week), holdsKeysOf(memory, week)]).toEqual([false, true])
})

test("[U17] [MEM4] keys are overwritten where they stood as they are let go, and no others", async () => {
  const line = await testLine()
  const week = weekOf(line.now())
  const { duty } = line.duty(0)
  await answer(line, week)
  await answer(line, (week + 1) as Week)
  await duty.tick()
  const bytes = duty.memory.line.waiting.flatMap(({ keys }) =>
    keys.map(({ cell, placement }) => [reveal(cell), reveal(placement)]),
  )
  toNextWeek(line)
  await duty.tick()
  const isZero = bytes.map((pair) => pair.every((one) => one.every((byte) => byte === 0)))
  expect(isZero).toEqual([true, false, false, false, false, false])
  // The second thread is taken down.
  const handle = duty.memory.line.waiting[1]?.handle ?? new Uint8Array()
  await line.say({ kind: "parts-dropped", handle, sequences: [] })
  line.forward(300)
  await duty.tick()
  const isZeroThen = bytes.map((pair) => pair.every((one) => one.every((byte) => byte === 0)))
  expect(isZeroThen).toEqual([true, false, false, true, true, true])
})
