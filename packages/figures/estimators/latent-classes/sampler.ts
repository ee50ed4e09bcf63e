/**
 * Gibbs sampler for a Dirichlet-process mixture of latent classes with unseen people (LCMCR).
 *
 * Model: a person belongs to class k with probability ν_k and is then on list j with probability λ_kj,
 * independently of the other lists. ν comes from stick-breaking with concentration α, cut at K classes;
 * λ_kj ~ Beta(1, 1); α ~ Gamma(a, rate b); p(N) ∝ 1/N. The unseen, n0 of them, are drawn along.
 *
 * Why counts and not people: given ν and λ the classes of people with the same history are exchangeable, and
 * all other conditionals use only how many people of each history are in each class. So one multinomial draw per
 * distinct history replaces one draw per person; the chain on counts has the same stationary distribution, and
 * a sweep costs the same for 4,400 people as for 44 million.
 *
 * Assumes that within each hidden class lists do not depend on one another and everybody has the same chance: what makes
 * lists depend is only that people are of different kinds.
 *
 * Source: Manrique-Vallier (2016), Bayesian population size estimation using Dirichlet process mixtures,
 * Biometrics 72, section 3; stick-breaking Gibbs: Ishwaran & James (2001), JASA 96.
 */
import type { Random } from "../../random/random.ts"
import { Variates } from "./variates.ts"

export interface LatentClassPrior {
  /** K, where the stick is cut. */
  readonly classes: number
  /** α ~ Gamma(shape a, rate b). */
  readonly a: number
  readonly b: number
}

export class LatentClassSampler {
  readonly #variates: Variates
  readonly #lists: number
  readonly #classes: number
  readonly #a: number
  readonly #b: number
  readonly #n: number
  readonly #histories: Uint32Array
  readonly #counts: Float64Array
  /** P(history j's bit | class), [class][list][bit]: λ at bit 1, 1 − λ at bit 0. */
  readonly #chance: Float64Array
  readonly #nu: Float64Array
  /** ν_k Π_j P(bit of the cell), [history][class], of the current cell only. */
  readonly #weights: Float64Array
  readonly #unseenWeights: Float64Array
  /** People of each class on each list, [class][list], and in all. */
  readonly #onList: Float64Array
  readonly #inClass: Float64Array
  readonly #unseenInClass: Float64Array
  #alpha = 1
  #unseen = 0
  #unseenProbability = 0

  /**
   * @param histories distinct, not 0; `counts` how many people have each.
   * Starts from classes drawn at random, so that several chains start apart.
   */
  constructor(
    lists: number,
    histories: Uint32Array,
    counts: Float64Array,
    prior: LatentClassPrior,
    random: Random,
  ) {
    this.#variates = new Variates(random)
    this.#lists = lists
    this.#classes = prior.classes
    this.#a = prior.a
    this.#b = prior.b
    this.#histories = histories
    this.#counts = counts
    this.#n = counts.reduce((sum, count) => sum + count, 0)
    const K = prior.classes
    this.#chance = new Float64Array(K * lists * 2)
    this.#nu = new Float64Array(K)
    this.#weights = new Float64Array(K)
    this.#unseenWeights = new Float64Array(K)
    this.#onList = new Float64Array(K * lists)
    this.#inClass = new Float64Array(K)
    this.#unseenInClass = new Float64Array(K)
    this.#start()
  }

  get unseen(): number {
    return this.#unseen
  }

  /** Classes that hold anybody at the moment. */
  get occupied(): number {
    return this.#inClass.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  }

  sweep(): void {
    this.#drawClasses()
    this.#drawListChances()
    this.#drawClassWeights()
    this.#drawUnseen()
  }

  #start(): void {
    const uniform = (): number => this.#variates.uniform()
    for (let i = 0; i < this.#chance.length; i += 2) {
      const lambda = uniform()
      this.#chance[i] = 1 - lambda
      this.#chance[i + 1] = lambda
    }
    let rest = 1
    for (let k = 0; k < this.#classes; k++) {
      const share = k === this.#classes - 1 ? 1 : uniform()
      this.#nu[k] = rest * share
      rest *= 1 - share
    }
  }

