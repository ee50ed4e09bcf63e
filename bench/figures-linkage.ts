/**
 * Linking measured: quality beside Splink's figures on the same files, speed and memory beside its figure for
 * 50,000 records, growth from 1,000 to 100,000. Each run is a process of its own, so that memory is its own.
 */
import { execFile, spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DuckDBInstance } from "@duckdb/node-api"
import { borderPeople } from "../packages/figures/linkage/testing/generate-border-people.ts"
import { generatePeople } from "../packages/figures/linkage/testing/generate-people.ts"
import { type MeasuredLinkage, STEPS, type Step } from "./link-steps.ts"
import { type Row, row } from "./row.ts"

const MAIN = fileURLToPath(new URL("../packages/cli/main.ts", import.meta.url))
const STEPWISE = fileURLToPath(new URL("link-steps.ts", import.meta.url))
const DATA = fileURLToPath(new URL("../packages/figures/linkage/testing/data/", import.meta.url))

interface Run {
  readonly seconds: number
  readonly mebibytes: number
  readonly truth: {
    readonly f1: number
    readonly pairs: { readonly f1: number }
    readonly bestThreshold: { readonly f1: number }
  }
}

/** Runs `kunak link … --json`; peak memory as the kernel reports it for the process and its threads. */
function link(args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const report = `process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS+"\\n"))`
    const child = spawn(process.execPath, [
      "--import",
      `data:text/javascript,${encodeURIComponent(report)}`,
      MAIN,
      "link",
      ...args,
      "--json",
    ])
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (chunk) => {
      stdout += String(chunk)
    })
    child.stderr.on("data", (chunk) => {
      stderr += String(chunk)
    })
    child.on("error", reject)
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`kunak link ended with ${code}: ${stderr}`))
      const peak = [...stderr.matchAll(/peak (\d+)/g)].reduce(
        (most, [, kibibytes]) => Math.max(most, Number(kibibytes)),
        0,
      )
      const { truth } = JSON.parse(stdout) as { truth: Run["truth"] }
      resolve({ seconds: (performance.now() - started) / 1000, mebibytes: peak / 1024, truth })
    })
  })
}

/** The same linkage with the clock between its steps. */
function linkInSteps(file: string, truth: string): Promise<MeasuredLinkage & { readonly seconds: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    execFile(process.execPath, [STEPWISE, file, truth], (error, stdout, stderr) => {
      if (error !== null) return reject(new Error(`${error.message}: ${stderr}`))
      const measured = JSON.parse(stdout) as MeasuredLinkage
      resolve({ ...measured, seconds: (performance.now() - started) / 1000 })
    })
  })
}

/** "0.12, 1.3, 5.5 and 14 s with 1,000, 10,000, 50,000 and 100,000 records" */
function bySize<T>(measured: ReadonlyMap<number, T>, show: (one: T) => string, unit: string): string {
  const list = (texts: readonly string[]): string => `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`
  const sizes = [...measured.keys()].map((size) => size.toLocaleString("en-GB"))
  return `${list([...measured.values()].map(show))} ${unit} with ${list(sizes)} records`
}

/** What each step does, for its row. */
const STEP_NAMES: Readonly<Record<Step, string>> = {
  reading: "reading and folding",
  blocking: "choosing which pairs to compare",
  comparing: "comparing pairs",
  learning: "expectation-maximisation and weights",
  joining: "clusters, the minimum, quality",
}

const atLeast = (
  id: string,
  what: string,
  value: number,
  goal: number,
  beside: string,
  besideValue: number | null,
): Row =>
  row({
    id,
    what,
    value,
    unit: "F1",
    beside,
    besideValue,
    // Goals are stated for the value; a row with a peer is judged by the ratio to it.
    goal: besideValue === null ? goal : goal / besideValue,
    direction: "higher is better",
    slope: null,
  })

/** Beside the peer's stated figure; without one shown, and not judged. */
const quoted = (id: string, what: string, value: number, stated: number | null, peer: string): Row =>
  row({
    id,
    what,
    value,
    unit: "F1",
    beside: stated === null ? "no peer on generated records" : peer,
    besideValue: stated,
    goal: stated === null ? null : 1,
    direction: "higher is better",
    slope: null,
  })

const atMost = (
  id: string,
  what: string,
  value: number,
  unit: string,
  goal: number,
  beside: string,
  besideValue: number | null,
  slope: string | null = null,
): Row =>
  row({
    id,
    what,
    value,
    unit,
    beside,
    besideValue,
    goal: besideValue === null ? goal : goal / besideValue,
    direction: "lower is better",
    slope,
  })

/** A figure without a peer or a goal: what matters is how it grows. */
const shown = (
  id: string,
  what: string,
  value: number,
  unit: string,
  slope: string,
  direction: Row["direction"] = "lower is better",
): Row => row({ id, what, value, unit, beside: null, besideValue: null, goal: null, direction, slope })

const FIFTY = 50_000
const SIZES = [1_000, 10_000, FIFTY, 100_000] as const

/** Semicolons and Danish column names, as a register would export it. */
function borderTable(records: number): string {
  const lines = borderPeople(records, 3).map((one, at) =>
    [at + 1, one.given, one.family, one.born, one.place, one.postcode, one.trade, one.person].join(";"),
  )
  return `${["nr;fornavn;efternavn;fødselsdato;sogn;postnr;stilling;person", ...lines].join("\n")}\n`
}

