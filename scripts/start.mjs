// npm start: installs what is missing, builds, runs the demonstration organisation.
import { ensurePackages, ROOT, runNode } from "./runtime.mjs"

ensurePackages()
const built = await runNode(["scripts/build.mjs"])
process.exitCode =
  built === 0 ? await runNode([`${ROOT}/packages/cli/main.ts`, "demo", ...process.argv.slice(2)]) : built
