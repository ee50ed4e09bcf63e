/** A blocking rule: records that agree on all its keys are compared. Measured before a single pair is made. */
import { sharedInt32 } from "../records/fields.ts"
import type { BlockingKey } from "./keys.ts"

export interface BlockingRule {
  /** `family + dob.year`. */
  readonly name: string
  readonly keys: readonly BlockingKey[]
  /** Comparisons whose agreement it fixes: left out when the model learns from this rule's pairs. */
  readonly comparisons: readonly number[]
  /** Per record the block, −1 in none. */
  readonly codes: Int32Array
  /** Number of pairs that share a block. */
  readonly pairs: number
  /** Records in the largest block, and one of them. */
  readonly largest: { readonly size: number; readonly record: number }
  /** Blocks passed over because they alone would have used up the budget. */
  readonly passedOver: { readonly blocks: number; readonly pairs: number; readonly records: number }
}

/** Forms a rule from keys: one code per combination, −1 where any key is not known. */
export function makeRule(keys: readonly BlockingKey[]): BlockingRule {
  const name = keys.map((key) => key.name).join(" + ")
  const comparisons = [...new Set(keys.map((key) => key.comparison))]
  const codes = combine(keys.map((key) => key.codes))
  return {
    name,
    keys,
    comparisons,
    codes,
    ...measure(codes),
    passedOver: { blocks: 0, pairs: 0, records: 0 },
  }
}

/** The rule that compares everybody with everybody: for lists short enough. */
export function everyPairRule(records: number): BlockingRule {
  const codes = sharedInt32(records)
  return {
    name: "every pair",
    keys: [],
    comparisons: [],
    codes,
    ...measure(codes),
    passedOver: { blocks: 0, pairs: 0, records: 0 },
  }
}

/**
 * Passes over the largest blocks until at most `budget` pairs are left, provided that at most `share` of the
 * rule's records stand in them: a default date or "unknown" goes, a key that is too coarse everywhere does not
 * become useful so.
 *
 * @returns undefined when the rule cannot be brought within the budget.
 */
export function withinBudget(rule: BlockingRule, budget: number, share = 0.1): BlockingRule | undefined {
  if (rule.pairs <= budget) return rule
  const sizes = blockSizes(rule.codes)
  const keyed = sizes.reduce((sum, size) => sum + size, 0)
  const bySize = Array.from(sizes.keys()).sort((x, y) => (sizes[y] as number) - (sizes[x] as number))
  const dropped = new Set<number>()
  let pairs = rule.pairs
  let records = 0
  for (const block of bySize) {
    if (pairs <= budget) break
    const size = sizes[block] as number
    records += size
    if (records > share * keyed) return undefined
    pairs -= (size * (size - 1)) / 2
    dropped.add(block)
  }
  const codes = sharedInt32(rule.codes.length)
  rule.codes.forEach((code, record) => {
    codes[record] = dropped.has(code) ? -1 : code
  })
  return {
    ...rule,
    codes,
    ...measure(codes),
    passedOver: { blocks: dropped.size, pairs: rule.pairs - pairs, records },
  }
}

function combine(columns: readonly Int32Array[]): Int32Array {
  const [first, ...rest] = columns
  if (first === undefined) throw new RangeError("a rule has at least one key")
  let codes = first
  for (const next of rest) {
    const joined = sharedInt32(codes.length)
    const byPair = new Map<number, number>()
    for (let record = 0; record < codes.length; record++) {
      const left = codes[record] as number
      const right = next[record] as number
      if (left < 0 || right < 0) {
        joined[record] = -1
        continue
      }
      // Codes stay below 2^26 (records), so the product is exact in a double.
      const both = left * 67_108_864 + right
      let code = byPair.get(both)
      if (code === undefined) {
        code = byPair.size
        byPair.set(both, code)
      }
      joined[record] = code
    }
    codes = joined
  }
  return codes
}

/** Records per code. */
export function blockSizes(codes: Int32Array): Int32Array {
  let highest = -1
  for (const code of codes) if (code > highest) highest = code
  const sizes = new Int32Array(highest + 1)
  for (const code of codes) if (code >= 0) sizes[code] = (sizes[code] as number) + 1
  return sizes
}

function measure(codes: Int32Array): Pick<BlockingRule, "pairs" | "largest"> {
  const sizes = blockSizes(codes)
  let pairs = 0
  let largest = 0
  let largestCode = -1
  sizes.forEach((size, code) => {
    pairs += (size * (size - 1)) / 2
    if (size > largest) {
      largest = size
      largestCode = code
    }
  })
  return { pairs, largest: { size: largest, record: codes.indexOf(largestCode) } }
}
