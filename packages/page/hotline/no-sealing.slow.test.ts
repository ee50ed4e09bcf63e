/** A device that can't seal (its fall-back has not arrived): the same for whoever holds it. */
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { dummyRoot } from "@kunak/core/thread/keys"
import { expect, test, vi } from "vitest"
import { startVisit, visitLine } from "./testing/visit-line.ts"

let isThere = false
vi.mock("@kunak/core/suite/sealing", async (load) => {
  const real = await load<typeof import("@kunak/core/suite/sealing")>()
  return {
    ...real,
    sealing: () => (isThere ? real.sealing() : Promise.reject(new TypeError("no sealing yet"))),
  }
})

test("[I4] nothing that is no seal ever goes out: the tick is left out, for reader and seeker alike", async () => {
  const line = await visitLine()
  const own = await line.publish()
  const wires: unknown[] = []
  for (const seeks of [false, true]) {
    isThere = false
    const { visit, runTo, seen } = startVisit(line, { own })
    if (seeks) {
      visit.enter(dummyRoot(seededRandom("Amina")))
      visit.send("Меня ищут.")
    }
    await runTo(3)
    expect(visit.state().obstacle).toBe("slow-device")
    isThere = true
    await runTo(5)
    expect(visit.state().obstacle).toBeNull()
    expect(visit.state().messages.map(({ progress }) => progress)).toEqual(seeks ? ["handed-over"] : [])
    wires.push(seen)
    expect(seen.map(({ atMs }) => atMs)).toEqual([5_000, 5_000, 245_000, 245_000, 305_000, 305_000])
  }
  expect(wires[1]).toEqual(wires[0])
})
