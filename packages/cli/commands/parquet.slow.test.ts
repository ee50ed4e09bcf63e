/** The same records in CSV and in Parquet, with dates as dates and numbers as numbers there: the same people, to the byte. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DuckDBInstance } from "@duckdb/node-api"
import { generatePeople } from "@kunak/figures/linkage/testing/generate-people"
import { afterAll, describe, expect, test } from "vitest"

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))
const root = mkdtempSync(join(tmpdir(), "kunak-parquet-"))
afterAll(() => rmSync(root, { recursive: true }))

function kunak(folder: string, args: readonly string[]): string {
  const run = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  })
  if (run.status !== 0) throw new Error(`${args.join(" ")}: ${run.stderr}`)
  return run.stdout
}

/** @param typed the columns that get a type of their own: `try_cast(dob as date) as dob`. */
async function toParquet(csv: string, parquet: string, typed: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:")
  const connection = await instance.connect()
  await connection.run(
    `copy (select * replace (${typed}) from read_csv('${csv}', all_varchar = true, nullstr = ''))
     to '${parquet}' (format parquet, compression zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
}

/** A folder for each form; files have the same names in both, since a list is called after its file. */
const folders = ["csv", "parquet"].map((form) => {
  const folder = join(root, form)
  mkdirSync(folder)
  return folder
}) as [string, string]

describe("one table in two forms", () => {
  test("[parquet] kunak link: clusters, pairs, the clerical file and quality are the same as from CSV", async () => {
    const { table } = generatePeople(3000, 6)
    const lines = Array.from({ length: table.rows }, (_, row) =>
      // Some dates are years only: they stay text in a column beside the real ones.
      table.cells.map((cells) => cells[row]).join(","),
    )
    const [inCsv, inParquet] = folders
    const isDay = (line: string): boolean => /,\d{4}-\d\d-\d\d,/.test(line)
    for (const [name, from] of [
      ["ngo.data", 0],
      ["court.data", 1500],
    ] as const) {
      const part = lines
        .slice(from, from + 1500)
        .map((line) => (isDay(line) ? line : line.replace(/,\d{4},/, ",,")))
      writeFileSync(join(inCsv, name), `${[table.columns.join(","), ...part].join("\n")}\n`)
      await toParquet(
        join(inCsv, name),
        join(inParquet, name),
        "try_cast(dob as date) as dob, cast(person as bigint) as person",
      )
    }
    expect(readFileSync(join(inParquet, "ngo.data")).toString("latin1", 0, 4)).toBe("PAR1")
    const args = [
      "link",
      "ngo.data",
      "court.data",
      "--out",
      "linked",
      "--truth",
      "person",
      "--seed",
      "3",
      "--json",
    ]
    const [fromCsv, fromParquet] = folders.map((folder) => JSON.parse(kunak(folder, args)))
    // How the files were read is said, and differs; nothing else does.
    expect({ ...fromParquet, notes: [] }).toEqual({ ...fromCsv, notes: [] })
    expect(fromCsv.truth.f1).toBeGreaterThan(0.9)
    for (const name of ["clusters.csv", "pairs.csv", "clerical.csv"])
      expect(readFileSync(join(inParquet, "linked", name), "utf8"), name).toBe(
        readFileSync(join(inCsv, "linked", name), "utf8"),
      )
  })

  test("[parquet] kunak estimate: lists as true and false, counts as numbers, the same digits", async () => {
    const cells =
      "1000:1131 0100:845 1100:177 0010:936 1010:228 0110:217 1110:181 0001:306 1001:106 0101:31 1101:18 0011:123 1011:42 0111:32 1111:27"
    const lines = cells
      .split(" ")
      .map((cell) => `${[...cell.replace(/:.*/, "")].join()},${cell.split(":")[1]}`)
    const [inCsv, inParquet] = folders
    writeFileSync(join(inCsv, "captures.data"), `EXH,ABA,OSCE,HRW,count\n${lines.join("\n")}\n`)
    await toParquet(
      join(inCsv, "captures.data"),
      join(inParquet, "captures.data"),
      "EXH = '1' as EXH, ABA = '1' as ABA, cast(OSCE as double) as OSCE, cast(HRW as tinyint) as HRW, cast(count as double) as count",
    )
    const [fromCsv, fromParquet] = folders.map((folder) =>
      kunak(folder, ["estimate", "captures.data", "--json", "--replicates", "100", "--rounds", "1"]),
    )
    expect(JSON.parse(fromCsv as string).n).toBe(4400)
    expect(fromParquet).toBe(fromCsv)
  })
})
