/** Strata and sampled linkages, from what was read to what is shown. */
import { describe, expect, test } from "vitest"
import { seededRandom } from "../random/random.ts"
import { parseCsv } from "../tabular/csv.ts"
import { estimateCaptures } from "./estimate-captures.ts"
import { rankAll } from "./log-linear/estimators.ts"
import { modelName, parseModelName } from "./log-linear/model.ts"
import { type Captures, readCaptures } from "./read-captures.ts"
import { estimationJson } from "./report/json.ts"
import { estimationReport } from "./report/report.ts"
import { estimationText } from "./report/text.ts"
import { kosovo, tableOf } from "./testing/published-tables.ts"

const SKIP = ["lcmcr", "log-linear-bootstrap"] as const

/** Records of people on three lists, and linkages that now and then fail to join two records of one person. */
function clusters(samples: number): Captures {
  const random = seededRandom(12)
  const lines: string[] = []
  let record = 0
  for (let person = 0; person < 600; person++) {
    for (const list of ["ngo", "court", "paper"]) {
      if (random.float() > 0.35) continue
      record++
      const sampled = Array.from({ length: samples }, () =>
        random.float() < 0.1 ? `alone ${record}` : `${person}`,
      )
      lines.push([record, person, person, person, list, ...sampled].join(","))
    }
  }
  const header = ["record_id", "strict", "best", "loose", "list"].concat(
    Array.from({ length: samples }, (_, i) => `sample-${i + 1}`),
  )
  const table = parseCsv(new TextEncoder().encode([header.join(","), ...lines].join("\n")), "clusters.csv")
  if (!table.ok) throw new Error(table.error.kind)
  const captures = readCaptures(table.value)
  if (!captures.ok) throw new Error(captures.error.kind)
  return captures.value
}

const settings = { seed: 1, skip: SKIP }
const of = (estimation: Awaited<ReturnType<typeof estimateCaptures>>, id: string) => {
  const result = estimation.whole.estimators.find((candidate) => candidate.id === id)
  if (result?.status !== "ok") throw new Error(`${id} refused`)
  return result
}

describe("sampled linkages", () => {
  test("[pool] uncertain linkage widens every interval, and how much is said", async () => {
    const certain = of(await estimateCaptures(clusters(0), settings), "independence")
    const estimation = await estimateCaptures(clusters(8), settings)
    const uncertain = of(estimation, "independence")
    expect(estimation.linkages).toBe(8)
    expect(uncertain.details).toMatchObject({ linkages: 8, refused: 0 })
    const width = (result: typeof certain): number => Math.log((result.upper ?? 0) / (result.lower ?? 1))
    expect(width(uncertain)).toBeGreaterThan(width(certain))
    // Missed links look like people seen once: the total rises.
    expect(uncertain.estimate).toBeGreaterThan(certain.estimate)
  })
})

