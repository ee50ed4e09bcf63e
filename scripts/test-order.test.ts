import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { LONGEST, longestFirst } from "./test-order.ts"

test("the files that begin first are there: one that was renamed would begin last again", () => {
  expect(
    LONGEST.filter((file) => !existsSync(fileURLToPath(new URL(`../${file}`, import.meta.url)))),
  ).toEqual([])
  expect(new Set(LONGEST).size).toBe(LONGEST.length)
})

test("the longest begin first, whatever order they come in; all others after them, as they came, each once", () => {
  const [longest = "", , third = ""] = LONGEST
  const others = ["packages/z.slow.test.ts", "packages/a.slow.test.ts"]
  expect(longestFirst([others[0] ?? "", third, longest, others[1] ?? ""], (file) => file)).toEqual([
    longest,
    third,
    ...others,
  ])
  expect(longestFirst([longest.replaceAll("/", "\\"), third].reverse(), (file) => file)[1]).toBe(third)
})
