/** Builds recorder.c with the system's compiler, once for each text of it. */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs"
import { fileURLToPath } from "node:url"

const SOURCE = fileURLToPath(new URL("recorder.c", import.meta.url))
const CACHE = fileURLToPath(new URL("../../.cache/", import.meta.url))

/** @returns the path of the library. @throws Error where no compiler is, or it refuses. */
export function recorderLibrary(): string {
  const hash = createHash("sha256").update(readFileSync(SOURCE)).digest("hex").slice(0, 16)
  const library = `${CACHE}recorder-${process.arch}-${hash}.so`
  if (existsSync(library)) return library
  mkdirSync(CACHE, { recursive: true })
  const aside = `${library}.${process.pid}`
  const flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
  const built = spawnSync("gcc", [...flags, "-o", aside, SOURCE, "-ldl", "-lpthread"])
  if (built.status !== 0) throw new Error(`gcc: ${built.error?.message ?? built.stderr.toString()}`)
  renameSync(aside, library)
  return library
}
