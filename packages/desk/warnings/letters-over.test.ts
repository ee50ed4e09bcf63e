import { expect, it } from "vitest"
import { lettersOver } from "./letters-over.ts"

it("[K15] by how much a text is too long is counted in letters, whatever they take on the wire", () => {
  expect(lettersOver("Уезжайте", 16)).toBe(0)
  expect(lettersOver("Уезжайте!", 16)).toBe(1)
  expect(lettersOver("ы".repeat(3000), 3000)).toBe(1500)
  expect(lettersOver("leave", 3)).toBe(2)
  expect(lettersOver("🌲🌲", 7)).toBe(1)
})
