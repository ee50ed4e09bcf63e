// npm run archive: one file that runs without npm and without the system's Node. The same bytes from the same commit.
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  createReadStream,
  createWriteStream,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
} from "node:fs"
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join, relative, resolve } from "node:path"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { ensurePackages, fail, pinnedNode, platformName, ROOT, runNode } from "./runtime.mjs"

/** Of our own files: what runs, what is read, what its licence asks for. */
const OURS = /^(docs|packages)\/|^(package\.json|package-lock\.json|tsconfig\.json|LICENSE|[A-Z_]+\.md)$/
const NOT_OURS = /\.test\.ts$|\/testing\/|^docs\/images\//
/** Bundled into page and window, or only bundling them: nothing loads them at run time. */
const BUILT_IN = new Set([
  "esbuild",
  "vite",
  "@vitejs/plugin-react",
  "react",
  "react-dom",
  "react-aria-components",
])
/** Of others' packages: what no program loads. Licences stay. */
const NOT_LOADED =
  /\.(map|d\.ts|d\.mts|d\.cts)$|^(better-sqlite3-multiple-ciphers\/(deps|src)|node-[a-z0-9-]+\/include)\//
/** Of no meaning, and the same for everybody: 2020-01-01. */
const MTIME = "@1577836800"

const out = resolve(process.argv[2] ?? join(ROOT, ".cache"))

ensurePackages()
if (process.platform !== "linux") fail("The archive is made on Linux, for Linux: use a clone and npm here.")
// The same compressor for everybody: the one inside the pinned Node.
const node = pinnedNode()
if (process.execPath !== node) process.exit(await runNodeAt(node, process.argv.slice(1)))
if ((await runNode([`${ROOT}/scripts/build.mjs`])) !== 0) process.exit(1)

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))
const name = `kunak-${version}-${platformName}`
const stage = await mkdtemp(join(tmpdir(), "kunak-archive-"))
try {
  const folder = join(stage, name)
  for (const file of ourFiles()) await put(join(ROOT, file), join(folder, file))
  for (const built of ["packages/page/dist", "packages/desk/dist"])
    for (const file of filesBelow(join(ROOT, built))) await put(file, join(folder, relative(ROOT, file)))
  for (const place of runtimePackages()) await putPackage(place, folder)
  for (const one of readdirSync(join(ROOT, "packages")).sort()) {
    await mkdir(join(folder, "node_modules/@kunak"), { recursive: true })
    await symlink(`../../packages/${one}`, join(folder, "node_modules/@kunak", one))
  }
  await put(node, join(folder, "node/bin/node"), 0o755)
  await put(join(ROOT, `node_modules/node-${platformName}/LICENSE`), join(folder, "node/LICENSE"))
  for (const unit of ["packages/relay/deploy/kunak-relay.service", "packages/duty/deploy/kunak-duty.service"])
    await put(join(ROOT, unit), join(folder, "systemd", unit.split("/").at(-1)))
  await put(join(ROOT, "scripts/kunak.sh"), join(folder, "kunak"), 0o755)
  await writeFile(join(folder, "COMMIT"), `${commit()}\n`, { mode: 0o644 })
  const file = join(out, `${name}.tar.gz`)
  await mkdir(out, { recursive: true })
  await pack(file)
  const hash = createHash("sha256")
  await pipeline(createReadStream(file), hash)
  process.stdout.write(
    `${hash.digest("hex")}  ${file}\n${(lstatSync(file).size / 1e6).toFixed(1)} MB, commit ${commit()}\n`,
  )
} finally {
  await rm(stage, { recursive: true, force: true })
}

function runNodeAt(binary, args) {
  return new Promise((done) =>
    spawn(binary, args, { stdio: "inherit" }).on("exit", (code) => done(code ?? 1)),
  )
}

function git(...args) {
  const asked = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" })
  if (asked.status !== 0)
    fail("The archive is made from a clone: git could not say which files belong to it.")
  return asked.stdout
}

function ourFiles() {
  return git("ls-files", "-z")
    .split("\0")
    .filter((file) => OURS.test(file) && !NOT_OURS.test(file) && existsSync(join(ROOT, file)))
}

/** "+changes" when the files are not those of the commit: such an archive is nobody else's. What a check wrote down before is in no archive. */
function commit() {
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!check/results.json") !== ""
  return git("rev-parse", "HEAD").trim() + (changed ? "+changes" : "")
}

/** Folders in node_modules that the packages of ours need at run time, as the lock file resolves them. */
function runtimePackages() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"))
  const found = new Set()
  const visit = (from, wanted) => {
    for (const dependency of wanted) {
      if (BUILT_IN.has(dependency) || dependency.startsWith("@kunak/")) continue
      const place = placeOf(packages, from, dependency)
      // Optional ones are there for this platform or not at all.
      if (place === null || found.has(place) || !existsSync(join(ROOT, place))) continue
      found.add(place)
      const { dependencies = {}, optionalDependencies = {} } = packages[place]
      visit(place, Object.keys({ ...dependencies, ...optionalDependencies }))
    }
  }
  for (const [place, entry] of Object.entries(packages))
    if (/^packages\/[^/]+$/.test(place)) visit(place, Object.keys(entry.dependencies ?? {}))
  return [...found].sort()
}

/** As Node looks for it: in the nearest node_modules above. */
function placeOf(packages, from, dependency) {
  for (let at = from; ; at = at.includes("/") ? dirname(at) : "") {
    const place = join(at, "node_modules", dependency)
    if (packages[place]) return place
    if (at === "") return null
  }
}

async function putPackage(place, folder) {
  const inside = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)
  for (const file of filesBelow(join(ROOT, place))) {
    const below = relative(join(ROOT, place), file)
    if (below.split("/").includes("node_modules") || NOT_LOADED.test(join(inside, below))) continue
    if (/(^|\/)prebuilds\//.test(below) && !below.includes(platformName)) continue
    await put(file, join(folder, relative(ROOT, file)))
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

async function put(from, to, mode = 0o644) {
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
  await chmod(to, mode)
}

/** Sorted, of one time, of nobody: GNU tar, then gzip without a name or a time. */
async function pack(file) {
  const tar = spawn(
    "tar",
    [
      ...["--create", "--format=gnu", "--sort=name", `--mtime=${MTIME}`, "--mode=u=rwX,go=rX"],
      ...["--owner=0", "--group=0", "--numeric-owner", "--directory", stage, name],
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, LC_ALL: "C" } },
  )
  const ended = new Promise((done) => {
    tar.on("error", () => done(1))
    tar.on("exit", done)
  })
  await pipeline(tar.stdout, createGzip({ level: 9 }), createWriteStream(`${file}.part`))
  if ((await ended) !== 0) fail("The archive could not be made: GNU tar is needed, and room on the disk.")
  await rename(`${file}.part`, file)
}
