/** Which number stands at the head, if any may. */
import { describe, expect, test } from "vitest"
import { agreementOf, FORBID_HEADLINE, headline } from "./agreement.ts"
import { type FindingCode, finding } from "./finding.ts"
import { type EstimatorId, type EstimatorResult, estimated, refused } from "./result.ts"

const result = (id: EstimatorId, estimate: number, ...codes: FindingCode[]): EstimatorResult =>
  estimated(
    id,
    estimate,
    [estimate - 20, estimate + 30],
    {},
    codes.map((code) => finding(code, "Said.")),
  )
const none = (id: EstimatorId): EstimatorResult => refused(id, [finding("no-estimate", "None.")])
const total = (...results: EstimatorResult[]) => headline(results, agreementOf(results))

/** Two that are compared, so that methods agree whatever else there is. */
const AGREED = [result("log-linear-bic", 100), result("log-linear-averaged", 104)]

describe("the total at the head", () => {
  test("[headline] is the bootstrap's, else that of graphs, else of latent classes, else of nobody", () => {
    const [bootstrap, graphs, classes] = [
      result("log-linear-bootstrap", 101),
      result("decomposable-graphs", 102),
      result("lcmcr", 103),
    ]
    const from = (...results: EstimatorResult[]) => {
      const stated = total(...AGREED, ...results)
      return stated.kind === "stated" ? [stated.from, stated.estimate, stated.lower, stated.upper] : []
    }
    expect(from(classes, graphs, bootstrap)).toEqual(["log-linear-bootstrap", 101, 81, 131])
    expect(from(classes, graphs, none("log-linear-bootstrap"))).toEqual(["decomposable-graphs", 102, 82, 132])
    expect(from(classes, none("decomposable-graphs"))).toEqual(["lcmcr", 103, 83, 133])
    expect(from()).toEqual([])
    expect(total(...AGREED)).toEqual({ kind: "refused" })
  })

  const FORBIDDING: readonly FindingCode[] = [
    "r-hat",
    "effective-sample-size",
    "chains-disagree",
    "several-modes",
    "saturated-graph",
    "heavy-tail",
    "grid-edge",
    "stopped-early",
    "few-resamples",
  ]
  test.each(FORBIDDING)("[headline] a method that says %s of itself is passed over", (code) => {
    expect(total(...AGREED, result("lcmcr", 103, code))).toEqual({ kind: "refused" })
    const next = total(...AGREED, result("decomposable-graphs", 102, code), result("lcmcr", 103))
    expect(next).toMatchObject({ kind: "stated", from: "lcmcr" })
  })

  test("[headline] what else is said against a number goes with it", () => {
    expect(FORBID_HEADLINE).toEqual(FORBIDDING)
    const stated = total(...AGREED, result("lcmcr", 103, "interval-wide", "harder-to-find"))
    if (stated.kind !== "stated") throw new Error(stated.kind)
    expect(stated.warnings.map(({ code }) => code)).toEqual(["interval-wide", "harder-to-find"])
  })

  test("[headline] none where methods differ by more than 1.5 times: their range", () => {
    const results = [result("log-linear-bic", 100), result("decomposable-graphs", 151)]
    const agreement = agreementOf(results)
    expect(agreement).toMatchObject({ agrees: false, ratio: 1.51, low: 100, high: 151 })
    expect(agreement.warnings.map(({ code }) => code)).toEqual(["estimators-disagree"])
    expect(headline(results, agreement)).toEqual({ kind: "contested", low: 100, high: 151 })
    expect(total(result("log-linear-bic", 100), result("decomposable-graphs", 150)).kind).toBe("stated")
  })

  test("[headline] of a single method is stated with the word that nothing was there to compare it with", () => {
    const results = [result("decomposable-graphs", 102), none("log-linear-bic"), result("chao", 300)]
    const agreement = agreementOf(results)
    expect(agreement).toMatchObject({ agrees: null, ratio: 1 })
    expect(agreement.warnings.map(({ code }) => code)).toEqual(["single-method"])
    expect(headline(results, agreement)).toMatchObject({ kind: "stated", from: "decomposable-graphs" })
    expect(agreementOf([none("lcmcr")])).toMatchObject({ agrees: null, ratio: null, low: null, high: null })
  })
})
