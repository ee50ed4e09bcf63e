import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { SWITCHED_OFF } from "./browser.ts"

test("what playwright switches off in Chromium, requests of its own among it, stays off in every test", () => {
  const bundle = fileURLToPath(
    new URL("lib/coreBundle.js", import.meta.resolve("playwright-core/package.json")),
  )
  const list = /disabledFeatures = \[([^\]]*)\]/.exec(readFileSync(bundle, "utf8"))?.[1] ?? ""
  const names = list
    .split("\n")
    .filter((line) => !line.trim().startsWith("//"))
    .flatMap((line) => [...line.matchAll(/"(\w+)"/g)].map(([, name]) => name))
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !SWITCHED_OFF.includes(name ?? ""))).toEqual([])
})
