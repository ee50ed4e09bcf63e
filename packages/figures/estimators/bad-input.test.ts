/** The bad input that the design names: refused or warned, in words, and never a number in a refusal. */
import { describe, expect, test } from "vitest"
import { parseCsv } from "../tabular/csv.ts"
import type { CaptureTable } from "./capture-table.ts"
import { captureTable } from "./capture-table.ts"
import { estimateCaptures } from "./estimate-captures.ts"
import { type Evaluation, evaluate } from "./evaluate.ts"
import { limitFindings } from "./known-limits.ts"
import { diagnose } from "./latent-classes/diagnostics.ts"
import { summarise } from "./latent-classes/estimator.ts"
import { parseModelName } from "./log-linear/model.ts"
import { capturesErrorText, readCaptures } from "./read-captures.ts"
import { ESTIMATOR_IDS } from "./result.ts"
import { tableFindings } from "./table-findings.ts"
import {
  casale,
  census,
  deathsAtWork,
  hepatitis,
  korea,
  kosovo,
  spinaBifida,
  tableOf,
  unitedKingdom,
} from "./testing/published-tables.ts"

const SLOW = ["lcmcr", "log-linear-bootstrap"] as const
const ONE_ROUND = { chains: 2, burnIn: 300, thin: 3, drawsPerRound: 800, maxRounds: 1 }
const quick = (table: CaptureTable): Promise<Evaluation> => evaluate(table, { seed: 1, skip: SLOW })
const codes = (evaluation: Evaluation): string[] => evaluation.warnings.map(({ code }) => code)
const statuses = (evaluation: Evaluation): Record<string, string> =>
  Object.fromEntries(evaluation.estimators.map(({ id, status }) => [id, status]))

const refusedWholly = (evaluation: Evaluation): void => {
  for (const result of evaluation.estimators) {
    expect(result.status).toBe("refused")
    expect([result.estimate, result.lower, result.upper]).toEqual([null, null, null])
    expect(result.warnings.length).toBeGreaterThan(0)
  }
  expect(evaluation.total).toEqual({ kind: "refused" })
  expect(JSON.stringify(evaluation.estimators)).not.toMatch(/"estimate":\d/)
}

const csv = (text: string) => {
  const parsed = parseCsv(new TextEncoder().encode(text), "test.csv")
  if (!parsed.ok) throw new Error(parsed.error.kind)
  return parsed.value
}

