/** One chain, advanced in rounds: what a worker thread runs, and what a test runs without one. */
import { seededRandom } from "../../random/random.ts"
import { type LatentClassPrior, LatentClassSampler } from "./sampler.ts"

/** Plain data, so that it can be sent to a thread. */
export interface ChainTask {
  readonly chain: number
  readonly seed: number
  readonly lists: number
  readonly histories: Uint32Array
  readonly counts: Float64Array
  readonly prior: LatentClassPrior
  readonly burnIn: number
  readonly thin: number
}

export class Chain {
  readonly #task: ChainTask
  readonly #sampler: LatentClassSampler
  #burnt = false

  constructor(task: ChainTask) {
    this.#task = task
    this.#sampler = new LatentClassSampler(
      task.lists,
      task.histories,
      task.counts,
      task.prior,
      seededRandom(task.seed, `latent classes, chain ${task.chain}`),
    )
  }

  /** The next draws of the unseen, one every `thin` sweeps; the first round burns in before. */
  next(draws: number): Float64Array {
    if (!this.#burnt) {
      for (let i = 0; i < this.#task.burnIn; i++) this.#sampler.sweep()
      this.#burnt = true
    }
    const unseen = new Float64Array(draws)
    for (let d = 0; d < draws; d++) {
      for (let i = 0; i < this.#task.thin; i++) this.#sampler.sweep()
      unseen[d] = this.#sampler.unseen
    }
    return unseen
  }
}
