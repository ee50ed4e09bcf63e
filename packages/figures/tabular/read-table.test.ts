import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { afterAll, describe, expect, test } from "vitest"
import { readTable } from "./read-table.ts"

const folder = mkdtempSync(join(tmpdir(), "kunak-tabular-"))
afterAll(() => rmSync(folder, { recursive: true }))

describe("reading a table from disk", () => {
  test("[parquet] dates, numbers, absent values and Cyrillic come out as text, whatever the file is called", async () => {
    const path = join(folder, "it's a list.data")
    const instance = await DuckDBInstance.create(":memory:")
    const connection = await instance.connect()
    await connection.run(
      `copy (select 'Амина' as имя, date '1994-05-01' as born, 7::bigint as n, null::varchar as place
        union all select null, null, null, 'Аргун') to '${path.replaceAll("'", "''")}' (format parquet)`,
    )
    connection.closeSync()
    instance.closeSync()
    const result = await readTable(path)
    expect(result).toMatchObject({
      ok: true,
      value: {
        columns: ["имя", "born", "n", "place"],
        rows: 2,
        cells: [
          ["Амина", ""],
          ["1994-05-01", ""],
          ["7", ""],
          ["", "Аргун"],
        ],
        format: { kind: "parquet" },
      },
    })
  })

  test("[parquet] a row with nothing in it is nobody, as in CSV", async () => {
    const path = join(folder, "gaps.parquet")
    const instance = await DuckDBInstance.create(":memory:")
    const connection = await instance.connect()
    await connection.run(
      `copy (select * from (values ('Amina', 1), (null, null), ('Boris', 2), ('', null)) as t(name, n))
       to '${path}' (format parquet)`,
    )
    connection.closeSync()
    instance.closeSync()
    const result = await readTable(path)
    expect(result.ok && [result.value.rows, result.value.cells]).toEqual([
      2,
      [
        ["Amina", "Boris"],
        ["1", "2"],
      ],
    ])
  })

  test.each(["snappy", "zstd", "gzip", "lz4", "uncompressed"])(
    "[parquet] %s: dictionaries, nulls, times, decimals, and texts not marked as such",
    async (codec) => {
      const path = join(folder, `${codec}.parquet`)
      const instance = await DuckDBInstance.create(":memory:")
      const connection = await instance.connect()
      await connection.run(
        `copy (select ['Søren', 'Jürgen'][1 + range % 2] as given, encode('Møller') as family,
           timestamp '1894-05-01 00:00:00' as dob, case when range % 2 = 0 then null else 24937 end as postcode,
           12.50::decimal(9, 2) as amount from range(5000))
         to '${path}' (format parquet, compression ${codec})`,
      )
      connection.closeSync()
      instance.closeSync()
      const result = await readTable(path)
      if (!result.ok) throw new Error(result.error.kind)
      expect(result.value.rows).toBe(5000)
      expect(result.value.cells.map((column) => column.slice(0, 2))).toEqual([
        ["Søren", "Jürgen"],
        ["Møller", "Møller"],
        ["1894-05-01 00:00:00", "1894-05-01 00:00:00"],
        ["", "24937"],
        ["12.50", "12.50"],
      ])
    },
  )

  test("[refusal] a missing file, a folder and a broken Parquet file", async () => {
    expect(await readTable(join(folder, "none.csv"))).toMatchObject({
      ok: false,
      error: { kind: "cannot-read", cause: "there is no such file" },
    })
    expect(await readTable(folder)).toMatchObject({ ok: false, error: { kind: "cannot-read" } })
    writeFileSync(join(folder, "broken.parquet"), "PAR1 and then nothing")
    expect(await readTable(join(folder, "broken.parquet"))).toMatchObject({
      ok: false,
      error: { kind: "cannot-read" },
    })
  })
})
