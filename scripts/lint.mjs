// npm run lint: format, lint and the import rules (biome.json).
import { ensurePackages, runNode } from "./runtime.mjs"

ensurePackages()
const fix = process.argv.includes("--fix") ? ["--write"] : []
process.exitCode = await runNode([
  "node_modules/@biomejs/biome/bin/biome",
  "check",
  "--error-on-warnings",
  ...fix,
])
