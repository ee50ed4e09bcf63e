/** The edge: a file on disk becomes a table, whatever it was saved as. */
import { open, readFile } from "node:fs/promises"
import { err, type Result } from "../result.ts"
import { parseCsv } from "./csv.ts"
import type { Table, TableError } from "./table.ts"

/** Parquet files begin with these four bytes, whatever their name. */
const PARQUET_MAGIC = "PAR1"

/** Reads CSV or Parquet, told apart by content. Never throws for what a file may hold. */
export async function readTable(path: string): Promise<Result<Table, TableError>> {
  try {
    if (await isParquet(path)) return (await import("./parquet.ts")).readParquet(path)
    return parseCsv(await readFile(path), path)
  } catch (cause) {
    return err({ kind: "cannot-read", source: path, cause: reasonOf(cause) })
  }
}

async function isParquet(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && buffer.toString("latin1") === PARQUET_MAGIC
  } finally {
    await file.close()
  }
}

function reasonOf(cause: unknown): string {
  const code = (cause as { code?: string } | undefined)?.code
  if (code === "ENOENT") return "there is no such file"
  if (code === "EACCES" || code === "EPERM") return "no permission"
  if (code === "EISDIR") return "it is a folder"
  return code ?? (cause instanceof Error ? cause.message : String(cause))
}
