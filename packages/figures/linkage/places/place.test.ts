import { describe, expect, test } from "vitest"
import { PLACE_LEVELS, placeLevel } from "../comparison/place-levels.ts"
import { foldPlace, placeTree } from "./place.ts"

const levelOf = (a: string, b: string, tree = placeTree([])): string =>
  PLACE_LEVELS[placeLevel(foldPlace(a, tree), foldPlace(b, tree))] ?? ""

describe("places", () => {
  test("[fold] what kind of place it is is dropped, in Cyrillic and in Latin; the name stays", () => {
    expect(foldPlace("г. Аргун").light).toBe("argun")
    expect(foldPlace("с. Шали, Шалинский район").units).toHaveLength(2)
    expect(foldPlace("City of Grozny").light).toBe("grozny")
    expect(foldPlace("Aabenraa Kommune").units).toEqual(foldPlace("Åbenrå").units)
  })

  test("[fold] a value that is nothing but a kind keeps it: two cities called City are one", () => {
    expect(foldPlace("Village").light).toBe("village")
    expect(levelOf("Village", "village")).toBe("same")
  })

  test("[fold] what says that the place is not known is no place", () => {
    for (const value of ["", "-", "?", "unknown", "неизвестно"])
      expect(foldPlace(value), value).toEqual({ light: "", units: [] })
  })

  test("[units] stand narrowest first, from commas and semicolons", () => {
    expect(foldPlace("Argun, Shali district; Chechnya").units).toHaveLength(3)
    expect(foldPlace("Argun, Shali district; Chechnya").units[0]).toBe(foldPlace("Аргун").units[0])
  })

  test.each([
    ["Argun", "argun", "same"],
    ["Аргун", "Argun", "same"],
    ["Sørup", "Soerup", "same place in another spelling"],
    ["Gudermes", "Gudermez", "one typing error"],
    ["Argun, Chechnya", "Argun", "one lies within the other"],
    ["Chechnya", "Argun, Shali district, Chechnya", "one lies within the other"],
    ["Argun, Chechnya", "Vedeno, Chechnya", "lie in the same larger unit"],
    ["Wallaby Place", "12 Wallaby", "alike"],
    ["Argun", "Khasavyurt", "differ"],
    ["Ash", "Ask", "differ"],
  ])("[levels] %s and %s: %s, from either side", (a, b, level) => {
    expect(levelOf(a, b)).toBe(level)
    expect(levelOf(b, a)).toBe(level)
  })

  test("[tree] which place lies in which is taken from a list, over several steps", () => {
    const tree = placeTree([
      ["Аргун", "Шалинский район"],
      ["Shali district", "Chechnya"],
      ["Шалинский район", "Chechnya"],
      ["Vedeno", "Chechnya"],
    ])
    expect(foldPlace("Argun", tree).units).toHaveLength(3)
    expect(levelOf("Argun", "Chechnya", tree)).toBe("one lies within the other")
    expect(levelOf("Argun", "Vedeno", tree)).toBe("lie in the same larger unit")
    expect(levelOf("Argun", "Vedeno")).toBe("differ")
  })

  test("[tree] a chain that comes back to itself is cut, whoever wrote it: nothing runs for ever", () => {
    const tree = placeTree([
      ["Argun", "Shali"],
      ["Shali", "Vedeno"],
      ["Vedeno", "Argun"],
      ["Grozny", "Grozny"],
      ["", "Grozny"],
    ])
    expect(foldPlace("Argun", tree).units).toHaveLength(3)
    expect(foldPlace("Vedeno", tree).units).toHaveLength(1)
    expect(foldPlace("Grozny", tree).units).toHaveLength(1)
  })
})