  /** Classes of the seen: one multinomial per history, tallied at once. */
  #drawClasses(): void {
    const K = this.#classes
    const J = this.#lists
    const weights = this.#weights
    const chance = this.#chance
    const onList = this.#onList
    const inClass = this.#inClass
    onList.fill(0)
    inClass.set(this.#unseenInClass)
    for (let m = 0; m < this.#histories.length; m++) {
      const history = this.#histories[m] as number
      let total = 0
      for (let k = 0; k < K; k++) {
        let weight = this.#nu[k] as number
        let at = k * J * 2
        for (let j = 0; j < J; j++) {
          weight *= chance[at + ((history >>> j) & 1)] as number
          at += 2
        }
        weights[k] = weight
        total += weight
      }
      let left = this.#counts[m] as number
      for (let k = 0; k < K && left > 0; k++) {
        const weight = weights[k] as number
        const drawn = k === K - 1 ? left : this.#variates.binomial(left, weight / total)
        total -= weight
        if (drawn === 0) continue
        left -= drawn
        inClass[k] = (inClass[k] as number) + drawn
        for (let bits = history, j = 0; bits !== 0; bits >>>= 1, j++) {
          if (bits & 1) onList[k * J + j] = (onList[k * J + j] as number) + drawn
        }
      }
    }
  }

  #drawListChances(): void {
    const J = this.#lists
    for (let k = 0; k < this.#classes; k++) {
      const inClass = this.#inClass[k] as number
      for (let j = 0; j < J; j++) {
        const on = this.#onList[k * J + j] as number
        const lambda = this.#variates.beta(1 + on, 1 + inClass - on)
        const at = (k * J + j) * 2
        this.#chance[at] = 1 - lambda
        this.#chance[at + 1] = lambda
      }
    }
  }

  /** Stick-breaking in logarithms, since the last stick may be far below the smallest double; then α. */
  #drawClassWeights(): void {
    const last = this.#classes - 1
    let after = this.#n + this.#unseen
    let logRest = 0
    for (let k = 0; k < last; k++) {
      const inClass = this.#inClass[k] as number
      after -= inClass
      const b = this.#alpha + after
      let logShare: number
      let logRemainder: number
      if (inClass === 0) {
        logRemainder = Math.log(this.#variates.uniform()) / b
        logShare = Math.log(-Math.expm1(logRemainder))
      } else {
        const x = this.#variates.logGamma(1 + inClass)
        const y = this.#variates.logGamma(b)
        const both = x > y ? x + Math.log1p(Math.exp(y - x)) : y + Math.log1p(Math.exp(x - y))
        logShare = x - both
        logRemainder = y - both
      }
      this.#nu[k] = Math.exp(logRest + logShare)
      logRest += logRemainder
    }
    this.#nu[last] = Math.exp(logRest)
    this.#alpha = this.#variates.gamma(this.#a + last) / (this.#b - logRest)
  }

  /** n0 ~ negative binomial given ν and λ, then their classes. No upper limit. */
  #drawUnseen(): void {
    const J = this.#lists
    const weights = this.#unseenWeights
    let p0 = 0
    for (let k = 0; k < this.#classes; k++) {
      let weight = this.#nu[k] as number
      for (let j = 0; j < J; j++) weight *= this.#chance[(k * J + j) * 2] as number
      weights[k] = weight
      p0 += weight
    }
    this.#unseenProbability = p0
    const seen = 1 - p0
    this.#unseen =
      p0 <= 0 ? 0 : this.#variates.poisson((this.#variates.gamma(this.#n) * p0) / Math.max(seen, 1e-15))
    let left = this.#unseen
    let total = p0
    for (let k = 0; k < this.#classes; k++) {
      const weight = weights[k] as number
      const drawn =
        k === this.#classes - 1 ? left : left === 0 ? 0 : this.#variates.binomial(left, weight / total)
      total -= weight
      this.#unseenInClass[k] = drawn
      left -= drawn
    }
  }

  get unseenProbability(): number {
    return this.#unseenProbability
  }
}
