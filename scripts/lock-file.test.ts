/** The supply chain as the lock file fixes it: rules SC1 to SC3, docs/dependencies.md. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const ROOT = fileURLToPath(new URL("..", import.meta.url))

interface Entry {
  readonly version?: string
  readonly link?: boolean
  readonly integrity?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), "utf8"))
const { packages } = json("package-lock.json") as { readonly packages: Readonly<Record<string, Entry>> }
const outside = Object.entries(packages).filter(([path, { link }]) => path.includes("node_modules/") && !link)
const manifests = [
  "package.json",
  ...readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}/package.json`),
]

test("[SC1] every package of the lock file has a version and a SHA-512, and comes from no address of its own", () => {
  expect(outside.length).toBeGreaterThan(100)
  const loose = outside.filter(([, { version, integrity, resolved }]) => {
    const isPinned =
      /^\d+\.\d+\.\d+/.test(version ?? "") && /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")
    return !isPinned || resolved !== undefined
  })
  expect(loose.map(([path]) => path)).toEqual([])
})

test("[SC1] what our packages ask for is exact, and the lock file has just that", () => {
  for (const path of manifests) {
    const manifest = json(path) as Entry
    const folder = path.replace(/\/?package\.json$/, "")
    for (const asked of [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies])
      for (const [name, wanted] of Object.entries(asked ?? {})) {
        expect(wanted, `${path}: ${name}`).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
        const found = packages[`${folder}/node_modules/${name}`] ?? packages[`node_modules/${name}`]
        expect(found?.version, `${path}: ${name}`).toBe(wanted)
      }
  }
})

/** They do without: esbuild's script only replaces a starter by the program that lies beside it. */
const HAVE_SCRIPTS = ["node_modules/esbuild"]

test("[SC2] npm runs no install script here, and no package of the lock file needs one", () => {
  expect(readFileSync(join(ROOT, ".npmrc"), "utf8").split("\n")).toContain("ignore-scripts=true")
  const having = outside.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)
  expect(having.filter((path) => !HAVE_SCRIPTS.includes(path))).toEqual([])
  for (const path of manifests) {
    const { scripts = {} } = json(path) as { readonly scripts?: Readonly<Record<string, string>> }
    expect(
      Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name)),
      path,
    ).toEqual([])
  }
})
