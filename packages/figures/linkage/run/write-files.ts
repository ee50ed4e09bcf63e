/** Writes a set of files so that a reader sees all of the old or all of the new ones, never half a file. */
import { createWriteStream } from "node:fs"
import { mkdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"

/** Owner only: these files hold names. */
const PRIVATE = 0o600
const CHUNK = 1 << 16

export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, Iterable<string>>,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const fresh = (name: string) => join(folder, `.${name}.new`)
  try {
    for (const [name, lines] of files) {
      const target = createWriteStream(fresh(name), { mode: PRIVATE })
      await pipeline(Readable.from(inChunks(lines)), target, signal === undefined ? {} : { signal })
    }
    for (const name of files.keys()) await rename(fresh(name), join(folder, name))
  } catch (cause) {
    for (const name of files.keys()) await rm(fresh(name), { force: true })
    throw cause
  }
}

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = ""
  for (const line of lines) {
    chunk += line
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ""
  }
  if (chunk !== "") yield chunk
}
