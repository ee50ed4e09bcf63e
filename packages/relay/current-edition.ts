import type { CharterChain } from "@kunak/core/charter/charter"
import { compareEditionIds } from "@kunak/core/edition/header"
import { type KeptEdition, keepStored } from "./lookup/kept-edition.ts"
import type { Report } from "./notice.ts"
import { type Effort, type ServedEdition, serveEdition } from "./served-edition.ts"
import { EDITIONS_KEPT, type EditionStore } from "./store/contract.ts"

/** Another process on the same database may have published: looked up at most this often. */
const LOOK_AGAIN_MS = 1_000

/**
 * The newest edition, and what ticks need of it and the four before it, in memory. Readers never wait for the
 * store once there is one, so they are answered while it is down.
 */
export class CurrentEdition {
  readonly #store: EditionStore
  readonly #chain: CharterChain
  readonly #report: Report
  readonly #clockMs: () => number
  readonly #effort: Effort
  #served: ServedEdition | null = null
  #kept: readonly KeptEdition[] = []
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | null = null

  /** @param clockMs any steady clock. */
  constructor(
    store: EditionStore,
    chain: CharterChain,
    report: Report,
    clockMs: () => number,
    effort: Effort = "best",
  ) {
    this.#effort = effort
    this.#store = store
    this.#chain = chain
    this.#report = report
    this.#clockMs = clockMs
  }

  async get(): Promise<ServedEdition | null> {
    await this.#refresh()
    return this.#served
  }

  /** Newest first, five at most; nobody may change it. */
  async kept(): Promise<readonly KeptEdition[]> {
    await this.#refresh()
    return this.#kept
  }

  /** Shows an edition that is on disk; one that is older than what is shown is only kept. */
  show(served: ServedEdition, kept: KeptEdition): void {
    if (!this.#served || compareEditionIds(served.id, this.#served.id) > 0) this.#served = served
    this.#keep(kept)
  }

  #keep(edition: KeptEdition): void {
    const others = this.#kept.filter(({ id }) => compareEditionIds(id, edition.id) !== 0)
    this.#kept = [...others, edition].sort((a, b) => compareEditionIds(b.id, a.id)).slice(0, EDITIONS_KEPT)
  }

  async #refresh(): Promise<void> {
    if (this.#clockMs() - this.#lookedAtMs >= LOOK_AGAIN_MS) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null
      })
    }
    if (!this.#served && this.#looking) await this.#looking
  }

  async #look(): Promise<void> {
    this.#lookedAtMs = this.#clockMs()
    const newest = await this.#store.newestId()
    if (!newest.ok || !newest.value) return
    const shown = this.#served?.id ?? null
    if (shown && compareEditionIds(newest.value, shown) <= 0) return
    const stored = await this.#store.editionsAfter(shown)
    if (!stored.ok) return
    for (const edition of stored.value) {
      const kept = await keepStored(edition.package, this.#chain)
      if (kept) this.#keep(kept)
    }
    const last = stored.value.at(-1)
    const served = last && (await serveEdition(last.package, this.#effort))
    if (!last) return
    if (!served) this.#report("stored-edition-unreadable")
    else if (!this.#served || compareEditionIds(served.id, this.#served.id) > 0) this.#served = served
  }
}
