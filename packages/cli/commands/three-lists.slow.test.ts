/** What a statistician holds after two commands: three files of testimonies, who is who, how many, and why not more. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { threeLists, windows1251 } from "@kunak/figures/linkage/testing/three-lists"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const PEOPLE = 400
const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))
const root = mkdtempSync(join(tmpdir(), "kunak-three-lists-"))
afterAll(() => rmSync(root, { recursive: true }))

interface Estimator {
  readonly id: string
  readonly status: "ok" | "refused"
  readonly estimate: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly details: { readonly linkages?: number }
  readonly warnings: readonly { readonly code: string; readonly text: string }[]
}
interface Result {
  readonly n: number
  readonly minimum: number
  readonly reported: { readonly low: number; readonly high: number }
  readonly lists: readonly string[]
  readonly linkages: number
  readonly warnings: readonly { readonly code: string }[]
  readonly total: { readonly kind: string; readonly lower: number; readonly upper: number }
  readonly estimators: readonly Estimator[]
}

function kunak(folder: string, args: readonly string[]): string {
  const run = spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, encoding: "utf8" })
  if (run.status !== 0) throw new Error(`${args.join(" ")}: ${run.stderr}`)
  return run.stdout
}

/** Drops the column that says who is who. */
const withoutTruth = (text: string, separator: string): string =>
  text
    .split("\n")
    .map((line) =>
      line
        .split(separator)
        .filter((_, column) => column !== 1)
        .join(separator),
    )
    .join("\n")

/** Writes the three files and types the two commands. */
function twoCommands(name: string) {
  const folder = join(root, name)
  const lists = threeLists(PEOPLE, 11)
  mkdirSync(folder)
  writeFileSync(join(folder, "ngo.csv"), windows1251(withoutTruth(lists.ngo, ",").replaceAll(",", ";")))
  writeFileSync(join(folder, "hotline.csv"), withoutTruth(lists.hotline, ";"))
  writeFileSync(join(folder, "newspaper.csv"), withoutTruth(lists.newspaper, "\t"))
  const said = kunak(folder, [
    "link",
    "ngo.csv",
    "hotline.csv",
    "newspaper.csv",
    "--out",
    "linked",
    "--seed",
    "7",
  ])
  const json = kunak(folder, [
    ...["estimate", "linked/clusters.csv", "--report", "linked/estimate.html", "--seed", "7", "--json"],
    ...["--replicates", "800", "--rounds", "2"],
  ])
  return { folder: join(folder, "linked"), said, json, result: JSON.parse(json) as Result }
}

describe("three lists of testimonies, two commands", () => {
  let first: ReturnType<typeof twoCommands>
  beforeAll(() => {
    first = twoCommands("one")
  })

  test("[who] says who is probably the same person, and why, pair by pair", () => {
    expect(readdirSync(first.folder).sort()).toEqual([
      ...["clerical.csv", "clusters.csv", "estimate.html", "pairs.csv", "report.html"],
    ])
    const [head = "", best = ""] = readFileSync(join(first.folder, "pairs.csv"), "utf8").split("\n")
    expect(head).toMatch(/^record_id_a,record_id_b,list_a,list_b,weight,chance,/)
    expect(best).toMatch(/same day \+\d/)
    expect(first.said).toContain("kunak estimate linked/clusters.csv")
    // What each column was taken for, and why.
    expect(first.said).toMatch(
      /^Columns:\n( {2}\S+ +(id|name|given|family|patronymic|date|place|category|ignore) +\S.*\n)+/m,
    )
  })

  test("[three answers] confirmed minimum, reported range and estimated total, around the truth", () => {
    const { result } = first
    expect(result.lists).toEqual(["ngo", "hotline", "newspaper"])
    // What linking warned of came along, and it was nothing.
    expect(first.said).not.toMatch(/^!/m)
    expect(readFileSync(join(first.folder, "clusters.csv"), "utf8")).toMatch(/,no-warning\n$/)
    expect(result.warnings.filter(({ code }) => code.startsWith("linkage"))).toEqual([])
    expect(result.minimum).toBeLessThanOrEqual(result.n)
    expect(result.minimum).toBeLessThanOrEqual(PEOPLE)
    expect(result.minimum).toBeGreaterThan(0.9 * result.n)
    expect(result.reported.high).toBeLessThan(result.n)
    expect(result.total.kind).toBe("stated")
    expect(result.total.lower).toBeLessThan(PEOPLE)
    expect(result.total.upper).toBeGreaterThan(PEOPLE)
  })

  test("[pooled] every method is pooled over the sampled linkages", () => {
    const { result } = first
    expect(result.linkages).toBe(10)
    const given = result.estimators.filter(({ status }) => status === "ok")
    expect(given.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["independence", "log-linear-bic", "log-linear-bootstrap", "lcmcr"]),
    )
    for (const { id, details, estimate, lower, upper } of given) {
      expect(details.linkages, id).toBe(10)
      expect(lower ?? 0, id).toBeLessThanOrEqual(estimate ?? 0)
      expect(upper ?? Number.POSITIVE_INFINITY, id).toBeGreaterThanOrEqual(estimate ?? 0)
    }
  })

  test("[reasons] a sentence against each number that stands alone, and against each refusal", () => {
    for (const { id, status, warnings } of first.result.estimators) {
      if (status === "refused" || /^(independence|chapman|chao|log-linear-bic|no-highest-order)/.test(id))
        expect(warnings.length, id).toBeGreaterThan(0)
      for (const { text } of warnings) expect(text, id).toMatch(/^[A-Z0-9"].{20,}[.]$/s)
    }
  })

  test("[report] a page to look at: the three answers, plots, reasons; nothing loaded from anywhere", () => {
    const page = readFileSync(join(first.folder, "estimate.html"), "utf8")
    for (const part of [
      ...["Confirmed minimum", "Reported range", "Estimated total", "Who is on which lists"],
      ...[
        'class="upset',
        'class="posterior"',
        'class="intervals',
        "Pooled over 10",
        "What speaks against each number",
      ],
    ])
      expect(page).toContain(part)
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|undefined|NaN/)
  })

  test("[seed] the same seed gives the same result to the byte, wherever the files lie", () => {
    const second = twoCommands("two")
    expect(second.json).toBe(first.json)
    for (const name of readdirSync(first.folder))
      expect(readFileSync(join(second.folder, name), "utf8"), name).toBe(
        readFileSync(join(first.folder, name), "utf8"),
      )
  })
})

