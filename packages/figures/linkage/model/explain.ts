/** Why a pair has its weight: bits per comparison, which add up. */
import { levelAt } from "../comparison/pairs.ts"
import type { Linkage } from "../link.ts"
import type { Field } from "../records/fields.ts"
import { LEVELS } from "./fellegi-sunter.ts"
import { type Rarity, rarityBits } from "./rarity.ts"

export interface Explanation {
  /** Per comparison, the rarity of the value included. */
  readonly bits: readonly number[]
  /** What is taken off because two people of one household would agree as well: 0 or less. */
  readonly relatives: number
  /** Log2 odds that two records drawn at random are one person. */
  readonly prior: number
}

export function pairExplainer(linkage: Linkage, fields: readonly Field[]): (pair: number) => Explanation {
  const { model, pairs, prior, rarity } = linkage
  const strangers = 1 - prior.match - prior.kin
  const priorBits = Math.log2(prior.match / strangers)
  return (pair) => {
    const bits = fields.map((field, c) => {
      const level = levelAt(pairs.low[pair] as number, pairs.high[pair] as number, c)
      const weight = model.weights[c * LEVELS + level] ?? 0
      const [codeA, codeB] = [pairs.a, pairs.b].map((side) => field.codes[side[pair] as number] as number)
      const exact = model.shapes[c]?.exact ?? 0
      return weight + rarityBits(rarity[c] as Rarity, level, exact, codeA as number, codeB as number)
    })
    const relatives = -Math.log2(1 + (prior.kin / strangers) * 2 ** (pairs.kin[pair] as number))
    return { bits, relatives, prior: priorBits }
  }
}
