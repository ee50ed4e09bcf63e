import { err, ok, type Result } from "@kunak/core/result"
import type { RingBusy, RingStore, StoreUnavailable } from "./contract.ts"

type PostAll = RingStore["postAll"]

interface Waiting {
  readonly envelope: Uint8Array
  readonly settle: (result: Result<number, RingBusy | StoreUnavailable>) => void
  readonly fail: (error: unknown) => void
}

/** Never more than a lap of the smallest ring: one statement must not write a slot twice. */
const MOST = 256
/** While one is being committed the next is on its way. */
const AHEAD = 2

/** Envelopes that come while others are being committed share the next commit: one fsync for all of them. */
export class PostBundle {
  readonly #postAll: PostAll
  #waiting: Waiting[] = []
  #underWay = 0
  #isPlanned = false

  constructor(postAll: PostAll) {
    this.#postAll = postAll
  }

  add(envelope: Uint8Array): Promise<Result<number, RingBusy | StoreUnavailable>> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ envelope, settle, fail })
      this.#plan()
    })
  }

  /** At the end of the turn, so that what came in it goes together. */
  #plan(): void {
    if (this.#isPlanned || this.#underWay >= AHEAD || this.#waiting.length === 0) return
    this.#isPlanned = true
    setImmediate(() => {
      this.#isPlanned = false
      void this.#send(this.#waiting.splice(0, MOST)).finally(() => {
        this.#underWay -= 1
        this.#plan()
      })
      this.#underWay += 1
      this.#plan()
    })
  }

  async #send(bundle: readonly Waiting[]): Promise<void> {
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
}