describe("what is shown", () => {
  const captures: Captures = {
    form: "combinations",
    whole: kosovo,
    minimum: 4400,
    linkages: [],
    strata: [
      { name: "half 1", values: { half: "1" }, table: kosovo, linkages: [], warnings: [] },
      { name: "half 2", values: { half: "2" }, table: kosovo, linkages: [], warnings: [] },
    ],
    refusals: [],
    warnings: [],
  }

  test("[strata] each is shown apart, and the sum beside", async () => {
    const estimation = await estimateCaptures(captures, settings)
    expect(estimation.strata.map(({ name }) => name)).toEqual(["half 1", "half 2"])
    const sum = estimation.sum.find(({ id }) => id === "log-linear-bic")
    expect(sum?.estimate).toBeCloseTo(2 * 10356.51895725185, 6)
    expect(estimationText(estimation)).toContain("Sum of the strata")
  })

  test("[model] a named model means the same lists in every stratum, whichever list is longest there", async () => {
    const lists = ["x", "y", "z"]
    const first = tableOf(lists, "100:60 010:30 001:20 110:14 101:9 011:6 111:5")
    const second = tableOf(lists, "100:20 010:30 001:60 110:6 101:9 011:14 111:5")
    const parsed = parseModelName("[x y][z]", lists)
    if (!parsed.ok) throw new Error(parsed.error.kind)
    const model = parsed.value
    const strata = [first, second].map((table, at) => ({
      name: `${at}`,
      values: {},
      table,
      linkages: [],
      warnings: [],
    }))
    const estimation = await estimateCaptures({ ...captures, whole: first, strata }, { ...settings, model })
    strata.forEach(({ table }, at) => {
      const fit = rankAll(table).fits.find((one) => modelName(one.model, table) === "[x y][z]")
      const named = estimation.strata[at]?.evaluation.estimators.find(({ id }) => id === "log-linear-model")
      expect(named?.estimate).toBeCloseTo(fit?.total ?? Number.NaN, 6)
    })
  })

  test("[total] what speaks against the stated total is said before it, and goes with it", async () => {
    const estimation = await estimateCaptures(
      { ...captures, strata: [] },
      { ...settings, skip: ["lcmcr"], replicates: 200 },
    )
    const { total } = estimation.whole
    if (total.kind !== "stated") throw new Error(total.kind)
    const codes = total.warnings.map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(["models-disagree", "leave-one-out", "harder-to-find"]))
    const text = estimationText(estimation)
    expect(text.indexOf("[models-disagree]")).toBeLessThan(text.indexOf("Estimated total "))
    const page = estimationReport(estimation, { source: "kosovo.csv" })
    expect(page.indexOf("models-disagree")).toBeLessThan(page.indexOf(">Estimated total<"))
  })

  test("[hard to find] is said of every number that could be reported, and of no check or bound", async () => {
    const { estimators } = (await estimateCaptures(captures, settings)).whole
    const said = estimators.filter((result) =>
      result.warnings.some((warning) => warning.code === "harder-to-find"),
    )
    expect(said.map(({ id }) => id)).toEqual([
      "log-linear-bic",
      "log-linear-aicc",
      "log-linear-averaged",
      "log-linear-stepwise",
      "decomposable-graphs",
    ])
  })

  test("[report] long names of lists stand once, in a key; models have letters", async () => {
    const lists = [
      "Committee against Torture, <Nizhny> Novgorod",
      "Правозащитный центр, полевые интервью",
      "OSCE",
      "HRW",
    ]
    const whole = { ...kosovo, lists }
    const estimation = await estimateCaptures({ ...captures, whole, strata: [] }, settings)
    const page = estimationReport(estimation, { source: "kosovo.csv" })
    expect(page).toContain("<li><b>A</b> Committee against Torture, &lt;Nizhny&gt; Novgorod: 1,910</li>")
    expect(page).toContain("<code>[A B C][A D][C D]</code>")
    expect(page).not.toContain("·")
  })

  test("[who told whom] of fewer than 100 people nothing shows who is on two named lists: no figure, no sentence, no number", async () => {
    const small = tableOf(["clinic", "lawyer", "paper"], "100:20 010:15 001:9 110:2 101:6 011:6 111:2")
    const one = { ...captures, whole: small, strata: [] }
    const estimation = await estimateCaptures(one, settings)
    expect(estimation.whole.n).toBe(60)
    const page = estimationReport(estimation, { source: "sixty.csv" })
    expect(page).toContain("who told whom")
    expect(page).not.toContain('class="upset"')
    const text = estimationText(estimation)
    const json = JSON.stringify(estimationJson(estimation))
    for (const told of [page, text, json]) {
      expect(told).toContain("overlap-small")
      expect(told).not.toMatch(/(clinic|lawyer|paper)(&quot;|")? and (&quot;|\\?")?(clinic|lawyer|paper)/)
    }
    expect(json).not.toContain('"overlap":')
    expect(json).not.toContain('"pair":')
    // Of a hundred and more it is told.
    const many = await estimateCaptures({ ...captures, strata: [] }, settings)
    expect(estimationReport(many, { source: "kosovo.csv" })).toContain('class="upset"')
    expect(JSON.stringify(estimationJson(many))).toContain('"overlap":')
  })

  test("[report] the same estimation gives the same bytes, with no clock and no machine in them", async () => {
    const estimation = await estimateCaptures(captures, settings)
    const page = estimationReport(estimation, { source: "/home/someone/kosovo.csv" })
    expect(estimationReport(estimation, { source: "/home/someone/kosovo.csv" })).toBe(page)
    expect(page).not.toContain("/home/someone")
    expect(page).not.toContain("NaN")
    expect(page).not.toContain("undefined")
  })
})
