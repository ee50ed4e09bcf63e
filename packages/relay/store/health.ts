import type { Report } from "../notice.ts"

/** Tells the operator once when writing begins to fail, and once when it works again. */
export class StoreHealth {
  readonly #report: Report
  #refusing = false

  constructor(report: Report) {
    this.#report = report
  }

  wrote(): void {
    if (this.#refusing) this.#report("store-writes-again")
    this.#refusing = false
  }

  refused(): void {
    if (!this.#refusing) this.#report("store-refuses-writes")
    this.#refusing = true
  }
}
