import { once } from "node:events"
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import type { RingStore, StoreUnavailable } from "../store/contract.ts"
import { isFull } from "../store/ring-rule.ts"

/** Dummies to one throw-away key, and to one transaction. */
const BLOCK = 512

/** @param done of `slots`. */
export type OnFill = (done: number, slots: number) => void

/**
 * Fills a new ring with sealed dummies (rule Z8); does nothing to a full one. Killed in the middle, it goes on
 * where it was: what is written is on disk, block by block. Several relays may fill one store together.
 *
 * Takes about half a millisecond of a processor for each slot, and all processors.
 */
export async function fillRing(
  store: RingStore,
  organisationId: OrganisationId,
  onFill: OnFill,
): Promise<Result<void, StoreUnavailable>> {
  const state = await store.ringState()
  if (!state.ok) return state
  if (isFull(state.value)) return ok(undefined)
  return await new Filling(store, state.value.head, state.value.slots, onFill).run(organisationId)
}

class Filling {
  readonly #store: RingStore
  readonly #slots: number
  readonly #onFill: OnFill
  #head: number
  /** Slots for which a thread is making dummies, or has. */
  #begun: number
  #lastWrite: Promise<boolean> = Promise.resolve(true)

  constructor(store: RingStore, head: number, slots: number, onFill: OnFill) {
    this.#store = store
    this.#slots = slots
    this.#onFill = onFill
    this.#head = head
    this.#begun = head
  }

  async run(organisationId: OrganisationId): Promise<Result<void, StoreUnavailable>> {
    this.#onFill(this.#head, this.#slots)
    const count = Math.min(availableParallelism(), Math.ceil((this.#slots - this.#head) / BLOCK))
    const threads = Array.from({ length: count }, () => this.#thread(organisationId))
    const written = await Promise.all(threads)
    return written.every(Boolean) ? ok(undefined) : err({ kind: "unavailable" })
  }

  /** @returns false once the store refused. */
  async #thread(organisationId: OrganisationId): Promise<boolean> {
    const worker = new Worker(new URL("./seal-worker.ts", import.meta.url), {
      workerData: organisationId,
      execArgv: ["--no-warnings"],
    })
    try {
      while (this.#begun < this.#slots) {
        const count = Math.min(BLOCK, this.#slots - this.#begun)
        this.#begun += count
        const made = await dummiesFrom(worker, count)
        // One block is written while the next one is being made, never more: memory stays small.
        if (!(await this.#write(made))) return false
      }
      return true
    } finally {
      worker.postMessage(0)
      await once(worker, "exit")
    }
  }

  #write(dummies: Uint8Array): Promise<boolean> {
    this.#lastWrite = this.#lastWrite.then(async (isWritten) => isWritten && (await this.#append(dummies)))
    return this.#lastWrite
  }

  async #append(dummies: Uint8Array): Promise<boolean> {
    const envelopes = Array.from({ length: dummies.length / ENVELOPE_BYTES }, (_, i) =>
      dummies.subarray(i * ENVELOPE_BYTES, (i + 1) * ENVELOPE_BYTES),
    )
    while (this.#head < this.#slots) {
      const filled = await this.#store.fillRing(this.#head, envelopes.slice(0, this.#slots - this.#head))
      if (filled.ok) this.#head = filled.value
      // Another process fills the same store: on from where it is now.
      else if (filled.error.kind === "stale-head") this.#head = filled.error.head
      else return false
      this.#begun = Math.max(this.#begun, this.#head)
      this.#onFill(this.#head, this.#slots)
      if (filled.ok) break
    }
    return true
  }
}

async function dummiesFrom(worker: Worker, count: number): Promise<Uint8Array> {
  worker.postMessage(count)
  // Rejects when the thread breaks.
  const [dummies] = await once(worker, "message")
  return dummies as Uint8Array
}