describe("lists that cannot carry an estimate", () => {
  test("[two lists] only checks and lower bounds, with a warning; everything else refused", async () => {
    const evaluation = await evaluate(tableOf(["A", "B"], "10:60 01:40 11:20"), { seed: 1 })
    expect(codes(evaluation)).toContain("too-few-lists")
    const status = statuses(evaluation)
    expect(status.chapman).toBe("ok")
    for (const id of ESTIMATOR_IDS)
      expect(status[id], id).toBe(["independence", "chapman", "chao"].includes(id) ? "ok" : "refused")
    expect(evaluation.total).toEqual({ kind: "refused" })
  })

  const withBootstrap = (table: CaptureTable): Promise<Evaluation> =>
    evaluate(table, { seed: 1, skip: ["lcmcr"], bootstrap: { replicates: 50 } })

  test("[inside] a list inside another: warned of, methods to look at, no total", async () => {
    const evaluation = await withBootstrap(tableOf(["A", "B", "C"], "010:50 110:20 001:40 011:12 111:8"))
    expect(codes(evaluation)).toContain("list-inside-another")
    expect(statuses(evaluation)["log-linear-bootstrap"]).toBe("ok")
    expect(evaluation.total).toEqual({ kind: "refused" })
  })

  test.each([
    [
      "list-inside-another",
      "100:1 010:60 110:22 001:40 011:14 111:8",
      "list-nearly-inside",
      /30 of the 31.*"A"/,
    ],
    [
      "list-duplicate",
      "100:2 110:60 010:1 001:50 101:1 111:30",
      "list-nearly-duplicate",
      /90 of 91 and of 93/,
    ],
    ["list-contains-all", "100:50 110:40 111:12 101:9 010:2 001:1", "list-nearly-all", /111 of 114.*"A"/],
  ])(
    "[nearly] one missed link takes a table out of %s, not out of doubt: no total",
    async (code, cells, nearly, text) => {
      const evaluation = await withBootstrap(tableOf(["A", "B", "C"], cells))
      expect(codes(evaluation)).not.toContain(code)
      expect(evaluation.warnings.filter((one) => one.code === nearly).map((one) => one.text)).toEqual([
        expect.stringMatching(text),
      ])
      expect(statuses(evaluation)["log-linear-bootstrap"]).toBe("ok")
      expect(evaluation.total).toEqual({ kind: "refused" })
    },
  )

  test("[nearly] of no published table is it said", () => {
    const published = { kosovo, unitedKingdom, korea, casale, spinaBifida, hepatitis, census, deathsAtWork }
    for (const [name, table] of Object.entries(published))
      for (const { code } of tableFindings(table).warnings) expect(code, name).not.toMatch(/nearly/)
  })

  test("[no overlap] refused wholly", async () => {
    const evaluation = await quick(tableOf(["A", "B", "C"], "100:50 010:20 001:40"))
    expect(codes(evaluation)).toContain("no-overlap")
    refusedWholly(evaluation)
  })

  test("[copy] a list that copies another is refused wholly", async () => {
    const evaluation = await quick(tableOf(["A", "B", "C"], "110:50 001:40 111:12"))
    expect(codes(evaluation)).toContain("list-duplicate")
    refusedWholly(evaluation)
  })

  test("[empty] an empty list is refused wholly", async () => {
    const evaluation = await quick(tableOf(["A", "B", "C"], "100:50 010:40 110:12"))
    expect(codes(evaluation)).toContain("list-empty")
    refusedWholly(evaluation)
  })

  test("[everybody] a list with everybody on it is refused wholly", async () => {
    const evaluation = await quick(tableOf(["A", "B", "C"], "100:50 110:40 111:12 101:9"))
    expect(codes(evaluation)).toContain("list-contains-all")
    refusedWholly(evaluation)
  })

  test("[20 lists] finishes, and refuses what cannot be estimated with the reason; no total from one method alone", async () => {
    let state = 5
    const rows: [number, number][] = []
    for (let i = 0; i < 400; i++) {
      let history = 0
      for (let list = 0; list < 20; list++) {
        state = (state * 48271) % 2147483647
        if (state < 0.08 * 2147483647) history |= 1 << list
      }
      rows.push([history, 1])
    }
    const table = captureTable(
      Array.from({ length: 20 }, (_, i) => `L${i}`),
      rows,
    )
    if (!table.ok) throw new Error(table.error.kind)
    const evaluation = await evaluate(table.value, { seed: 1, latentClasses: ONE_ROUND })
    const status = statuses(evaluation)
    for (const id of ["independence", "log-linear-bic", "log-linear-stepwise", "decomposable-graphs"])
      expect(status[id]).toBe("refused")
    const reason = evaluation.estimators.find(({ id }) => id === "log-linear-stepwise")?.warnings[0]
    expect(reason?.code).toBe("too-many-lists")
    expect(reason?.text).toMatch(/Join lists/)
    // Latent classes have an answer and nothing against it; that it is the only one is what forbids it.
    const alone = evaluation.estimators.find(({ id }) => id === "lcmcr")
    expect(alone?.status).toBe("ok")
    expect(alone?.warnings.map(({ code }) => code)).toEqual(["harder-to-find"])
    expect(codes(evaluation)).toContain("too-many-lists")
    expect(evaluation.total).toEqual({ kind: "refused" })
  })

  test("[6 lists] all models are refused with the way out, stepwise is done", async () => {
    const rows: [number, number][] = []
    for (let history = 1; history < 64; history++) rows.push([history, 1 + ((history * 37) % 11) * 3])
    const table = captureTable(["a", "b", "c", "d", "e", "f"], rows)
    if (!table.ok) throw new Error(table.error.kind)
    const status = statuses(await quick(table.value))
    expect(status["log-linear-bic"]).toBe("refused")
    expect(status["log-linear-stepwise"]).toBe("ok")
  })
})

