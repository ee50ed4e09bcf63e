import { compareEditionIds } from "@kunak/core/edition/header"
import type { Report } from "./notice.ts"
import { type ServedEdition, serveEdition } from "./served-edition.ts"
import type { EditionStore } from "./store/contract.ts"

/** Another process on the same database may have published: looked up at most this often. */
const LOOK_AGAIN_MS = 1_000

/**
 * The newest edition, in memory. Readers never wait for the store once there is one, so they are answered
 * while it is down.
 */
export class CurrentEdition {
  readonly #store: EditionStore
  readonly #report: Report
  readonly #clockMs: () => number
  #served: ServedEdition | null = null
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | null = null

  /** @param clockMs any steady clock. */
  constructor(store: EditionStore, report: Report, clockMs: () => number) {
    this.#store = store
    this.#report = report
    this.#clockMs = clockMs
  }

  async get(): Promise<ServedEdition | null> {
    if (this.#clockMs() - this.#lookedAtMs >= LOOK_AGAIN_MS) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null
      })
    }
    if (!this.#served && this.#looking) await this.#looking
    return this.#served
  }

  /** Shows an edition that is on disk, unless a newer one is shown already. */
  show(edition: ServedEdition): void {
    if (!this.#served || compareEditionIds(edition.id, this.#served.id) > 0) this.#served = edition
  }

  async #look(): Promise<void> {
    this.#lookedAtMs = this.#clockMs()
    const id = await this.#store.newestId()
    if (!id.ok || !id.value) return
    if (this.#served && compareEditionIds(id.value, this.#served.id) <= 0) return
    const stored = await this.#store.newest()
    if (!stored.ok || !stored.value) return
    const served = await serveEdition(stored.value.package)
    if (served) this.show(served)
    else this.#report("stored-edition-unreadable")
  }
}
