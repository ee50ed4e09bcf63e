/** What is summed, what is not, and that nothing said against a stratum is lost on the way. */
import { describe, expect, test } from "vitest"
import { estimateCaptures } from "./estimate-captures.ts"
import { type FindingCode, finding } from "./finding.ts"
import type { Captures } from "./read-captures.ts"
import { estimationReport } from "./report/report.ts"
import { estimationText } from "./report/text.ts"
import { estimated, refused } from "./result.ts"
import { sumStrata } from "./sum-strata.ts"
import { tableOf } from "./testing/published-tables.ts"

const said = (code: FindingCode, text: string) => finding(code, text)
const number = (estimate: number, ...findings: ReturnType<typeof said>[]) =>
  estimated("lcmcr", estimate, [estimate - 30, estimate + 60], {}, findings)
const stratum = (
  name: string,
  result: Parameters<typeof sumStrata>[0][number]["results"][number],
  ...findings: ReturnType<typeof said>[]
) => ({ name, findings, results: [result] })

describe("the sum of strata", () => {
  test("[sum] what is said against a stratum goes with the sum, under its name; what is said of all, once", () => {
    const open = said("interval-open", "No upper limit.")
    const always = said("harder-to-find", "Too low.")
    const [sum] = sumStrata([
      stratum("north", number(100, always)),
      stratum("south", number(200, open, always)),
    ])
    expect(sum).toMatchObject({ status: "ok", estimate: 300 })
    expect(sum?.warnings).toEqual([said("interval-open", "south: No upper limit."), always])
  })

  test("[sum] none where a stratum has no estimate, and its own reason is said", () => {
    const [sum] = sumStrata([
      stratum("north", number(100)),
      stratum("south", refused("lcmcr", [said("list-empty", "The list is empty.")])),
    ])
    expect(sum).toMatchObject({ status: "refused", estimate: null, lower: null, upper: null })
    expect(sum?.warnings.map(({ code }) => code)).toEqual(["stratum-refused", "list-empty"])
    expect(sum?.warnings[0]?.text).toMatch(/^No sum: south has no estimate by this method/)
    expect(sum?.warnings[1]?.text).toBe("south: The list is empty.")
  })

  test.each(["r-hat", "several-modes", "stopped-early"] as const)(
    "[sum] none where a stratum's number may not be stated by itself: %s of the method",
    (code) => {
      const [sum] = sumStrata([
        stratum("north", number(100)),
        stratum("south", number(200, said(code, "Do not report."))),
      ])
      expect(sum?.status).toBe("refused")
      expect(sum?.warnings[0]?.text).toMatch(/the number of south may not be stated by itself/)
      expect(sum?.warnings[1]).toEqual(said(code, "south: Do not report."))
    },
  )

  test("[sum] none where a stratum's table forbids a total", () => {
    const [sum] = sumStrata([
      stratum("north", number(100)),
      stratum("south", number(200), said("list-inside-another", "Inside.")),
    ])
    expect(sum?.status).toBe("refused")
    expect(sum?.warnings.map(({ code }) => code)).toEqual(["stratum-refused", "list-inside-another"])
  })
})

describe("strata as they are shown", () => {
  const lists = ["x", "y", "z"]
  /** Two regions in each of which people are on nearly every list or on one: together that looks like few unseen. */
  const small = tableOf(lists, "100:6 010:5 001:5 110:30 101:28 011:26 111:150")
  const large = tableOf(lists, "100:260 010:240 001:230 110:22 101:20 011:18 111:3")
  const together = tableOf(lists, "100:266 010:245 001:235 110:52 101:48 011:44 111:153")
  const captures: Captures = {
    form: "people",
    whole: together,
    minimum: together.n,
    linkages: [],
    strata: [
      { name: "region north", values: { region: "north" }, table: large, linkages: [], warnings: [] },
      { name: "region south", values: { region: "south" }, table: small, linkages: [], warnings: [] },
    ],
    refusals: [],
    warnings: [],
  }
  const settings = { seed: 1, skip: ["lcmcr", "decomposable-graphs"], replicates: 200 } as const

  test("[strata] where the sum and the total of all differ by more than 1.5 times neither is stated alone", async () => {
    const { whole, sum } = await estimateCaptures(captures, settings)
    const apart = sum.find(({ id }) => id === "log-linear-bootstrap")?.estimate ?? 0
    const all = whole.estimators.find(({ id }) => id === "log-linear-bootstrap")?.estimate ?? 0
    expect(Math.max(apart / all, all / apart)).toBeGreaterThan(1.5)
    expect(whole.warnings.map(({ code }) => code)).toContain("strata-disagree")
    expect(whole.total).toMatchObject({ kind: "contested" })
  })

  test("[strata] the same people twice over agree with their sum, and nothing is said", async () => {
    const strata = ["1", "2"].map((half) => ({
      name: `half ${half}`,
      values: { half },
      table: large,
      linkages: [],
      warnings: [],
    }))
    const whole = tableOf(lists, "100:520 010:480 001:460 110:44 101:40 011:36 111:6")
    const estimation = await estimateCaptures({ ...captures, whole, strata }, settings)
    expect(estimation.whole.warnings.map(({ code }) => code)).not.toContain("strata-disagree")
    expect(estimation.whole.total.kind).toBe("stated")
  })

  test("[strata] what speaks against a stratum's numbers and against a sum that is refused is printed", async () => {
    const inside = tableOf(lists, "010:50 110:20 001:40 011:12 111:8")
    const strata = [
      { name: "region north", values: { region: "north" }, table: large, linkages: [], warnings: [] },
      { name: "region east", values: { region: "east" }, table: inside, linkages: [], warnings: [] },
    ]
    const estimation = await estimateCaptures({ ...captures, strata }, settings)
    const text = estimationText(estimation)
    const page = estimationReport(estimation, { source: "captures.csv" })
    const between = (whole: string, from: string, to: string): string =>
      whole.slice(whole.indexOf(from), whole.indexOf(to))
    const flat = text.replace(/\s+/g, " ")
    for (const shown of [
      between(flat, "Stratum region north", "Stratum region east"),
      between(page, "<h3>region north: ", "<h3>region east: "),
    ]) {
      expect(shown).toContain("interval-conditional")
      expect(shown).toContain("harder-to-find")
    }
    for (const shown of [
      between(flat, "Sum of the strata", "Every estimate assumes"),
      between(page, "<h3>Sum of the strata", "<h2>What speaks against"),
    ]) {
      expect(shown).toContain("the number of region east may not be stated by itself")
      expect(shown).toMatch(/region east: Everybody on .{1,6}x.{1,6} is also on/)
    }
  })

  test("[strata] what forbids a total of all, such as the linkage, forbids a sum", async () => {
    const warnings = [finding("linkage-doubtful", "Doubtful.")]
    const { whole, strata, sum } = await estimateCaptures({ ...captures, warnings }, settings)
    for (const { total } of [whole, ...strata.map(({ evaluation }) => evaluation)])
      expect(total).toEqual({ kind: "refused" })
    for (const result of sum) expect(result.status, result.id).toBe("refused")
  })
})
