/** How far two people who decided the same pairs apart agree. */

export const DECISIONS = ["same", "different", "unsure"] as const
export type Decision = (typeof DECISIONS)[number]

export interface Agreement {
  /** Pairs that both decided, "unsure" included. */
  readonly pairs: number
  /** Share on which they agree. */
  readonly observed: number
  /** Cohen's kappa: agreement beyond chance, 1 at most. NaN when both always said the same one thing. */
  readonly kappa: number
  readonly lower: number
  readonly upper: number
  /** Rows: the first person's decision; columns: the second's; both in the order of `DECISIONS`. */
  readonly table: readonly (readonly number[])[]
}

/**
 * Cohen's kappa with the large-sample interval of Fleiss, Cohen & Everitt (1969) for unweighted kappa.
 *
 * @param both decisions of the first and the second person, pair by pair.
 */
export function agreementOf(both: readonly (readonly [Decision, Decision])[]): Agreement {
  const table = DECISIONS.map(() => DECISIONS.map(() => 0))
  for (const [first, second] of both) {
    const row = table[DECISIONS.indexOf(first)] as number[]
    const column = DECISIONS.indexOf(second)
    row[column] = (row[column] as number) + 1
  }
  const n = both.length
  const share = (row: number, column: number) => (table[row]?.[column] ?? 0) / n
  const k = DECISIONS.length
  const rows = Array.from({ length: k }, (_, i) => sum(k, (j) => share(i, j)))
  const columns = Array.from({ length: k }, (_, j) => sum(k, (i) => share(i, j)))
  const observed = sum(k, (i) => share(i, i))
  const chance = sum(k, (i) => (rows[i] as number) * (columns[i] as number))
  const kappa = (observed - chance) / (1 - chance)
  const onDiagonal = sum(
    k,
    (i) => share(i, i) * (1 - ((rows[i] as number) + (columns[i] as number)) * (1 - kappa)) ** 2,
  )
  const offDiagonal =
    (1 - kappa) ** 2 *
    sum(k, (i) =>
      sum(k, (j) => (i === j ? 0 : share(i, j) * ((columns[i] as number) + (rows[j] as number)) ** 2)),
    )
  const variance = (onDiagonal + offDiagonal - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
  const margin = 1.959964 * Math.sqrt(Math.max(0, variance))
  return { pairs: n, observed, kappa, lower: kappa - margin, upper: Math.min(1, kappa + margin), table }
}

function sum(count: number, term: (index: number) => number): number {
  let total = 0
  for (let index = 0; index < count; index++) total += term(index)
  return total
}

/** Landis & Koch (1977), in words that a reader may want; the number stands beside it. */
export function kappaInWords(kappa: number): string {
  if (kappa > 0.8) return "almost perfect"
  if (kappa > 0.6) return "substantial"
  if (kappa > 0.4) return "moderate"
  return kappa > 0.2 ? "fair" : "poor"
}
