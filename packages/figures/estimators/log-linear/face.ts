/**
 * Whether a model has an estimate at all, asked before it is fitted.
 *
 * Three steps. (1) Boundary estimates: a term whose margin is zero (two lists that never meet) has the
 * estimate −∞; the histories that hold it are fitted exactly by zero and leave the fit. (2) Rank: the design on
 * the remaining histories must have full column rank, or the parameters are not identifiable. (3) Existence:
 * no direction may push some fitted values to zero and leave all others as they are; that is a linear program.
 *
 * Sources: Fienberg & Rinaldo (2012), Ann. Stat. 40, theorem 3 and supplement; Chan, Silverman & Vincent
 * (2021), JASA 116, for step 1 and for refusing where 2 or 3 fails.
 */
import { type Model as LinearProgram, solve } from "yalps"
import { rowEchelon } from "../../numeric/linear.ts"
import type { LogLinearModel } from "./model.ts"

/** As the peers number it: 0 both conditions hold, 1 no estimate exists, 2 not identifiable, 3 both fail. */
export type CheckCode = 0 | 1 | 2 | 3

export interface Face {
  readonly code: CheckCode
  /** Terms that are estimated, ascending, first 0. */
  readonly terms: Uint32Array
  /** Terms whose estimate is −∞. */
  readonly boundary: readonly number[]
  /** 1 for histories in the fit, 0 for those fitted by zero and for history 0. Index = history. */
  readonly kept: Uint8Array
  readonly keptCount: number
  /** Histories that a direction without an estimate pushes to zero (the complement of the facial set). */
  readonly vanishing: readonly number[]
}

/**
 * @param counts dense, index = history. Only which are zero matters.
 */
export function faceOf(model: LogLinearModel, counts: Float64Array): Face {
  if (everyHistorySeen(counts)) return interiorFace(model)
  const boundary: number[] = []
  const kept = new Uint8Array(counts.length).fill(1)
  kept[0] = 0
  for (const term of model.terms) {
    if (term !== 0 && margin(counts, term) === 0) {
      boundary.push(term)
      for (let h = term; h < counts.length; h++) if ((h & term) === term) kept[h] = 0
    }
  }
  const terms = boundary.length === 0 ? model.terms : model.terms.filter((term) => !boundary.includes(term))
  if (terms.length <= keptCountOf(kept) && fullRankWhereSeen(counts, kept, terms))
    return { terms, boundary, kept, keptCount: keptCountOf(kept), code: 0, vanishing: [] }
  const positive: number[] = []
  const zero: number[] = []
  for (let h = 1; h < counts.length; h++) {
    if (kept[h] === 1) ((counts[h] as number) > 0 ? positive : zero).push(h)
  }
  const keptCount = positive.length + zero.length
  const base = { terms, boundary, kept, keptCount }
  const seen = rowEchelon(designRows(positive, terms), terms.length)
  const all = rowEchelon(designRows([...positive, ...zero], terms), terms.length)
  const identifiable = all.rank === terms.length
  const vanishing = vanishingHistories(zero, terms, seen.nullSpace)
  const code = ((vanishing.length > 0 ? 1 : 0) + (identifiable ? 0 : 2)) as CheckCode
  return { ...base, code, vanishing }
}

function keptCountOf(kept: Uint8Array): number {
  let sum = 0
  for (let h = 0; h < kept.length; h++) sum += kept[h] as number
  return sum
}

let scratch = new Float64Array(0)

/**
 * Full column rank on the histories that were seen: it settles both questions, rank and existence, and is what
 * most tables have. Plain elimination in reused memory, because a bootstrap asks it very often.
 */
function fullRankWhereSeen(counts: Float64Array, kept: Uint8Array, terms: Uint32Array): boolean {
  const p = terms.length
  let rows = 0
  if (scratch.length < counts.length * p) scratch = new Float64Array(counts.length * p)
  for (let h = 1; h < counts.length; h++) {
    if (kept[h] === 0 || (counts[h] as number) <= 0) continue
    for (let i = 0; i < p; i++) {
      const term = terms[i] as number
      scratch[rows * p + i] = (h & term) === term ? 1 : 0
    }
    rows++
  }
  if (rows < p) return false
  for (let column = 0; column < p; column++) {
    let best = column
    for (let row = column + 1; row < rows; row++) {
      if (Math.abs(scratch[row * p + column] as number) > Math.abs(scratch[best * p + column] as number))
        best = row
    }
    const pivot = scratch[best * p + column] as number
    if (Math.abs(pivot) < 1e-9) return false
    for (let k = column; k < p; k++) {
      const held = scratch[best * p + k] as number
      scratch[best * p + k] = scratch[column * p + k] as number
      scratch[column * p + k] = held
    }
    for (let row = column + 1; row < rows; row++) {
      const factor = (scratch[row * p + column] as number) / pivot
      if (factor === 0) continue
      for (let k = column; k < p; k++)
        scratch[row * p + k] = (scratch[row * p + k] as number) - factor * (scratch[column * p + k] as number)
    }
  }
  return true
}