describe("disagreement is shown", () => {
  test("[agreement] the United Kingdom's methods contradict one another: no single total", async () => {
    const evaluation = await quick(unitedKingdom)
    expect(evaluation.agreement.agrees).toBe(false)
    expect(evaluation.agreement.warnings[0]?.code).toBe("estimators-disagree")
    expect(evaluation.total.kind).toBe("contested")
    expect(evaluation.agreement.warnings[1]?.code).toBe("below-lower-bound")
    expect(evaluation.agreement.warnings[1]?.text).toContain('"Log-linear, stepwise" (11,313)')
  })

  test("[agreement] Kosovo's agree within 1.5 times", async () => {
    const { agreement } = await quick(kosovo)
    expect(agreement.agrees).toBe(true)
    expect(agreement.ratio).toBeLessThan(1.5)
  })

  test("[chains] chains that stay apart are warned of three times over and give no headline", () => {
    const chain = (centre: number): Float64Array =>
      Float64Array.from({ length: 500 }, (_, i) => centre + ((i * 7919) % 101))
    const draws = [chain(1000), chain(1010), chain(5000), chain(5010)]
    const result = summarise(kosovo, { draws, diagnostics: diagnose(draws), rounds: 1, stopped: false }, {})
    const found = result.warnings.map(({ code }) => code)
    expect(found).toEqual(expect.arrayContaining(["r-hat", "chains-disagree", "effective-sample-size"]))
  })

  test("[limits] what only people know is said when they say it", () => {
    const found = limitFindings({ notClosed: true, misses: ["women"] }).map(({ code }) => code)
    expect(found).toEqual(["population-not-closed", "source-misses-group"])
    expect(limitFindings({})).toEqual([])
  })
})

