import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Packed, SeenPieces, SharedPieces } from "./shared-pieces.ts"

const BYTES = 4_096
const filled = (count: number, value: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => new Uint8Array(BYTES).fill(value + i))
/** As it passes between threads: the memory is shared, all else is copied. */
const passed = (packed: Packed): Packed => ({ ...packed })

describe("memory that two threads share", () => {
  it("[T8] what is on its way is what was given, whatever else comes and is given back meanwhile", () => {
    const calls = fc.array(fc.record({ count: fc.integer({ min: 1, max: 40 }), ends: fc.boolean() }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(calls, (all) => {
        const writer = new SharedPieces()
        const reader = new SeenPieces()
        const onTheWay: { packed: Packed; given: Uint8Array[]; giveBack: () => void }[] = []
        all.forEach(({ count, ends }, i) => {
          const given = filled(count, i)
          onTheWay.push({ given, ...writer.fill(given) })
          // Messages arrive in order: each is seen before the next.
          const newest = onTheWay.at(-1)
          if (newest) expect(reader.unpack(passed(newest.packed))).toEqual(given)
          if (ends) onTheWay.shift()?.giveBack()
          for (const { packed, given } of onTheWay)
            if (packed.piece !== "used-once")
              expect(reader.unpack(passed({ ...packed, memory: null }))).toEqual(given)
        })
      }),
      { numRuns: 30 },
    )
  })

  it("is used again once it is given back, and shown to the other thread a single time", () => {
    const writer = new SharedPieces()
    const first = writer.fill(filled(3, 1))
    first.giveBack()
    const second = writer.fill(filled(5, 9))
    expect(first.packed.memory).not.toBeNull()
    expect(second.packed).toMatchObject({ piece: first.packed.piece, memory: null })
  })

  it("[T16] what a flood took is not kept", () => {
    const writer = new SharedPieces()
    const flood = Array.from({ length: 20 }, (_, i) => writer.fill(filled(2, i)))
    const kept = new Set(flood.map(({ packed }) => packed.piece))
    expect(kept.size).toBe(8 + 1)
    expect(flood.at(-1)?.packed.piece).toBe("used-once")
    for (const { giveBack } of flood) giveBack()
    const after = Array.from({ length: 9 }, () => writer.fill(filled(1, 0)).packed.piece)
    expect(after.filter((piece) => piece === "used-once")).toHaveLength(1)
  })

  it("a piece that was never shown is a mistake, not somebody else's bytes", () => {
    const { packed } = new SharedPieces().fill(filled(1, 1))
    expect(() => new SeenPieces().unpack({ ...packed, memory: null })).toThrow("never shown")
  })
})
