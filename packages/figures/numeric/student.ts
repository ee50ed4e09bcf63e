/** Student's t. */
import { logGamma } from "./gamma.ts"
import { normalQuantile } from "./normal.ts"
import { findRoot } from "./root.ts"

/** Beyond this many degrees the normal quantile is right to six digits. */
const NEARLY_NORMAL = 1e6
/** Even number of strips for Simpson's rule: error below 1e-9 for the degrees that occur. */
const STRIPS = 2000

/**
 * The point that Student's t with `degrees` degrees of freedom stays below with chance `p`.
 *
 * With t = √d tan θ the chance between 0 and t is Γ((d + 1)/2) / (√π Γ(d/2)) · ∫₀^θ cos^(d − 1): smooth, so that
 * Simpson's rule and a root are enough.
 *
 * @param p above 0.5 and below 1. @param degrees 1 or more, not necessarily whole; Infinity for the normal.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0.5 && p < 1)) throw new RangeError(`p must lie between 0.5 and 1, not ${p}`)
  if (!(degrees >= 1)) throw new RangeError(`at least one degree of freedom, not ${degrees}`)
  if (degrees > NEARLY_NORMAL) return normalQuantile(p)
  const scale = Math.exp(logGamma((degrees + 1) / 2) - logGamma(degrees / 2)) / Math.sqrt(Math.PI)
  const chance = (angle: number): number => {
    const width = angle / STRIPS
    let sum = 1 + Math.cos(angle) ** (degrees - 1)
    for (let strip = 1; strip < STRIPS; strip++)
      sum += (strip % 2 === 1 ? 4 : 2) * Math.cos(strip * width) ** (degrees - 1)
    return (scale * sum * width) / 3
  }
  const angle = findRoot((at) => chance(at) - (p - 0.5), 0, Math.PI / 2 - 1e-12, 1e-13)
  return Math.sqrt(degrees) * Math.tan(angle)
}
