/**
 * Which cells must not be printed so that no small one can be worked out from the totals.
 *
 * Small cells (zeros too: "none" is also information about people) are left out first. Then, for each of them, a
 * reader's best attack is computed: the smallest and largest value that it can have given everything printed. Where
 * these lie closer than the threshold, more cells are left out, the cheapest set that lets the small one move far
 * enough without changing any printed number. At the end every cell left out is attacked again.
 *
 * Sources: Cox (1980), Suppression methodology and statistical disclosure control, JASA 75; Kelly, Golden &
 * Assad (1992), Networks 22, for choosing by linear program; Hundepool et al. (2012), Statistical Disclosure
 * Control, ch. 4.
 */
import { type CountedTable, isTotal } from "./counted-table.ts"
import type { LinearConstraint, LinearSolver } from "./linear-program.ts"

/** Cells below this are not printed; may be raised, never lowered below `LEAST_THRESHOLD`. */
export const THRESHOLD = 10
export const LEAST_THRESHOLD = 5

export type SuppressionReason =
  | "small"
  | "complementary"
  | "difference"
  | "left-out-before"
  | "all-in-one-cell"

export interface Suppression {
  /** Why, by index of cell; absent for cells that may be printed. */
  readonly reasons: ReadonlyMap<number, SuppressionReason>
  /** What the final attack found for each cell that had to be protected. */
  readonly attacks: readonly Attack[]
  /** Cells that readers can work out from what they know already, whatever else is left out now. */
  readonly lost: readonly number[]
}

/** What readers know of today's table from elsewhere. */
export interface Knowledge {
  readonly known: ReadonlySet<number>
  readonly bounds: ReadonlyMap<number, { readonly low: number; readonly high: number }>
}

const KNOWS_NOTHING: Knowledge = { known: new Set(), bounds: new Map() }

export interface Attack {
  readonly cell: number
  readonly low: number
  /** Infinity where nothing printed limits it. */
  readonly high: number
}

/**
 * @param sensitive cells to protect besides the small ones, with the reason.
 * @param known cells that readers know from elsewhere: they protect no other, and cannot be protected.
 * @param bounds cells that readers know within limits: they protect others within these only.
 */
export function suppress(
  table: CountedTable,
  solver: LinearSolver,
  threshold: number,
  sensitive: ReadonlyMap<number, SuppressionReason> = new Map(),
  { known, bounds }: Knowledge = KNOWS_NOTHING,
): Suppression {
  const reasons = new Map<number, SuppressionReason>(sensitive)
  table.cells.forEach((cell, i) => {
    if (cell.count < threshold && !reasons.has(i)) reasons.set(i, "small")
  })
  for (const cell of lonelyCells(table, threshold))
    if (!reasons.has(cell)) reasons.set(cell, "all-in-one-cell")
  // What follows from an earlier edition alone cannot be protected any more; the caller is told of it.
  const protect = [...reasons.keys()].filter((cell) => !known.has(cell))
  const hidden = (): ReadonlyMap<number, unknown> =>
    new Map([...reasons].filter(([cell]) => !known.has(cell)))
  const lost: number[] = []
  for (const cell of protect) {
    const { low, high } = attack(table, solver, hidden(), cell, bounds)
    if (high - low >= threshold) continue
    const cover = cheapestCover(table, solver, hidden(), cell, threshold, { known, bounds })
    if (cover === null) lost.push(cell)
    else for (const other of cover) if (!reasons.has(other)) reasons.set(other, "complementary")
  }
  const attacks = protect
    .filter((cell) => !lost.includes(cell))
    .map((cell) => attack(table, solver, hidden(), cell, bounds))
  const open = attacks.find(({ low, high }) => high - low < threshold)
  if (open !== undefined) throw new Error("a cell stayed recoverable after complementary suppression")
  return { reasons, attacks, lost }
}

/** Cells that hold everybody of a total: to print the total would say where all of them are. */
function lonelyCells(table: CountedTable, threshold: number): number[] {
  return table.relations.flatMap(({ whole, parts }) => {
    const total = table.cells[whole]?.count ?? 0
    if (total < threshold || parts.length < 2) return []
    return parts.filter((part) => table.cells[part]?.count === total)
  })
}

