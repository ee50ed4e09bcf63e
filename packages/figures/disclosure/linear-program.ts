/** Linear programs for HiGHS, written in its text format. */
import highs, { type LegacyHighs } from "highs"

// The package's types describe its ES module, Node hands over the CommonJS one: `default` is the function itself.
const loadHighs = highs as unknown as () => Promise<LegacyHighs>

export interface LinearConstraint {
  readonly terms: readonly (readonly [variable: number, factor: number])[]
  readonly equals: number
}

export interface LinearProgramSpec {
  readonly variables: number
  readonly constraints: readonly LinearConstraint[]
  readonly lower: (variable: number) => number
  readonly upper: (variable: number) => number
}

export type Optimum =
  | { readonly kind: "optimal"; readonly value: number; readonly at: Float64Array }
  | { readonly kind: "unbounded" }
  | { readonly kind: "infeasible" }

/** Solves many programs one after another; loading the solver takes longer than most of them. */
export class LinearSolver {
  readonly #highs: LegacyHighs

  private constructor(highs: LegacyHighs) {
    this.#highs = highs
  }

  static async load(): Promise<LinearSolver> {
    return new LinearSolver(await loadHighs())
  }

  optimise(
    direction: "Minimize" | "Maximize",
    objective: readonly (readonly [variable: number, factor: number])[],
    spec: LinearProgramSpec,
  ): Optimum {
    const text = programText(direction, objective, spec)
    const solution = this.#highs.solve(text, { output_flag: false })
    switch (solution.Status) {
      case "Optimal": {
        const at = new Float64Array(spec.variables)
        for (const [name, column] of Object.entries(solution.Columns)) {
          const primal = (column as { Primal?: number }).Primal
          if (primal !== undefined) at[Number(name.slice(1))] = primal
        }
        return { kind: "optimal", value: solution.ObjectiveValue, at }
      }
      case "Unbounded":
      case "Primal infeasible or unbounded":
        return { kind: "unbounded" }
      case "Infeasible":
        return { kind: "infeasible" }
      default:
        throw new Error(`the linear program ended "${solution.Status}"`)
    }
  }
}

function programText(
  direction: string,
  objective: readonly (readonly [number, number])[],
  spec: LinearProgramSpec,
): string {
  const sum = (terms: readonly (readonly [number, number])[]): string =>
    terms.map(([variable, factor]) => `${factor < 0 ? "-" : "+"} ${Math.abs(factor)} x${variable}`).join(" ")
  const lines = [direction, ` goal: ${sum(objective)}`, "Subject To"]
  spec.constraints.forEach(({ terms, equals }, i) => {
    lines.push(` c${i}: ${sum(terms)} = ${equals}`)
  })
  lines.push("Bounds")
  for (let variable = 0; variable < spec.variables; variable++) {
    const upper = spec.upper(variable)
    lines.push(` ${spec.lower(variable)} <= x${variable} <= ${Number.isFinite(upper) ? upper : "+inf"}`)
  }
  lines.push("End")
  return lines.join("\n")
}
