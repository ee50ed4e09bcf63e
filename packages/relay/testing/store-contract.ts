/** What every store must hold, whatever it is made of. Run beside each of them. */

import { ENVELOPE_BYTES, LOG_CELL_BYTES } from "@kunak/core/parameters"
import { must, type Result } from "@kunak/core/result"
import { runs } from "@kunak/core/testing/runs"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { RelayStore, RingState, StoreSettings } from "../store/contract.ts"

export const cell = (fill: number): Uint8Array => new Uint8Array(LOG_CELL_BYTES).fill(fill)

const edition = (term: number, number: number, fill = number) => ({
  id: { term, number },
  package: new Uint8Array(5_000).fill(fill),
})

/** Small: a few laps of it are quick. */
const SLOTS = 16
export const envelope = (mark: number): Uint8Array => {
  const bytes = new Uint8Array(ENVELOPE_BYTES).fill(mark & 0xff)
  new DataView(bytes.buffer).setUint32(0, mark)
  return bytes
}
const markOf = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)

/** Marks of the dummies, by position: unlike those of any test's envelopes. */
const DUMMY = 1_000_000
const dummies = (from: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => envelope(DUMMY + from + i))

const plain = (cells: readonly Uint8Array[]): number[] => cells.map((bytes) => bytes[0] as number)

