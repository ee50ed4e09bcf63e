/**
 * Every finding from real input, and every sentence read: plain words, and what to do. A code without a case here is an
 * error of types and fails; what is said in another form elsewhere (many pairs, several lists) has its case too.
 */
import { readFileSync } from "node:fs"
import { describe, expect, test, vi } from "vitest"
import { parseCsv } from "../tabular/csv.ts"
import { notPlain } from "../testing/plain-sentence.ts"
import type { CaptureTable } from "./capture-table.ts"
import { captureTable } from "./capture-table.ts"
import { type EstimationSettings, estimateCaptures } from "./estimate-captures.ts"
import { type EvaluationSettings, evaluate } from "./evaluate.ts"
import { FINDING_CODES, type Finding, type FindingCode } from "./finding.ts"
import { limitFindings } from "./known-limits.ts"
import { namedModel } from "./log-linear/estimators.ts"
import { parseModelName } from "./log-linear/model.ts"
import { type CapturesError, type CapturesOptions, capturesErrorText, readCaptures } from "./read-captures.ts"
import { artificial, korea, kosovo, tableOf, unitedKingdom } from "./testing/published-tables.ts"

// Seconds in all where nothing else runs; a case of five lists takes half a minute where much does.
vi.setConfig({ testTimeout: 120_000 })

const SLOW = ["lcmcr", "log-linear-bootstrap"] as const
const WITH_BOOTSTRAP = { skip: ["lcmcr"], bootstrap: { replicates: 100 } } as const
const chains = (burnIn: number, drawsPerRound: number, thin = 1): Partial<EvaluationSettings> => ({
  skip: ["log-linear-bootstrap"],
  latentClasses: { chains: 4, burnIn, thin, drawsPerRound, maxRounds: 1, threads: 0 },
})

/** Everything said about a table, by whichever method. */
async function saidOf(
  table: CaptureTable,
  settings: Partial<EvaluationSettings> = { skip: SLOW },
): Promise<Finding[]> {
  const { warnings, agreement, estimators } = await evaluate(table, { seed: 1, ...settings })
  return [...warnings, ...agreement.warnings, ...estimators.flatMap((one) => one.warnings)]
}

/** The same for several codes: worked out once. */
function once(make: () => Promise<Finding[]>): () => Promise<Finding[]> {
  let made: Promise<Finding[]> | undefined
  return () => {
    made ??= make()
    return made
  }
}
const ofKosovo = once(() => saidOf(kosovo))
const ofUnitedKingdom = once(() => saidOf(unitedKingdom))
const ofItsResamples = once(() => saidOf(unitedKingdom, WITH_BOOTSTRAP))
const ofItsChains = once(() => saidOf(unitedKingdom, chains(5, 60)))

const abc = (cells: string): CaptureTable => tableOf(["A", "B", "C"], cells)

function model(text: string, table: CaptureTable): readonly Finding[] {
  const parsed = parseModelName(text, table.lists)
  if (!parsed.ok) throw new Error(parsed.error.kind)
  return namedModel("log-linear-model", table, parsed.value).warnings
}

function read(text: string, options: CapturesOptions = {}) {
  const table = parseCsv(new TextEncoder().encode(text), "test.csv")
  if (!table.ok) throw new Error(table.error.kind)
  const captures = readCaptures(table.value, options)
  if (!captures.ok) throw new Error(captures.error.kind)
  return captures.value
}

async function saidOfFile(
  text: string,
  options: CapturesOptions = {},
  settings: Partial<EstimationSettings> = { skip: SLOW },
): Promise<Finding[]> {
  const { whole, strata, sum } = await estimateCaptures(read(text, options), { seed: 1, ...settings })
  return (
    [whole, ...strata.map(({ evaluation }) => evaluation)]
      .flatMap(({ warnings, agreement, estimators }) => [
        ...warnings,
        ...agreement.warnings,
        ...estimators.flatMap((one) => one.warnings),
      ])
      .concat(sum.flatMap((one) => one.warnings))
      // In a sum the part's name stands before what is said of it.
      .map((one) => ({ ...one, text: one.text.replace(/^region \S+: /, "") }))
  )
}

/** People on random lists, each person one row. */
function scattered(lists: number, people: number, chance: number): CaptureTable {
  let state = 5
  const rows = Array.from({ length: people }, () => {
    let history = 0
    for (let list = 0; list < lists; list++) {
      state = (state * 48271) % 2147483647
      if (state < chance * 2147483647) history |= 1 << list
    }
    return [history, 1] as const
  })
  const names = Array.from({ length: lists }, (_, list) => `L${list}`)
  const table = captureTable(names, rows)
  if (!table.ok) throw new Error(table.error.kind)
  return table.value
}

