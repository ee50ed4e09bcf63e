/** The quick part's files share what they import (vitest.config.ts): none may change it for the others. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const ROOT = fileURLToPath(new URL("..", import.meta.url))

test("no quick test replaces a module: that would hold, or not, by the order in which files come", () => {
  const files = ["packages", "scripts"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /(?<!\.slow)\.test\.ts$/.test(name) && !/node_modules|dist/.test(name))
      .map((name) => join(folder, name)),
  )
  expect(files.length).toBeGreaterThan(100)
  const replacing = files.filter((file) =>
    /^\s*vi\.(do)?[mM]ock\(/m.test(readFileSync(join(ROOT, file), "utf8")),
  )
  expect(replacing).toEqual([])
})
