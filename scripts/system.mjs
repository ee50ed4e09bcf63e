// The programs outside npm that tests need: installed where we may, named in one sentence where not.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fail } from "./runtime.mjs"

const NEEDED = [
  { package: "chromium", found: () => existsSync("/usr/bin/chromium") },
  { package: "firefox-esr", found: () => existsSync("/usr/bin/firefox-esr") },
  { package: "tor", found: () => existsSync("/usr/sbin/tor") || existsSync("/usr/bin/tor") },
  { package: "postgresql", found: () => existsSync("/usr/lib/postgresql") },
  // Builds e2e/loss/recorder.c, which writes down what programs change on their disks.
  { package: "gcc", found: () => existsSync("/usr/bin/gcc") },
  { package: "libc6-dev", found: () => existsSync("/usr/include/dlfcn.h") },
  { package: "poppler-utils", found: () => existsSync("/usr/bin/pdftoppm") },
]

/** Every program is there afterwards, or the process has ended with one sentence. */
export function ensureSystem() {
  const missing = NEEDED.filter((part) => !part.found()).map((part) => part.package)
  if (missing.length === 0) return
  const names = missing.join(" ")
  const sentence = `The tests need ${missing.join(", ")}: install with 'apt-get install ${names}', then try again.`
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) fail(sentence)
  process.stderr.write(`Installing ${names} …\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env }
  spawnSync("apt-get", ["update", "-qq"], quiet)
  const done = spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], quiet)
  if (done.status !== 0 || NEEDED.some((part) => !part.found())) fail(sentence)
}