/** Linked records of people on three lists: of `people` the first `sure` are counted; samples lose a link now and then. */
function clusters(people: number, sure: number, samples = 0, loseEvery = 3): string {
  const heads = Array.from({ length: samples }, (_, at) => `,sample-${at + 1}`)
  const lines = [`record_id,strict,best,loose,list,counted,region${heads.join("")}`]
  for (let person = 0; person < people; person++)
    for (let list = 0; list < 3; list++) {
      if ((person * (list * 7 + 3)) % 11 > 4) continue
      const region = person % 10 === 0 ? list : person % 2
      const sampled = Array.from({ length: samples }, (_, at) =>
        person % (loseEvery + 4 * at) === 0 ? `x${lines.length}` : person,
      )
      lines.push(
        [lines.length, person, person, person, "abc"[list], person < sure ? 1 : 0, region, ...sampled].join(),
      )
    }
  return lines.join("\n")
}

const many = (cells: string, times: number): string =>
  cells
    .split(" ")
    .map((cell) => `${cell.split(":")[0]}:${Number(cell.split(":")[1]) * times}`)
    .join(" ")

const inside = "010:50 110:20 001:40 011:12 111:8"
const csvOf = (strata: Readonly<Record<string, string>>): string =>
  [
    "region,x,y,z,count",
    ...Object.entries(strata).flatMap(([region, cells]) =>
      cells
        .split(" ")
        .map((cell) => `${region},${[...cell.replace(/:.*/, "")].join()},${cell.split(":")[1]}`),
    ),
  ].join("\n")
const NEARLY_ALL = "100:6 010:5 001:5 110:30 101:28 011:26 111:150"
const MOSTLY_ONE = "100:260 010:240 001:230 110:22 101:20 011:18 111:3"

/** Stopped as soon as something is said to have been done. */
function stoppedAfter(rounds: number): Partial<EvaluationSettings> {
  const stop = new AbortController()
  return {
    skip: ["log-linear-bootstrap"],
    latentClasses: {
      ...{ burnIn: 10, thin: 1, drawsPerRound: 20, maxRounds: 100, threads: 0, signal: stop.signal },
      onProgress: (round) => {
        if (round >= rounds) stop.abort()
      },
    },
  }
}

type Case = () => readonly Finding[] | Promise<readonly Finding[]>