function everyHistorySeen(counts: Float64Array): boolean {
  for (let h = 1; h < counts.length; h++) if ((counts[h] as number) <= 0) return false
  return true
}

/** With every history seen nothing can vanish, and a design without the term of all lists has full rank. */
export function interiorFace(model: LogLinearModel): Face {
  const kept = new Uint8Array(2 ** model.size).fill(1)
  kept[0] = 0
  return { code: 0, terms: model.terms, boundary: [], kept, keptCount: kept.length - 1, vanishing: [] }
}

/** The same face with the unseen as one more history, whose count is given. */
export function withUnseen(face: Face): Face {
  const kept = Uint8Array.from(face.kept)
  kept[0] = 1
  return { ...face, kept, keptCount: face.keptCount + 1 }
}

function margin(counts: Float64Array, term: number): number {
  let sum = 0
  for (let h = term; h < counts.length; h++) if ((h & term) === term) sum += counts[h] as number
  return sum
}

const designRows = (histories: readonly number[], terms: Uint32Array): Uint8Array[] =>
  histories.map((h) => Uint8Array.from(terms, (term) => ((h & term) === term ? 1 : 0)))

/**
 * The unseen histories that some direction sends to zero. Directions that leave seen histories as they are
 * form `nullSpace`; among them we look for one with all steps on unseen histories ≤ 0 and as many < 0 as can
 * be: maximise Σ s_h with 0 ≤ s_h ≤ 1 and s_h ≤ −(step at h), step ≤ 0.
 */
function vanishingHistories(
  zero: readonly number[],
  terms: Uint32Array,
  nullSpace: readonly Float64Array[],
): readonly number[] {
  const stepsByPattern = new Map<string, { steps: number[]; histories: number[] }>()
  for (const h of zero) {
    const steps = nullSpace.map((direction) => {
      let step = 0
      terms.forEach((term, i) => {
        if ((h & term) === term) step += direction[i] as number
      })
      return Math.abs(step) < 1e-9 ? 0 : step
    })
    if (steps.every((step) => step === 0)) continue
    const key = steps.map((step) => step.toFixed(6)).join(" ")
    const entry = stepsByPattern.get(key) ?? { steps, histories: [] }
    entry.histories.push(h)
    stepsByPattern.set(key, entry)
  }
  const patterns = [...stepsByPattern.values()]
  if (patterns.length === 0) return []
  const constraints: Record<string, { max: number }> = {}
  const variables: Record<string, Record<string, number>> = {}
  nullSpace.forEach((_, d) => {
    const plus: Record<string, number> = {}
    const minus: Record<string, number> = {}
    patterns.forEach(({ steps }, i) => {
      const step = steps[d] as number
      if (step === 0) return
      plus[`down${i}`] = step
      minus[`down${i}`] = -step
      plus[`cap${i}`] = step
      minus[`cap${i}`] = -step
    })
    variables[`plus${d}`] = plus
    variables[`minus${d}`] = minus
  })
  patterns.forEach((_, i) => {
    constraints[`down${i}`] = { max: 0 }
    constraints[`cap${i}`] = { max: 0 }
    constraints[`one${i}`] = { max: 1 }
    variables[`s${i}`] = { [`cap${i}`]: 1, [`one${i}`]: 1, sum: 1 }
  })
  const program: LinearProgram = { direction: "maximize", objective: "sum", constraints, variables }
  const solution = solve(program)
  if (solution.status !== "optimal") throw new Error(`the existence program ended "${solution.status}"`)
  const chosen = new Map(solution.variables)
  return patterns.flatMap(({ histories }, i) => ((chosen.get(`s${i}`) ?? 0) > 1e-6 ? histories : []))
}
