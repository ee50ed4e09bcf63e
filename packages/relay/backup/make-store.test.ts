import type { CharterChain } from "@kunak/core/charter/charter"
import { stretchAt, stretchBegins, stretchStart } from "@kunak/core/log/positions"
import { must } from "@kunak/core/result"
import type { Instant } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import { memoryStore, TEST_SLOTS } from "../testing/memory-store.ts"
import { resumeStore } from "./make-store.ts"

const NOW = 1_790_000_000 as Instant
const known = { term: 12, logHead: 1_000, ringHead: 4_096 }
const chain = { organisationId: new Uint8Array(32) } as CharterChain

test("[BU8] nothing of a restored relay stands in the store before its stretch has begun, and it begins there", async () => {
  const store = await memoryStore()
  const heads = async () => [
    must(await store.read(0, 0)).head,
    must(await store.ringState()).head,
    must(await store.term()),
  ]
  const waited: { moment: Instant; heads: readonly number[] }[] = []
  const counters = must(
    await resumeStore(store, chain, known, {
      countsTerms: true,
      revocations: [],
      onFill: () => {},
      now: NOW,
      until: async (moment) => {
        waited.push({ moment, heads: await heads() })
      },
    }),
  )
  expect(waited).toEqual([{ moment: stretchBegins(stretchAt(NOW)), heads: [0, TEST_SLOTS, 0] }])
  expect(waited[0]?.moment).toBeGreaterThan(NOW)
  expect(counters.logHead).toBe(stretchStart(stretchAt(NOW)) + 1)
  expect(await heads()).toEqual([counters.logHead, counters.ringHead, counters.term])
  // Whoever restores the same again at that moment begins a stretch later.
  expect(stretchAt(waited[0]?.moment as Instant)).toBe(stretchAt(NOW) + 1)
})
