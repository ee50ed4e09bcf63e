// Finds a Node that can run Kunak: this one if it is new enough, else the one the lock file pins.
// Runs on the old Node that a system ships, so it uses nothing newer than Node 18.
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..")

/** Argon2id, ML-KEM and TypeScript without a build need 24.7. */
const NEEDED = [24, 7]

/**
 * SHA-256 of the binaries inside the npm packages node-<platform>-<arch>@24.21.0. They are third-party
 * repackagings, so the lock file's hash of the package is not enough for us.
 */
const PINNED = {
  "linux-x64": "7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c",
  "linux-arm64": "0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584",
  "win-x64": "ba4e6d110e8c1592a1ecd390f6b05f3da124b13871a5be62b341a07a853c6c32",
}

const isNewEnough = (version) => {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

/** Ends with one sentence that says what to do. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** Installs the packages of the lock file when they are missing or of another lock file. */
export function ensurePackages() {
  const stamp = join(ROOT, "node_modules", ".package-lock.json")
  const lock = join(ROOT, "package-lock.json")
  if (existsSync(stamp) && sameLock(lock, stamp)) return
  process.stderr.write("Installing the packages of the lock file (once, about a minute) …\n")
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm, "ci"]] : ["npm", ["ci"]]
  const done = spawnSync(command, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] })
  if (done.status !== 0) fail("npm ci failed: check that the npm registry can be reached, then try again.")
}

function sameLock(lockFile, stampFile) {
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages
  const present = JSON.parse(readFileSync(stampFile, "utf8")).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || entry.link || !path.startsWith("node_modules/")) return true
    const found = present[path]
    return found ? found.version === entry.version : entry.optional === true || entry.peer === true
  })
}

/** The Node to run Kunak with. Ends the process with one sentence if there is none. */
export function findNode() {
  return isNewEnough(process.version) ? process.execPath : pinnedNode()
}

export const platformName = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`

/** The Node of the lock file, its bytes compared. Ends the process with one sentence if it is not there. */
export function pinnedNode() {
  const pinned = PINNED[platformName]
  const name = process.platform === "win32" ? "node.exe" : "node"
  const binary = join(ROOT, "node_modules", `node-${platformName}`, "bin", name)
  if (!pinned || !existsSync(binary)) {
    fail(
      `Kunak needs Node 24.7 or newer, this is ${process.version}, and none is pinned for ${platformName}: install it, then try again.`,
    )
  }
  const hash = createHash("sha256").update(readFileSync(binary)).digest("hex")
  if (hash !== pinned) {
    fail(`${binary} is not the Node that Kunak pins (SHA-256 ${hash}): remove node_modules and try again.`)
  }
  return binary
}

/** Runs a module of ours on the right Node; resolves with its exit code. */
export function runNode(args, options = {}) {
  const node = findNode()
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      cwd: options.cwd ?? ROOT,
      stdio: options.stdio ?? "inherit",
      env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}`, ...options.env },
    })
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal))
    child.on("exit", (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}
