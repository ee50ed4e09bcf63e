/** Why a pair has its weight: bits per comparison, which add up. */
import { levelAt } from "../comparison/pairs.ts"
import type { Linkage } from "../link.ts"
import type { Field } from "../records/fields.ts"
import { LEVELS } from "./fellegi-sunter.ts"
import { rarityBits } from "./score.ts"

export interface Explanation {
  /** Per comparison, the rarity of the value included. */
  readonly bits: readonly number[]
  /** What is taken off because two people of one household would agree as well: 0 or less. */
  readonly relatives: number
  /** Log2 odds that two records drawn at random are one person. */
  readonly prior: number
}

export function pairExplainer(linkage: Linkage, fields: readonly Field[]): (pair: number) => Explanation {
  const { model, pairs, prior } = linkage
  const rarity = fields.map((field, c) => rarityBits(field, model, c))
  const strangers = 1 - prior.match - prior.kin
  const priorBits = Math.log2(prior.match / strangers)
  return (pair) => {
    const bits = fields.map((field, c) => {
      const level = levelAt(pairs.low[pair] as number, pairs.high[pair] as number, c)
      const weight = model.weights[c * LEVELS + level] ?? 0
      if (level !== model.shapes[c]?.exact) return weight
      return weight + (rarity[c]?.[field.codes[pairs.a[pair] as number] as number] ?? 0)
    })
    const relatives = -Math.log2(1 + (prior.kin / strangers) * 2 ** (pairs.kin[pair] as number))
    return { bits, relatives, prior: priorBits }
  }
}
