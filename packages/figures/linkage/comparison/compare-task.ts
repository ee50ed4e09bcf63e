/** What a thread does: candidates of one task, or random pairs, compared. Pure; the same in a worker and without. */

import { seededRandom } from "../../random/random.ts"
import { type CandidateTask, forEachCandidate, type RuleLayout } from "../blocking/candidates.ts"
import type { Field, NameDictionary } from "../records/fields.ts"
import { type CompareRecords, comparisonKernel, MAX_COMPARISONS } from "./comparison.ts"
import { type ComparedPairs, PairCollector } from "./pairs.ts"

export interface CompareContext {
  readonly count: number
  readonly fields: readonly Field[]
  readonly names: NameDictionary
  readonly layouts: readonly RuleLayout[]
  /** Per record: its list when that list is clean, otherwise −1. */
  readonly cleanList: Int32Array
}

export type CompareTask =
  | ({ readonly kind: "candidates" } & CandidateTask)
  | { readonly kind: "random"; readonly pairs: number; readonly seed: number; readonly stream: string }
  | { readonly kind: "every-pair"; readonly from: number; readonly to: number }
  | { readonly kind: "given"; readonly a: Int32Array; readonly b: Int32Array }

export function pairComparer(context: CompareContext): (task: CompareTask) => ComparedPairs {
  const compare: CompareRecords = comparisonKernel(context.fields, context.names)
  const levels = new Uint8Array(MAX_COMPARISONS)
  return (task) => {
    const pairs = new PairCollector()
    const add = (a: number, b: number) => {
      compare(a, b, levels)
      pairs.add(a, b, levels)
    }
    switch (task.kind) {
      case "candidates":
        forEachCandidate(task, context.layouts, context.cleanList, add)
        break
      case "random": {
        const random = seededRandom(task.seed, task.stream)
        for (let drawn = 0; drawn < task.pairs; drawn++) {
          const a = random.below(context.count)
          const b = random.below(context.count)
          if (a !== b) add(Math.min(a, b), Math.max(a, b))
        }
        break
      }
      case "every-pair":
        for (let a = task.from; a < task.to; a++) for (let b = a + 1; b < context.count; b++) add(a, b)
        break
      case "given":
        task.a.forEach((a, at) => {
          const b = task.b[at] as number
          add(Math.min(a, b), Math.max(a, b))
        })
    }
    return pairs.finish()
  }
}
