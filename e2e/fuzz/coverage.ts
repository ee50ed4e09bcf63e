/** Which parts of our own code have run: V8's own count, asked through the inspector of this process. */
import { type Profiler, Session } from "node:inspector"

const OURS = /\/packages\/(?!.*\/testing\/)/

export class Coverage {
  readonly #session = new Session()
  /** Ranges of each function that have never run. */
  readonly #unseen = new Map<string, ReadonlySet<string>>()

  constructor() {
    this.#session.connect()
    this.#session.post("Profiler.enable")
    this.#session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true })
  }

  /** @returns whether anything ran since the last question that had never run before. */
  isNew(): boolean {
    let isNew = false
    for (const { url, functions } of this.#take()) {
      if (!OURS.test(url)) continue
      for (const { ranges } of functions) {
        const [whole, ...parts] = ranges
        if (!whole || whole.count === 0) continue
        const key = `${url} ${whole.startOffset} ${whole.endOffset}`
        const idle = new Set(
          parts.filter(({ count }) => count === 0).map((range) => `${range.startOffset} ${range.endOffset}`),
        )
        const before = this.#unseen.get(key)
        const left = before ? new Set([...before].filter((range) => idle.has(range))) : idle
        if (!before || left.size < before.size) {
          isNew = true
          this.#unseen.set(key, left)
        }
      }
    }
    return isNew
  }

  #take(): readonly Profiler.ScriptCoverage[] {
    let taken: readonly Profiler.ScriptCoverage[] = []
    // Within one process the answer is there before this returns.
    this.#session.post("Profiler.takePreciseCoverage", (error, answer) => {
      if (error) throw error
      taken = answer.result
    })
    return taken
  }

  close(): void {
    this.#session.disconnect()
  }
}
