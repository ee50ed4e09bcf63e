/** Every way to a number says at its head how it is worked out, what it takes for granted, and who found it. */
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import type { EstimatorId } from "./result.ts"

/** Where the method of each estimator stands. A new one without its line here is an error of types. */
const MODULES: Readonly<Record<EstimatorId | "pooling" | "strata", readonly string[]>> = {
  independence: ["log-linear/fit.ts"],
  chapman: ["chapman.ts"],
  chao: ["chao.ts"],
  "chao-mth": ["chao-mth.ts"],
  "log-linear-model": ["log-linear/fit.ts"],
  "log-linear-bic": ["log-linear/fit.ts", "log-linear/estimators.ts"],
  "log-linear-aicc": ["log-linear/fit.ts", "log-linear/estimators.ts"],
  "log-linear-averaged": ["log-linear/estimators.ts"],
  "log-linear-stepwise": ["log-linear/stepwise.ts"],
  "log-linear-bootstrap": ["log-linear/bootstrap.ts"],
  "decomposable-graphs": ["graphs/posterior.ts"],
  lcmcr: ["latent-classes/sampler.ts"],
  "no-highest-order": ["no-highest-order.ts"],
  pooling: ["pool.ts"],
  strata: ["sum-strata.ts"],
}

const DOCUMENT = readFileSync(new URL("../../../docs/figures.md", import.meta.url), "utf8")

describe("the head of every estimator", () => {
  test.each([...new Set(Object.values(MODULES).flat())])(
    "[head] %s gives formula, assumptions and source before its first line of code",
    (path) => {
      const text = readFileSync(new URL(path, import.meta.url), "utf8")
      const head = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(text)?.[1] ?? ""
      const paragraphs = head.split(/\n \*\n/)
      expect(paragraphs[0]?.length ?? 0).toBeGreaterThan(60)
      expect(head, "formula").toMatch(/[=∝Φ]|\(n1 \+ 1\)\(n2 \+ 1\)|f1 \(f1 − 1\)|exp\(|Π_C/)
      expect(
        paragraphs.some((text) => /^ \* Assumes[: ]/.test(text)),
        "assumptions",
      ).toBe(true)
      const source = paragraphs.find((text) => /^ \* Sources?: /.test(text))
      expect(source, "source").toMatch(/\(\d{4}\)/)
    },
  )

  test("[head] and in the document each has a row with the same three", () => {
    for (const id of Object.keys(MODULES)) {
      if (["pooling", "strata", "log-linear-model", "log-linear-aicc"].includes(id)) continue
      const row = DOCUMENT.split("\n").find((line) => line.startsWith(`| \`${id}\``))
      const cells = (row ?? "").split(/(?<!\\)\|/).map((cell) => cell.trim())
      expect(cells.length, id).toBe(6)
      for (const cell of cells.slice(1, 5)) expect(cell.length, id).toBeGreaterThan(5)
      expect(cells[4], id).toMatch(/\d{4}/)
    }
  })
})