describe("files that cannot be read as captures", () => {
  const kindOf = (text: string, options = {}): string => {
    const result = readCaptures(csv(text), options)
    if (result.ok) return "ok"
    expect(capturesErrorText(result.error, "test.csv").length).toBeGreaterThan(30)
    return result.error.kind
  }

  test("[fraction] a cell with a fraction is refused, and named by its row", () => {
    const text = "A,B,C,count\n1,0,0,12\n0,1,0,7.5\n1,1,1,3\n"
    expect(kindOf(text)).toBe("count-not-whole")
    const result = readCaptures(csv(text))
    if (!result.ok) expect(capturesErrorText(result.error, "test.csv")).toContain("row 3")
  })

  test.each([
    ["a negative count", "A,B,C,count\n1,0,0,-4\n0,1,1,3\n", "count-not-whole"],
    ["an empty count", "A,B,C,count\n1,0,0,\n0,1,1,3\n", "count-not-whole"],
    ["a 2 in a list", "A,B,C\n1,0,0\n0,1,2\n1,1,0\n", "not-0-or-1"],
    ["a gap in a list", "A,B,C\n1,0,0\n0,1,\n1,1,0\n", "not-0-or-1"],
    ["no list at all", "name,age\nAmina,30\nBoris,41\n", "no-list-columns"],
    ["nobody", "A,B,C,count\n1,0,0,0\n0,1,1,0\n", "table"],
  ])("[file] refuses %s", (_, text, kind) => {
    expect(kindOf(text)).toBe(kind)
  })

  test("[file] a column to divide by that is not there is refused", () => {
    expect(kindOf("A,B,C\n1,0,0\n0,1,1\n1,1,0\n", { strata: ["region"] })).toBe("no-such-column")
  })

  test("[file] one row per person and one per combination give the same table", () => {
    const people = readCaptures(csv("A,B,C\n1,0,0\n1,0,0\n0,1,1\n"))
    const combinations = readCaptures(csv("A,B,C,count\n1,0,0,2\n0,1,1,1\n0,0,0,\n"))
    if (!people.ok || !combinations.ok) throw new Error("refused")
    expect(people.value.whole).toEqual(combinations.value.whole)
  })

  test.each([
    ["words", "A,B,C\nyes,no,nej\nJa,Nein,ja\nTRUE,true,FALSE\n"],
    ["letters", "A,B,C\nT,F,F\nt,f,t\nT,T,F\n"],
    ["words of other spreadsheets", "A,B,C\nWAHR,FALSCH,FALSK\nSAND,FAUX,VRAI\nИСТИНА,истина,ЛОЖЬ\n"],
    ["decimals of a data frame", "A,B,C\n1.0,0.0,0.0\n1,0,1\n1,1,0\n"],
    [
      "a byte order mark, quotes and a name over two lines",
      '\ufeffA,"B",C,note\n1,0,0,"a\nb"\n1,0,1,\n1,1,0,\n',
    ],
  ])("[file] reads lists marked by %s", (_, text) => {
    const result = readCaptures(csv(text))
    if (!result.ok) throw new Error(result.error.kind)
    expect(result.value.whole.lists).toEqual(["A", "B", "C"])
    expect([...result.value.whole.histories]).toEqual([1, 3, 5])
    expect(result.value.form).toBe("people")
  })

  test.each(["count", "n", "Freq", "antal", "Anzahl", "число"])(
    "[file] finds the counts in a column called %s",
    (name) => {
      const result = readCaptures(csv(`A,B,C,${name}\n1,0,0,62\n0,1,0,48.0\n0,1,1,7\n`))
      if (!result.ok) throw new Error(result.error.kind)
      expect(result.value.form).toBe("combinations")
      expect(result.value.whole.n).toBe(117)
    },
  )

  test("[file] rows that all differ with one column of numbers are not taken for single people", () => {
    const text = "A,B,C,whatever\n1,0,0,62\n0,1,0,48\n0,1,1,7\n"
    const result = readCaptures(csv(text))
    if (!result.ok) throw new Error(result.error.kind)
    expect(result.value.whole.n).toBe(117)
    expect(result.value.warnings.map(({ code }) => code)).toEqual(["count-guessed"])
    // Ages of people who share combinations are no counts.
    const ages = readCaptures(csv("A,B,C,age\n1,0,0,62\n1,0,0,48\n0,1,1,7\n"))
    expect(ages.ok && ages.value.whole.n).toBe(3)
  })

  test("[file] a table as R writes it, with row names under an empty heading, is a table of counts", () => {
    const result = readCaptures(
      csv('"","A","B","C","Freq"\n"1","1","0","0",62\n"2","0","1","0",48\n"3","0","1","1",7\n'),
    )
    expect(result.ok && [result.value.form, result.value.whole.n]).toEqual(["combinations", 117])
    const guessed = readCaptures(csv('"","A","B","C","x"\n"1",1,0,0,62\n"2",0,1,0,48\n"3",0,1,1,7\n'))
    expect(guessed.ok && [guessed.value.form, guessed.value.whole.n]).toEqual(["combinations", 117])
  })

  test("[file] row numbers are not added up as people, whatever they are called; --count still may say so", () => {
    const rows = Array.from(
      { length: 60 },
      (_, at) => `${at + 1},${at % 2},${at % 3 === 0 ? 1 : 0},${at % 5 === 0 ? 1 : 0}`,
    )
    for (const name of ["number", "n", "numero", "cases"]) {
      const text = `${name},A,B,C\n${rows.join("\n")}\n`
      const result = readCaptures(csv(text))
      if (!result.ok) throw new Error(result.error.kind)
      expect(result.value.form).toBe("people")
      expect(result.value.whole.n).toBeLessThanOrEqual(60)
      expect(result.value.warnings.map(({ code }) => code)).toContain("count-guessed")
      const told = readCaptures(csv(text), { count: name })
      expect(told.ok && told.value.whole.n).toBeGreaterThan(1000)
      const beside = readCaptures(csv(`${name},A,B,C,freq\n1,1,0,0,62\n2,0,1,0,48\n3,0,1,1,7\n`))
      expect(beside.ok && [beside.value.whole.n, beside.value.warnings.map((one) => one.code)]).toEqual([
        117,
        ["columns-ignored"],
      ])
    }
  })

  test("[file] two columns that may be the counts: refused, not guessed", () => {
    expect(kindOf("A,B,C,observed,fitted\n1,0,0,62,60\n0,1,0,48,50\n0,1,1,7,8\n")).toBe("count-unclear")
  })

  test("[file] what people are is no list, though it is written as 0 and 1, unless it is named as one", () => {
    const text = "A,B,C,female,adult\n1,0,0,1,1\n1,1,0,0,1\n0,1,1,1,0\n0,0,1,0,1\n"
    const result = readCaptures(csv(text))
    if (!result.ok) throw new Error(result.error.kind)
    expect(result.value.whole.lists).toEqual(["A", "B", "C"])
    expect(result.value.warnings.map((one) => one.text)).toEqual([
      expect.stringMatching(/people are: female, adult/),
    ])
    const named = readCaptures(csv(text), { lists: ["A", "B", "female"] })
    expect(named.ok && named.value.whole.lists).toEqual(["A", "B", "female"])
    const strata = readCaptures(csv(text), { strata: ["female"] })
    expect(strata.ok && strata.value.strata.map(({ name }) => name)).toEqual(["female 0", "female 1"])
  })

  const FOUR = Array.from({ length: 16 }, (_, history) =>
    [8, 4, 2, 1].map((bit) => (history & bit ? "ja" : "nein")).join(";"),
  )
  test("[file] every combination in one row, the unseen left open: counts are found, whatever they are called", () => {
    for (const [name, open] of [
      ["Fälle", ""],
      ["gezählt", ""],
      ["gezählt", "NA"],
      ["gezählt", "–"],
    ]) {
      const rows = FOUR.map((row, at) => `${row};${at === 0 ? open : 3 * at + 1}`)
      const result = readCaptures(csv(`Polizei;Kirche;Presse;Verein;${name}\n${rows.join("\n")}\n`))
      expect(result.ok && [result.value.form, result.value.whole.n], name).toEqual(["combinations", 375])
    }
  })

  test("[file] every combination in one row and no counts: refused, since nobody's people are so", () => {
    const rows = FOUR.slice(1).map((row) => `${row};x`)
    expect(kindOf(`Polizei;Kirche;Presse;Verein;note\n${rows.join("\n")}\n`)).toBe("count-missing")
    // One combination less and a second person: a list of people.
    expect(kindOf(`Polizei;Kirche;Presse;Verein;note\n${[...rows.slice(1), rows[3]].join("\n")}\n`)).toBe(
      "ok",
    )
  })

  test("[file] a column of M and F is no list with a wrong value in it; one of Y and N with a gap is", () => {
    const rows = Array.from(
      { length: 20 },
      (_, at) => `${at % 2},${at % 3 === 0 ? 1 : 0},${at % 5 === 0 ? 1 : 0}`,
    )
    const people = (marks: (at: number) => string) =>
      `A,B,C,kind of person\n${rows.map((row, at) => `${row},${marks(at)}`).join("\n")}\n`
    expect(kindOf(people((at) => (at % 3 === 0 ? "M" : "F")))).toBe("ok")
    expect(kindOf(people((at) => (at === 7 ? "" : at % 3 === 0 ? "Y" : "N")))).toBe("not-0-or-1")
  })

  test("[file] rows of nothing, as spreadsheets leave them at the end, are nobody", () => {
    const result = readCaptures(csv("A;B;C;count\n1;0;0;62\n0;1;1;7\n;;;\n;;;\n"))
    expect(result.ok && result.value.whole.n).toBe(69)
  })

  test("[file] counts that are mostly 0 and 1 in a table of every combination are found by their name, else asked for", () => {
    const cells = Array.from({ length: 31 }, (_, at) => {
      const history = at + 1
      return `${[1, 2, 4, 8, 16].map((bit) => (history & bit ? 1 : 0)).join()},${history % 7 === 1 ? 40 + history : history % 2}`
    })
    const named = readCaptures(csv(`A,B,C,D,E,n\n${cells.join("\n")}\n`))
    expect(named.ok && named.value.form).toBe("combinations")
    expect(kindOf(`A,B,C,D,E,tally\n${cells.join("\n")}\n`)).toBe("not-0-or-1")
  })

  test.each([
    ["1,5", "A;B;C;count\n1;0;0;1,5\n0;1;1;3\n"],
    ["1.131", "A;B;C;count\n1;0;0;1.131\n0;1;1;3\n"],
  ])("[fraction] refuses %s however decimals are written", (_, text) => {
    expect(kindOf(text)).toBe("count-not-whole")
  })

  test("[file] people on no list are left out and counted", () => {
    const result = readCaptures(csv("A,B,C\n1,0,0\n0,0,0\n0,1,1\n"))
    if (!result.ok) throw new Error(result.error.kind)
    expect(result.value.whole.n).toBe(2)
    expect(result.value.warnings.map(({ code }) => code)).toEqual(["rows-on-no-list"])
  })

  test("[clusters] what linkage writes becomes lists by source; loose clusters give the minimum", () => {
    const result = readCaptures(
      csv(
        "record_id,strict,best,loose,list,sample-1,sample-2\n1,1,1,1,a,1,1\n2,2,1,1,b,1,2\n3,3,3,1,c,3,3\n4,4,4,4,a,4,4\n",
      ),
    )
    if (!result.ok) throw new Error(result.error.kind)
    expect(result.value.form).toBe("clusters")
    expect(result.value.whole.n).toBe(3)
    expect(result.value.minimum).toBe(2)
    expect(result.value.linkages.map((table) => table.n)).toEqual([3, 4])
  })
})

