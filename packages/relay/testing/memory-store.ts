/** A relay's store that goes with the test: SQLite in memory, with a small ring that is full. */
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import type { RelayStore } from "../store/contract.ts"
import { sqliteStore } from "../store/sqlite/store.ts"

/** The smallest that a charter allows. */
export const TEST_SLOTS = 1_024

export async function memoryStore(slots = TEST_SLOTS): Promise<RelayStore> {
  const store = must(sqliteStore(":memory:", { keepCells: 4_096, slots }, () => {}))
  // What lies in a new ring matters to ring/fill.test.ts alone: random bytes are quick.
  const dummies = Array.from({ length: slots }, () => crypto.getRandomValues(new Uint8Array(ENVELOPE_BYTES)))
  must(await store.fillRing(0, dummies))
  return store
}
