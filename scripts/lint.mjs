// npm run lint: format, lint and the import rules (biome.json).
import { biome } from "./biome.mjs"
import { ensurePackages } from "./runtime.mjs"

ensurePackages()
const fix = process.argv.includes("--fix") ? ["--write"] : []
process.exitCode = biome(["check", "--error-on-warnings", ...fix])
