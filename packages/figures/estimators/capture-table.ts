/** Who was seen by which lists: the only thing that every estimator reads. */

/** Histories are bit masks in 32-bit words; more lists than this are never one table in practice. */
export const MAX_LISTS = 24

/**
 * Counts of capture histories. Bit j of a history is set when the person is on list j; history 0 (on no
 * list) never occurs, since it is what is estimated.
 */
export interface CaptureTable {
  readonly lists: readonly string[]
  /** Ascending, distinct, none 0. */
  readonly histories: Uint32Array
  /** Whole and > 0, one for each history. */
  readonly counts: Float64Array
  /** People seen by at least one list: the sum of `counts`. */
  readonly n: number
  /** The order in which names are shown, where it is not that of `lists`. */
  readonly shown?: readonly string[]
}

export type TableError =
  | { readonly kind: "no-lists" }
  | { readonly kind: "too-many-lists"; readonly lists: number }
  | { readonly kind: "repeated-name"; readonly name: string }
  | { readonly kind: "not-whole"; readonly count: number; readonly history: number }
  | { readonly kind: "nobody" }

export type TableResult =
  | { readonly ok: true; readonly value: CaptureTable; readonly onNoList: number }
  | { readonly ok: false; readonly error: TableError }

/**
 * Adds up rows into a table.
 *
 * @param lists names, bit j of a history stands for `lists[j]`.
 * @param rows a history with how many people have it; the same history may come several times. People with
 *   history 0 are left out and counted in `onNoList`.
 * @returns fails with `not-whole` for a fraction or a negative count, `nobody` when no one is left, and the
 *   kinds that their names say.
 */
export function captureTable(
  lists: readonly string[],
  rows: Iterable<readonly [history: number, count: number]>,
): TableResult {
  if (lists.length === 0) return { ok: false, error: { kind: "no-lists" } }
  if (lists.length > MAX_LISTS) return { ok: false, error: { kind: "too-many-lists", lists: lists.length } }
  const repeated = lists.find((name, i) => lists.indexOf(name) !== i)
  if (repeated !== undefined) return { ok: false, error: { kind: "repeated-name", name: repeated } }
  const sums = new Map<number, number>()
  let onNoList = 0
  for (const [history, count] of rows) {
    if (!Number.isSafeInteger(count) || count < 0)
      return { ok: false, error: { kind: "not-whole", count, history } }
    if (history === 0) onNoList += count
    else if (count > 0) sums.set(history, (sums.get(history) ?? 0) + count)
  }
  if (sums.size === 0) return { ok: false, error: { kind: "nobody" } }
  return { ok: true, value: fromSums(lists, sums), onNoList }
}

function fromSums(lists: readonly string[], sums: ReadonlyMap<number, number>): CaptureTable {
  const histories = Uint32Array.from(sums.keys()).sort()
  const counts = Float64Array.from(histories, (history) => sums.get(history) ?? 0)
  return { lists, histories, counts, n: counts.reduce((sum, count) => sum + count, 0) }
}

/** Counts of all 2^J histories, index = history, index 0 always 0. For tables of a dozen lists or fewer. */
export function denseCounts(table: CaptureTable): Float64Array {
  const dense = new Float64Array(2 ** table.lists.length)
  table.histories.forEach((history, i) => {
    dense[history] = table.counts[i] ?? 0
  })
  return dense
}

/** People on every list of `mask` (and perhaps on others). */
export function overlap(table: CaptureTable, mask: number): number {
  let sum = 0
  for (let i = 0; i < table.histories.length; i++) {
    if (((table.histories[i] as number) & mask) === mask) sum += table.counts[i] as number
  }
  return sum
}

export const listTotal = (table: CaptureTable, list: number): number => overlap(table, 1 << list)

/** How many people are on exactly k lists, index k, 0 at 0. */
export function captureFrequencies(table: CaptureTable): Float64Array {
  const frequencies = new Float64Array(table.lists.length + 1)
  table.histories.forEach((history, i) => {
    const size = bitCount(history)
    frequencies[size] = (frequencies[size] ?? 0) + (table.counts[i] ?? 0)
  })
  return frequencies
}

export function bitCount(mask: number): number {
  let rest = mask
  let bits = 0
  while (rest !== 0) {
    rest &= rest - 1
    bits++
  }
  return bits
}

/** The table on fewer lists; whoever was only on the others is not seen any more. `null` when nobody is left. */
export function keepLists(table: CaptureTable, kept: readonly number[]): CaptureTable | null {
  const sums = new Map<number, number>()
  table.histories.forEach((history, i) => {
    let mask = 0
    kept.forEach((list, position) => {
      if (history & (1 << list)) mask |= 1 << position
    })
    if (mask !== 0) sums.set(mask, (sums.get(mask) ?? 0) + (table.counts[i] ?? 0))
  })
  return sums.size === 0
    ? null
    : fromSums(
        kept.map((list) => table.lists[list] ?? ""),
        sums,
      )
}

/**
 * The same table with its lists in an order that does not depend on how the file names or orders its
 * columns: longest first, equal ones by how much they share with the others, then by name. Seeded methods run
 * on this order, so that moving a column changes no digit of a result.
 */
export function canonicalOrder(table: CaptureTable): CaptureTable {
  const order = table.lists.map((_, list) => list)
  const rank = (list: number): number[] => {
    const parts = new Float64Array(table.lists.length + 1)
    table.histories.forEach((history, i) => {
      const size = bitCount(history)
      if (history & (1 << list)) parts[size] = (parts[size] ?? 0) + (table.counts[i] ?? 0)
    })
    return [listTotal(table, list), ...parts]
  }
  const ranks = order.map(rank)
  order.sort((a, b) => {
    const left = ranks[a] as number[]
    const right = ranks[b] as number[]
    for (let i = 0; i < left.length; i++) {
      const difference = (right[i] as number) - (left[i] as number)
      if (difference !== 0) return difference
    }
    return (table.lists[a] as string) < (table.lists[b] as string) ? -1 : 1
  })
  return { ...(keepLists(table, order) ?? table), shown: table.shown ?? table.lists }
}

/** Names of the lists in a mask, in the order of the file. */
export function namesIn(table: Pick<CaptureTable, "lists" | "shown">, mask: number): readonly string[] {
  const names = table.lists.filter((_, list) => mask & (1 << list))
  const { shown } = table
  return shown === undefined ? names : names.sort((a, b) => shown.indexOf(a) - shown.indexOf(b))
}
