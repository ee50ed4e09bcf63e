/** A duty that is killed, or ended, in the middle of beginning anew: rules U5, U17. */
import { once } from "node:events"
import { type Week, weekEnd } from "@kunak/core/time/instant"
import { afterAll, beforeAll, expect, test } from "vitest"
import { beginsAnew, type DutyLine, dutyLine, publishes, weeksFoundIn } from "../testing/duty-line.ts"
import { until } from "../testing/real-line.ts"

let own: DutyLine
beforeAll(async () => {
  own = await dutyLine(4)
})
afterAll(() => own?.line.close())

/** Its turn comes in the week after: the moments in which something could be lost. */
const inNextWeek = (week: Week, fault: string): string => `
  import fs from "node:fs/promises"
  import { syncBuiltinESMExports } from "node:module"
  const isNow = () => Date.now() >= ${weekEnd(week) * 1000}
  const die = () => process.kill(process.pid, "SIGKILL")
  ${fault}
  syncBuiltinESMExports()`

const KILLED: Readonly<Record<string, string>> = {
  "as it writes its memory without the old keys": `
    const { rename } = fs
    fs.rename = (...names) => (isNow() ? die() : rename(...names))`,
  "as soon as that is written": `
    const { rename } = fs
    fs.rename = async (...names) => { await rename(...names); if (isNow()) die() }`,
  "as it is to be replaced": "process.execve = die",
  "as soon as it is replaced": `if (process.env.KUNAK_DUTY_BEFORE) die()`,
}

test.each(Object.entries(KILLED))(
  "[U17] [U5] killed %s it loses nothing, and begins anew then",
  async (_, fault) => {
    const week = own.thisWeek()
    const killed = own.startDuty("duty-1", inNextWeek(week, fault))
    await publishes(killed)
    const answered = await own.answer("duty-1")
    const ended = once(killed.child, "exit")
    own.line.clock.pass(7 * 86_400_000)
    expect(await ended).toEqual([null, "SIGKILL"])

    const again = own.startDuty("duty-1")
    await publishes(again, 2)
    const used = [...killed.editions(), ...again.editions()]
    expect(new Set(used.map(({ number }) => number)).size).toBe(used.length)
    // The lease was its own still: no new term.
    expect(new Set(used.map(({ term }) => term)).size).toBe(1)
    expect(own.isKept("duty-1", answered)).toBe(true)
    // Where the old keys were on its disk still, it had them from there.
    await until("a memory without them", async () => !weeksFoundIn(again.pid, answered).includes(0))
    expect(weeksFoundIn(again.pid, answered)).toEqual([1, 2])
    await own.line.end(again.child)
    expect(await own.isOnBoard(answered, (week + 1) as Week)).toBe(true)
  },
)

test("[U17] whoever ends it in the moment in which it begins anew has ended it", async () => {
  // It has said what became of the turn, and has not yet been replaced.
  const fault = `
    const write = process.stdout.write.bind(process.stdout)
    process.stdout.write = (...parts) => {
      if (isNow()) process.kill(process.pid, "SIGTERM")
      return write(...parts)
    }`
  const duty = own.startDuty("duty-1", inNextWeek(own.thisWeek(), fault))
  await publishes(duty)
  const ended = once(duty.child, "exit")
  own.line.clock.pass(7 * 86_400_000)
  const anew = beginsAnew(duty).then(() => "begun anew")
  expect(await Promise.race([ended, anew])).toEqual([0, null])
})
