/** Small dense linear algebra on row-major typed arrays. */

/**
 * Cholesky factor of a symmetric matrix, in place: on return the lower triangle holds L, A = L Lᵀ.
 *
 * @param a n × n, row-major; only the lower triangle is read.
 * @returns false when a pivot is not positive beyond rounding (A is not positive definite).
 */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    const rowJ = j * n
    const original = a[rowJ + j] as number
    let pivot = original
    for (let k = 0; k < j; k++) {
      const v = a[rowJ + k] as number
      pivot -= v * v
    }
    if (!(pivot > 1e-13 * original)) return false
    const root = Math.sqrt(pivot)
    a[rowJ + j] = root
    for (let i = j + 1; i < n; i++) {
      const rowI = i * n
      let sum = a[rowI + j] as number
      for (let k = 0; k < j; k++) sum -= (a[rowI + k] as number) * (a[rowJ + k] as number)
      a[rowI + j] = sum / root
    }
  }
  return true
}

/** Solves L Lᵀ x = b in place in `b`, with L from `choleskyInPlace`. */
export function choleskySolveInPlace(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i] as number
    for (let k = 0; k < i; k++) sum -= (l[i * n + k] as number) * (b[k] as number)
    b[i] = sum / (l[i * n + i] as number)
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i] as number
    for (let k = i + 1; k < n; k++) sum -= (l[k * n + i] as number) * (b[k] as number)
    b[i] = sum / (l[i * n + i] as number)
  }
}

export interface RowEchelon {
  readonly rank: number
  /** Basis of { x : A x = 0 }, one vector a row. */
  readonly nullSpace: readonly Float64Array[]
}

/**
 * Rank and null space by Gauss–Jordan elimination with partial pivoting. Meant for small matrices of small
 * whole numbers (designs of 0 and 1), where 1e-9 separates zero from the rest with ease.
 */
export function rowEchelon(rows: readonly ArrayLike<number>[], columns: number): RowEchelon {
  const matrix: Float64Array[] = rows.map((row) => Float64Array.from(row))
  const pivotColumns: number[] = []
  let rank = 0
  for (let column = 0; column < columns && rank < matrix.length; column++) {
    let best = rank
    for (let i = rank + 1; i < matrix.length; i++) {
      if (Math.abs(matrix[i]?.[column] ?? 0) > Math.abs(matrix[best]?.[column] ?? 0)) best = i
    }
    const pivotRow = matrix[best] as Float64Array
    const pivot = pivotRow[column] as number
    if (Math.abs(pivot) < 1e-9) continue
    matrix[best] = matrix[rank] as Float64Array
    matrix[rank] = pivotRow
    for (let k = column; k < columns; k++) pivotRow[k] = (pivotRow[k] as number) / pivot
    for (let i = 0; i < matrix.length; i++) {
      if (i === rank) continue
      const row = matrix[i] as Float64Array
      const factor = row[column] as number
      if (factor === 0) continue
      for (let k = column; k < columns; k++) row[k] = (row[k] as number) - factor * (pivotRow[k] as number)
    }
    pivotColumns.push(column)
    rank++
  }
  const free = Array.from({ length: columns }, (_, c) => c).filter((c) => !pivotColumns.includes(c))
  const nullSpace = free.map((column) => {
    const vector = new Float64Array(columns)
    vector[column] = 1
    pivotColumns.forEach((pivotColumn, i) => {
      vector[pivotColumn] = -(matrix[i]?.[column] ?? 0)
    })
    return vector
  })
  return { rank, nullSpace }
}
