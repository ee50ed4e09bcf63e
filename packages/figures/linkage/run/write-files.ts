/** Writes a set of files so that a reader sees all of the old or all of the new ones, never half a file. */
import { createWriteStream } from "node:fs"
import { access, constants, mkdir, rename, rm, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"

/** Owner only: these files hold names. */
const PRIVATE = 0o600
const CHUNK = 1 << 16

/** @throws what the system says, so that a folder that takes no files is known before an hour of work, not after it. */
export async function ensureWritable(folder: string): Promise<void> {
  await makeFolder(folder)
  await access(folder, constants.W_OK | constants.X_OK)
}

export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, Iterable<string>>,
  signal?: AbortSignal,
): Promise<void> {
  await makeFolder(folder)
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

/** As `mkdir -p`. Node's own way of doing so never returns where a system folder takes no entries (/proc, /sys). */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const above = dirname(folder)
    if (code === "EEXIST" && (await isFolder(folder))) return
    if (code !== "ENOENT" || above === folder || (await isFolder(above))) throw cause
    await makeFolder(above)
    await mkdir(folder, { mode: 0o700 })
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true

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