describe("linked records that hardly tell people apart", () => {
  const clusters = (counted: (person: number) => number): string =>
    [
      "record_id,strict,best,loose,list,counted,linkage_warnings",
      ...Array.from({ length: 240 }, (_, record) => {
        const person = record % 100
        return [
          record,
          person,
          person,
          person,
          ["a", "b", "c"][Math.floor(record / 80)],
          counted(person),
          "no-warning",
        ].join()
      }),
    ].join("\n")
  const read = (text: string) => {
    const result = readCaptures(csv(text))
    if (!result.ok) throw new Error(result.error.kind)
    return result.value
  }

  test("[linkage] no total where fewer than four in five people are surely distinct, and the way out is said", async () => {
    const captures = read(clusters((person) => (person < 70 ? 1 : 0)))
    expect(captures.minimum).toBe(70)
    const { whole } = await estimateCaptures(captures, { seed: 1, skip: SLOW })
    expect(codes(whole)).toContain("linkage-doubtful")
    expect(whole.total).toEqual({ kind: "refused" })
    expect(whole.warnings.find(({ code }) => code === "linkage-doubtful")?.text).toMatch(/clerical\.csv/)
  })

  test("[linkage] a few doubtful people are warned of; none, nothing is said", () => {
    const said = (sure: number) =>
      read(clusters((person) => (person < sure ? 1 : 0))).warnings.map(({ code }) => code)
    expect(said(90)).toEqual(["linkage-uncertain"])
    expect(said(100)).toEqual([])
  })
})

