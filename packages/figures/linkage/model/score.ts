/** Weights of pairs: the model's level weights and, where values agree, how common they are. */
import { NAME_SAME_IN_OTHER_FORM } from "../comparison/name-levels.ts"
import { type ComparedPairs, levelAt } from "../comparison/pairs.ts"
import type { Field } from "../records/fields.ts"
import { LEVELS } from "./fellegi-sunter.ts"
import { type Rarity, rarityBits } from "./rarity.ts"
import type { TrainedModel } from "./train.ts"

/** Fills in the weights of every pair of a chunk. */
export interface ChunkWeights {
  /** Bits: log2 of how many times likelier the agreement is for one person than for two strangers. */
  readonly weight: Float32Array
  /** Bits: the same for two people of one household against two strangers. */
  readonly kin: Float32Array
}

/** @param rarity of each comparison, by `rarityOf`. */
export function chunkScorer(
  model: TrainedModel,
  fields: readonly Field[],
  rarity: readonly Rarity[],
): (pairs: ComparedPairs) => ChunkWeights {
  const { weights, kinWeights } = model
  const comparisons = fields.length
  const codes = fields.map((field) => field.codes)
  const exact = model.shapes.map((shape) => shape.exact)
  const shared = model.kinRules.map((rule) => rule === "as-one-person")
  return ({ a, b, low, high }) => {
    const weight = new Float32Array(a.length)
    const kin = new Float32Array(a.length)
    for (let at = 0; at < a.length; at++) {
      const lowWord = low[at] as number
      const highWord = high[at] as number
      let sum = 0
      let kinSum = 0
      for (let c = 0; c < comparisons; c++) {
        const level = levelAt(lowWord, highWord, c)
        const slot = c * LEVELS + level
        sum += weights[slot] as number
        kinSum += kinWeights[slot] as number
        if (level === exact[c] || level === NAME_SAME_IN_OTHER_FORM) {
          const column = codes[c] as Int32Array
          const [codeA, codeB] = [column[a[at] as number] as number, column[b[at] as number] as number]
          const bits = rarityBits(rarity[c] as Rarity, level, exact[c] as number, codeA, codeB)
          sum += bits
          if (shared[c]) kinSum += bits
        }
      }
      weight[at] = sum
      kin[at] = kinSum
    }
    return { weight, kin }
  }
}

/** How many pairs of all possible ones are one person, and how many are relatives. */
export interface Prior {
  readonly match: number
  readonly kin: number
}

const ROUNDS = 200
/** A pair below this many bits in both weights is a stranger's under any prior in question. */
const LEAST_BITS = 0

/**
 * Learns both shares over all possible pairs; those that no blocking rule brought together are taken for
 * strangers.
 */
export function learnPrior(chunks: readonly ChunkWeights[], allPairs: number): Prior {
  const { one, related } = likelihoods(chunks)
  let match = Math.min(0.1, 1 / Math.sqrt(allPairs))
  let kin = match / 10
  for (let round = 0; round < ROUNDS; round++) {
    let matches = 0
    let relatives = 0
    const strangers = 1 - match - kin
    for (let at = 0; at < one.length; at++) {
      const asOne = match * (one[at] as number)
      const asRelated = kin * (related[at] as number)
      const all = asOne + asRelated + strangers
      matches += asOne / all
      relatives += asRelated / all
    }
    const nextMatch = Math.min(0.5, Math.max(1e-12, matches / allPairs))
    const nextKin = Math.min(0.4, Math.max(1e-12, relatives / allPairs))
    const settled =
      Math.abs(nextMatch - match) < 1e-3 * match &&
      Math.abs(nextKin - kin) < 1e-3 * Math.max(kin, match / 100)
    match = nextMatch
    kin = nextKin
    if (settled) break
  }
  return { match, kin }
}

/** Likelihood ratios of the pairs that matter, computed once for all rounds. */
function likelihoods(chunks: readonly ChunkWeights[]): {
  readonly one: Float64Array
  readonly related: Float64Array
} {
  const matters = (weight: number, kin: number) => weight > LEAST_BITS || kin > LEAST_BITS
  let count = 0
  for (const { weight, kin } of chunks) {
    for (let at = 0; at < weight.length; at++) if (matters(weight[at] as number, kin[at] as number)) count++
  }
  const one = new Float64Array(count)
  const related = new Float64Array(count)
  let next = 0
  for (const { weight, kin } of chunks) {
    for (let at = 0; at < weight.length; at++) {
      if (!matters(weight[at] as number, kin[at] as number)) continue
      one[next] = 2 ** (weight[at] as number)
      related[next] = 2 ** (kin[at] as number)
      next++
    }
  }
  return { one, related }
}

/** log2 odds that a pair is one person, against strangers and relatives together. */
export function log2Odds(weight: number, kin: number, prior: Prior): number {
  return weight + Math.log2(prior.match) - Math.log2(1 - prior.match - prior.kin + prior.kin * 2 ** kin)
}