const CASES: Readonly<Record<FindingCode, readonly Case[]>> = {
  "too-few-lists": [
    () => saidOf(tableOf(["A"], "1:60")),
    () => saidOf(tableOf(["A", "B"], "10:60 01:40 11:20")),
  ],
  "too-many-lists": [
    () => saidOf(scattered(6, 300, 0.2)),
    () => saidOf(scattered(14, 300, 0.1), { skip: ["lcmcr"] }),
  ],
  "list-empty": [() => saidOf(abc("100:50 010:40 110:12"))],
  "list-duplicate": [() => saidOf(abc("110:50 001:40 111:12"))],
  "list-contains-all": [() => saidOf(abc("100:50 110:40 111:12 101:9"))],
  "list-inside-another": [() => saidOf(abc(inside))],
  "list-nearly-duplicate": [() => saidOf(abc("100:2 110:60 010:1 001:50 101:1 111:30"))],
  "list-nearly-all": [() => saidOf(abc("100:50 110:40 111:12 101:9 010:2 001:1"))],
  "list-nearly-inside": [() => saidOf(abc("100:1 010:60 110:22 001:40 011:14 111:8"))],
  "no-overlap": [() => saidOf(abc("100:50 010:20 001:40"))],
  "overlap-empty": [
    () => saidOf(abc("100:40 010:30 001:20 110:6")),
    () => saidOf(tableOf(["A", "B", "C", "D"], "1000:40 0100:30 0010:20 0001:20 1100:6")),
    () => saidOf(abc("100:20 010:10 001:10 110:6")),
  ],
  "overlap-small": [
    () => saidOf(abc("100:40 010:30 001:20 110:1 101:2 011:7")),
    () => saidOf(tableOf(["A", "B", "C", "D"], "1000:9 0100:9 0010:9 0001:9 1100:1 0110:1 0011:1 1001:2")),
    () =>
      saidOf(tableOf(["A", "B", "C", "D"], "1000:50 0100:40 0010:30 0001:20 1100:1 0110:1 0011:1 1001:2")),
  ],
  "few-cases": [() => saidOf(abc("100:3 010:2 001:2 110:1 101:1 011:1"))],
  "rows-on-no-list": [
    () => saidOfFile("A,B,C\n1,0,0\n0,0,0\n0,1,1\n1,1,0\n"),
    () => saidOfFile("A,B,C,count\n1,0,0,20\n0,0,0,7\n0,1,1,8\n1,1,0,9\n"),
  ],
  "columns-ignored": [
    () => saidOfFile("A,B,C,note\n1,0,0,x\n0,1,1,y\n1,1,0,z\n"),
    () => saidOfFile("A,B,C,female\n1,0,0,1\n0,1,1,0\n1,1,0,1\n"),
  ],
  "count-guessed": [
    () => saidOfFile("A,B,C,whatever\n1,0,0,62\n0,1,0,48\n0,1,1,7\n1,1,0,9\n"),
    () => saidOfFile("number,A,B,C\n1,1,0,0\n2,1,1,0\n3,1,1,0\n4,0,1,1\n"),
  ],
  "population-not-closed": [() => limitFindings({ notClosed: true })],
  "source-misses-group": [() => limitFindings({ misses: ["women"] })],
  "harder-to-find": [ofKosovo],
  "no-estimate": [
    () => model("[A B]", artificial),
    () => saidOf(korea),
    () => saidOf(tableOf(["A", "B", "C", "D"], "0011:9 0110:6 0111:3 1001:12 1010:8 1011:3 1101:3 1110:7")),
    () => model("[A]", abc(many("100:300 010:300 001:300 110:1 101:1 011:1", 1).replaceAll("300", "300000"))),
  ],
  "not-identifiable": [() => model("[A B][A C][B C]", artificial)],
  "boundary-estimate": [ofUnitedKingdom],
  "models-disagree": [ofKosovo],
  "leave-one-out": [ofKosovo, ofItsResamples],
  "interval-open": [() => model("[A]", abc("100:50000 010:50000 001:50000 110:1 101:1 011:1"))],
  "interval-wide": [() => saidOf(abc("100:30 010:20 001:25 110:1 101:1 011:1"))],
  "interval-conditional": [ofKosovo],
  "interval-end-thin": [() => saidOf(kosovo, { skip: ["lcmcr"], bootstrap: { replicates: 300 } })],
  "few-resamples": [
    () => saidOf(kosovo, WITH_BOOTSTRAP),
    () => saidOf(kosovo, { skip: ["lcmcr"], bootstrap: { replicates: 1 } }),
  ],
  "resamples-failed": [
    () => saidOf(abc("100:40 010:30 001:20 110:1"), WITH_BOOTSTRAP),
    () => saidOf(abc("100:30 010:20 001:25 110:1 101:1 011:1"), WITH_BOOTSTRAP),
  ],
  "untestable-assumption": [ofKosovo],
  "diagnostic-only": [ofKosovo],
  "below-seen": [() => saidOf(abc("100:2 010:2 001:200 110:50 101:3 011:2"))],
  "lower-bound-only": [ofKosovo],
  "stepwise-only": [ofKosovo],
  "search-restricted": [ofItsResamples],
  "saturated-graph": [() => saidOf(abc("001:393 010:366 011:104 100:386 101:143 110:25 111:350"))],
  "grid-edge": [() => saidOf(abc("001:393 010:366 011:104 100:386 101:143 110:25 111:350"))],
  "several-modes": [ofUnitedKingdom, ofItsChains],
  "r-hat": [ofItsChains],
  "effective-sample-size": [ofItsChains],
  "chains-disagree": [ofItsChains],
  "heavy-tail": [() => saidOf(abc("100:30 010:20 001:25 110:1 101:1 011:1"), chains(2000, 1000, 5))],
  "stopped-early": [
    () => saidOf(korea, stoppedAfter(0)),
    () => saidOf(korea, stoppedAfter(2)),
    () => saidOf(korea, { skip: ["lcmcr"], bootstrap: { replicates: 500, onProgress: () => false } }),
  ],
  "estimators-disagree": [ofUnitedKingdom],
  "single-method": [
    () => saidOf(scattered(14, 400, 0.1), { ...chains(300, 400), skip: ["log-linear-bootstrap"] }),
  ],
  "below-lower-bound": [ofUnitedKingdom],
  "linkage-uncertain": [
    () => read(clusters(100, 90)).warnings,
    () => saidOfFile(clusters(100, 100, 6)),
    // In most linkages one combination of lists has nobody: no method that divides by it answers.
    () => saidOfFile(clusters(30, 30, 6, 2)),
  ],
  "linkage-doubtful": [() => read(clusters(100, 70)).warnings],
  "linkage-warned": [
    () => read(withVerdict("few-columns")).warnings,
    () => read(withVerdict("name-in-place rule-too-coarse shared-identifier lists-alike")).warnings,
  ],
  "linkage-unsaid": [
    () => read(clusters(100, 100)).warnings,
    () => read(withVerdict("no-warning").replace(/no-warning$/, "")).warnings,
    () => read(withVerdict("no-warning").replaceAll(/,1,no-warning/g, ",1,NA")).warnings,
  ],
  "linkage-unread": [() => read(withVerdict("few-columns of-a-later-version")).refusals],
  "nothing-learnt": [() => read(withVerdict("nothing-learnt few-columns")).refusals],
  "too-many-matches": [() => read(withVerdict("too-many-matches")).refusals],
  "large-group": [
    () =>
      read(
        ["record_id,strict,best,loose,list,counted"]
          .concat(
            Array.from({ length: 90 }, (_, at) => `${at},${at},${at < 60 ? 1 : at},1,${"abc"[at % 3]},1`),
          )
          .join("\n"),
      ).refusals,
    () => read(withVerdict("large-group")).refusals,
  ],
  "stratum-refused": [
    () => saidOfFile(csvOf({ north: MOSTLY_ONE, south: "100:5 010:5 001:5" }), { strata: ["region"] }),
    () => saidOfFile(csvOf({ north: MOSTLY_ONE, south: inside }), { strata: ["region"] }),
  ],
  "strata-disagree": [
    () =>
      saidOfFile(
        csvOf({ north: MOSTLY_ONE, south: NEARLY_ALL }),
        { strata: ["region"] },
        { skip: ["lcmcr", "decomposable-graphs"], replicates: 200 },
      ),
  ],
  "strata-mixed": [() => read(clusters(100, 100), { strata: ["region"] }).warnings],
}

