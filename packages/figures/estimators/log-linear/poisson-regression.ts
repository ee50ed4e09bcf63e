/** Poisson regression with a log link on any small design: for the few models that are not hierarchical. */
import { choleskyInPlace, choleskySolveInPlace } from "../../numeric/linear.ts"

export interface PoissonRegression {
  readonly coefficients: Float64Array
  /** Variances of the coefficients. */
  readonly variances: Float64Array
  /** Σ y log μ − Σ μ */
  readonly kernel: number
}

/**
 * @param design one row for each count. @param counts may hold fractions.
 * @returns null when the design is not of full rank or no finite estimate exists.
 */
export function poissonRegression(
  design: readonly Float64Array[],
  counts: ArrayLike<number>,
): PoissonRegression | null {
  const p = design[0]?.length ?? 0
  const rows = design.length
  const mu = Float64Array.from({ length: rows }, (_, i) => (counts[i] as number) + 0.1)
  const eta = mu.map(Math.log)
  const information = new Float64Array(p * p)
  const coefficients = new Float64Array(p)
  const right = new Float64Array(p)
  let kernel = Number.NEGATIVE_INFINITY
  for (let iteration = 0; iteration < 100; iteration++) {
    information.fill(0)
    right.fill(0)
    for (let i = 0; i < rows; i++) {
      const row = design[i] as Float64Array
      const weight = mu[i] as number
      const working = weight * (eta[i] as number) + (counts[i] as number) - weight
      for (let a = 0; a < p; a++) {
        const x = row[a] as number
        if (x === 0) continue
        right[a] = (right[a] as number) + x * working
        for (let b = 0; b <= a; b++)
          information[a * p + b] = (information[a * p + b] as number) + weight * x * (row[b] as number)
      }
    }
    if (!choleskyInPlace(information, p)) return null
    choleskySolveInPlace(information, p, right)
    let change = 0
    for (let a = 0; a < p; a++) {
      change = Math.max(change, Math.abs((right[a] as number) - (coefficients[a] as number)))
      coefficients[a] = right[a] as number
    }
    kernel = 0
    for (let i = 0; i < rows; i++) {
      const row = design[i] as Float64Array
      let predictor = 0
      for (let a = 0; a < p; a++) predictor += (row[a] as number) * (coefficients[a] as number)
      eta[i] = predictor
      mu[i] = Math.exp(predictor)
      kernel += (counts[i] as number) * predictor - (mu[i] as number)
    }
    if (!Number.isFinite(kernel)) return null
    if (change < 1e-11) return { coefficients, variances: variances(information, p), kernel }
  }
  return null
}

function variances(factor: Float64Array, p: number): Float64Array {
  const result = new Float64Array(p)
  const unit = new Float64Array(p)
  for (let a = 0; a < p; a++) {
    unit.fill(0)
    unit[a] = 1
    choleskySolveInPlace(factor, p, unit)
    result[a] = unit[a] as number
  }
  return result
}
