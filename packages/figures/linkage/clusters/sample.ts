/**
 * Draws partitions: equally plausible linkages of the same records. Within what the tree of joins holds together at its
 * lowest, every partition may come out, each with a chance in proportion to the product of its groups' odds. The odds of
 * a group are those of the joins that make it: the tree with every record outside the group left out, each join at the
 * mean over the pairs that remain. So a pair alone is joined in its own share of the draws, two groups that are sure in
 * themselves in the share of their join, and one join that fails leaves the others open.
 *
 * By Markov chain, one for each draw: each record in turn is put among the groups anew (Gibbs), and each join of the
 * tree is undone or done whole (Metropolis), which moves what no single record can.
 */
import type { Random } from "../../random/random.ts"
import { seededRandom } from "../../random/random.ts"
import {
  type Constraints,
  DECIDED,
  type Dendrogram,
  type LinkedPairs,
  MOST_ODDS,
  repeatedBits,
  UNSEEN_ODDS,
} from "./dendrogram.ts"
import { cutAt, membersOf, numbered, type Partition } from "./partition.ts"

/**
 * For carrying the uncertainty of linking into an estimate: `draws[k][record]` is the cluster of a record in draw k.
 */
export interface SampledPartitions {
  readonly records: number
  readonly draws: readonly Partition[]
}

export interface Sampled {
  readonly dendrogram: Dendrogram
  readonly pairs: LinkedPairs
  readonly constraints: Pick<Constraints, "cleanList" | "apart">
}

/** Rounds of a chain before its partition is taken. */
const ROUNDS = 10
/** Joins above this fail in less than one draw of a thousand: what they alone hold together is not drawn. */
const SURE_ODDS = 10
/** What holds more together is no person: it is taken as the tree joins it at even odds. */
const MOST_TOGETHER = 60

/** @param draws how many, 0 or more. */
export function samplePartitions(linkage: Sampled, draws: number, seed: number): SampledPartitions {
  const { records } = linkage.dendrogram
  if (draws === 0) return { records, draws: [] }
  const together = cutAt(linkage.dendrogram, Number.NEGATIVE_INFINITY)
  const even = cutAt(linkage.dendrogram, 0)
  const components = componentsOf(linkage, together, even)
  return {
    records,
    draws: Array.from({ length: draws }, (_, draw) => {
      const random = seededRandom(seed, `partition ${draw}`)
      const cluster = Int32Array.from(even)
      let next = records
      for (const component of components) {
        const group = drawGroups(component, random)
        component.units.forEach((unit, at) => {
          for (const record of unit) cluster[record] = next + (group[at] as number)
        })
        next += component.units.length
      }
      return numbered(cluster)
    }),
  }
}

interface Component {
  /** Records that are drawn as one: those that people decided to be one. */
  readonly units: readonly (readonly number[])[]
  /** Log2 odds between units, row by row; −∞ where they must stay apart. */
  readonly odds: Float64Array
  /** The joins of the tree, as the units on both sides. */
  readonly joins: readonly { readonly left: readonly number[]; readonly right: readonly number[] }[]
  /** The groups that the tree makes at even odds. */
  readonly likeliest: readonly (readonly number[])[]
  /** For two units, row by row, the join that brings them together. */
  readonly meeting: Int32Array
}

function componentsOf(
  { dendrogram, pairs, constraints }: Sampled,
  together: Partition,
  even: Partition,
): readonly Component[] {
  const decided = cutAt(dendrogram, DECIDED)
  const unitRecords = membersOf(decided)
  const unitsOf: number[][] = membersOf(together).map(() => [])
  unitRecords.forEach((records, unit) => {
    unitsOf[together[records[0] as number] as number]?.push(unit)
  })
  const place = new Int32Array(unitRecords.length)
  for (const units of unitsOf) {
    units.forEach((unit, at) => {
      place[unit] = at
    })
  }
  const drawn = new Map<
    number,
    { units: readonly number[]; sum: Float64Array; seen: Float64Array; joins: Component["joins"][number][] }
  >()
  const doubtful = new Set<number>()
  dendrogram.left.forEach((record, join) => {
    if ((dendrogram.height[join] as number) < SURE_ODDS) doubtful.add(together[record] as number)
  })
  unitsOf.forEach((units, component) => {
    if (!doubtful.has(component) || units.length > MOST_TOGETHER) return
    const size = units.length ** 2
    drawn.set(component, { units, sum: new Float64Array(size), seen: new Float64Array(size), joins: [] })
  })
  for (let pair = 0; pair < pairs.odds.length; pair++) {
    const [a, b] = [pairs.a[pair] as number, pairs.b[pair] as number]
    const component = drawn.get(together[a] as number)
    if (component === undefined || together[a] !== together[b]) continue
    const [i, j] = [place[decided[a] as number] as number, place[decided[b] as number] as number]
    if (i === j) continue
    const odds = Math.max(UNSEEN_ODDS, Math.min(MOST_ODDS, pairs.odds[pair] as number))
    for (const slot of [i * component.units.length + j, j * component.units.length + i]) {
      component.sum[slot] = (component.sum[slot] as number) + odds
      component.seen[slot] = (component.seen[slot] as number) + 1
    }
  }
  const apart = new Set(
    constraints.apart.flatMap(([a, b]) => [`${decided[a]} ${decided[b]}`, `${decided[b]} ${decided[a]}`]),
  )
  const sides = Array.from(unitRecords.keys(), (unit) => [unit])
  const sideOf = Int32Array.from(sides.keys())
  for (let join = 0; join < dendrogram.left.length; join++) {
    const left = sides[sideOf[decided[dendrogram.left[join] as number] as number] as number] as number[]
    const right = sides[sideOf[decided[dendrogram.right[join] as number] as number] as number] as number[]
    if (left === right) continue
    const at = (unit: number): number => place[unit] as number
    drawn
      .get(together[dendrogram.left[join] as number] as number)
      ?.joins.push({ left: left.map(at), right: right.map(at) })
    const into = sideOf[left[0] as number] as number
    for (const unit of right) {
      left.push(unit)
      sideOf[unit] = into
    }
  }
  return Array.from(drawn.values(), ({ units, sum, seen, joins }) => {
    const odds = Float64Array.from(sum, (value, slot) => {
      const [unitA, unitB] = [
        units[Math.floor(slot / units.length)] as number,
        units[slot % units.length] as number,
      ]
      if (unitA === unitB) return 0
      const [recordsA, recordsB] = [unitRecords[unitA] as number[], unitRecords[unitB] as number[]]
      if (apart.has(`${unitA} ${unitB}`) || shareList(recordsA, recordsB, constraints.cleanList))
        return Number.NEGATIVE_INFINITY
      const all = recordsA.length * recordsB.length
      return (value + (all - (seen[slot] as number)) * UNSEEN_ODDS) / all + repeatedBits(all)
    })
    const meeting = new Int32Array(units.length ** 2)
    joins.forEach(({ left, right }, join) => {
      for (const a of left)
        for (const b of right) {
          meeting[a * units.length + b] = join
          meeting[b * units.length + a] = join
        }
    })
    const likeliest = new Map<number, number[]>()
    units.forEach((unit, at) => {
      const group = even[(unitRecords[unit] as number[])[0] as number] as number
      likeliest.set(group, [...(likeliest.get(group) ?? []), at])
    })
    return {
      units: units.map((unit) => unitRecords[unit] as number[]),
      odds,
      joins,
      meeting,
      likeliest: [...likeliest.values()],
    }
  })
}

