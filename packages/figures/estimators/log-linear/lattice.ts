/**
 * Sums over subsets and supersets of bit masks in place: the fast zeta transform, size·2^size steps.
 *
 * Why it is here: in a hierarchical model the design has a 1 where term ⊆ history. So a linear predictor is a
 * sum over subsets, a margin is a sum over supersets, and one entry of XᵀWX for terms s and t is the superset
 * sum of W at s ∪ t. Fitting then needs no design matrix at all.
 */

/** values[h] becomes the sum of values[s] over all s ⊆ h. */
export function sumOverSubsets(values: Float64Array, size: number): void {
  for (let bit = 1; bit < 1 << size; bit <<= 1) {
    for (let h = bit; h < values.length; h = (h + 1) | bit)
      values[h] = (values[h] as number) + (values[h ^ bit] as number)
  }
}

/** values[s] becomes the sum of values[h] over all h ⊇ s. */
export function sumOverSupersets(values: Float64Array, size: number): void {
  for (let bit = 1; bit < 1 << size; bit <<= 1) {
    for (let h = bit; h < values.length; h = (h + 1) | bit)
      values[h ^ bit] = (values[h ^ bit] as number) + (values[h] as number)
  }
}
