/**
 * A group far too large to be one person. Where two columns say the same (a village and its family), or none tells
 * people apart, learning settles on groups instead of people. Numbers of people are then too small, and nothing in
 * the numbers themselves shows it: the rule stands here for linking and for estimating from what linking wrote.
 */

/** So many records of one person are seldom true, whatever the lists. */
const LARGE_GROUP = 50
/** In a short list fewer are. */
const LARGE_GROUP_IN_FEW = 10
const LARGE_SHARE = 0.05

export interface LargeGroup {
  /** Records of the largest group. */
  readonly size: number
  readonly records: number
}

/** @param clusters of each record its cluster, by whatever name. @returns null where no group is too large. */
export function largeGroupIn(clusters: Iterable<string | number>): LargeGroup | null {
  const sizes = new Map<string | number, number>()
  let records = 0
  for (const cluster of clusters) {
    sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1)
    records++
  }
  const size = [...sizes.values()].reduce((most, one) => Math.max(most, one), 0)
  const few = size > LARGE_GROUP_IN_FEW && size > LARGE_SHARE * records
  return size > LARGE_GROUP || few ? { size, records } : null
}
