/** Weights of pairs: the model's level weights and, for full agreement, how common the value is. */
import { type ComparedPairs, levelAt } from "../comparison/pairs.ts"
import type { Field } from "../records/fields.ts"
import { LEVELS } from "./fellegi-sunter.ts"
import type { TrainedModel } from "./train.ts"

/** Weight of the pair at a position of a chunk, in bits: log2 of how many times likelier for one person than for two. */
export type PairScorer = (pairs: ComparedPairs, at: number) => number

/**
 * Term frequencies: agreeing on a name that one in a thousand has says more than on one that every tenth has.
 * The chance u of full agreement is replaced by the value's own share among known values (Winkler 2000).
 */
export function pairScorer(model: TrainedModel, fields: readonly Field[]): PairScorer {
  const { weights } = model
  const comparisons = fields.length
  const rarity = fields.map((field, c) => rarityBits(field, model, c))
  const codes = fields.map((field) => field.codes)
  const exact = model.shapes.map((shape) => shape.exact)
  return ({ a, low, high }, at) => {
    const lowWord = low[at] as number
    const highWord = high[at] as number
    let sum = 0
    for (let c = 0; c < comparisons; c++) {
      const level = levelAt(lowWord, highWord, c)
      sum += weights[c * LEVELS + level] as number
      if (level === exact[c]) {
        const code = (codes[c] as Int32Array)[a[at] as number] as number
        sum += (rarity[c] as Float32Array)[code] as number
      }
    }
    return sum
  }
}

/** Bits to add per distinct value when both records have it; negative for common values. */
export function rarityBits(field: Field, model: TrainedModel, comparison: number): Float32Array {
  const exact = model.shapes[comparison]?.exact ?? 0
  const u = Math.max(model.probabilities.u[comparison * LEVELS + exact] ?? 1, 1e-12)
  let known = 0
  for (const count of field.counts) known += count
  return Float32Array.from(field.counts, (count) => (count === 0 ? 0 : Math.log2(u / (count / known))))
}
