import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { insertionAt } from "./insert-at.ts"

const put = (text: string, start: number, end: number, piece: string): string => {
  const insertion = insertionAt(text, start, end, piece)
  return text.slice(0, insertion.start) + insertion.piece + text.slice(insertion.end)
}

describe("a ready text put in at the caret", () => {
  it("[K43] stands alone in an empty field, and in a paragraph of its own between others", () => {
    expect(put("", 0, 0, "Ready.")).toBe("Ready.")
    expect(put("Hello.", 6, 6, "Ready.")).toBe("Hello.\n\nReady.")
    expect(put("Hello.\n", 7, 7, "Ready.")).toBe("Hello.\n\nReady.")
    expect(put("Hello.Bye.", 6, 6, "Ready.")).toBe("Hello.\n\nReady.\n\nBye.")
    expect(put("Hello.\n\n\n\nBye.", 8, 8, "Ready.")).toBe("Hello.\n\nReady.\n\nBye.")
  })

  it("[K43] replaces what is selected", () => {
    expect(put("Hello there", 0, 11, "Ready.")).toBe("Ready.")
  })

  it("[K43] loses no letter of what stood before and after, whatever stands there", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (before, after, piece) => {
        const whole = put(before + after, before.length, before.length, piece)
        expect(whole.startsWith(before) && whole.endsWith(after) && whole.includes(piece)).toBe(true)
      }),
    )
  })
})
