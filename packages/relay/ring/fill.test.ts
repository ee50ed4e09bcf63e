import { toHex } from "@kunak/core/bytes/hex"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { parseEnvelope } from "@kunak/core/envelope/envelope"
import { must } from "@kunak/core/result"
import { expect, test } from "vitest"
import type { RelayStore } from "../store/contract.ts"
import { sqliteStore } from "../store/sqlite/store.ts"
import { fillRing } from "./fill.ts"
import "../testing/type-stripper.ts"

const SLOTS = 1_100
const organisation = new Uint8Array(32) as OrganisationId
const emptyStore = (): RelayStore =>
  must(sqliteStore(":memory:", { keepCells: 1_024, slots: SLOTS }, () => {}))

async function all(store: RelayStore): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  for (let from = 0; from < SLOTS; from += 64) {
    found.push(...must(await store.readRing(from, 64)).envelopes.map((bytes) => new Uint8Array(bytes)))
  }
  return found
}

test("[Z8] a new ring is full of envelopes, no two alike, to a few keys, all acknowledged", async () => {
  const store = emptyStore()
  const steps: number[] = []
  expect((await fillRing(store, organisation, (done) => steps.push(done))).ok).toBe(true)
  expect(must(await store.ringState())).toEqual({ slots: SLOTS, head: SLOTS, acknowledged: SLOTS })
  const parsed = (await all(store)).map(parseEnvelope)
  expect(new Set(parsed.map((envelope) => toHex(envelope?.enc ?? new Uint8Array()))).size).toBe(SLOTS)
  expect(new Set(parsed.map((envelope) => toHex(envelope?.keyId ?? new Uint8Array()))).size).toBe(3)
  // Progress begins where it is, rises, and ends with the ring full.
  expect([steps[0], steps.at(-1)]).toEqual([0, SLOTS])
  expect([...steps].sort((a, b) => a - b)).toEqual(steps)
  const before = await all(store)
  expect((await fillRing(store, organisation, () => {})).ok).toBe(true)
  expect(await all(store)).toEqual(before)
})

test("[Z8] refused in the middle it says so, and goes on from there without writing a slot twice", async () => {
  const store = emptyStore()
  const { fillRing: append } = store
  let left = 1
  Object.assign(store, {
    fillRing: (...args: Parameters<RelayStore["fillRing"]>) =>
      left-- > 0 ? append.apply(store, args) : { ok: false, error: { kind: "unavailable" } },
  })
  expect(await fillRing(store, organisation, () => {})).toEqual({ ok: false, error: { kind: "unavailable" } })
  Object.assign(store, { fillRing: append })
  const { head } = must(await store.ringState())
  expect(head).toBeGreaterThan(0)
  expect(head).toBeLessThan(SLOTS)
  const before = (await all(store)).slice(0, head)
  const steps: number[] = []
  expect((await fillRing(store, organisation, (done) => steps.push(done))).ok).toBe(true)
  expect(steps[0]).toBe(head)
  expect((await all(store)).slice(0, head)).toEqual(before)
})

test("[Z8] two relays that fill one store together fill it once", async () => {
  const store = emptyStore()
  const both = await Promise.all([0, 1].map(() => fillRing(store, organisation, () => {})))
  expect(both.map(({ ok }) => ok)).toEqual([true, true])
  const found = await all(store)
  expect(new Set(found.map((bytes) => toHex(bytes.subarray(9, 40)))).size).toBe(SLOTS)
})
