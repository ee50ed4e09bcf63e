import { defineConfig } from "vitest/config"

/** Tests that need the machine for themselves: `npm run check`, not `npm test`. */
export default defineConfig({
  test: {
    include: ["check/**/*.test.ts", "e2e/**/*.check.ts"],
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 180_000,
  },
})
