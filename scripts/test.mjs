// npm test: types, lint, build, every test. npm run quick: the part that takes seconds.
import { mkdirSync, readFileSync } from "node:fs"
import { biome } from "./biome.mjs"
import { ensurePackages, ROOT, runNode } from "./runtime.mjs"

const quick = process.argv.includes("--quick")
const rest = process.argv.slice(2).filter((argument) => argument !== "--quick")

ensurePackages()
if (!quick) (await import("./system.mjs")).ensureSystem()
mkdirSync(`${ROOT}/.cache`, { recursive: true })

const steps = {
  types: () => runNode(["node_modules/typescript/bin/tsc", "--noEmit"]),
  lint: () => biome(["check", "--error-on-warnings"]),
  build: () => (quick ? 0 : runNode(["scripts/build.mjs"])),
}
for (const [name, step] of rest.length > 0 ? [] : Object.entries(steps)) {
  process.stderr.write(`— ${name}\n`)
  const code = await step()
  if (code !== 0) process.exit(code)
}

const report = `${ROOT}/.cache/tests.json`
const code = await runNode([
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...(quick ? ["--project", "quick"] : []),
  ...rest,
])
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"))
if (numPendingTests > 0) {
  process.stderr.write(`${numPendingTests} tests were skipped: a missing part must never skip a test.\n`)
}
process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed\n`)
process.exitCode = code !== 0 ? code : numPendingTests > 0 && rest.length === 0 ? 1 : 0
