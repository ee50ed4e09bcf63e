import { missingWords } from "@kunak/core/text/words"
import { expect, it } from "vitest"
import type { Drilled } from "../drill.ts"
import type { Finding, Section } from "../examine/section.ts"
import { LEAK_NAMES } from "../plant/leaks.ts"
import { judge } from "./judge.ts"
import { reportText } from "./report.ts"
import { REPORT_WORDS } from "./words.ts"

const section = (change: Partial<Section> = {}): Section => ({
  id: "relay-disk",
  bytes: 2_000_000,
  seconds: 1,
  findings: [],
  notShown: [],
  detail: "",
  ...change,
})
const address: Finding = {
  kind: "canary",
  what: "address of a visitor",
  form: "UTF-8",
  where: "relay-a: log/relay-a.err",
  times: 3,
}
const drilled = (...sections: readonly Section[]): Drilled => ({
  sections,
  days: 7,
  canaries: 300,
  patterns: 40_000,
  wordsInVaults: 9,
  seconds: 240,
})

it("[DR5] what could not be examined is not shown, and never passed", () => {
  const judged = judge(drilled(section({ notShown: ["no loop device"] })), new Set())
  expect(judged.sections[0]?.verdict).toBe("not-shown")
  const text = reportText(drilled(section({ notShown: ["no loop device"] })), judged, "en")
  expect(text).toContain("NOT SHOWN")
  expect(text).toContain("no loop device")
  expect(text).toContain("Nothing was found in 0 of 1 places.")
})

it("[DR5] a finding fails the drill; a planted one does not, and is named", () => {
  const found = drilled(section({ findings: [address] }))
  expect(judge(found, new Set()).holds).toBe(false)
  const judged = judge(found, new Set(["log-line"] as const))
  expect(judged).toMatchObject({
    holds: true,
    unexplained: [],
    planted: [{ name: "log-line", outcome: "found" }],
  })
})

it("[DR5] a planted leak that is not found fails the drill, unless it could not be looked for", () => {
  const leaks = new Set(["log-line"] as const)
  expect(judge(drilled(section()), leaks)).toMatchObject({ holds: false, planted: [{ outcome: "missed" }] })
  const blind = drilled(section({ notShown: ["why"] }))
  expect(judge(blind, leaks)).toMatchObject({ holds: true, planted: [{ outcome: "not-shown" }] })
})

it("[DR5] a leak that was not planted is found beside those that were", () => {
  const real: Finding = { ...address, what: "first letter", where: "relay-b: the raw disk, free blocks too" }
  const judged = judge(drilled(section({ findings: [address, real] })), new Set(LEAK_NAMES))
  expect(judged.unexplained).toEqual([real])
  expect(judged.holds).toBe(false)
})

it("[DR5] both languages have all words", () => {
  expect(missingWords(REPORT_WORDS.en, REPORT_WORDS.ru)).toEqual([])
  expect(LEAK_NAMES.length).toBeGreaterThanOrEqual(12)
})
