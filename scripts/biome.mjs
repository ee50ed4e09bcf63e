// Format, lint and import rules (biome.json). The lock file pins the binaries themselves: the wrapper package names
// platforms that not every registry serves, and npm ci then refuses the whole lock file.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fail, ROOT } from "./runtime.mjs"

/** Runs biome; returns its exit code. Ends with one sentence where no binary is pinned for this machine. */
export function biome(args) {
  const binary = join(ROOT, "node_modules", "@biomejs", `cli-${process.platform}-${process.arch}`, "biome")
  if (!existsSync(binary)) {
    fail(
      `Linting needs Linux on x64 or arm64, and this is ${process.platform}-${process.arch}: run npm test there.`,
    )
  }
  return spawnSync(binary, args, { cwd: ROOT, stdio: "inherit" }).status ?? 1
}
