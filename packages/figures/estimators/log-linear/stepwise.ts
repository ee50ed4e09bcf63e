/**
 * Forward choice of pairs of lists by one-sided Poisson p-values, for tables with more lists than all models
 * can be fitted for.
 *
 * From the model without pairs, each round takes the pair whose overlap is least credible under the model so
 * far: the smaller of P(X ≤ overlap) and P(X ≥ overlap), X Poisson with the fitted mean. It enters when that
 * is below 0.02 and the larger model has an estimate; else the choice ends. Interval: exp(log n0 ± 1.96 √Var log n0).
 *
 * Assumes that the chosen model is true: that lists depend on one another in pairs only, and that a pair which is not
 * significant does not depend. Terms left out for want of data are taken for absent, which makes the interval too narrow.
 *
 * Source: Chan, Silverman & Vincent (2021), JASA 116, section 3.2; first used for the United Kingdom by
 * Silverman (2014).
 */
import { poissonCdf, poissonUpperTail } from "../../numeric/poisson.ts"
import { type Face, faceOf } from "./face.ts"
import { type LogLinearFit, LogLinearFitter } from "./fit.ts"
import { modelOf } from "./model.ts"

export const STEPWISE_P = 0.02

export interface Step {
  /** Bit mask of the two lists. */
  readonly pair: number
  readonly p: number
}

export interface StepwiseFit {
  readonly fit: LogLinearFit
  readonly steps: readonly Step[]
}

/**
 * @param counts dense, index = history, whole.
 * @returns null when not even the model without pairs has an estimate.
 */
export function stepwiseFit(
  counts: Float64Array,
  threshold = STEPWISE_P,
  fitter = new LogLinearFitter(Math.log2(counts.length)),
): StepwiseFit | null {
  const size = Math.log2(counts.length)
  const pairs: number[] = []
  for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) pairs.push((1 << a) | (1 << b))
  const chosen: number[] = []
  const steps: Step[] = []
  let current = fitModel(counts, chosen, fitter)
  if (current === null) return null
  for (;;) {
    const fitted = current.fitted
    const candidates = pairs
      .filter((pair) => !chosen.includes(pair))
      .map((pair) => ({ pair, p: pValue(counts, fitted, pair) }))
      .filter(({ p }) => p < threshold)
      .sort((a, b) => a.p - b.p || a.pair - b.pair)
    let next: LogLinearFit | null = null
    for (const candidate of candidates) {
      next = fitModel(counts, [...chosen, candidate.pair], fitter)
      if (next === null) continue
      chosen.push(candidate.pair)
      steps.push(candidate)
      break
    }
    if (next === null) return { fit: current, steps }
    current = next
  }
}

function fitModel(
  counts: Float64Array,
  pairs: readonly number[],
  fitter: LogLinearFitter,
): LogLinearFit | null {
  const model = modelOf(fitter.size, pairs)
  const face: Face = faceOf(model, counts)
  return face.code === 0 ? fitter.full(counts, model, face) : null
}

function pValue(counts: Float64Array, fitted: Float64Array, pair: number): number {
  let observed = 0
  let expected = 0
  for (let h = pair; h < counts.length; h++) {
    if ((h & pair) !== pair) continue
    observed += counts[h] as number
    expected += fitted[h] as number
  }
  return Math.min(poissonCdf(observed, expected), poissonUpperTail(observed, expected))
}
