/**
 * Maximum likelihood for one hierarchical Poisson log-linear model: log E[count of history h] = Σ over terms
 * s ⊆ h of θ_s. The unseen are estimated by exp(θ_∅).
 *
 * Assumes that the dependence between lists which the model leaves out is none, that all lists together depend on one
 * another in no way that fewer of them do not, and that people of the same history are alike.
 *
 * Source: Fienberg (1972), Biometrika 59; Cormack (1989), Biometrics 45.
 */
import { logFactorial } from "../../numeric/gamma.ts"
import { choleskyInPlace, choleskySolveInPlace } from "../../numeric/linear.ts"
import type { Face } from "./face.ts"
import { sumOverSubsets, sumOverSupersets } from "./lattice.ts"
import type { LogLinearModel } from "./model.ts"

export interface LogLinearFit {
  readonly model: LogLinearModel
  readonly face: Face
  /** People seen and unseen. */
  readonly total: number
  readonly unseen: number
  /** Of `unseen`, and so of `total`: √(n0 + n0² v), v the variance of θ_∅. Source: Rivest & Lévesque (2001). */
  readonly standardError: number
  readonly logLikelihood: number
  readonly deviance: number
  readonly degreesOfFreedom: number
  /** Parameters of the model, those at −∞ included. */
  readonly parameters: number
  readonly aic: number
  readonly aicc: number
  /** Sample size = people seen, n. */
  readonly bic: number
  /** Fitted counts, index = history; index 0 is `unseen`. */
  readonly fitted: Float64Array
}

/** A fit's numbers that a search needs, without its tables: cheap to make a million times. */
export interface QuickFit {
  readonly unseen: number
  readonly logLikelihood: number
}

const MAX_STEPS = 60
/** Newton's decrement at which another step changes nothing that a double can hold of the likelihood. */
const DECREMENT = 1e-18

/**
 * Fits models of one number of lists, reusing its working memory: a bootstrap makes hundreds of thousands of
 * fits. Newton's method (equal to iteratively reweighted least squares for this link) with halved steps.
 */
export class LogLinearFitter {
  readonly size: number
  readonly #cells: number
  readonly #mu: Float64Array
  readonly #eta: Float64Array
  readonly #sums: Float64Array
  readonly #score: Float64Array
  #information: Float64Array
  #step: Float64Array
  #theta: Float64Array

  constructor(size: number) {
    this.size = size
    this.#cells = 2 ** size
    this.#mu = new Float64Array(this.#cells)
    this.#eta = new Float64Array(this.#cells)
    this.#sums = new Float64Array(this.#cells)
    this.#score = new Float64Array(this.#cells)
    this.#information = new Float64Array(0)
    this.#step = new Float64Array(0)
    this.#theta = new Float64Array(0)
  }

