import type { RingState, RingStore } from "../store/contract.ts"
import { hasRoom } from "../store/ring-rule.ts"

/** Another process on the same database may have posted or acknowledged: asked at most this often. */
const LOOK_AGAIN_MS = 1_000

/**
 * Whether the ring takes another envelope: said to everybody alike, by the ring alone, before an envelope is
 * looked at (rule Z6). A place is held for every envelope that is on its way, so that nobody who was told "room"
 * finds none.
 */
export class RingRoom {
  readonly #store: RingStore
  readonly #clockMs: () => number
  #state: RingState | null = null
  #onTheirWay = 0
  /** The disk refused the last write: busy, until one succeeds. */
  #isRefused = false
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | null = null

  /** @param clockMs any steady clock. */
  constructor(store: RingStore, clockMs: () => number) {
    this.#store = store
    this.#clockMs = clockMs
  }

  async refresh(): Promise<void> {
    if (this.#clockMs() - this.#lookedAtMs >= LOOK_AGAIN_MS) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null
      })
    }
    if (!this.#state && this.#looking) await this.#looking
  }

  /** Whether there is room for one more. */
  isOpen(): boolean {
    return !this.#isRefused && this.#hasPlace()
  }

  /**
   * Holds a place while `use` decides on an envelope and perhaps posts it. While the disk refuses, one that is
   * worth posting is the trial whether it still does.
   *
   * @returns whether there was room, by what `post` found where it was called; null where the envelope may be stored and
   *   may not: nobody is told *busy* of it, which promises that it did not arrive (rule G23).
   */
  async withPlace(
    use: (post: (envelope: Uint8Array) => Promise<boolean | null>) => Promise<void>,
  ): Promise<boolean | null> {
    if (!this.#hasPlace()) return false
    let room: boolean | null = !this.#isRefused
    this.#onTheirWay += 1
    try {
      await use(async (envelope) => {
        room = await this.#post(envelope)
        return room
      })
    } finally {
      this.#onTheirWay -= 1
    }
    return room
  }

  acknowledged(position: number): void {
    if (this.#state)
      this.#state = { ...this.#state, acknowledged: Math.max(this.#state.acknowledged, position) }
  }

  #hasPlace(): boolean {
    return this.#state !== null && hasRoom({ ...this.#state, head: this.#state.head + this.#onTheirWay })
  }

  async #post(envelope: Uint8Array): Promise<boolean | null> {
    const posted = await this.#store.post(envelope)
    this.#isRefused = !posted.ok && posted.error.kind === "unavailable"
    if (posted.ok && this.#state) {
      this.#state = { ...this.#state, head: Math.max(this.#state.head, posted.value + 1) }
    }
    if (posted.ok) return true
    this.#lookedAtMs = Number.NEGATIVE_INFINITY
    return posted.error.kind === "unavailable" && posted.error.mayBeStored ? null : false
  }

  async #look(): Promise<void> {
    this.#lookedAtMs = this.#clockMs()
    const found = await this.#store.ringState()
    if (!found.ok) return
    const { head, acknowledged } = this.#state ?? found.value
    // What was answered meanwhile is newer than what was read.
    this.#state = {
      ...found.value,
      head: Math.max(head, found.value.head),
      acknowledged: Math.max(acknowledged, found.value.acknowledged),
    }
  }
}
