// npm run pictures: every screen of desk and page, in every form, into .cache/pictures.
import { ensurePackages, runNode } from "./runtime.mjs"

ensurePackages()
const built = await runNode(["scripts/build.mjs"])
process.exitCode = built === 0 ? await runNode(["e2e/pictures/run.ts", ...process.argv.slice(2)]) : built
