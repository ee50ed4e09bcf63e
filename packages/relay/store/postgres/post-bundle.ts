import { err, ok, type Result } from "@kunak/core/result"
import type { RingBusy, StoreUnavailable } from "../contract.ts"

/** @returns a position for each envelope; null for which there was no room. */
export type PostAll = (
  envelopes: readonly Uint8Array[],
) => Promise<Result<readonly (number | null)[], StoreUnavailable>>

interface Waiting {
  readonly envelope: Uint8Array
  readonly settle: (result: Result<number, RingBusy | StoreUnavailable>) => void
  readonly fail: (error: unknown) => void
}

/** Never more than a lap of the smallest ring: one statement must not write a slot twice. */
const MOST = 256

/** Envelopes that come while a transaction is under way share the next: one fsync for all of them. */
export class PostBundle {
  readonly #postAll: PostAll
  #waiting: Waiting[] = []
  #isRunning = false

  constructor(postAll: PostAll) {
    this.#postAll = postAll
  }

  add(envelope: Uint8Array): Promise<Result<number, RingBusy | StoreUnavailable>> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ envelope, settle, fail })
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      const bundle = this.#waiting.splice(0, MOST)
      try {
        const posted = await this.#postAll(bundle.map(({ envelope }) => envelope))
        bundle.forEach(({ settle }, i) => {
          const position = posted.ok ? posted.value[i] : undefined
          if (!posted.ok) settle(posted)
          else settle(typeof position === "number" ? ok(position) : err({ kind: "busy" }))
        })
      } catch (error) {
        for (const { fail } of bundle) fail(error)
      }
    }
    this.#isRunning = false
  }
}
