/** Parquet through DuckDB: the only format besides CSV in which statisticians hand over large tables. */
import { DuckDBInstance } from "@duckdb/node-api"
import { err, ok, type Result } from "../result.ts"
import type { Table, TableError } from "./table.ts"

/**
 * Reads every column as text: dates as `YYYY-MM-DD`, numbers as written in full, absent values as `""`.
 * DuckDB works in memory only and fetches no extension: Parquet is built in.
 */
export async function readParquet(path: string): Promise<Result<Table, TableError>> {
  let instance: DuckDBInstance | undefined
  try {
    instance = await DuckDBInstance.create(":memory:", {
      threads: "2",
      memory_limit: "512MB",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    })
    const connection = await instance.connect()
    // Older writers (Impala, Hive) leave texts without the mark that says so; as bytes "ø" would become "\\xC3\\xB8".
    const source = `read_parquet(${literal(path)}, binary_as_string = true)`
    // Described first: a second query on a connection would end the stream of the first.
    const described = await connection.runAndReadAll(`describe select * from ${source}`)
    const result = await connection.stream(`select coalesce(cast(columns(*) as varchar), '') from ${source}`)
    const columns = described.getColumns()[0]?.map(String) ?? []
    const cells: string[][] = columns.map(() => [])
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      const values = columns.map((_, column) =>
        chunk.getColumnValues(column).map((value) => String(value ?? "").trim()),
      )
      for (let row = 0; row < chunk.rowCount; row++) {
        // As in CSV: a row with nothing in it is nobody.
        if (values.every((column) => column[row] === "")) continue
        for (let column = 0; column < columns.length; column++)
          cells[column]?.push(values[column]?.[row] ?? "")
      }
    }
    connection.closeSync()
    const rows = cells[0]?.length ?? 0
    if (rows === 0) return err({ kind: "empty", source: path })
    return ok({ source: path, columns, rows, cells, format: { kind: "parquet" } })
  } catch (cause) {
    const text = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause)
    return err({ kind: "cannot-read", source: path, cause: text })
  } finally {
    instance?.closeSync()
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
