import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Check } from "./main.ts"

const ROOT = fileURLToPath(new URL("..", import.meta.url))

/** The sources, and links to packages of others: those of our own must be the copy's, or both builds would read one folder. */
async function copySources(folder: string): Promise<void> {
  const isOurs = (path: string): boolean => !/node_modules|\/dist(\/|$)/.test(path.slice(ROOT.length))
  await cp(join(ROOT, "packages"), join(folder, "packages"), { recursive: true, filter: isOurs })
  await cp(join(ROOT, "package.json"), join(folder, "package.json"))
  await mkdir(join(folder, "node_modules"))
  for (const name of await readdir(join(ROOT, "node_modules"))) {
    const [from, to] = [join(ROOT, "node_modules", name), join(folder, "node_modules", name)]
    if (name === "@kunak") await cp(from, to, { recursive: true, verbatimSymlinks: true })
    else await symlink(from, to)
  }
  for (const name of await readdir(join(ROOT, "packages"))) {
    const own = join(ROOT, "packages", name, "node_modules")
    if (existsSync(own)) await symlink(own, join(folder, "packages", name, "node_modules"))
  }
}

/** Builds the page's template in two other folders, in other languages and time zones: one hash. */
export async function sameTemplateTwice(): Promise<Check> {
  const hashes = new Set<string>()
  for (const [language, zone, below] of [
    ["ru_RU.UTF-8", "Europe/Moscow", "k"],
    ["C", "America/Lima", "somewhere/quite/else/with-another-name"],
  ] as const) {
    const outer = await mkdtemp(join(tmpdir(), "kunak-build-"))
    const folder = join(outer, below)
    try {
      await mkdir(folder, { recursive: true })
      await copySources(folder)
      const built = spawnSync(process.execPath, [join(folder, "packages/page/build.ts")], {
        cwd: folder,
        env: { ...process.env, LANG: language, TZ: zone },
      })
      if (built.status !== 0) return check("fails", built.stderr.toString().slice(0, 300))
      const html = await readFile(join(folder, "packages/page/dist/template.html"))
      hashes.add(createHash("sha256").update(html).digest("hex"))
    } finally {
      await rm(outer, { recursive: true, force: true })
    }
  }
  return hashes.size === 1 ? check("holds", [...hashes].join()) : check("fails", [...hashes].join(" ≠ "))
}

const check = (shown: Check["shown"], detail: string): Check => ({
  id: "page.template-built-twice",
  what: "the page's template, built in two folders, languages and time zones, has one hash",
  shown,
  detail,
})
