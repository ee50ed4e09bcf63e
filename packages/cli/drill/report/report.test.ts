import { missingWords } from "@kunak/core/text/words"
import { expect, it } from "vitest"
import type { Drilled } from "../drill.ts"
import { attempt, type Finding, SECTIONS, type Section } from "../examine/section.ts"
import { LEAK_NAMES } from "../plant/leaks.ts"
import { BEYOND_A_DRILL, EXIT_CODES, judge } from "./judge.ts"
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
/** Everything else was looked at, and nothing was there. */
const drilled = (...sections: readonly Section[]): Drilled => ({
  sections: SECTIONS.map((id) => sections.find((one) => one.id === id) ?? section({ id })),
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
  expect(text).toContain(`Nothing was found in ${SECTIONS.length - 1} of ${SECTIONS.length} places.`)
})

it("[DR5] whatever was not looked at, Tor apart, makes the whole not shown, with an exit code of its own", () => {
  expect([EXIT_CODES.holds, EXIT_CODES.fails, EXIT_CODES["not shown"]]).toEqual([0, 1, 4])
  expect(BEYOND_A_DRILL).toEqual(["tor"])
  expect(judge(drilled(), new Set())).toMatchObject({ shown: "holds", blind: [] })
  for (const id of SECTIONS) {
    const blind = judge(drilled(section({ id, notShown: ["no loop device"] })), new Set())
    const isExcused = id === "tor"
    expect([id, blind.shown, blind.blind]).toEqual([
      id,
      isExcused ? "holds" : "not shown",
      isExcused ? [] : [id],
    ])
    const { sections } = drilled()
    const left = { sections: sections.filter((one) => one.id !== id) }
    expect([id, judge(left, new Set()).shown]).toEqual([id, isExcused ? "holds" : "not shown"])
  }
  const text = reportText(drilled(), judge(drilled(section({ notShown: ["why"] })), new Set()), "ru")
  expect(text).toContain("В целом НЕ ПОКАЗАНО")
})

it("[DR5] an examination that breaks off shows nothing, whatever broke it", async () => {
  const broken = await attempt("two-histories", () => {
    throw new TypeError("undefined is not a function")
  })
  expect(judge(drilled(broken), new Set())).toMatchObject({ shown: "not shown", blind: ["two-histories"] })
})

it("[DR5] a finding fails the drill; a planted one does not, and is named", () => {
  const found = drilled(section({ findings: [address] }))
  expect(judge(found, new Set()).shown).toBe("fails")
  const judged = judge(found, new Set(["log-line"] as const))
  expect(judged).toMatchObject({
    shown: "holds",
    unexplained: [],
    planted: [{ name: "log-line", outcome: "found" }],
  })
})

it("[DR5] a planted leak that is not found fails the drill, unless it could not be looked for", () => {
  const leaks = new Set(["log-line"] as const)
  expect(judge(drilled(section()), leaks)).toMatchObject({
    shown: "fails",
    planted: [{ outcome: "missed" }],
  })
  const blind = drilled(section({ notShown: ["why"] }))
  expect(judge(blind, leaks)).toMatchObject({
    shown: "not shown",
    planted: [{ outcome: "not-shown" }],
  })
})

it("[DR5] a leak that was not planted is found beside those that were", () => {
  const real: Finding = { ...address, what: "first letter", where: "relay-b: the raw disk, free blocks too" }
  const judged = judge(drilled(section({ findings: [address, real] })), new Set(LEAK_NAMES))
  expect(judged.unexplained).toEqual([real])
  expect(judged.shown).toBe("fails")
})

it("[DR5] both languages have all words", () => {
  expect(missingWords(REPORT_WORDS.en, REPORT_WORDS.ru)).toEqual([])
  expect(LEAK_NAMES.length).toBeGreaterThanOrEqual(12)
})