  /**
   * The kernel of the log-likelihood is Σ y η − Σ μ over kept histories.
   *
   * @param counts dense, index = history; may hold fractions. `face` with code 0. A face that keeps history 0
   *   takes `counts[0]` as the number of unseen: so the profile likelihood is made.
   * @returns null when the iteration does not converge, which a face of code 0 rules out but for overflow.
   */
  quick(counts: Float64Array, face: Face): QuickFit | null {
    const logLikelihood = this.#maximise(counts, face)
    if (logLikelihood === null) return null
    return { unseen: Math.exp(this.#theta[0] as number), logLikelihood }
  }

  /** The whole fit. Same parameters and failure as `quick`. `counts` whole. */
  full(counts: Float64Array, model: LogLinearModel, face: Face): LogLinearFit | null {
    const kernel = this.#maximise(counts, face)
    if (kernel === null) return null
    const p = face.terms.length
    const unit = new Float64Array(p)
    unit[0] = 1
    this.#fillInformation(face)
    if (!choleskyInPlace(this.#information, p)) return null
    choleskySolveInPlace(this.#information, p, unit)
    const unseen = Math.exp(this.#theta[0] as number)
    const fitted = Float64Array.from(this.#mu)
    fitted[0] = unseen
    let n = 0
    let constant = 0
    let saturated = 0
    for (let h = 1; h < this.#cells; h++) {
      const y = counts[h] as number
      n += y
      if (y > 0) {
        constant += logFactorial(y)
        saturated += y * Math.log(y) - y
      }
    }
    const parameters = model.terms.length
    const logLikelihood = kernel - constant
    const aic = 2 * parameters - 2 * logLikelihood
    const room = n - parameters - 1
    return {
      model,
      face,
      total: n + unseen,
      unseen,
      standardError: Math.sqrt(unseen + unseen ** 2 * (unit[0] as number)),
      logLikelihood,
      deviance: Math.max(0, 2 * (saturated - kernel)),
      degreesOfFreedom: face.keptCount - p,
      parameters,
      aic,
      aicc: room > 0 ? aic + (2 * parameters * (parameters + 1)) / room : Number.POSITIVE_INFINITY,
      bic: parameters * Math.log(n) - 2 * logLikelihood,
      fitted,
    }
  }

  #maximise(counts: Float64Array, face: Face): number | null {
    const { terms, kept } = face
    const p = terms.length
    if (this.#information.length < p * p) this.#information = new Float64Array(p * p)
    this.#step = new Float64Array(p)
    this.#theta = new Float64Array(p)
    const sums = this.#sums
    // First step from μ = y + 0.1, as iteratively reweighted least squares usually starts.
    for (let h = 0; h < this.#cells; h++) {
      if (kept[h] === 1) {
        const mu = (counts[h] as number) + 0.1
        this.#mu[h] = mu
        sums[h] = mu * Math.log(mu) + (counts[h] as number) - mu
      } else {
        this.#mu[h] = 0
        sums[h] = 0
      }
    }
    sumOverSupersets(sums, this.size)
    for (let i = 0; i < p; i++) this.#theta[i] = sums[terms[i] as number] as number
    this.#fillInformation(face)
    if (!choleskyInPlace(this.#information, p)) return null
    choleskySolveInPlace(this.#information, p, this.#theta)
    let kernel = this.#predict(counts, face)
    for (let iteration = 0; iteration < MAX_STEPS; iteration++) {
      for (let h = 0; h < this.#cells; h++)
        this.#score[h] = kept[h] === 1 ? (counts[h] as number) - (this.#mu[h] as number) : 0
      sumOverSupersets(this.#score, this.size)
      this.#fillInformation(face)
      if (!choleskyInPlace(this.#information, p)) return null
      const step = this.#step
      for (let i = 0; i < p; i++) step[i] = this.#score[terms[i] as number] as number
      choleskySolveInPlace(this.#information, p, step)
      let decrement = 0
      for (let i = 0; i < p; i++) {
        decrement += (step[i] as number) * (this.#score[terms[i] as number] as number)
        this.#theta[i] = (this.#theta[i] as number) + (step[i] as number)
      }
      let next = this.#predict(counts, face)
      let share = 1
      while (!(next >= kernel - 1e-9 * (1 + Math.abs(kernel))) && share > 1e-9) {
        share /= 2
        for (let i = 0; i < p; i++) this.#theta[i] = (this.#theta[i] as number) - share * (step[i] as number)
        next = this.#predict(counts, face)
      }
      kernel = next
      if (decrement < DECREMENT * (1 + Math.abs(kernel)) + 1e-20) return kernel
    }
    return null
  }

  /** Fills η and μ from θ; returns Σ y η − Σ μ. */
  #predict(counts: Float64Array, face: Face): number {
    const { terms, kept } = face
    const eta = this.#eta
    eta.fill(0)
    for (let i = 0; i < terms.length; i++) eta[terms[i] as number] = this.#theta[i] as number
    sumOverSubsets(eta, this.size)
    let kernel = 0
    for (let h = 0; h < this.#cells; h++) {
      if (kept[h] === 0) continue
      const mu = Math.exp(eta[h] as number)
      this.#mu[h] = mu
      kernel += (counts[h] as number) * (eta[h] as number) - mu
    }
    return kernel
  }

  #fillInformation(face: Face): void {
    const { terms } = face
    const p = terms.length
    const sums = this.#sums
    sums.set(this.#mu)
    sumOverSupersets(sums, this.size)
    for (let i = 0; i < p; i++) {
      const row = i * p
      const term = terms[i] as number
      for (let j = 0; j <= i; j++) this.#information[row + j] = sums[term | (terms[j] as number)] as number
    }
  }
}
