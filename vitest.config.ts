import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import { longestFirst } from "./scripts/test-order.ts"

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config
    return longestFirst(await super.sort(files), ({ moduleId }) => relative(root, moduleId))
  }
}

/**
 * `quick`: unit tests beside the sources, seconds. `slow`: browsers, processes, Tor, PostgreSQL
 * (`*.slow.test.ts` beside the sources and all of `e2e/`).
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Browsers side by side within one file: more would keep each other's pages from their moments.
    maxConcurrency: 3,
    projects: [
      {
        test: {
          name: "quick",
          include: ["packages/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["**/*.slow.test.ts", "**/node_modules/**", "**/dist/**"],
          testTimeout: 20_000,
          // Files share what they import: loading it anew for each took as long as the tests. So what replaces a module
          // for itself (`vi.mock`) belongs to `slow`, where each file has a process of its own.
          pool: "threads",
          isolate: false,
        },
      },
      {
        test: {
          name: "slow",
          // Most of a slow test is waiting: three keep two cores busy. After the quick part, which has no waits to fill.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          // What the many processes of these tests have compiled of the same sources is kept for the next of them.
          env: { NODE_COMPILE_CACHE: fileURLToPath(new URL(".cache/compiled", import.meta.url)) },
          include: ["packages/**/*.slow.test.ts", "e2e/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          testTimeout: 600_000,
          hookTimeout: 180_000,
          // A wait ends as soon as the thing is there: only a failure takes so long.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
})
