/** The archive as `npm run archive` makes it, and unpacked: for checks that use it as its users do. */
import { spawnSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { fileURLToPath } from "node:url"

const ROOT = fileURLToPath(new URL("..", import.meta.url))

export interface Built {
  readonly ok: boolean
  readonly hash: string
  readonly file: string
  readonly size: string
  /** On standard error. */
  readonly said: string
}

export function buildArchive(out: string, mask = "022", env: Readonly<Record<string, string>> = {}): Built {
  const done = spawnSync(
    "sh",
    ["-c", `umask ${mask}; exec "$0" "$@"`, process.execPath, "scripts/archive.mjs", out],
    {
      cwd: ROOT,
      env: { ...process.env, ...env },
      encoding: "utf8",
    },
  )
  const [, hash = "", file = "", size = ""] = /([0-9a-f]{64}) {2}(.*)\n(.*)/.exec(done.stdout) ?? []
  return { ok: done.status === 0 && hash !== "", hash, file, size, said: done.stderr.slice(-300) }
}

/** @param folder is made. */
export function unpackArchive({ file }: Built, folder: string): void {
  mkdirSync(folder)
  spawnSync("tar", ["xzf", file, "-C", folder, "--strip-components=1"])
}
