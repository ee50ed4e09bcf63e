/**
 * What a stopped run leaves: compared parts as columns of numbers, no names. Valid only for the same files,
 * mapping and settings, told by a fingerprint.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { ComparedPairs } from "../comparison/pairs.ts"

const FOLDER = ".unfinished"
const FINGERPRINT = "fingerprint"

export async function keepUnfinished(
  out: string,
  fingerprint: string,
  parts: ReadonlyMap<number, ComparedPairs>,
): Promise<void> {
  const folder = join(out, FOLDER)
  const fresh = `${folder}-${process.pid}`
  await mkdir(fresh, { recursive: true })
  for (const [part, { a, b, low, high }] of parts) {
    const bytes = Buffer.concat(
      [a, b, low, high].map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)),
    )
    await writeFile(join(fresh, `${part}.part`), bytes)
  }
  await writeFile(join(fresh, FINGERPRINT), fingerprint)
  // Complete or absent: a folder that was half written is never taken for one that can be continued.
  await rm(folder, { recursive: true, force: true })
  await rename(fresh, folder)
}

/** Empty when there is nothing, or when it belongs to other files or settings. */
export async function findUnfinished(
  out: string,
  fingerprint: string,
): Promise<ReadonlyMap<number, ComparedPairs>> {
  const folder = join(out, FOLDER)
  const parts = new Map<number, ComparedPairs>()
  try {
    if ((await readFile(join(folder, FINGERPRINT), "utf8")) !== fingerprint) return parts
    for (const name of await readdir(folder)) {
      const part = /^(\d+)\.part$/.exec(name)?.[1]
      if (part === undefined) continue
      const bytes = new Uint8Array(await readFile(join(folder, name)))
      const length = bytes.byteLength / 16
      if (!Number.isInteger(length)) return new Map()
      const column = (at: number) => bytes.buffer.slice(at * length * 4, (at + 1) * length * 4)
      parts.set(Number(part), {
        a: new Int32Array(column(0)),
        b: new Int32Array(column(1)),
        low: new Uint32Array(column(2)),
        high: new Uint32Array(column(3)),
      })
    }
  } catch {
    return new Map()
  }
  return parts
}

export async function forgetUnfinished(out: string): Promise<void> {
  await rm(join(out, FOLDER), { recursive: true, force: true })
}
