// npm start: installs what is missing, builds, runs the demonstration organisation.
import { ensurePackages, ROOT, runNode } from "./runtime.mjs"

ensurePackages()
const built = await runNode(["scripts/build.mjs"])
// npm dies of a SIGTERM without passing it on: nothing is left running behind it.
const parent = process.ppid
const watch = setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM")
}, 1000)
process.exitCode =
  built === 0 ? await runNode([`${ROOT}/packages/cli/main.ts`, "demo", ...process.argv.slice(2)]) : built
clearInterval(watch)
