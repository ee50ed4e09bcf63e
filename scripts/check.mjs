// npm run check: what takes too long for npm test. Leaves check/results.json with the commit.
import { ensurePackages, runNode } from "./runtime.mjs"

ensurePackages()
;(await import("./system.mjs")).ensureSystem()
process.exitCode = await runNode(["check/main.ts", ...process.argv.slice(2)])
