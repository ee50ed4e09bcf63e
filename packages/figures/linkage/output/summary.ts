/** The answer of `kunak link --json`. */

import type { Coverage } from "../blocking/coverage.ts"
import type { AuditResult } from "../clerical/audit.ts"
import type { CombinedDecisions } from "../clerical/combine.ts"
import { clusterCount } from "../clusters/partition.ts"
import type { Linkage, PartitionName } from "../link.ts"
import type { GuessedRole } from "../mapping/guess-mapping.ts"
import { chanceOf } from "../model/fellegi-sunter.ts"
import type { Note } from "../notes.ts"
import type { LinkageRecords } from "../records/fields.ts"
import {
  bestThreshold,
  clusterPrecision,
  partitionScores,
  recallCap,
  scores,
  type Truth,
  truePairCount,
  truthOf,
} from "../truth/evaluate.ts"

export const PARTITION_NAMES: readonly PartitionName[] = ["strict", "best", "loose"]

/** How the linkage does where the truth is known; it was not used in linking. */
export interface TruthReport {
  /** Pairs joined by the best partition. */
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Share of the best partition's clusters (two records or more) that hold one person only. */
  readonly clusterPrecision: number
  /** The same by single pairs at the chosen threshold, before clustering. */
  readonly pairs: {
    readonly threshold: number
    readonly precision: number
    readonly recall: number
    readonly f1: number
  }
  /** By single pairs at the threshold that the truth would have chosen. */
  readonly bestThreshold: {
    readonly threshold: number
    readonly precision: number
    readonly recall: number
    readonly f1: number
  }
  readonly partitions: Readonly<
    Record<PartitionName, { precision: number; recall: number; f1: number; clusterPrecision: number }>
  >
  /** Share of true pairs that were compared at all: no threshold finds more. Null where too many to count. */
  readonly recallCap: number | null
  readonly truePairs: number
  readonly people: number
}

export function truthReport(
  { partitions, pairs, threshold, plan }: Linkage,
  truth: Truth,
  cleanList: Int32Array,
): TruthReport {
  let said = 0
  let right = 0
  pairs.odds.forEach((odds, pair) => {
    if (odds < threshold.odds) return
    const verdict = truthOf(pairs, pair, truth)
    if (verdict !== undefined) said++
    if (verdict === true) right++
  })
  const of = (name: PartitionName) => ({
    ...partitionScores(partitions[name], truth),
    clusterPrecision: clusterPrecision(partitions[name], truth),
  })
  const best = of("best")
  return {
    ...best,
    pairs: { threshold: threshold.odds, ...scores(right, said, truePairCount(truth)) },
    bestThreshold: bestThreshold(pairs, truth),
    partitions: { strict: of("strict"), best, loose: of("loose") },
    recallCap: recallCap(plan.rules, cleanList, truth),
    truePairs: truePairCount(truth),
    people: new Set(truth.filter((person) => person >= 0)).size,
  }
}

type Said = Pick<Note, "code" | "text">

export interface Summary {
  readonly records: number
  readonly candidates: number
  readonly threshold: number
  readonly thresholdChance: number
  readonly clusters: Readonly<Record<PartitionName, number>>
  /** People of whom no two could be one; null where nobody is surely distinct from others. */
  readonly minimum: number | null
  /** `null` where there is no truth to compare with. */
  readonly truth: TruthReport | null
  readonly seed: number
  readonly mapping: Readonly<Record<string, string>>
  readonly lists: readonly string[]
  readonly expected: { readonly truePairs: number; readonly precision: number; readonly recall: number }
  /** How much the rules miss, by random pairs; null where every pair was compared or nothing was learnt. */
  readonly coverage: Coverage | null
  readonly blocking: readonly {
    readonly rule: string
    readonly pairs: number
    readonly largestBlock: number
    readonly passedOver: number
  }[]
  readonly clerical?: unknown
  readonly warnings: readonly Said[]
  /** How the lists were read and pairs chosen, where nothing speaks against it. */
  readonly notes: readonly Said[]
  readonly out?: string
}

export interface SummaryInput {
  readonly records: LinkageRecords
  readonly linkage: Linkage
  readonly mapping: readonly GuessedRole[]
  readonly notes: readonly Note[]
  readonly seed: number
  readonly truth?: TruthReport
  readonly decisions?: { readonly combined: CombinedDecisions; readonly audit: AuditResult }
  readonly out?: string
}

export function summarise(input: SummaryInput): Summary {
  const { records, linkage, mapping, notes, decisions } = input
  const said = (wanted: Note["severity"]): readonly Said[] =>
    notes.filter(({ severity }) => severity === wanted).map(({ code, text }) => ({ code, text }))
  return {
    records: records.count,
    candidates: linkage.candidates,
    threshold: linkage.threshold.odds,
    thresholdChance: Number(chanceOf(linkage.threshold.odds).toFixed(4)),
    clusters: {
      strict: clusterCount(linkage.partitions.strict),
      best: clusterCount(linkage.partitions.best),
      loose: clusterCount(linkage.partitions.loose),
    },
    minimum: linkage.minimum,
    truth: input.truth ?? null,
    seed: input.seed,
    mapping: Object.fromEntries(mapping.map(({ column, role }) => [column, role])),
    lists: records.lists,
    expected: {
      truePairs: Math.round(linkage.prior.match * linkage.allPairs),
      precision: linkage.threshold.expectedPrecision,
      recall: linkage.threshold.expectedRecall,
    },
    coverage: linkage.coverage,
    blocking: linkage.plan.rules.map(({ name, pairs, largest, passedOver }) => ({
      rule: name,
      pairs,
      largestBlock: largest.size,
      passedOver: passedOver.pairs,
    })),
    ...(decisions === undefined
      ? {}
      : {
          clerical: {
            settled: decisions.combined.settled.length,
            disputed: decisions.combined.disputed,
            agreement: decisions.combined.agreement ?? null,
            audit: decisions.audit,
          },
        }),
    warnings: said("warning"),
    notes: said("note"),
    ...(input.out === undefined ? {} : { out: input.out }),
  }
}