describe("linked records that take people for one another", () => {
  /** 93 people as they are, and groups of records that no column told apart. */
  const clusters = (groups: number, size: number) => {
    const lines: string[] = []
    const add = (person: number, list: number) => {
      lines.push([lines.length + 1, person, person, person, "abc"[list % 3], 1, "no-warning"].join())
    }
    for (let person = 0; person < 93; person++) {
      add(person, person)
      if (person % 2 === 0) add(person, person + 1)
    }
    for (let record = 0; record < groups * size; record++) add(100 + (record % groups), record)
    const head = "record_id,strict,best,loose,list,counted,linkage_warnings"
    const result = readCaptures(csv([head, ...lines].join("\n")))
    if (!result.ok) throw new Error(result.error.kind)
    return result.value
  }

  test("[large group] no total where 80 records were taken for one person, and the way out is said", async () => {
    const captures = clusters(3, 80)
    expect(captures.minimum).toBe(96)
    const { whole, minimum } = await estimateCaptures(captures, { seed: 1, skip: ["lcmcr"], replicates: 200 })
    expect(minimum).toBe(96)
    expect(codes(whole)).toContain("large-group")
    expect(whole.total).toEqual({ kind: "refused" })
    // No method's number either: whoever takes one of them by itself would not see why.
    for (const result of whole.estimators) {
      expect(result, result.id).toMatchObject({ status: "refused", estimate: null, lower: null, upper: null })
      expect(result.warnings.map(({ code }) => code)).toEqual(["large-group"])
    }
    expect(whole.warnings.find(({ code }) => code === "large-group")?.text).toMatch(/80 of 380.*--mapping/)
  })

  test("[large group] a person with many records is none", async () => {
    const captures = clusters(3, 9)
    expect(captures.warnings.map(({ code }) => code)).toEqual([])
    const { whole } = await estimateCaptures(captures, { seed: 1, skip: ["lcmcr"], replicates: 200 })
    expect(whole.total.kind).toBe("stated")
  })
})

describe("model names", () => {
  test("[model] reads what it prints, and refuses what no data can answer", () => {
    const lists = ["A", "B", "C"]
    expect(parseModelName("[A B][C]", lists).ok).toBe(true)
    expect(parseModelName("[A·B] [C]", lists).ok).toBe(true)
    for (const [text, kind] of [
      ["A B", "not-a-model"],
      ["[A X]", "unknown-list"],
      ["[A B C]", "all-lists-in-one-term"],
    ] as const) {
      const result = parseModelName(text, lists)
      expect(result.ok ? "ok" : result.error.kind).toBe(kind)
    }
  })
})
