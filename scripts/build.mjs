// npm run build: the page's template and the desk's window. Both are functions of the sources alone.
import { ensurePackages, ROOT, runNode } from "./runtime.mjs"

ensurePackages()
const steps = [[`${ROOT}/packages/page/build.ts`], [`${ROOT}/packages/desk/build.ts`]]
for (const step of steps) {
  const code = await runNode(step)
  if (code !== 0) process.exit(code)
}
