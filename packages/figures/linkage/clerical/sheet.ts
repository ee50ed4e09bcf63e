/**
 * The clerical file: pairs in doubt, mixed with an audit sample, for two people to decide apart. Weights are not
 * shown and the order is random, so that neither is led.
 */
import { type Random, seededRandom, shuffle } from "../../random/random.ts"
import type { LinkedPairs } from "../clusters/dendrogram.ts"
import type { Partition } from "../clusters/partition.ts"

export type Stratum = "surely-one" | "probably-one" | "rather-one" | "rather-two" | "surely-two"

export const STRATA: readonly Stratum[] = [
  "surely-one",
  "probably-one",
  "rather-one",
  "rather-two",
  "surely-two",
]
/** The strata whose pairs the linkage counts as one person. */
export const saysOne = (stratum: Stratum): boolean => STRATA.indexOf(stratum) < 3

export interface ClericalPair {
  /** Index into the pairs. */
  readonly pair: number
  readonly stratum: Stratum
  /** Drawn at random within its stratum, hence counted in the audit. */
  readonly sampled: boolean
}

export interface ClericalSheet {
  readonly pairs: readonly ClericalPair[]
  /** Pairs in each stratum, sampled or not. */
  readonly strataSizes: Readonly<Record<Stratum, number>>
}

export interface SheetSize {
  /** Audit: so many from each stratum. */
  readonly perStratum: number
  /** Of the pairs surely of two people, which are most: one true pair in a hundred there is many that were missed. */
  readonly surelyTwo: number
  /** Besides, the pairs nearest to even odds: their decision changes most. */
  readonly nearest: number
}

export const DEFAULT_SHEET: SheetSize = { perStratum: 40, surelyTwo: 100, nearest: 100 }

/**
 * Bands of log2 odds around the threshold, apart for pairs that stand in one cluster and for those that do not: people
 * are counted by clusters, which join pairs below the threshold and part pairs above it.
 */
export function stratumOf(odds: number, threshold: number, inOneCluster: boolean): Stratum {
  if (!inOneCluster) return odds >= threshold - 3 ? "rather-two" : "surely-two"
  if (odds < threshold + 2) return "rather-one"
  return odds >= Math.log2(99) ? "surely-one" : "probably-one"
}

/**
 * Chooses the pairs, in random order.
 *
 * @param partition whom the linkage counts as one person before anything was decided.
 */
export function clericalSheet(
  pairs: LinkedPairs,
  partition: Partition,
  threshold: number,
  seed: number,
  size: SheetSize = DEFAULT_SHEET,
): ClericalSheet {
  const random = seededRandom(seed, "clerical sheet")
  const byStratum = new Map<Stratum, number[]>(STRATA.map((stratum) => [stratum, []]))
  const bandOf = (pair: number): Stratum =>
    stratumOf(
      pairs.odds[pair] as number,
      threshold,
      partition[pairs.a[pair] as number] === partition[pairs.b[pair] as number],
    )
  for (const pair of pairs.odds.keys()) byStratum.get(bandOf(pair))?.push(pair)
  const chosen = new Map<number, ClericalPair>()
  for (const [stratum, members] of byStratum) {
    const wanted = stratum === "surely-two" ? size.surelyTwo : size.perStratum
    for (const pair of sampleOf(members, wanted, random)) chosen.set(pair, { pair, stratum, sampled: true })
  }
  const distance = (pair: number) => Math.abs((pairs.odds[pair] as number) - threshold)
  const doubtful = Array.from(pairs.odds.keys()).filter((pair) => distance(pair) <= 5)
  doubtful.sort((x, y) => distance(x) - distance(y) || x - y)
  for (const pair of doubtful.slice(0, size.nearest)) {
    if (!chosen.has(pair)) chosen.set(pair, { pair, stratum: bandOf(pair), sampled: false })
  }
  const sizes = Object.fromEntries([...byStratum].map(([stratum, members]) => [stratum, members.length]))
  return {
    pairs: shuffle([...chosen.values()], random),
    strataSizes: sizes as Record<Stratum, number>,
  }
}

function sampleOf(members: readonly number[], count: number, random: Random): readonly number[] {
  return shuffle([...members], random).slice(0, count)
}
