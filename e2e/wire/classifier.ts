/**
 * Whether two kinds of visits can be told apart by the times at which things went over the wire: logistic regression
 * on standardised features and their squares, fitted on one half of the visits and judged on the other.
 */

export interface Judgement {
  /** Of the held-out visits, how many were told rightly. */
  readonly right: number
  readonly of: number
  /** Standard deviations above chance. */
  readonly sigmas: number
}

type Row = readonly number[]

const mean = (values: Row): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Mean 0, deviation 1 by the visits that are fitted; then each with its square, for what is early *or* late. */
function standardiser(rows: readonly Row[]): (row: Row) => Row {
  const width = rows[0]?.length ?? 0
  const columns = Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? 0))
  const means = columns.map(mean)
  const deviations = columns.map((column, i) =>
    Math.max(1e-6, Math.sqrt(mean(column.map((value) => (value - (means[i] ?? 0)) ** 2)))),
  )
  return (row) => {
    const standard = row.map((value, i) =>
      Math.max(-4, Math.min(4, (value - (means[i] ?? 0)) / (deviations[i] ?? 1))),
    )
    return [1, ...standard, ...standard.map((value) => (value * value) / 4)]
  }
}

const dot = (a: Row, b: Row): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Gradient descent with a little ridge: few visits, many features. */
function learn(rows: readonly Row[], labels: readonly number[]): Row {
  let weights: number[] = new Array((rows[0]?.length ?? 0) as number).fill(0)
  for (let step = 0; step < 600; step++) {
    const gradient = weights.map((weight) => 0.02 * weight)
    rows.forEach((row, k) => {
      const error = sigmoid(dot(weights, row)) - (labels[k] ?? 0)
      for (let i = 0; i < row.length; i++)
        gradient[i] = (gradient[i] ?? 0) + (error * (row[i] ?? 0)) / rows.length
    })
    weights = weights.map((weight, i) => weight - 0.3 * (gradient[i] ?? 0))
  }
  return weights
}

/**
 * @param a, b features of each visit, of one width; in the order in which they were made, kinds taking turns, so that a
 *   machine that grows slower does so for both.
 */
export function tellApart(a: readonly Row[], b: readonly Row[]): Judgement {
  const visits = [...a.map((row) => ({ row, label: 0 })), ...b.map((row) => ({ row, label: 1 }))]
  // Every second one of each kind is held out.
  const fitted = visits.filter((_, i) => i % 2 === 0)
  const held = visits.filter((_, i) => i % 2 === 1)
  const standard = standardiser(fitted.map(({ row }) => row))
  const weights = learn(
    fitted.map(({ row }) => standard(row)),
    fitted.map(({ label }) => label),
  )
  const right = held.filter(({ row, label }) => dot(weights, standard(row)) > 0 === (label === 1)).length
  const sigma = Math.sqrt(held.length / 4)
  return { right, of: held.length, sigmas: (right - held.length / 2) / sigma }
}
