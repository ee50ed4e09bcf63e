import { runs } from "@kunak/core/testing/runs"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import fc from "fast-check"
import { expect, test } from "vitest"
import { handedOver, makeOutbox, type Queued, type RelayPlace } from "./outbox.ts"

test("[I6] whichever relay refuses whatever, all are handed over as soon as can be, and none falls more than two behind", () => {
  const tick = fc.record({ to: fc.constantFrom<RelayPlace>(0, 1), takes: fc.boolean() })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(tick, { maxLength: 60 }), (count, ticks) => {
      const outbox = makeOutbox()
      const random = seededRandom("messages")
      for (let i = 0; i < count; i++) outbox.add(`${i}`, random)
      const taken: Record<RelayPlace, number[]> = { 0: Array(count).fill(0), 1: Array(count).fill(0) }
      let takings = 0
      for (const { to, takes } of ticks) {
        const next = outbox.next(to)
        if (!next || !takes) continue
        handedOver(next, to)
        takings += 1
        const which = Number(next.message.text)
        taken[to][which] = (taken[to][which] ?? 0) + 1
      }
      const left = outbox.list([false, false]).filter(({ progress }) => progress !== "waiting").length
      expect(left).toBe(Math.min(count, takings))
      const isWith = (relay: RelayPlace, i: number): boolean => (taken[relay][i] ?? 0) > 0
      const both = taken[0].filter((_, i) => isWith(0, i) && isWith(1, i)).length
      const handed = outbox.list([false, false]).filter(({ progress }) => progress === "handed-over").length
      expect(handed, "one relay's word is not enough").toBe(both)
      if (takings < 2 * count) return
      for (const each of Object.values(taken))
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(2)
    }),
    { numRuns: runs(300) },
  )
})

test("[G27] each message leaves in a tick of its own, and then for the relay that has not got it", () => {
  const outbox = makeOutbox()
  const [first, second, third] = ["1", "2", "3"].map((text) => outbox.add(text, seededRandom(text)))
  const leaving = (open: number, carried: Queued | null = null) => [
    ...[first, second, third].map((id) => outbox.departures(open, carried).get(id ?? "")),
    open + outbox.ahead(carried),
  ]
  expect(leaving(1)).toEqual([1, 2, 3, 4])
  const carried = outbox.next(1)
  expect(leaving(2, carried), "closed").toEqual([1, 2, 3, 4])
  expect(leaving(13)).toEqual([13, 14, undefined, 16])
  if (carried) handedOver(carried, 1)
  expect(leaving(2), "B has the first; A gets it when nobody waits any more").toEqual([4, 2, 3, 4])
  outbox.opened([Uint8Array.from(Buffer.from(second ?? "", "hex"))])
  expect(leaving(2)).toEqual([4, undefined, 2, 3])
})

test("[I6] what was opened is never said again, and its text is gone", () => {
  const outbox = makeOutbox()
  const id = outbox.add("Меня ищут.", seededRandom("one"))
  const queued = outbox.next(0)
  outbox.opened([new Uint8Array(8), Uint8Array.from(Buffer.from(id, "hex"))])
  expect(outbox.next(0)).toBeNull()
  expect(queued?.message.text).toBe("")
  if (queued) handedOver(queued, 1)
  expect(outbox.list([false, false])).toEqual([{ id, progress: "opened" }])
})

test("[G22] what one relay says that it has is half of the way, unless the other is known not to answer", () => {
  const outbox = makeOutbox()
  outbox.add("Меня ищут.", seededRandom("one"))
  const progress = (...isSilent: [boolean, boolean]) => outbox.list(isSilent)[0]?.progress
  expect(progress(true, true)).toBe("waiting")
  const queued = outbox.next(1)
  if (queued) handedOver(queued, 1)
  expect([progress(false, false), progress(false, true), progress(true, false)]).toEqual([
    "half",
    "half",
    "handed-over",
  ])
  if (queued) handedOver(queued, 0)
  expect(progress(false, false)).toBe("handed-over")
})
