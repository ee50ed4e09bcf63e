/** The union of rules as pairs, without a set of pairs in memory: a pair belongs to the first rule that makes it. */
import { sharedInt32 } from "../records/fields.ts"
import { type BlockingRule, blockSizes } from "./rule.ts"

/** A rule laid out for walking: records in block order. In shared memory. */
export interface RuleLayout {
  readonly codes: Int32Array
  /** Records that stand in some block of two or more, block after block. */
  readonly order: Int32Array
  /** Per position in `order`: where its block ends (exclusive). */
  readonly blockEnd: Int32Array
}

/** A stretch of a rule's layout that makes about the same number of pairs as any other. */
export interface CandidateTask {
  readonly rule: number
  readonly from: number
  readonly to: number
}

export function layOut(rule: BlockingRule): RuleLayout {
  const { codes } = rule
  const sizes = blockSizes(codes)
  const starts = new Int32Array(sizes.length)
  let total = 0
  sizes.forEach((size, code) => {
    starts[code] = total
    if (size > 1) total += size
  })
  const order = sharedInt32(total)
  const blockEnd = sharedInt32(total)
  const next = Int32Array.from(starts)
  for (let record = 0; record < codes.length; record++) {
    const code = codes[record] as number
    if (code < 0 || (sizes[code] as number) < 2) continue
    const at = next[code] as number
    next[code] = at + 1
    order[at] = record
    blockEnd[at] = (starts[code] as number) + (sizes[code] as number)
  }
  return { codes, order, blockEnd }
}

/** Cuts the rules into tasks of about `pairsPerTask`, always the same for the same records. */
export function cutTasks(layouts: readonly RuleLayout[], pairsPerTask: number): readonly CandidateTask[] {
  const tasks: CandidateTask[] = []
  layouts.forEach(({ blockEnd }, rule) => {
    let from = 0
    let pairs = 0
    for (let at = 0; at < blockEnd.length; at++) {
      pairs += (blockEnd[at] as number) - at - 1
      if (pairs >= pairsPerTask || at === blockEnd.length - 1) {
        if (pairs > 0) tasks.push({ rule, from, to: at + 1 })
        from = at + 1
        pairs = 0
      }
    }
  })
  return tasks
}

/**
 * Calls `onPair(a, b)`, a < b, for every pair of the task that no earlier rule makes and that may be one
 * person: never two records of one list that is known to be free of duplicates.
 *
 * @param cleanList per record: its list when that list is clean, otherwise −1.
 */
export function forEachCandidate(
  task: CandidateTask,
  layouts: readonly RuleLayout[],
  cleanList: Int32Array,
  onPair: (a: number, b: number) => void,
): void {
  const layout = layouts[task.rule]
  if (layout === undefined) throw new RangeError(`no rule ${task.rule}`)
  const { order, blockEnd } = layout
  const earlier = layouts.slice(0, task.rule).map(({ codes }) => codes)
  for (let at = task.from; at < task.to; at++) {
    const first = order[at] as number
    const end = blockEnd[at] as number
    for (let other = at + 1; other < end; other++) {
      const second = order[other] as number
      const list = cleanList[first] as number
      if (list >= 0 && list === cleanList[second]) continue
      let seen = false
      for (let rule = 0; rule < earlier.length && !seen; rule++) {
        const codes = earlier[rule] as Int32Array
        const code = codes[first] as number
        seen = code >= 0 && code === codes[second]
      }
      if (!seen) onPair(Math.min(first, second), Math.max(first, second))
    }
  }
}
