/** What every store must hold, whatever it is made of. Run beside each of them. */

import { LOG_CELL_BYTES } from "@kunak/core/parameters"
import { must, type Result } from "@kunak/core/result"
import { runs } from "@kunak/core/testing/runs"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { RelayStore, StoreSettings } from "../store/contract.ts"

export const cell = (fill: number): Uint8Array => new Uint8Array(LOG_CELL_BYTES).fill(fill)

const edition = (term: number, number: number, fill = number) => ({
  id: { term, number },
  package: new Uint8Array(5_000).fill(fill),
})

const plain = (cells: readonly Uint8Array[]): number[] => cells.map((bytes) => bytes[0] as number)

/** @param open opens the same store again after it was closed; `wipe` empties it. */
export function storeContract(
  name: string,
  open: (settings: StoreSettings) => Promise<RelayStore>,
  wipe: () => Promise<void>,
): void {
  const settings = { keepCells: 40 }
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
      expect(must(await store.newest())).toBeNull()
      expect(await store.publish(edition(1, 5))).toEqual({ ok: true, value: "stored" })
      const floor = { kind: "used-id", floor: { term: 1, number: 5 } }
      expect(await store.publish(edition(1, 4))).toEqual({ ok: false, error: floor })
      expect(await store.publish(edition(1, 5, 99))).toEqual({ ok: false, error: floor })
      expect(await store.publish(edition(2, 1))).toEqual({ ok: true, value: "stored" })
      expect(await store.publish(edition(1, 900))).toMatchObject({ ok: false })
      await reopen()
      expect(must(await store.newestId())).toEqual({ term: 2, number: 1 })
      const newest = must(await store.newest())
      expect(newest?.id).toEqual({ term: 2, number: 1 })
      expect(newest && new Uint8Array(newest.package)).toEqual(edition(2, 1).package)
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
  })
}
