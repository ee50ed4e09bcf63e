/**
 * Chapman's estimate from two lists, for each pair of them: (n1 + 1)(n2 + 1) / (m + 1) − 1, where m people are on both.
 * Its variance is (n1 + 1)(n2 + 1)(n1 − m)(n2 − m) / ((m + 1)² (m + 2)); the interval is log-normal in the unseen.
 *
 * Assumes two lists that do not depend on each other, and within each list the same chance for everybody: rarely true
 * alone, so that it is a check of the lists and never a result.
 *
 * Source: Chapman (1951), Univ. Calif. Publ. Stat. 1; variance: Seber (1970), Biometrics 26; interval: Chao (1987),
 * Biometrics 43.
 */
import { SMALL_GROUP } from "../disclosure/source-patterns.ts"
import { type CaptureTable, listTotal, overlap } from "./capture-table.ts"
import { finding } from "./finding.ts"
import { type EstimatorResult, estimated, logNormalInterval, refused } from "./result.ts"

function requireOverlap(n1: number, n2: number, m: number): void {
  const whole = [n1, n2, m].every((value) => Number.isSafeInteger(value))
  if (!whole || m < 0 || m > Math.min(n1, n2))
    throw new RangeError("an overlap needs whole numbers with 0 ≤ m ≤ min(n1, n2)")
}

/**
 * Estimated cases, seen and unseen, from two overlapping lists:
 * (n1 + 1)(n2 + 1) / (m + 1) − 1.
 *
 * @param n1 cases on the first list; `n2` on the second; `m` on both, once matched.
 * @returns cases, not rounded.
 * @throws RangeError unless all are whole and 0 ≤ m ≤ min(n1, n2).
 */
export function chapmanEstimate(n1: number, n2: number, m: number): number {
  requireOverlap(n1, n2, m)
  return ((n1 + 1) * (n2 + 1)) / (m + 1) - 1
}

/** Variance of `chapmanEstimate`. */
export function chapmanVariance(n1: number, n2: number, m: number): number {
  requireOverlap(n1, n2, m)
  return ((n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m)) / ((m + 1) ** 2 * (m + 2))
}

/**
 * Chapman's estimate for each pair of lists: where pairs differ much, the lists depend on one another. The
 * number shown is that of the pair with the largest overlap, the least noisy one, of which neither holds the
 * other; it is a diagnostic, never a result to publish, and refused where it lies below the people seen.
 */
export function chapman(table: CaptureTable): EstimatorResult {
  const pairs = []
  for (let a = 0; a < table.lists.length; a++) {
    for (let b = a + 1; b < table.lists.length; b++) {
      const [n1, n2] = [listTotal(table, a), listTotal(table, b)]
      const both = overlap(table, (1 << a) | (1 << b))
      const estimate = chapmanEstimate(n1, n2, both)
      const standardError = Math.sqrt(chapmanVariance(n1, n2, both))
      const seen = n1 + n2 - both
      const [lower, upper] = logNormalInterval(seen, estimate - seen, standardError)
      pairs.push({
        lists: [table.lists[a] ?? "", table.lists[b] ?? ""],
        overlap: both,
        nested: both === Math.min(n1, n2),
        estimate,
        standardError,
        lower,
        upper,
      })
    }
  }
  pairs.sort(
    (p, q) => Number(p.nested) - Number(q.nested) || q.overlap - p.overlap || p.estimate - q.estimate,
  )
  const small = table.n < SMALL_GROUP
  // In a small group who is on both of two named lists shows who told whom: the numbers stand without the names.
  const told = small ? pairs.map(({ lists, overlap, nested, ...numbers }) => numbers) : pairs
  const names = (pair: { readonly lists: readonly string[] }): string =>
    small ? "" : ` (${pair.lists.join(" and ")})`
  const shown = pairs[0]
  if (shown === undefined) throw new RangeError("Chapman's estimate needs two lists")
  if (shown.estimate < table.n)
    return refused(
      "chapman",
      [
        finding(
          "below-seen",
          `The two lists with the largest overlap${names(shown)} would give fewer people than were seen on all lists together: they are not independent, or too thin. Read the methods that use all lists.`,
        ),
      ],
      { pairs: told },
    )
  return estimated(
    "chapman",
    shown.estimate,
    [shown.lower, shown.upper],
    { ...(small ? {} : { pair: shown.lists }), standardError: shown.standardError, pairs: told },
    [
      finding(
        "diagnostic-only",
        `Uses two lists only${names(shown)} and takes them to be independent: read it as a check of the lists, not as a result.`,
      ),
    ],
  )
}
