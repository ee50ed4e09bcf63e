/** How a part of the people is named and where it stands among the others. */
import type { Stratum } from "./read-captures.ts"

/** @param values of the columns, in their order; an empty one is a value too. */
export const stratumNamed = (
  columns: readonly string[],
  values: readonly string[],
): Pick<Stratum, "name" | "values"> => ({
  name: columns.map((name, i) => `${name} ${values[i] === "" ? "(empty)" : values[i]}`).join(", "),
  values: Object.fromEntries(columns.map((name, i) => [name, values[i] ?? ""])),
})

export const largestFirst = (a: Stratum, b: Stratum): number =>
  b.table.n - a.table.n || (a.name < b.name ? -1 : 1)