describe("three lists of testimonies, apart for each region", () => {
  test("[carry] the two commands, the column carried from one to the other", () => {
    const folder = join(root, "regions")
    const lists = threeLists(PEOPLE, 11)
    mkdirSync(folder)
    /** The column that says who is who becomes the region of that person. */
    const withRegion = (text: string, separator: string): string =>
      text
        .trim()
        .split("\n")
        .map((line, at) => {
          const cells = line.split(separator)
          cells[1] = at === 0 ? "region" : Number(cells[1]) % 2 === 0 ? "north" : "south"
          return cells.join(separator)
        })
        .join("\n")
    writeFileSync(join(folder, "ngo.csv"), withRegion(lists.ngo, ","))
    writeFileSync(join(folder, "hotline.csv"), withRegion(lists.hotline, ";"))
    writeFileSync(join(folder, "newspaper.csv"), withRegion(lists.newspaper, "\t"))
    kunak(folder, [
      ...["link", "ngo.csv", "hotline.csv", "newspaper.csv", "--out", "linked", "--seed", "7"],
      ...["--carry", "region", "--samples", "0"],
    ])
    const estimated = kunak(folder, [
      ...["estimate", "linked/clusters.csv", "--strata", "region", "--json"],
      ...["--replicates", "300", "--rounds", "1"],
    ])
    const { n, strata, sum } = JSON.parse(estimated) as Result & {
      strata: readonly (Result & { name: string })[]
      sum: readonly Estimator[]
    }
    expect(strata.map(({ name }) => name).toSorted()).toEqual(["region north", "region south"])
    expect(strata.reduce((people, stratum) => people + stratum.n, 0)).toBe(n)
    const total = sum.find(({ id }) => id === "log-linear-bootstrap")
    expect(total?.status).toBe("ok")
    expect(total?.lower ?? 0).toBeLessThan(PEOPLE)
    expect(total?.upper ?? 0).toBeGreaterThan(PEOPLE)
  })
})

