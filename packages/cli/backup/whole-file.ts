/** Files and folders that are there whole, or not at all, and never in the place of another. */
import { existsSync, rmSync } from "node:fs"
import { link, mkdir, open, rename, rm, unlink } from "node:fs/promises"
import { constants } from "node:os"
import { dirname } from "node:path"
import { Failure } from "../failure.ts"

/** Beside the target, so that it lies on the same disk. */
const beside = (path: string): string => `${path}.unfinished`

/** @throws Failure where something is there: nothing is ever overwritten. */
export function requireFree(path: string): void {
  if (existsSync(path))
    throw new Failure(`${path} is there already, and is not overwritten: name another place.`, "exists")
  if (!existsSync(dirname(path)))
    throw new Failure(`${dirname(path)} is not there: make the folder first, or correct --to.`, "no-folder")
}

/** @throws Failure when the disk refuses; then nothing is left. */
export async function writeWhole(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  requireFree(path)
  await makeWhole(path, async (part) => {
    const file = await open(part, "wx", mode)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  })
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const
/** What is being made, and goes when this process is told to end. */
const unfinished = new Set<string>()

function interrupted(signal: NodeJS.Signals): void {
  for (const one of unfinished) rmSync(one, { recursive: true, force: true, maxRetries: 3 })
  process.exit(128 + constants.signals[signal])
}

function guard(parts: readonly string[]): void {
  if (unfinished.size === 0) for (const signal of SIGNALS) process.on(signal, interrupted)
  for (const one of parts) unfinished.add(one)
}

function release(parts: readonly string[]): void {
  for (const one of parts) unfinished.delete(one)
  if (unfinished.size === 0) for (const signal of SIGNALS) process.off(signal, interrupted)
}

/**
 * Has `make` build a file or folder beside the target, which then takes its name in one step. Whoever interrupts it finds
 * nothing left: half of it may be a key in the clear, or a vault that was not told what to forget.
 * @param sides endings of side files that a database may leave beside it.
 */
export async function makeWhole<T>(
  path: string,
  make: (part: string) => Promise<T>,
  sides: readonly string[] = [],
): Promise<T> {
  const part = beside(path)
  const all = ["", ...sides].map((end) => part + end)
  const clean = async (): Promise<void> => {
    for (const one of all) await rm(one, { recursive: true, force: true })
  }
  await clean()
  guard(all)
  try {
    const made = await make(part)
    await take(part, path)
    await syncFolder(dirname(path))
    return made
  } catch (error) {
    throw writeFailure(error, path)
  } finally {
    await clean()
    release(all)
  }
}

/** A link takes no other file's place, as a renaming would; folders can't be linked. */
async function take(part: string, path: string): Promise<void> {
  try {
    await link(part, path)
    await unlink(part)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== "EPERM" && code !== "ENOTSUP") throw error
    requireFree(path)
    await rename(part, path)
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r")
  await folder.sync().finally(() => folder.close())
}

/** In words what the disk refused; any other error as it is. */
export function writeFailure(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === "EEXIST" || code === "ENOTEMPTY")
    return new Failure(`${path} is there already, and is not overwritten: name another place.`, "exists")
  if (code === "ENOSPC" || code === "EDQUOT") return noSpace(path)
  if (code === "EROFS" || code === "EACCES")
    return new Failure(
      `${path} can't be written: the disk or folder is read-only for you.`,
      "cannot-write",
      3,
    )
  return error
}

export const noSpace = (path: string): Failure =>
  new Failure(
    `There is no room for ${path}: free some space, or name another disk. Nothing was left there.`,
    "no-space",
    3,
  )

export const makeFolder = (path: string): Promise<unknown> => mkdir(path, { mode: 0o700 })

/** A new file in such a folder, on disk when it resolves. */
export async function putFile(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const file = await open(path, "wx", mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}