const shareList = (a: readonly number[], b: readonly number[], cleanList: Int32Array): boolean =>
  a.some((one) => (cleanList[one] as number) >= 0 && b.some((other) => cleanList[other] === cleanList[one]))

/** Log2 odds of groups of units against all of them apart. */
function groupOdds({ units, odds, joins, meeting }: Component): (members: readonly number[]) => number {
  const count = units.length
  const sum = new Float64Array(joins.length)
  const pairs = new Int32Array(joins.length)
  return (members) => {
    sum.fill(0)
    pairs.fill(0)
    for (let i = 1; i < members.length; i++) {
      const row = (members[i] as number) * count
      for (let j = 0; j < i; j++) {
        const slot = row + (members[j] as number)
        const join = meeting[slot] as number
        sum[join] = (sum[join] as number) + (odds[slot] as number)
        pairs[join] = (pairs[join] as number) + 1
      }
    }
    let bits = 0
    for (let join = 0; join < joins.length; join++) {
      const met = pairs[join] as number
      if (met > 0) bits += (sum[join] as number) / met + repeatedBits(met)
    }
    return bits
  }
}

/** @returns per unit the number of its group, below the number of units. */
function drawGroups(component: Component, random: Random): Int32Array {
  const count = component.units.length
  const oddsOf = groupOdds(component)
  const groupOf = new Int32Array(count)
  const members: number[][] = Array.from({ length: count }, () => [])
  const bits = new Float64Array(count)
  const chances = new Float64Array(count)

  const put = (units: readonly number[], group: number, odds: number): void => {
    members[group] = [...units]
    bits[group] = odds
    for (const unit of units) groupOf[unit] = group
  }
  /** Each group, and being alone, in proportion to what it makes of the odds. */
  const regroup = (unit: number): void => {
    const from = groupOf[unit] as number
    const left = (members[from] as number[]).filter((other) => other !== unit)
    put(left, from, oddsOf(left))
    const alone = members.findIndex((group) => group.length === 0)
    let total = 0
    members.forEach((group, at) => {
      chances[at] =
        group.length > 0 ? 2 ** (oddsOf([...group, unit]) - (bits[at] as number)) : at === alone ? 1 : 0
      total += chances[at] as number
    })
    let rest = random.float() * total
    let to = alone
    for (let at = 0; at < count; at++) {
      if (chances[at] === 0) continue
      rest -= chances[at] as number
      to = at
      if (rest < 0) break
    }
    const joined = [...(members[to] as number[]), unit]
    put(joined, to, oddsOf(joined))
  }
  const isGroup = (units: readonly number[]): boolean => {
    const group = groupOf[units[0] as number] as number
    return members[group]?.length === units.length && units.every((unit) => groupOf[unit] === group)
  }
  const toggle = (left: readonly number[], right: readonly number[]): void => {
    const both = [...left, ...right]
    const isOne = isGroup(both)
    if (!isOne && !(isGroup(left) && isGroup(right))) return
    const [whole, first, second] = [oddsOf(both), oddsOf(left), oddsOf(right)]
    const gain = (isOne ? -1 : 1) * (whole - first - second)
    if (random.float() >= 2 ** gain) return
    const [at, other] = [groupOf[left[0] as number] as number, groupOf[right[0] as number] as number]
    if (isOne) {
      put(left, at, first)
      put(
        right,
        members.findIndex((group) => group.length === 0),
        second,
      )
    } else {
      put([], other, 0)
      put(both, at, whole)
    }
  }

  // From the likeliest on: a chain that began with everybody apart would stay among small groups.
  for (const [group, units] of component.likeliest.entries()) put(units, group, oddsOf(units))
  for (let round = 0; round < ROUNDS; round++) {
    for (let unit = 0; unit < count; unit++) regroup(unit)
    for (const { left, right } of component.joins) toggle(left, right)
  }
  return groupOf
}