/** The range that a reader of the printed cells can work out for one that is not printed. */
export function attack(
  table: CountedTable,
  solver: LinearSolver,
  hidden: ReadonlyMap<number, unknown>,
  cell: number,
  bounds: Knowledge["bounds"] = KNOWS_NOTHING.bounds,
): Attack {
  const spec = {
    variables: table.cells.length,
    constraints: readersEquations(table, hidden),
    lower: (i: number) => (hidden.has(i) ? (bounds.get(i)?.low ?? 0) : (table.cells[i]?.count ?? 0)),
    upper: (i: number) =>
      hidden.has(i) ? (bounds.get(i)?.high ?? Number.POSITIVE_INFINITY) : (table.cells[i]?.count ?? 0),
  }
  const least = solver.optimise("Minimize", [[cell, 1]], spec)
  const most = solver.optimise("Maximize", [[cell, 1]], spec)
  if (least.kind === "infeasible" || most.kind === "infeasible")
    throw new Error("the table contradicts its own totals")
  return {
    cell,
    low: least.kind === "optimal" ? least.value : 0,
    high: most.kind === "optimal" ? most.value : Number.POSITIVE_INFINITY,
  }
}

/** Sums in which something is hidden; the others teach a reader nothing. */
function readersEquations(table: CountedTable, hidden: ReadonlyMap<number, unknown>): LinearConstraint[] {
  return table.relations.flatMap(({ whole, parts }) =>
    hidden.has(whole) || parts.some((part) => hidden.has(part))
      ? [{ terms: [[whole, -1] as const, ...parts.map((part) => [part, 1] as const)], equals: 0 }]
      : [],
  )
}

/**
 * The cheapest set of cells to hide so that `target` could as well be `threshold` larger – or, where readers know that
 * it is not, so much of that larger and the rest smaller: changes of the table that keep all sums, cost nothing in
 * hidden cells and their size in others. Null when what readers know leaves none.
 */
function cheapestCover(
  table: CountedTable,
  solver: LinearSolver,
  hidden: ReadonlyMap<number, unknown>,
  target: number,
  threshold: number,
  knowledge: Knowledge,
): number[] | null {
  const room = roomOf(table, target, threshold, knowledge)
  const rise = room.up
  const fall = threshold - rise
  if (fall > room.down) return null
  const moved = new Set<number>()
  for (const move of [rise, -fall]) {
    if (move === 0) continue
    const cells = cheapestMove(table, solver, hidden, target, move, threshold, knowledge)
    if (cells === null) return null
    for (const cell of cells) moved.add(cell)
  }
  return [...moved]
}

/** How far a cell may rise and fall, as far as it matters and readers know. */
function roomOf(table: CountedTable, cell: number, threshold: number, { known, bounds }: Knowledge) {
  if (known.has(cell)) return { up: 0, down: 0 }
  const count = table.cells[cell]?.count ?? 0
  const limits = bounds.get(cell)
  return {
    up: Math.min(threshold, (limits?.high ?? Number.POSITIVE_INFINITY) - count),
    down: Math.min(threshold, count - (limits?.low ?? 0)),
  }
}

function cheapestMove(
  table: CountedTable,
  solver: LinearSolver,
  hidden: ReadonlyMap<number, unknown>,
  target: number,
  move: number,
  threshold: number,
  knowledge: Knowledge,
): number[] | null {
  const size = table.cells.length
  const cost = (i: number): number => {
    const cell = table.cells[i]
    if (cell === undefined || hidden.has(i)) return 0
    const totals = cell.at.filter((category) => category === null).length
    return (1 + Math.log2(1 + cell.count)) * (isTotal(cell) ? 20 * 4 ** totals : 1)
  }
  const constraints: LinearConstraint[] = table.relations.map(({ whole, parts }) => ({
    terms: [
      [whole, -1],
      [whole + size, 1],
      ...parts.flatMap((part) => [[part, 1] as const, [part + size, -1] as const]),
    ],
    equals: 0,
  }))
  const rooms = table.cells.map((_, cell) => roomOf(table, cell, threshold, knowledge))
  const wanted = (i: number): number => Math.max(0, i < size ? move : -move)
  // Variables: x_i the rise of cell i, x_{i + size} its fall. A cell cannot fall below zero.
  const optimum = solver.optimise(
    "Minimize",
    Array.from({ length: 2 * size }, (_, i) => [i, cost(i % size)] as const),
    {
      variables: 2 * size,
      constraints,
      lower: (i) => (i % size === target ? wanted(i) : 0),
      upper: (i) => {
        if (i % size === target) return wanted(i)
        return (i < size ? rooms[i]?.up : rooms[i - size]?.down) ?? 0
      },
    },
  )
  if (optimum.kind !== "optimal") {
    if (knowledge.known.size === 0 && knowledge.bounds.size === 0)
      throw new Error("no complementary suppression exists")
    return null
  }
  const moved: number[] = []
  for (let i = 0; i < size; i++) {
    const change = Math.abs((optimum.at[i] ?? 0) - (optimum.at[i + size] ?? 0))
    if (change > 1e-6 && !hidden.has(i)) moved.push(i)
  }
  return moved
}