/** The same, with what linking warned of in every row. */
function withVerdict(verdict: string): string {
  return clusters(100, 100)
    .split("\n")
    .map((line, at) => `${line},${at === 0 ? "linkage_warnings" : verdict}`)
    .join("\n")
}

const DOCUMENT = readFileSync(new URL("../../../docs/figures.md", import.meta.url), "utf8")

describe("every finding", () => {
  test.each(FINDING_CODES)("[findings] %s stands in the document", (code) => {
    expect(DOCUMENT).toContain(`\`${code}\``)
  })

  test("[findings] has its case, and there is no case for what is no finding", () => {
    expect(Object.keys(CASES).toSorted()).toEqual([...FINDING_CODES].toSorted())
  })

  test.each(FINDING_CODES)(
    "[findings] %s comes from real input, in plain words that say what to do",
    async (code) => {
      for (const [at, make] of CASES[code].entries()) {
        const found = await make()
        expect(
          found.map((one) => one.code),
          `case ${at + 1}`,
        ).toContain(code)
        for (const { text } of found) expect(notPlain(text), text).toBeNull()
      }
    },
  )
})

/** Files that are no captures, by what is said of them. */
const BAD_FILES: Readonly<
  Record<
    Exclude<CapturesError["kind"], "table"> | "too-many-lists" | "nobody",
    readonly [string, CapturesOptions?]
  >
> = {
  "no-list-columns": ["name,age\nAmina,30\nBoris,41\n"],
  "no-such-column": ["A,B,C\n1,0,0\n0,1,1\n", { strata: ["region"] }],
  "not-0-or-1": ["A,B,C\n1,0,0\n0,1,\n1,1,0\n"],
  "count-not-whole": ["A,B,C,count\n1,0,0,1.5\n0,1,1,3\n"],
  "count-unclear": ["A,B,C,x,y\n1,0,0,62,5\n0,1,0,48,7\n0,1,1,7,9\n1,1,0,9,2\n"],
  "count-missing": ["A,B\n1,0\n0,1\n1,1\n"],
  "not-carried": ["record_id,strict,best,loose,list\n1,1,1,1,a\n2,1,1,1,b\n", { strata: ["region"] }],
  "not-nested": ["record_id,strict,best,loose,list\n1,1,1,1,a\n2,1,1,1,b\n3,2,1,1,c\n1,1,1,1,a\n2,2,2,2,b\n"],
  "not-linked": ["record_id,strict,best,loose,list\n1,1,1,1,a\n2,,,,b\n"],
  "too-many-lists": [
    `${Array.from({ length: 25 }, (_, list) => `L${list}`).join()}\n${"1,".repeat(24)}0\n${"0,".repeat(24)}1\n`,
  ],
  nobody: ["A,B,C,count\n1,0,0,0\n0,1,1,0\n"],
}

describe("every refusal of a file", () => {
  test.each(Object.entries(BAD_FILES))(
    "[file] %s is said in plain words that say what to do",
    (kind, [text, options]) => {
      const table = parseCsv(new TextEncoder().encode(text), "test.csv")
      if (!table.ok) throw new Error(table.error.kind)
      const captures = readCaptures(table.value, options)
      if (captures.ok) throw new Error("was not refused")
      const { error } = captures
      expect(error.kind === "table" ? error.error.kind : error.kind).toBe(kind)
      const said = capturesErrorText(error, "test.csv").replace(/^test\.csv/, "The file")
      expect(notPlain(said), said).toBeNull()
    },
  )
})
