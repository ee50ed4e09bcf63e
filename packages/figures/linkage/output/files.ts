/** The files that a linkage leaves, line by line. */

import type { SampledPartitions } from "../clusters/sample.ts"
import { levelAt } from "../comparison/pairs.ts"
import type { Linkage } from "../link.ts"
import { pairExplainer } from "../model/explain.ts"
import { chanceOf } from "../model/fellegi-sunter.ts"
import type { LinkageRecords, ShownColumn } from "../records/fields.ts"
import { csvLine } from "./csv-line.ts"
import { isVerdictColumn, VERDICT_COLUMN } from "./verdict.ts"

const CLUSTER_COLUMNS = ["record_id", "strict", "best", "loose", "list", "counted"] as const

/** Whether clusters.csv has a column of this name of its own. */
export const isClusterColumn = (name: string): boolean =>
  (CLUSTER_COLUMNS as readonly string[]).includes(name) || isSampleColumn(name) || isVerdictColumn(name)

/** "sample-1", and what data frames make of it: "sample.1". */
export const isSampleColumn = (name: string): boolean => /^sample[-_. ]?\d+$/i.test(name)

/**
 * `record_id,strict,best,loose,list,counted,sample-1,…,linkage_warnings`: the cluster of every record in each partition
 * and in each sampled one; `counted` is 1 where its person belongs to the confirmed minimum. `kunak estimate` reads it as
 * it is.
 *
 * @param verdict of the linkage, the same in every row.
 * @param carried columns of the lists, as they are there, to divide by when estimating.
 */
export function* clusterLines(
  records: LinkageRecords,
  { partitions, counted }: Linkage,
  { draws }: SampledPartitions,
  verdict: string,
  carried: readonly ShownColumn[] = [],
): Generator<string> {
  yield csvLine([
    ...CLUSTER_COLUMNS,
    ...carried.map(({ label }) => label),
    ...draws.map((_, at) => `sample-${at + 1}`),
    VERDICT_COLUMN,
  ])
  for (let record = 0; record < records.count; record++) {
    yield csvLine([
      records.ids[record] ?? "",
      (partitions.strict[record] as number) + 1,
      (partitions.best[record] as number) + 1,
      (partitions.loose[record] as number) + 1,
      records.lists[records.listOf[record] as number] ?? "",
      counted[record] as number,
      ...carried.map(({ values }) => values[record] ?? ""),
      ...draws.map((partition) => (partition[record] as number) + 1),
      verdict,
    ])
  }
}

/** Below this a pair is in no file: less than one in a hundred. */
export const WRITTEN_ODDS = -7

/**
 * Every pair worth a look, the surest first: `weight` is log2 odds after the prior (0 is even), and per column
 * the level with its bits, which add up with the last two to the weight.
 */
export function* pairLines(records: LinkageRecords, linkage: Linkage): Generator<string> {
  const { pairs, model } = linkage
  const explain = pairExplainer(linkage, records.fields)
  const many = records.lists.length > 1
  const order = Uint32Array.from(pairs.odds.keys())
    .filter((pair) => (pairs.odds[pair] as number) >= WRITTEN_ODDS)
    .sort((x, y) => (pairs.odds[y] as number) - (pairs.odds[x] as number) || x - y)
  const labels = model.shapes.map(({ label }) => label)
  const lists = many ? ["list_a", "list_b"] : []
  yield csvLine([
    "record_id_a",
    "record_id_b",
    ...lists,
    "weight",
    "chance",
    ...labels,
    "if_relatives",
    "prior",
  ])
  for (const pair of order) {
    const a = pairs.a[pair] as number
    const b = pairs.b[pair] as number
    const odds = pairs.odds[pair] as number
    const { bits, relatives, prior } = explain(pair)
    yield csvLine([
      records.ids[a] ?? "",
      records.ids[b] ?? "",
      ...(many
        ? [records.lists[records.listOf[a] as number] ?? "", records.lists[records.listOf[b] as number] ?? ""]
        : []),
      Number(odds.toFixed(2)),
      Number(chanceOf(odds).toFixed(4)),
      ...model.shapes.map(({ levels }, c) => {
        const level = levelAt(pairs.low[pair] as number, pairs.high[pair] as number, c)
        return level === 0 ? "" : `${levels[level]} ${signed(bits[c] ?? 0)}`
      }),
      Number(relatives.toFixed(2)),
      Number(prior.toFixed(2)),
    ])
  }
}

export const signed = (bits: number): string =>
  bits >= 0 ? `+${bits.toFixed(1)}` : `−${Math.abs(bits).toFixed(1)}`
