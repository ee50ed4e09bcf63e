// npm run bench: ratios against a limit or a peer, in one run; bench/results.json holds the last.
import { ensurePackages, runNode } from "./runtime.mjs"

ensurePackages()
;(await import("./system.mjs")).ensureSystem()
const built = await runNode(["scripts/build.mjs"])
process.exitCode = built === 0 ? await runNode(["bench/main.ts", ...process.argv.slice(2)]) : built