/** The same table in Parquet, its dates as dates. */
async function asParquet(csv: string): Promise<string> {
  const path = csv.replace(/csv$/, "parquet")
  const instance = await DuckDBInstance.create(":memory:")
  const connection = await instance.connect()
  await connection.run(
    `copy (select * replace (try_cast(dob as date) as dob) from read_csv('${csv}', all_varchar = true))
     to '${path}' (format parquet, compression zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
  return path
}

/** @param onStep is told what is being measured. */
export async function benchLinkage(onStep: (what: string) => void = () => {}): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "kunak-bench-link-"))
  try {
    const rows: Row[] = []
    /** @param stated the peer's figure; null where no peer was run on the file. */
    const quality = async (id: string, what: string, args: readonly string[], stated: number | null) => {
      onStep(what)
      const { truth } = await link(args)
      rows.push(
        quoted(
          `figures.link-${id}-best`,
          `${what}, pairwise F1 at the best threshold`,
          truth.bestThreshold.f1,
          stated,
          "Splink 4.0.8",
        ),
        atLeast(
          `figures.link-${id}-own`,
          `${what}, pairwise F1 at its own threshold`,
          truth.pairs.f1,
          truth.bestThreshold.f1 - 0.01,
          "its best threshold",
          truth.bestThreshold.f1,
        ),
        quoted(
          `figures.link-${id}-clusters`,
          `${what}, pairwise F1 of the clusters`,
          truth.f1,
          stated,
          "Splink 4.0.8 by pairs",
        ),
      )
    }
    const roles = join(folder, "roles.json")
    writeFileSync(
      roles,
      JSON.stringify({
        ...{
          rec_id: "id",
          given_name: "given",
          surname: "family",
          street_number: "category",
          address_1: "place",
        },
        ...{
          address_2: "place",
          suburb: "place",
          postcode: "postcode",
          state: "category",
          date_of_birth: "date",
        },
      }),
    )
    await quality("fake-1000", "linking fake_1000", [join(DATA, "fake_1000.csv"), "--truth", "cluster"], 0.92)
    await quality("febrl3", "linking febrl3", [join(DATA, "febrl3.csv"), "--truth", "rec_id"], 0.998)
    await quality(
      "febrl3-no-number",
      "linking febrl3 without the number",
      [join(DATA, "febrl3.csv"), "--truth", "rec_id", "--mapping", roles],
      0.983,
    )

    const border = join(folder, "border.csv")
    writeFileSync(border, borderTable(5_000))
    await quality(
      "danish-german",
      "linking 5,000 generated records in Danish and German spellings",
      [border, "--truth", "person"],
      null,
    )

    const measured = new Map<number, Awaited<ReturnType<typeof linkInSteps>>>()
    for (const records of SIZES) {
      onStep(`linking ${records.toLocaleString("en-GB")} generated records`)
      const { table, truePairs } = generatePeople(records, 7)
      const csv = join(folder, `people-${records}.csv`)
      const lines = Array.from({ length: records }, (_, row) =>
        table.cells.map((cells) => cells[row]).join(","),
      )
      writeFileSync(csv, `${[table.columns.join(","), ...lines].join("\n")}\n`)
      const path = records === FIFTY ? await asParquet(csv) : csv
      const run = await linkInSteps(path, "person")
      measured.set(records, run)
      if (records !== FIFTY) continue
      const what = `linking 50,000 records in Parquet with ${truePairs.toLocaleString("en-GB")} true pairs`
      rows.push(
        atMost(
          "figures.link-50k-seconds",
          what,
          run.seconds,
          "s",
          60,
          "Splink, another 50,000 records, two cores",
          125,
        ),
        atMost(
          "figures.link-50k-memory",
          `${what}, peak memory`,
          run.mebibytes,
          "MiB",
          1024,
          "Splink, the same",
          3.6 * 1024,
        ),
        atLeast(
          "figures.link-50k-clusters",
          `${what}, pairwise F1 of the clusters`,
          run.truth.f1,
          0.95,
          "no peer on generated records",
          null,
        ),
      )
    }
    const at = (records: number) => measured.get(records) as MeasuredLinkage & { readonly seconds: number }
    for (const step of STEPS)
      rows.push(
        shown(
          `figures.link-step-${step}`,
          `linking 50,000 records: ${STEP_NAMES[step]}`,
          at(FIFTY).steps[step],
          "s",
          bySize(measured, ({ steps }) => steps[step].toPrecision(2), "s"),
        ),
      )
    rows.push(
      shown(
        "figures.link-50k-cluster-precision",
        "linking 50,000 records: share of the groups of two records or more that hold one person",
        at(FIFTY).truth.clusterPrecision,
        "share",
        bySize(measured, ({ truth }) => truth.clusterPrecision.toFixed(4), "of the groups"),
        "higher is better",
      ),
    )
    const power = Math.log10(at(100_000).seconds / at(10_000).seconds)
    rows.push(
      atMost(
        "figures.link-growth",
        "linking: power of growth from 10,000 to 100,000 records",
        power,
        "power of n",
        1.3,
        "linear growth",
        1,
        `${bySize(measured, ({ seconds }) => seconds.toFixed(1), "s")}: time grows as the number of records to the power ${power.toFixed(2)}.`,
      ),
      shown(
        "figures.link-growth-memory",
        "linking 100,000 records, peak memory",
        at(100_000).mebibytes,
        "MiB",
        bySize(measured, ({ mebibytes }) => String(Math.round(mebibytes)), "MiB"),
      ),
      shown(
        "figures.link-growth-f1",
        "linking 100,000 records, pairwise F1 of the clusters",
        at(100_000).truth.f1,
        "F1",
        `${bySize(measured, ({ truth }) => truth.f1.toFixed(4), "by clusters")}; ${bySize(measured, ({ truth }) => truth.pairs.f1.toFixed(4), "by pairs at its own threshold")}`,
        "higher is better",
      ),
    )
    return rows
  } finally {
    rmSync(folder, { recursive: true })
  }
}
