#!/usr/bin/env node
// `kunak`: finds the right Node, then hands over to packages/cli/main.ts.
import { ensurePackages, ROOT, runNode } from "../scripts/runtime.mjs"

ensurePackages()
process.exitCode = await runNode([`${ROOT}/packages/cli/main.ts`, ...process.argv.slice(2)], {
  cwd: process.cwd(),
})
