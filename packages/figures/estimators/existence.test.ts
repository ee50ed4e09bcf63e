/** The existence check by two other roads: the primal program of Fienberg and Rinaldo, solved by another solver. */
import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { LinearSolver } from "../disclosure/linear-program.ts"
import { rowEchelon } from "../numeric/linear.ts"
import { faceOf } from "./log-linear/face.ts"
import { LogLinearFitter } from "./log-linear/fit.ts"
import { allHierarchicalModels } from "./log-linear/model.ts"

let solver: LinearSolver
beforeAll(async () => {
  solver = await LinearSolver.load()
})

/** Is there a table with the same margins and every kept history above zero? max s with x ≥ s, A x = A n. */
function existsByMargins(counts: Float64Array, terms: Uint32Array, kept: number[]): boolean {
  // x = y + s with y ≥ 0; variables y…, s.
  const s = kept.length
  const constraints = [...terms].map((term) => {
    const cells = kept.flatMap((h, i) => ((h & term) === term ? [[i, 1] as const] : []))
    const margin = kept.reduce((sum, h) => sum + ((h & term) === term ? (counts[h] ?? 0) : 0), 0)
    return { terms: [...cells, [s, cells.length] as const], equals: margin }
  })
  const optimum = solver.optimise("Maximize", [[s, 1]], {
    variables: s + 1,
    constraints,
    lower: () => 0,
    upper: () => Number.POSITIVE_INFINITY,
  })
  return optimum.kind === "optimal" && optimum.value > 1e-9
}

describe("existence", () => {
  test("[existence] agrees with the primal program and the rank on sparse tables of three and four lists", () => {
    const models = { 3: allHierarchicalModels(3), 4: allHierarchicalModels(4) }
    fc.assert(
      fc.property(
        fc.constantFrom<3 | 4>(3, 4).chain((size) =>
          fc.record({
            size: fc.constant(size),
            counts: fc.array(fc.constantFrom(0, 0, 0, 1, 5, 40), {
              minLength: 2 ** size - 1,
              maxLength: 2 ** size - 1,
            }),
            pick: fc.nat(),
          }),
        ),
        ({ size, counts, pick }) => {
          const dense = Float64Array.from([0, ...counts])
          for (let list = 0; list < size; list++) {
            const total = dense.reduce((sum, y, h) => sum + (h & (1 << list) ? y : 0), 0)
            fc.pre(total > 0)
          }
          const model = models[size][pick % models[size].length]
          if (model === undefined) return
          const face = faceOf(model, dense)
          const kept = Array.from(dense.keys()).filter((h) => face.kept[h] === 1)
          const design = kept.map((h) => [...face.terms].map((term) => ((h & term) === term ? 1 : 0)))
          const identifiable = rowEchelon(design, face.terms.length).rank === face.terms.length
          const exists = existsByMargins(dense, face.terms, kept)
          expect(face.code).toBe((exists ? 0 : 1) + (identifiable ? 0 : 2))
          if (face.code === 0) {
            // And a model that passes can be fitted: its margins are matched.
            const fit = new LogLinearFitter(size).full(dense, model, face)
            expect(fit).not.toBeNull()
            for (const term of face.terms) {
              const sum = (values: Float64Array): number =>
                kept.reduce((total, h) => total + ((h & term) === term ? (values[h] ?? 0) : 0), 0)
              expect(sum(fit?.fitted ?? new Float64Array())).toBeCloseTo(sum(dense), 5)
            }
          }
        },
      ),
      { numRuns: 150, seed: 7 },
    )
  })
})
