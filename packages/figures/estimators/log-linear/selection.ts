/** Choosing among models: all of them ranked, or the best one found quickly again and again. */
import { logFactorial } from "../../numeric/gamma.ts"
import { type Face, faceOf, interiorFace } from "./face.ts"
import { type LogLinearFit, LogLinearFitter } from "./fit.ts"
import type { LogLinearModel } from "./model.ts"

export interface Refusal {
  readonly model: LogLinearModel
  readonly face: Face
}

export interface Ranking {
  /** Models with an estimate, by BIC, best first. Ties go to the smaller total, so that names decide nothing. */
  readonly fits: readonly LogLinearFit[]
  readonly refusals: readonly Refusal[]
}

/** Fits every model. @param counts dense, index = history, whole. */
export function rankModels(models: readonly LogLinearModel[], counts: Float64Array): Ranking {
  const fits: LogLinearFit[] = []
  const refusals: Refusal[] = []
  const fitter = new LogLinearFitter(Math.log2(counts.length))
  for (const model of models) {
    const face = faceOf(model, counts)
    const fit = face.code === 0 ? fitter.full(counts, model, face) : null
    if (fit === null) refusals.push({ model, face })
    else fits.push(fit)
  }
  fits.sort((a, b) => (Math.abs(a.bic - b.bic) > 1e-9 ? a.bic - b.bic : a.total - b.total))
  return { fits, refusals }
}

export interface Choice {
  readonly model: LogLinearModel
  readonly unseen: number
  readonly bic: number
}

/**
 * Finds the model with the lowest BIC without fitting those that cannot win. Exact: a model is passed over only
 * when its penalty, with the best likelihood that it could have, already loses. That likelihood is at most the
 * saturated one, and at most that of any model fitted before that contains it.
 */
export class BestModelSearch {
  readonly #models: readonly LogLinearModel[]
  readonly #termSets: Int32Array
  readonly #fitter: LogLinearFitter
  readonly #interior: readonly Face[]
  /** Existence depends on which histories are zero only; few such patterns come up in a bootstrap. */
  readonly #facesByPattern = new Map<number, (Face | undefined)[]>()

  /** @param models of at most five lists; the likely ones first. */
  constructor(models: readonly LogLinearModel[]) {
    const first = models[0]
    if (first === undefined) throw new RangeError("a search needs models")
    if (first.size > 5) throw new RangeError("sets of terms are kept in 32 bits: at most five lists")
    this.#models = models
    this.#fitter = new LogLinearFitter(first.size)
    this.#termSets = Int32Array.from(models, (model) => {
      let set = 0
      for (const term of model.terms) set |= 1 << term
      return set
    })
    this.#interior = models.map(interiorFace)
  }

  /** @returns null when no model has an estimate. */
  best(counts: Float64Array): Choice | null {
    let n = 0
    let ceiling = 0
    let constant = 0
    let pattern = 0
    for (let h = 1; h < counts.length; h++) {
      const y = counts[h] as number
      n += y
      if (y > 0) {
        ceiling += y * Math.log(y) - y
        constant += logFactorial(y)
        pattern |= 1 << h
      }
    }
    const logN = Math.log(n)
    const faces = this.#faces(pattern, counts.length)
    const fittedSets: number[] = []
    const fittedKernels: number[] = []
    let best: Choice | null = null
    let bestScore = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#models.length; i++) {
      const model = this.#models[i] as LogLinearModel
      const penalty = model.terms.length * logN
      let bound = ceiling
      if (penalty - 2 * bound >= bestScore) continue
      const set = this.#termSets[i] as number
      for (let k = 0; k < fittedSets.length; k++) {
        if ((set & ~(fittedSets[k] as number)) === 0 && (fittedKernels[k] as number) < bound)
          bound = fittedKernels[k] as number
      }
      // A hair of room, so that rounding in a bound never drops an exact tie.
      if (penalty - 2 * bound > bestScore + 1e-7) continue
      let face = faces[i]
      if (face === undefined) {
        face = faceOf(model, counts)
        faces[i] = face
      }
      if (face.code !== 0) continue
      const fit = this.#fitter.quick(counts, face)
      if (fit === null) continue
      fittedSets.push(set)
      fittedKernels.push(fit.logLikelihood)
      const score = penalty - 2 * fit.logLikelihood
      if (
        score < bestScore - 1e-9 ||
        (best !== null && score < bestScore + 1e-9 && fit.unseen < best.unseen)
      ) {
        bestScore = score
        best = { model, unseen: fit.unseen, bic: score + 2 * constant }
      }
    }
    return best
  }

  #faces(pattern: number, cells: number): (Face | undefined)[] {
    const everything = cells === 32 ? -2 : 2 ** cells - 2
    if (pattern === everything) return this.#interior as Face[]
    let faces = this.#facesByPattern.get(pattern)
    if (faces === undefined) {
      faces = new Array(this.#models.length)
      this.#facesByPattern.set(pattern, faces)
    }
    return faces
  }
}
