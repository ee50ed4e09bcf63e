/** The drill itself, short: each leak that is planted is found, and nothing else is. The whole week is `npm run check`. */
import { LEAK_NAMES } from "@kunak/cli/drill/plant/leaks"
import { expect, test } from "vitest"
import { kunak } from "./demonstration/run.ts"

interface Report {
  readonly holds: boolean
  readonly unexplained: readonly unknown[]
  readonly planted: readonly { readonly name: string; readonly outcome: string }[]
  readonly sections: readonly { readonly id: string; readonly verdict: string }[]
}

/** A short drill has no visitor with Firefox. */
const NOT_IN_A_SHORT_ONE = ["firefox-profile"]

test("[D6] every planted leak is found, and beyond them nothing, on disks, in memory, on the wire", {
  timeout: 900_000,
}, async () => {
  const { code, out } = await kunak(["drill", "--short", "--plant-leak", "all", "--json"])
  const report = JSON.parse(out) as Report
  expect(report.unexplained).toEqual([])
  const found = report.planted.filter(({ outcome }) => outcome === "found").map(({ name }) => name)
  expect(found).toEqual(LEAK_NAMES.filter((name) => !NOT_IN_A_SHORT_ONE.includes(name)))
  const notShown = report.planted.filter(({ outcome }) => outcome === "not-shown").map(({ name }) => name)
  expect(notShown).toEqual(NOT_IN_A_SHORT_ONE)
  // A place that can't be looked at is said to be so.
  expect(report.sections.find(({ id }) => id === "tor")?.verdict).toBe("not-shown")
  expect(report.holds).toBe(true)
  expect(code).toBe(0)
})
