import { describe, expect, test } from "vitest"
import { comparisonShape } from "../comparison/comparison.ts"
import { NAME_EXACT, NAME_SAME_IN_OTHER_FORM } from "../comparison/name-levels.ts"
import { recordsOf, tableOf } from "../testing/records-of.ts"
import { LEVELS } from "./fellegi-sunter.ts"
import { rarityBits, rarityOf } from "./rarity.ts"

const others = ["Umar", "Hamzat", "Ruslan", "Zelimkhan", "Isa", "Adam", "Turpal", "Aslan"]
/** 12 in 100 are called Magomed, half of them written Mukhammad; one is Timur, one Tymur; one Sergei, alone. */
const given = Array.from({ length: 100 }, (_, at) => {
  if (at < 12) return at % 2 === 0 ? "Magomed" : "Mukhammad"
  return at === 12 ? "Timur" : at === 13 ? "Tymur" : at === 14 ? "Sergei" : (others[at % 8] ?? "")
})
const { records } = recordsOf([
  tableOf(
    "a.csv",
    ["given name,year of birth", ...given.map((name, at) => `${name},${1950 + (at % 40)}`)].join("\n"),
  ),
])
const at = records.fields.findIndex(({ kind }) => kind === "name")
const field = records.fields[at]
if (field === undefined) throw new Error("no names")
const shapes = records.fields.map(comparisonShape)
const u = new Float64Array(records.fields.length * LEVELS)
const [U_SAME, U_OTHER] = [0.06, 0.01]
u[at * LEVELS + NAME_EXACT] = U_SAME
u[at * LEVELS + NAME_SAME_IN_OTHER_FORM] = U_OTHER
const rarity = rarityOf(field, { shapes, probabilities: { m: u, u } }, at, records.names)
const code = (name: string): number => field.codes[given.indexOf(name)] as number
/** The chance that stands in the place of u. */
const chance = (a: string, b: string): number => {
  const level = a === b ? NAME_EXACT : NAME_SAME_IN_OTHER_FORM
  return (a === b ? U_SAME : U_OTHER) / 2 ** rarityBits(rarity, level, NAME_EXACT, code(a), code(b))
}

describe("how common a name is", () => {
  test("[rarity] in the same form: its share", () => {
    expect(chance("Magomed", "Magomed")).toBeCloseTo(0.06, 6)
    expect(chance("Sergei", "Sergei")).toBeCloseTo(0.01, 6)
  })

  test("[rarity] in two forms: their share together, times the chance that two of them differ in form", () => {
    expect(chance("Magomed", "Mukhammad")).toBeCloseTo(0.12 * (1 - 2 * 0.5 ** 2), 6)
    expect(chance("Mukhammad", "Magomed")).toBeCloseTo(0.06, 6)
    expect(chance("Timur", "Tymur")).toBeCloseTo(0.02 * 0.5, 6)
  })

  test("[rarity] the commonest name in two spellings says no more than in one", () => {
    // m 0.6 for the same form, 0.25 for another: +3.3 bits and, at its own chance, +2.1; at the average one it was +4.6.
    const bits = (m: number, a: string, b: string): number => Math.log2(m / chance(a, b))
    expect(bits(0.6, "Magomed", "Magomed")).toBeCloseTo(3.32, 2)
    expect(bits(0.25, "Magomed", "Mukhammad")).toBeCloseTo(2.06, 2)
  })

  test("[rarity] other levels have none", () => {
    for (let level = 0; level < NAME_SAME_IN_OTHER_FORM; level++)
      expect(rarityBits(rarity, level, NAME_EXACT, code("Magomed"), code("Sergei"))).toBe(0)
  })
})
