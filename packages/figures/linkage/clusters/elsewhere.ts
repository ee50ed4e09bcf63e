/**
 * What the pairs that are kept do not show: that a record is somebody with whom it was never compared. A record with a
 * given name and nothing else shares no blocking rule with anybody. That nothing speaks for its being one of the others
 * then says only that nobody looked.
 */
import type { BlockingRule } from "../blocking/rule.ts"
import type { LinkedPairs } from "./dendrogram.ts"
import type { Partition } from "./partition.ts"

type Rules = readonly Pick<BlockingRule, "codes">[]

/** At most so many records with a probable partner are looked at. */
const LOOKED_AT = 5_000

/**
 * The odds, per record, that it is somebody whom no rule brought it together with. Where all rules have a key for it
 * they are 0: what all of them miss together cannot be seen from here. Where some have none, records with a probable
 * partner show how many would have met none by the others alone; so many of those that stand alone are not alone.
 */
export function neverCompared(rules: Rules, pairs: LinkedPairs, partition: Partition): Float64Array {
  const met = meetings(rules, pairs, partition.length)
  const toOneAlone = partneredToAlone(partition)
  const oddsByKeys = new Map<bigint, number>()
  return Float64Array.from(partition, (_, record) => {
    const keys = ruleSet(rules, (codes) => (codes[record] as number) >= 0)
    let odds = oddsByKeys.get(keys)
    if (odds === undefined) {
      odds = keys === 0n ? Number.POSITIVE_INFINITY : toOneAlone * missedShare(keys, met)
      oddsByKeys.set(keys, odds)
    }
    return odds
  })
}

function ruleSet(rules: Rules, has: (codes: Int32Array) => boolean): bigint {
  let set = 0n
  rules.forEach(({ codes }, rule) => {
    if (has(codes)) set |= 1n << BigInt(rule)
  })
  return set
}

/** For records with a probable partner: by which rules each of them was met; records alike counted together. */
interface Meeting {
  readonly sets: readonly bigint[]
  count: number
}

function meetings(rules: Rules, { a, b, odds }: LinkedPairs, records: number): readonly Meeting[] {
  const partners = new Map<number, number[]>()
  const meet = (record: number, other: number) => {
    const known = partners.get(record)
    if (known === undefined) partners.set(record, [other])
    else known.push(other)
  }
  odds.forEach((value, pair) => {
    if (value < 0) return
    meet(a[pair] as number, b[pair] as number)
    meet(b[pair] as number, a[pair] as number)
  })
  const step = Math.max(1, Math.ceil(partners.size / LOOKED_AT))
  const found = new Map<string, Meeting>()
  let seen = 0
  for (let record = 0; record < records; record++) {
    const others = partners.get(record)
    if (others === undefined || seen++ % step !== 0) continue
    const sets = [
      ...new Set(
        others.map((other) =>
          ruleSet(rules, (codes) => (codes[record] as number) >= 0 && codes[record] === codes[other]),
        ),
      ),
    ]
    const name = sets.sort().join(" ")
    const known = found.get(name)
    if (known === undefined) found.set(name, { sets, count: 1 })
    else known.count++
  }
  return [...found.values()]
}

function missedShare(keys: bigint, met: readonly Meeting[]): number {
  let all = 0
  let missed = 0
  for (const { sets, count } of met) {
    all += count
    if (sets.every((set) => (set & keys) === 0n)) missed += count
  }
  return all === 0 ? 0 : missed / all
}

/** Records that share their cluster with another, to one that does not. */
function partneredToAlone(partition: Partition): number {
  const sizes = new Map<number, number>()
  for (const cluster of partition) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1)
  let alone = 0
  for (const size of sizes.values()) if (size === 1) alone++
  return (partition.length - alone) / Math.max(1, alone)
}
