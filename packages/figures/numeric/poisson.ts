import { logFactorial } from "./gamma.ts"

/**
 * P(X ≤ k) for X Poisson with mean `mean` > 0, by summing the shorter side from its largest term.
 *
 * @param k whole; below 0 the answer is 0.
 */
export function poissonCdf(k: number, mean: number): number {
  if (k < 0) return 0
  if (mean === 0) return 1
  if (k < mean) return downwardSum(k, mean)
  return 1 - upwardSum(k + 1, mean)
}

/** P(X ≥ k). */
export function poissonUpperTail(k: number, mean: number): number {
  if (k <= 0) return 1
  if (mean === 0) return 0
  if (k > mean) return upwardSum(k, mean)
  return 1 - downwardSum(k - 1, mean)
}

const probability = (k: number, mean: number): number => Math.exp(k * Math.log(mean) - mean - logFactorial(k))

function downwardSum(from: number, mean: number): number {
  let term = probability(from, mean)
  let sum = term
  for (let k = from; k > 0 && term > sum * 1e-17; k--) {
    term *= k / mean
    sum += term
  }
  return Math.min(1, sum)
}

function upwardSum(from: number, mean: number): number {
  let term = probability(from, mean)
  let sum = term
  for (let k = from + 1; term > sum * 1e-17; k++) {
    term *= mean / k
    sum += term
  }
  return Math.min(1, sum)
}
