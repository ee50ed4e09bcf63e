import fc from "fast-check"
import { expect, it } from "vitest"
import { piecesBetween } from "./memory.ts"

const MIB = 1024 * 1024

it("[DR1] of a long stretch of memory every kibibyte stands whole in one piece, and nothing outside is read", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 * MIB }),
      fc.integer({ min: 0, max: 100 * MIB }),
      (length, place) => {
        const start = 4096 * 7
        const pieces = [...piecesBetween(start, start + length)]
        const at = start + (place % length)
        const end = Math.min(at + 1024, start + length)
        expect(pieces.some(([from, size]) => from <= at && end <= from + size)).toBe(true)
        expect(pieces.every(([from, size]) => from >= start && from + size <= start + length)).toBe(true)
      },
    ),
  )
})