describe("lists whose columns do not tell people apart, two commands", () => {
  const given = ["Amina", "Boris", "Vera"]
  const family = ["Akhmadov", "Dudaev", "Isaev", "Khasanov"]
  const place = ["Grozny", "Argun", "Shali"]

  /** The given name and the place say the same; birth dates are as many as a year has days. */
  const list = (from: number): string =>
    [
      "id,given_name,surname,dob,city",
      ...Array.from({ length: 180 }, (_, row) => {
        const at = row + from
        const two = (value: number): string => String(value).padStart(2, "0")
        const born = `${1950 + (at % 37)}-${two((at % 11) + 1)}-${two((at % 27) + 1)}`
        return [row, given[at % 3], family[at % 4], born, place[at % 3]].join(",")
      }),
    ].join("\n")

  test("[large group] the estimate of what linking warned of states no total either", () => {
    const folder = join(root, "groups")
    mkdirSync(folder)
    for (const [name, from] of [
      ["a.csv", 0],
      ["b.csv", 90],
      ["c.csv", 180],
    ] as const)
      writeFileSync(join(folder, name), list(from))
    const said = kunak(folder, [
      ...["link", "a.csv", "b.csv", "c.csv", "--out", "linked", "--seed", "7", "--samples", "0"],
    ])
    expect(said).toContain("were taken for one and the same person")
    expect(said).toContain("is not said: see the warning above")
    const estimated = kunak(folder, [
      ...["estimate", "linked/clusters.csv", "--json", "--replicates", "100", "--rounds", "1"],
    ])
    const result = JSON.parse(estimated) as Result
    expect(result.warnings.map(({ code }) => code)).toEqual([
      ...["large-group", "too-many-matches", "linkage-warned"],
    ])
    expect(result.total).toEqual({ kind: "refused" })
    for (const { id, status, estimate } of result.estimators)
      expect([status, estimate], id).toEqual(["refused", null])
  })
})

describe("lists that teach linking nothing, three commands", () => {
  const people = [
    ["Amina Boriseva", "1990-01-02", "Argun"],
    ["Boris Orlov", "1970-07-08", "Grozny"],
    ["Eve Smith", "1980-05-06", "Shali"],
    ["Vera Isaeva", "1960-03-04", "Argun"],
    ["Adam Dudaev", "1985-11-12", "Gudermes"],
    ["Heda Khasanova", "1977-09-10", "Vedeno"],
    ["Oleg Petrov", "1992-02-28", "Grozny"],
    ["Lena Sadulaeva", "1968-06-30", "Shali"],
  ]
  const folder = join(root, "few")
  const answer = (args: readonly string[]) =>
    spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, encoding: "utf8" })

  /** As a data frame writes it: everything quoted, dots in names, rows in another order, and joined to a column of its own. */
  const throughDataFrame = (text: string): string => {
    const [head = "", ...rows] = text.trim().split("\n")
    const quoted = (line: string, more: string) =>
      [...line.split(","), more].map((cell) => `"${cell}"`).join(";")
    return [
      quoted(head.replaceAll(/[-_]/g, "."), "ours"),
      ...rows.toReversed().map((row) => quoted(row, "x")),
    ].join("\n")
  }

  beforeAll(() => {
    mkdirSync(folder)
    for (const [at, name] of ["ngo", "hotline", "newspaper"].entries())
      writeFileSync(
        join(folder, `${name}.csv`),
        [
          "name,born,city,year",
          ...people.filter((_, who) => who % 3 !== at).map((one) => [...one, 2018].join()),
        ].join("\n"),
      )
    const said = kunak(folder, [
      "link",
      "ngo.csv",
      "hotline.csv",
      "newspaper.csv",
      "--out",
      "linked",
      "--carry",
      "year",
    ])
    expect(said).toContain("the weights are those it began with")
    expect(said).not.toContain("How many people, seen and unseen")
    writeFileSync(
      join(folder, "again.csv"),
      throughDataFrame(readFileSync(join(folder, "linked", "clusters.csv"), "utf8")),
    )
  })

  test.each(["linked/clusters.csv", "again.csv"])(
    "[nothing learnt] %s: no number but the reason, from kunak estimate and from kunak tables",
    (file) => {
      const run = answer(["estimate", file, "--json", "--replicates", "100", "--rounds", "1"])
      expect(run.status, run.stderr).toBe(0)
      const { total, minimum, reported, estimators, warnings } = JSON.parse(run.stdout)
      expect({ total, minimum, reported }).toEqual({
        total: { kind: "refused" },
        minimum: null,
        reported: null,
      })
      // Nothing of the lists either: to say how few people are on them would be to count people.
      expect(warnings.map(({ code }: { code: string }) => code)).toEqual(["nothing-learnt", "linkage-warned"])
      expect(estimators).toHaveLength(12)
      for (const result of estimators)
        expect(result).toMatchObject({
          status: "refused",
          estimate: null,
          warnings: [{ code: "nothing-learnt" }],
        })
      const shown = answer(["estimate", file]).stdout
      expect(shown).toMatch(/^Before the numbers\n {2}! Linking learnt nothing/)
      expect(shown).toContain("Estimated total    refused")
      const table = answer(["tables", file, "--protect", "--by", "year", "--json"])
      expect([table.status, table.stdout]).toEqual([1, ""])
      expect(JSON.parse(table.stderr).error.kind).toBe("linkage-untenable")
    },
  )
})
