/**
 * How much the rules miss, measured without labels. Random pairs are drawn from all pairs, not from those that some rule
 * brings together; of those that the weights are sure are one person, some may share no block of any rule. That is the cap
 * on recall, as far as the weights see it: a pair that differs in everything is missed by both.
 */
import { wilson } from "../clerical/audit.ts"
import type { ComparedPairs } from "../comparison/pairs.ts"
import type { BlockingRule } from "./rule.ts"

export interface Coverage {
  /** Random pairs that are one person, 19 in 20 or surer. */
  readonly surelyOne: number
  /** Of these, so many were compared. */
  readonly compared: number
  /** The share that was not, at the least (lower end of its 95 % interval). */
  readonly missedAtLeast: number
}

const SURELY_ONE_ODDS = Math.log2(19)

/** @param oddsOf log2 odds of each pair of a chunk. */
export function coverageOf(
  rules: readonly Pick<BlockingRule, "codes">[],
  cleanList: Int32Array,
  randomPairs: readonly ComparedPairs[],
  oddsOf: (chunk: ComparedPairs) => ArrayLike<number>,
): Coverage {
  let surelyOne = 0
  let compared = 0
  for (const chunk of randomPairs) {
    const odds = oddsOf(chunk)
    for (let pair = 0; pair < chunk.a.length; pair++) {
      if ((odds[pair] as number) < SURELY_ONE_ODDS) continue
      const [a, b] = [chunk.a[pair] as number, chunk.b[pair] as number]
      // Two of a list that names each person once are two people, and were rightly left out.
      if ((cleanList[a] as number) >= 0 && cleanList[a] === cleanList[b]) continue
      surelyOne++
      if (rules.some(({ codes }) => (codes[a] as number) >= 0 && codes[a] === codes[b])) compared++
    }
  }
  const missedAtLeast = surelyOne === 0 ? 0 : wilson(surelyOne - compared, surelyOne).lower
  return { surelyOne, compared, missedAtLeast }
}