/** @param open opens the same store again after it was closed; `wipe` empties it. */
export function storeContract(
  name: string,
  open: (settings: StoreSettings) => Promise<RelayStore>,
  wipe: () => Promise<void>,
): void {
  const settings = { keepCells: 40, slots: SLOTS }
  let store: RelayStore
  const reopen = async (): Promise<void> => {
    await store.close()
    store = await open(settings)
  }

  describe(`store contract: ${name}`, () => {
    beforeEach(async () => {
      await wipe()
      store = await open(settings)
    })
    afterEach(() => store.close())

    test("[T6] grants the term after the expected one, and keeps it over a restart", async () => {
      expect(must(await store.term())).toBe(0)
      expect(await store.grantTerm(0)).toEqual({ ok: true, value: 1 })
      await reopen()
      expect(must(await store.term())).toBe(1)
      expect(await store.grantTerm(0)).toEqual({ ok: false, error: { kind: "stale-term", term: 1 } })
      expect(await store.grantTerm(2)).toEqual({ ok: false, error: { kind: "stale-term", term: 1 } })
    })

    test("[T6] of many who ask for one term at once, one gets it", async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => store.grantTerm(0)))
      expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, value: 1 }])
      expect(must(await store.term())).toBe(1)
    })

    test("[T7] a higher id follows, a used or lower one does not", async () => {
      expect(must(await store.newestId())).toBeNull()
      expect(must(await store.editionsAfter(null))).toEqual([])
      expect(await store.publish(edition(1, 5))).toEqual({ ok: true, value: "stored" })
      const floor = { kind: "used-id", floor: { term: 1, number: 5 } }
      expect(await store.publish(edition(1, 4))).toEqual({ ok: false, error: floor })
      expect(await store.publish(edition(1, 5, 99))).toEqual({ ok: false, error: floor })
      expect(await store.publish(edition(2, 1))).toEqual({ ok: true, value: "stored" })
      expect(await store.publish(edition(1, 900))).toMatchObject({ ok: false })
      await reopen()
      expect(must(await store.newestId())).toEqual({ term: 2, number: 1 })
      const newest = must(await store.editionsAfter({ term: 1, number: 5 }))
      expect(newest.map(({ id }) => id)).toEqual([{ term: 2, number: 1 }])
      expect(newest.map((kept) => new Uint8Array(kept.package))).toEqual([edition(2, 1).package])
    })

    test("[T7] the kept editions after any id come back oldest first", async () => {
      for (let number = 1; number <= 6; number++) must(await store.publish(edition(1, number)))
      must(await store.publish(edition(2, 1)))
      const after = async (id: { term: number; number: number } | null): Promise<number[]> =>
        must(await store.editionsAfter(id)).map(({ id: found }) => found.term * 100 + found.number)
      expect(await after(null)).toEqual([103, 104, 105, 106, 201])
      expect(await after({ term: 1, number: 5 })).toEqual([106, 201])
      expect(await after({ term: 2, number: 1 })).toEqual([])
    })

    test("[T7] the same bytes under the same id succeed again, five editions back", async () => {
      for (let number = 1; number <= 6; number++) must(await store.publish(edition(1, number)))
      for (const number of [2, 3, 4, 5, 6]) {
        expect(await store.publish(edition(1, number))).toEqual({ ok: true, value: "already-stored" })
      }
      expect(await store.publish(edition(1, 1))).toMatchObject({ ok: false, error: { kind: "used-id" } })
      expect(must(await store.newestId())).toEqual({ term: 1, number: 6 })
    })

    test("[T9] nothing is published under a term below the highest granted", async () => {
      must(await store.publish(edition(1, 7)))
      must(await store.grantTerm(1))
      const refused = { kind: "used-id", floor: { term: 2, number: 0 } }
      expect(await store.publish(edition(1, 8))).toEqual({ ok: false, error: refused })
      expect(await store.publish(edition(2, 1))).toEqual({ ok: true, value: "stored" })
    })

    test("[T9] a store that was lost learns the term from the first edition", async () => {
      must(await store.publish(edition(7, 1)))
      expect(must(await store.term())).toBe(7)
      expect(await store.grantTerm(0)).toEqual({ ok: false, error: { kind: "stale-term", term: 7 } })
      expect(await store.grantTerm(7)).toEqual({ ok: true, value: 8 })
    })

    test("[T10] cells follow one another from position 0 and survive a restart", async () => {
      expect(await store.read(0, 8)).toEqual({ ok: true, value: { head: 0, first: 0, cells: [] } })
      expect(await store.append(0, [cell(1), cell(2)])).toEqual({ ok: true, value: 2 })
      expect(await store.append(2, [cell(3)])).toEqual({ ok: true, value: 3 })
      await reopen()
      const page = must(await store.read(1, 8))
      expect([page.head, page.first, plain(page.cells)]).toEqual([3, 1, [2, 3]])
      expect(must(await store.read(0, 1)).cells).toHaveLength(1)
      expect(must(await store.read(99, 8))).toEqual({ head: 3, first: 3, cells: [] })
    })

    test("[T10] an append at another head than the newest changes nothing", async () => {
      must(await store.append(0, [cell(1)]))
      for (const wrong of [0, 2, 1_000]) {
        expect(await store.append(wrong, [cell(9)])).toEqual({
          ok: false,
          error: { kind: "stale-head", head: 1 },
        })
      }
      expect(plain(must(await store.read(0, 64)).cells)).toEqual([1])
    })

    test("[T10] a mirror goes on beyond a gap, never at a position where a cell was", async () => {
      must(await store.append(0, [cell(1), cell(2)], true))
      expect(await store.append(900, [cell(3), cell(4)], true)).toEqual({ ok: true, value: 902 })
      await reopen()
      const page = must(await store.read(2, 64))
      expect([page.head, page.first, plain(page.cells)]).toEqual([902, 900, [3, 4]])
      for (const used of [0, 2, 899, 901, 2 ** 53 - 1])
        expect(await store.append(used, [cell(9)], true)).toEqual({
          ok: false,
          error: { kind: "stale-head", head: 902 },
        })
      expect(await store.append(902, [cell(5)], true)).toEqual({ ok: true, value: 903 })
    })

    test("[T11] a page ends before a gap: what is read follows one another", async () => {
      must(await store.append(0, [cell(1), cell(2)], true))
      must(await store.append(2 ** 33, [cell(3)], true))
      const page = must(await store.read(0, 64))
      expect([page.head, page.first, plain(page.cells)]).toEqual([2 ** 33 + 1, 0, [1, 2]])
      const next = must(await store.read(2, 64))
      expect([next.first, plain(next.cells)]).toEqual([2 ** 33, [3]])
    })

    test("[T11] what a mirror had before a leap stays until as much has come behind it as is kept", async () => {
      const leap = 2 ** 33
      for (let i = 0; i < 60; i += 4) must(await store.append(i, [1, 2, 3, 4].map(cell), true))
      must(await store.append(leap, [cell(9)], true))
      const first = async (): Promise<number> => must(await store.read(0, 1)).first
      expect(await first()).toBe(20)
      for (let i = 1; i < 40; i += 1) must(await store.append(leap + i, [cell(9)], true))
      expect(await first()).toBe(20)
      must(await store.append(leap + 40, [cell(9), cell(9)], true))
      expect(await first()).toBe(leap + 2)
    })

    describe("in the place of a lost one", () => {
      const counters = { term: 9, logHead: 2 ** 33, ringHead: 2 ** 33 }
      const fill = async (): Promise<void> => {
        must(await store.fillRing(0, dummies(0, SLOTS)))
      }

      test("[T6, T10, R1] it goes on counting where it is told, over a restart", async () => {
        await fill()
        must(await store.resume(counters, cell(7)))
        await reopen()
        expect(await store.grantTerm(9)).toEqual({ ok: true, value: 10 })
        expect(await store.publish(edition(9, 5))).toMatchObject({ ok: false })
        const page = must(await store.read(0, 64))
        expect([page.head, page.first, plain(page.cells)]).toEqual([2 ** 33, 2 ** 33 - 1, [7]])
        expect(await store.append(2 ** 33, [cell(8)])).toEqual({ ok: true, value: 2 ** 33 + 1 })
        expect(must(await store.post(envelope(1)))).toBe(2 ** 33)
        const ring = must(await store.readRing(0, 64))
        expect([ring.head, ring.first, ring.acknowledged]).toEqual([
          2 ** 33 + 1,
          2 ** 33 + 1 - SLOTS,
          2 ** 33,
        ])
        expect(markOf(ring.envelopes.at(-1) as Uint8Array)).toBe(1)
        expect(ring.envelopes).toHaveLength(SLOTS)
      })

      test("[T6] a store that has given any number of its own is not told another", async () => {
        expect(await store.resume(counters, null)).toEqual({ ok: false, error: { kind: "not-new" } })
        await fill()
        must(await store.grantTerm(0))
        expect(await store.resume(counters, null)).toEqual({ ok: false, error: { kind: "not-new" } })
        expect(must(await store.term())).toBe(1)
      })

      test("[R1] a mirror is told no first cell: the log is the other relay's", async () => {
        await fill()
        must(await store.resume({ ...counters, logHead: 40 }, null))
        expect(must(await store.read(0, 8))).toEqual({ head: 40, first: 0, cells: [] })
        expect(await store.resume(counters, null)).toEqual({ ok: false, error: { kind: "not-new" } })
      })
    })

    test("[T10] of appends at once to one head, one wins whole", async () => {
      const answers = await Promise.all(
        Array.from({ length: 9 }, (_, i) => store.append(0, [cell(i), cell(i), cell(i)])),
      )
      const winner = answers.findIndex(({ ok }) => ok)
      expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, value: 3 }])
      expect(plain(must(await store.read(0, 64)).cells)).toEqual([winner, winner, winner])
    })

    test("[T11] old cells are trimmed and their positions never come again", async () => {
      for (let i = 0; i < 60; i++) must(await store.append(i, [cell(i)]))
      const page = must(await store.read(0, 64))
      expect([page.head, page.first, page.cells.length]).toEqual([60, 20, 40])
      expect(plain(page.cells)).toEqual(Array.from({ length: 40 }, (_, i) => i + 20))
      await reopen()
      expect(await store.append(60, [cell(1)])).toEqual({ ok: true, value: 61 })
    })

    test("[T10] whatever several writers do, every reader sees one history that only grows", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 12 }),
          async (sizes) => {
            await store.close()
            await wipe()
            store = await open(settings)
            const written: number[] = []
            const write = async (size: number, mark: number): Promise<void> => {
              for (let expected = 0; ; ) {
                const answer: Result<number, { kind: string; head?: number }> = await store.append(
                  expected,
                  Array.from({ length: size }, () => cell(mark)),
                )
                if (answer.ok) {
                  for (let i = 0; i < size; i++) written[answer.value - size + i] = mark
                  return
                }
                expected = answer.error.head ?? 0
              }
            }
            const seen: number[][] = []
            const watch = async (): Promise<void> => {
              for (let i = 0; i < 5; i++) seen.push(plain(must(await store.read(0, 64)).cells))
            }
            await Promise.all([...sizes.map(write), watch()])
            const final = plain(must(await store.read(0, 64)).cells)
            expect(final).toEqual(written)
            for (const earlier of seen) expect(final.slice(0, earlier.length)).toEqual(earlier)
          },
        ),
        { numRuns: runs(15) },
      )
    })

    test("[T13] keeps revocations in order, each once, 256 at most", async () => {
      const revocation = (i: number): Uint8Array => new TextEncoder().encode(`revocation ${i}`)
      for (let i = 0; i < 256; i++) expect((await store.addRevocation(revocation(i))).ok).toBe(true)
      expect((await store.addRevocation(revocation(3))).ok).toBe(true)
      expect(await store.addRevocation(revocation(256))).toEqual({ ok: false, error: { kind: "too-many" } })
      await reopen()
      const kept = must(await store.revocations())
      expect(kept).toHaveLength(256)
      expect(new Uint8Array(kept[3] as Uint8Array)).toEqual(revocation(3))
    })

    const fill = async (): Promise<void> => {
      must(await store.fillRing(0, dummies(0, SLOTS)))
    }
    const post = async (mark: number): Promise<number> => must(await store.post(envelope(mark)))
    const readAll = async (from: number, limit = 64): Promise<{ first: number; marks: number[] }> => {
      const page = must(await store.readRing(from, limit))
      return { first: page.first, marks: page.envelopes.map(markOf) }
    }
    const state = (head: number, acknowledged: number): { ok: true; value: RingState } => ({
      ok: true,
      value: { slots: SLOTS, head, acknowledged },
    })

    test("[Z8] the first fill goes on where it was left, writes each slot once, and everything is acknowledged", async () => {
      expect(await store.ringState()).toEqual(state(0, 0))
      expect(await store.fillRing(0, dummies(0, 10))).toEqual({ ok: true, value: 10 })
      expect(await store.post(envelope(1))).toEqual({ ok: false, error: { kind: "busy" } })
      await reopen()
      expect(await store.ringState()).toEqual(state(10, 10))
      const stale = { ok: false, error: { kind: "stale-head", head: 10 } }
      expect(await store.fillRing(0, dummies(0, 6))).toEqual(stale)
      expect(await store.fillRing(10, dummies(10, 7))).toEqual(stale)
      expect(await store.fillRing(10, dummies(10, 6))).toEqual({ ok: true, value: SLOTS })
      expect(await store.ringState()).toEqual(state(SLOTS, SLOTS))
      expect(await readAll(0)).toEqual({ first: 0, marks: dummies(0, SLOTS).map(markOf) })
      expect(await store.fillRing(SLOTS, dummies(SLOTS, 1))).toMatchObject({ ok: false })
    })

    test("[R1] each post gets the next position, over restarts, and lies in its slot", async () => {
      await fill()
      expect([await post(1), await post(2)]).toEqual([16, 17])
      await reopen()
      expect(await post(3)).toBe(18)
      expect(await readAll(14)).toEqual({ first: 14, marks: [DUMMY + 14, DUMMY + 15, 1, 2, 3] })
      expect(await store.ringState()).toEqual(state(19, 16))
    })

    test("[R1] of many posts at once each gets a position of its own, without a gap", async () => {
      await fill()
      const positions = await Promise.all(Array.from({ length: SLOTS }, (_, i) => post(i)))
      expect([...positions].sort((a, b) => a - b)).toEqual(Array.from({ length: SLOTS }, (_, i) => i + SLOTS))
      const { marks } = await readAll(SLOTS)
      positions.forEach((position, i) => {
        expect(marks[position - SLOTS]).toBe(i)
      })
    })

    test("[R2] a slot that is not acknowledged is never overwritten: busy, until it is", async () => {
      await fill()
      for (let i = 0; i < SLOTS; i++) await post(i)
      const busy = { ok: false, error: { kind: "busy" } }
      expect(await store.post(envelope(99))).toEqual(busy)
      expect(await Promise.all([store.post(envelope(98)), store.post(envelope(97))])).toEqual([busy, busy])
      expect(await readAll(0)).toEqual({ first: SLOTS, marks: Array.from({ length: SLOTS }, (_, i) => i) })
      expect(await store.acknowledge(SLOTS + 1)).toEqual({ ok: true, value: SLOTS + 1 })
      const answers = await Promise.all([store.post(envelope(50)), store.post(envelope(51))])
      expect(answers).toEqual([{ ok: true, value: 2 * SLOTS }, busy])
      // What is acknowledged stays readable until it is overwritten.
      expect((await readAll(0)).first).toBe(SLOTS + 1)
    })

    test("[R1] [R2] many in one commit get positions one after the other, as far as there is room", async () => {
      await fill()
      expect(await store.postAll([])).toEqual({ ok: true, value: [] })
      expect(await store.postAll([1, 2, 3].map(envelope))).toEqual({ ok: true, value: [16, 17, 18] })
      const lap = Array.from({ length: SLOTS }, (_, i) => envelope(10 + i))
      const positions = Array.from({ length: SLOTS }, (_, i) => (i < SLOTS - 3 ? 19 + i : null))
      expect(await store.postAll(lap)).toEqual({ ok: true, value: positions })
      expect((await readAll(16)).marks).toEqual([1, 2, 3, ...lap.slice(0, SLOTS - 3).map(markOf)])
    })

    test("[R3] reading begins at the oldest that is there, goes round the end, and never goes back", async () => {
      await fill()
      must(await store.acknowledge(SLOTS))
      for (let i = 0; i < 5; i++) await post(i)
      const rest = dummies(5, 11).map(markOf)
      expect(await readAll(0)).toEqual({ first: 5, marks: [...rest, 0, 1, 2, 3, 4] })
      expect(await readAll(14, 4)).toEqual({ first: 14, marks: [DUMMY + 14, DUMMY + 15, 0, 1] })
      expect(await readAll(21)).toEqual({ first: 21, marks: [] })
      expect(await readAll(4_000)).toEqual({ first: 21, marks: [] })
      expect(await readAll(3, 0)).toEqual({ first: 5, marks: [] })
    })

    test("[R4] what is acknowledged only grows, and never beyond what is there", async () => {
      await fill()
      for (let i = 0; i < 6; i++) await post(i)
      expect(await store.acknowledge(SLOTS + 4)).toEqual({ ok: true, value: SLOTS + 4 })
      expect(await store.acknowledge(3)).toEqual({ ok: true, value: SLOTS + 4 })
      expect(await store.acknowledge(SLOTS + 7)).toEqual({ ok: true, value: SLOTS + 4 })
      expect(await store.acknowledge(2 ** 53 - 1)).toEqual({ ok: true, value: SLOTS + 4 })
      expect(await store.acknowledge(SLOTS + 6)).toEqual({ ok: true, value: SLOTS + 6 })
      await reopen()
      expect(await store.ringState()).toEqual(state(SLOTS + 6, SLOTS + 6))
    })

    test("[R1] [R2] [R3] whatever posts, reads and acknowledgements come, no unread envelope is lost or moved", async () => {
      const step = fc.oneof(
        fc.record({ kind: fc.constant("post" as const), count: fc.integer({ min: 1, max: 12 }) }),
        fc.record({ kind: fc.constant("acknowledge" as const), upTo: fc.nat(80) }),
        fc.record({ kind: fc.constant("read" as const), from: fc.nat(80), limit: fc.nat(20) }),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          await store.close()
          await wipe()
          store = await open(settings)
          await fill()
          const model: number[] = dummies(0, SLOTS).map(markOf)
          let acknowledged = SLOTS
          let mark = 0
          for (const act of steps) {
            if (act.kind === "post") {
              const answers = await Promise.all(
                Array.from({ length: act.count }, async () => {
                  const mine = ++mark
                  return { mine, answer: await store.post(envelope(mine)) }
                }),
              )
              for (const { mine, answer } of answers) {
                if (!answer.ok) continue
                expect(model[answer.value]).toBeUndefined()
                model[answer.value] = mine
              }
              const room =
                acknowledged + SLOTS - (model.length - answers.filter(({ answer }) => answer.ok).length)
              expect(answers.filter(({ answer }) => answer.ok)).toHaveLength(Math.min(room, act.count))
            } else if (act.kind === "acknowledge") {
              if (act.upTo > acknowledged && act.upTo <= model.length) acknowledged = act.upTo
              expect(await store.acknowledge(act.upTo)).toEqual({ ok: true, value: acknowledged })
            } else {
              const first = Math.min(Math.max(act.from, model.length - SLOTS), model.length)
              expect(await readAll(act.from, act.limit)).toEqual({
                first,
                marks: model.slice(first, first + act.limit),
              })
            }
          }
          expect(await store.ringState()).toEqual(state(model.length, acknowledged))
        }),
        { numRuns: runs(15) },
      )
    })
  })
}
