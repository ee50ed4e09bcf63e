/** Duties whose week ends while they run, as processes: rule U17. Their memory is searched with the drill's eyes. */
import { once } from "node:events"
import { join } from "node:path"
import type { EditionId } from "@kunak/core/edition/header"
import { type Week, weekEnd } from "@kunak/core/time/instant"
import { afterAll, beforeAll, expect, test } from "vitest"
import { limitsOf } from "../drill/places/memory.ts"
import {
  beginsAnew,
  type DutyLine,
  dutyLine,
  hasBegunAnew,
  publishes,
  type RunningDuty,
  weeksFoundIn,
} from "../testing/duty-line.ts"
import { until } from "../testing/real-line.ts"

/** A lease outlives two and a half: a process that begins anew on a busy machine has time. */
const EDITION_SECONDS = 10

let own: DutyLine
beforeAll(async () => {
  own = await dutyLine(EDITION_SECONDS)
})
afterAll(() => own?.line.close())

test("[U17] when a week ends both duties begin anew: its keys are in neither's memory, the line stays with the one that has it", async () => {
  const week = own.thisWeek()
  const duties = [own.startDuty("duty-1")]
  const [first] = duties as [RunningDuty]
  await publishes(first)
  duties.push(own.startDuty("duty-2"))
  const [, second] = duties as [RunningDuty, RunningDuty]
  await until("a duty that stands by", async () => second.said().includes("standing-by"))
  const answered = await own.answer("duty-1", "duty-2")
  // The eyes see: what is looked for stands there while it is needed.
  for (const { pid } of duties) expect(weeksFoundIn(pid, answered)).toEqual([0, 1, 2])

  // Seconds before the week ends.
  own.line.clock.pass((weekEnd(week) - 45) * 1000 - own.line.clock.now())
  const leapt = own.line.clock.now()
  // The leap was longer than any lease: one of both takes the line anew.
  const all = (): readonly EditionId[] => duties.flatMap(({ editions }) => editions())
  const before = all().length
  await until("an edition in the week's last minute", async () => all().length > before + 1)
  expect(own.thisWeek()).toBe(week)
  const { term } = all().reduce((one, other) => (other.term > one.term ? other : one))
  for (const duty of duties) await beginsAnew(duty)
  const turned = all().length
  await until("editions of the new week", async () => all().length >= turned + 2)
  expect(own.thisWeek()).toBe(week + 1)

  for (const { pid } of duties) expect(weeksFoundIn(pid, answered)).toEqual([1, 2])
  // Nobody took over, no number twice and none left out: as without a new beginning.
  const numbers = all()
    .filter((id) => id.term === term)
    .map(({ number }) => number)
    .sort((a, b) => a - b)
  expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  expect(Math.max(...all().map((id) => id.term))).toBe(term)
  for (const duty of duties) {
    expect(duty.child.exitCode).toBeNull()
    // One turn at a beat: whoever watches the relays sees no more of it than of any other.
    const beats = duty.turns.filter((at) => at > leapt).map((at) => Math.floor(at / 1000 / EDITION_SECONDS))
    expect(new Set(beats).size).toBe(beats.length)
    expect(limitsOf(duty.pid)).toMatch(/^Max core file size\s+1\s+1\s/m)
    expect(hasBegunAnew(duty)).toBe(true)
  }
  // It goes on to be ended as before: from a terminal and by whoever supervises it.
  for (const [duty, signal] of [
    [first, "SIGINT"],
    [second, "SIGTERM"],
  ] as const) {
    const ended = once(duty.child, "exit")
    duty.child.kill(signal)
    expect(await ended).toEqual([0, null])
  }
  expect(await own.isOnBoard(answered, (week + 1) as Week)).toBe(true)
})

test("[U17] where it can't begin anew it says so once and goes on", async () => {
  const duty = own.startDuty("duty-1", "process.execve = undefined")
  await publishes(duty)
  const answered = await own.answer("duty-1")
  own.line.clock.pass(7 * 86_400_000)
  await publishes(duty, 3)
  // Of the week that is over a text may still be there, or may not: which of them are swept, and when, is chance.
  expect(weeksFoundIn(duty.pid, answered)).toEqual(expect.arrayContaining([1, 2]))
  expect(hasBegunAnew(duty)).toBe(false)
  expect(duty.complained().split("can't begin anew here")).toHaveLength(2)
})

test("[U17] [U13] a locked desk beside which a duty runs begins anew with it, on the same port", async () => {
  const vault = join(own.line.folder, "officer-1", "officer.vault")
  const beside = ["--duty", join(own.line.folder, "duty-1")]
  const desk = own.start(["desk", "--vault", vault, "--no-open", "--json", ...beside])
  await publishes(desk)
  const answered = await own.answer("duty-1")
  expect(weeksFoundIn(desk.pid, answered)).toEqual([0, 1, 2])
  const { port } = JSON.parse(desk.said().split("\n")[0] ?? "") as { port: number }
  own.line.clock.pass(7 * 86_400_000)
  await beginsAnew(desk, "KUNAK_DESK_BEFORE=")
  await publishes(desk, 2)
  expect(weeksFoundIn(desk.pid, answered)).toEqual([1, 2])
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
  // Whoever was signed in still is: nobody is given a new address.
  expect(
    desk
      .said()
      .split("\n")
      .filter((one) => one.includes('"address"')),
  ).toHaveLength(1)
})
