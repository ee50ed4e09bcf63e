import fc from "fast-check"
import { expect, it } from "vitest"
import { difference } from "./difference.ts"

const joined = (changes: ReturnType<typeof difference>, without: "added" | "removed"): string =>
  changes
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join("")

it("[K13] what was there and what is there can both be read back from the marked changes", () => {
  const text = fc
    .array(fc.constantFrom("не", "ходите", "домой", "Go", ".", "\n", " "), { maxLength: 30 })
    .map((words) => words.join(" "))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = difference(before, after)
      expect(joined(changes, "added")).toBe(before)
      expect(joined(changes, "removed")).toBe(after)
    }),
  )
})

it("[K13] one changed word is marked alone", () => {
  expect(difference("stay at home", "stay away home")).toEqual([
    { kind: "same", text: "stay " },
    { kind: "removed", text: "at" },
    { kind: "added", text: "away" },
    { kind: "same", text: " home" },
  ])
})
