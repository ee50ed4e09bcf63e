/** Every exact result that 6-figures of the design names, to the digits that are printed there. */
import { describe, expect, test } from "vitest"
import { denseCounts } from "./capture-table.ts"
import { chao } from "./chao.ts"
import { chapmanEstimate } from "./chapman.ts"
import { evaluate } from "./evaluate.ts"
import { decomposableGraphAverage } from "./graphs/estimator.ts"
import { independence, logLinearChoices, namedModel, rankAll, stepwise } from "./log-linear/estimators.ts"
import { faceOf } from "./log-linear/face.ts"
import { allHierarchicalModels, modelName, modelOf, parseModelName } from "./log-linear/model.ts"
import { rankModels } from "./log-linear/selection.ts"
import { noHighestOrder } from "./no-highest-order.ts"
import type { EstimatorResult } from "./result.ts"
import {
  artificial,
  casale,
  census,
  deathsAtWork,
  hepatitis,
  korea,
  kosovo,
  spinaBifida,
  unitedKingdom,
} from "./testing/published-tables.ts"

const model = (text: string, lists: readonly string[]) => {
  const parsed = parseModelName(text, lists)
  if (!parsed.ok) throw new Error(parsed.error.kind)
  return parsed.value
}

const ok = (result: EstimatorResult | undefined) => {
  if (result?.status !== "ok") throw new Error(`refused: ${result?.warnings[0]?.text}`)
  return result
}

const MODEL_OF_BRUNO =
  "[clinic hospital][clinic prescriptions][hospital prescriptions][hospital strips][prescriptions strips]"
const MODEL_OF_RIVEST = "[clinic prescriptions][hospital strips][prescriptions strips]"
const TWO_PAIRS = "[death WCC][NTOF WCC]"

describe("Kosovo 1999", () => {
  const ranking = rankAll(kosovo)

  test("[log-linear] fits all 113 hierarchical models and puts the published one first", () => {
    expect(ranking.fits).toHaveLength(113)
    const best = ranking.fits[0]
    expect(best && modelName(best.model, kosovo)).toBe("[EXH ABA OSCE][EXH HRW][OSCE HRW]")
    expect(best?.total.toFixed(2)).toBe("10356.52")
    expect(best?.standardError.toFixed(2)).toBe("785.90")
    expect(best?.deviance.toFixed(4)).toBe("9.3227")
    expect(best?.degreesOfFreedom).toBe(4)
    expect(best?.aic.toFixed(3)).toBe("132.747")
    expect(best?.bic.toFixed(2)).toBe("203.03")
  })

  test("[log-linear] the profile interval is 8,994 to 12,110", () => {
    const result = ok(logLinearChoices(kosovo, ranking)[0])
    expect(Math.round(result.lower ?? 0)).toBe(8994)
    expect(Math.round(result.upper ?? 0)).toBe(12110)
  })

  test("[log-linear] the second by BIC is the first by AIC", () => {
    const second = ranking.fits[1]
    expect(second?.bic.toFixed(2)).toBe("203.11")
    expect(second && modelName(second.model, kosovo)).toBe("[EXH ABA OSCE][EXH OSCE HRW]")
    expect(second?.total.toFixed(2)).toBe("12740.97")
    expect(second?.aic.toFixed(2)).toBe("126.44")
    expect(Math.min(...ranking.fits.map((fit) => fit.aic))).toBe(second?.aic)
    const aicc = ok(logLinearChoices(kosovo, ranking)[1])
    expect(aicc.estimate.toFixed(2)).toBe("12740.97")
  })

  test("[log-linear] says that models within two units of BIC differ by more than 1.5 times", () => {
    const codes = ok(logLinearChoices(kosovo, ranking)[0]).warnings.map(({ code }) => code)
    expect(codes).toContain("models-disagree")
    expect(codes).toContain("leave-one-out")
  })

  test("[leave-one-out] each list left out, by the best model of the other three worked out on paper", () => {
    const { details, warnings } = ok(logLinearChoices(kosovo, ranking)[0])
    const without = Object.fromEntries(
      (details.leaveOneOut as { without: string; estimate: number }[]).map((one) => [
        one.without,
        one.estimate.toFixed(2),
      ]),
    )
    expect(without).toEqual({
      // [ABA OSCE][OSCE HRW]: of those not with OSCE, 1,022 by ABA alone, 412 by HRW alone, 49 by both.
      EXH: (3269 + (1022 * 412) / 49).toFixed(2),
      // [EXH][OSCE HRW]: 1,308 by EXH alone; of those of OSCE or HRW 1,645 are not with EXH, 602 are.
      ABA: (3555 + (1308 * 1645) / 602).toFixed(2),
      // [EXH ABA][EXH HRW]: of those not with EXH, 1,062 by ABA alone, 429 by HRW alone, 63 by both.
      OSCE: (3464 + (1062 * 429) / 63).toFixed(2),
      // All three pairs: the odd overlaps over the even ones.
      HRW: (4094 + (1237 * 876 * 1059 * 208) / (195 * 270 * 249)).toFixed(2),
    })
    const said = warnings.find((one) => one.code === "leave-one-out")?.text
    expect(said).toContain('without "ABA" 7,129, without "HRW" 22,301, which is outside')
    expect(said).not.toMatch(/"EXH"|"OSCE"/)
  })

  test("[independence] 7,394.59 with standard error 129.63", () => {
    const result = ok(independence(kosovo))
    expect(result.estimate.toFixed(2)).toBe("7394.59")
    expect((result.details.standardError as number).toFixed(2)).toBe("129.63")
  })

  test("[chao] f1 = 3,218, f2 = 882, 10,262", () => {
    const result = ok(chao(kosovo))
    expect([result.details.f1, result.details.f2]).toEqual([3218, 882])
    expect(Math.round(result.estimate)).toBe(10262)
  })

  test("[no-highest-order] n0 12,541.88, N 16,941.88, and its assumption is printed", () => {
    const result = ok(noHighestOrder(kosovo))
    expect((result.details.unseen as number).toFixed(2)).toBe("12541.88")
    expect(result.estimate.toFixed(2)).toBe("16941.88")
    expect(result.warnings.map(({ code }) => code)).toContain("untestable-assumption")
  })

  test("[graphs] median 12,595 (9,827 to 16,544), one graph at 0.986", () => {
    const result = ok(decomposableGraphAverage(kosovo))
    expect([result.estimate, result.lower, result.upper]).toEqual([12595, 9827, 16544])
    const graphs = result.details.graphs as { graph: string; weight: number }[]
    expect(graphs[0]?.weight.toFixed(3)).toBe("0.986")
  })
})

describe("United Kingdom 2013", () => {
  test("[n] 2,744 people on five lists", () => {
    expect([unitedKingdom.n, unitedKingdom.lists.length]).toEqual([2744, 5])
  })

  test("[stepwise] 11,313 (9,884 to 13,027)", () => {
    const result = ok(stepwise(unitedKingdom))
    expect([result.estimate, result.lower ?? 0, result.upper ?? 0].map(Math.round)).toEqual([
      11313, 9884, 13027,
    ])
  })

  test("[log-linear] of models of pairs the best says 22,991 and one a BIC unit behind 12,262", () => {
    const pairs = rankModels(allHierarchicalModels(5, 2), denseCounts(unitedKingdom)).fits
    expect(pairs.slice(0, 2).map((fit) => Math.round(fit.total))).toEqual([22991, 12262])
    expect((pairs[1]?.bic ?? 0) - (pairs[0]?.bic ?? 0)).toBeCloseTo(0.955, 2)
  })

  test("[graphs] 22,990 with two modes, and says so", () => {
    const result = ok(decomposableGraphAverage(unitedKingdom))
    expect(result.estimate).toBe(22990)
    expect(result.details.modes).toHaveLength(2)
    expect(result.warnings.map(({ code }) => code)).toContain("several-modes")
  })
})

describe("Korea", () => {
  test("[log-linear] BIC says 157.17", () => {
    expect(rankAll(korea).fits[0]?.total.toFixed(2)).toBe("157.17")
  })

  test("[log-linear] refuses the model of all pairs: no number at all", () => {
    const result = namedModel("log-linear-model", korea, model("[b c][b d][c d]", korea.lists))
    expect(result.status).toBe("refused")
    expect(result.estimate).toBeNull()
    expect(result.warnings[0]?.code).toMatch(/^(no-estimate|not-identifiable)$/)
  })

  test("[no-highest-order] refuses where a combination has nobody", () => {
    expect(noHighestOrder(korea).status).toBe("refused")
  })
})

describe("tables from epidemiology", () => {
  test("[log-linear] Casale Monferrato: the published model by AICc, 2,771 (2,492 to 3,051)", () => {
    expect(casale.n).toBe(2069)
    const best = ok(logLinearChoices(casale, rankAll(casale))[1])
    expect(Math.round(best.estimate)).toBe(2771)
    // Published with a symmetric interval: 2,771 ± 1.96 standard errors.
    const error = best.details.standardError as number
    expect(Math.abs(best.estimate - 1.96 * error - 2492)).toBeLessThan(10)
    expect(Math.abs(best.estimate + 1.96 * error - 3051)).toBeLessThan(10)
  })

  test("[graphs] spina bifida: deaths and rehabilitation depend, 731 as Madigan and York (1997) found", () => {
    expect(spinaBifida.n).toBe(626)
    expect(Math.round(rankAll(spinaBifida).fits[0]?.total ?? 0)).toBe(731)
    const result = ok(decomposableGraphAverage(spinaBifida))
    expect(result.estimate).toBe(731)
    const graphs = result.details.graphs as { graph: string; weight: number }[]
    expect(graphs[0]?.graph).toBe("[births][deaths rehabilitation]")
  })

  test("[log-linear] hepatitis A: 388 by independence, 1,313 by all pairs, and the two are not averaged away", async () => {
    expect(hepatitis.n).toBe(271)
    expect(Math.floor(ok(independence(hepatitis)).estimate)).toBe(388)
    expect(Math.round(ok(noHighestOrder(hepatitis)).estimate)).toBe(1313)
    const evaluation = await evaluate(hepatitis, { seed: 1, skip: ["lcmcr", "log-linear-bootstrap"] })
    expect(evaluation.total.kind).toBe("contested")
  })
})

describe("tables on which no model contradicts the best", () => {
  test.each([
    ["spina bifida", spinaBifida],
    ["census R3", census],
  ])("[findings] %s: nobody says that models disagree or that the result hangs on one list", (_, table) => {
    const ranking = rankAll(table)
    const rivals = ranking.fits.filter((fit) => fit.bic - (ranking.fits[0]?.bic ?? 0) <= 2)
    expect(rivals).toHaveLength(1)
    for (const result of logLinearChoices(table, ranking)) {
      const codes = ok(result).warnings.map(({ code }) => code)
      expect(codes).not.toContain("models-disagree")
      expect(codes).not.toContain("leave-one-out")
    }
  })
})

describe("log-linear models of others, as Rcapture's own tests hold them", () => {
  test.each([
    ["census R3, all pairs", census, "[E1 E2][E1 E3][E2 E3]", 1240, 451, "0.0", 0],
    ["census R3, without E1 E3", census, "[E1 E2][E2 E3]", 850, 186, "3.8", 1],
    ["diabetes, Bruno et al.", casale, MODEL_OF_BRUNO, 2771, 145, "7.6", 5],
    ["diabetes, Rivest (2011)", casale, MODEL_OF_RIVEST, 2472, 53, "22.0", 7],
    ["deaths at work, independent", deathsAtWork, "[death]", 209, 3, "75.1", 3],
    ["deaths at work, one pair", deathsAtWork, "[NTOF WCC]", 222, 7, "1.2", 2],
    ["deaths at work, two pairs", deathsAtWork, TWO_PAIRS, 233, 25, "0.8", 1],
  ])("[log-linear] %s", (_, table, name, total, standardError, deviance, degreesOfFreedom) => {
    const result = ok(namedModel("log-linear-model", table, model(name, table.lists)))
    expect(Math.round(result.estimate)).toBe(total)
    expect(Math.round(result.details.standardError as number)).toBe(standardError)
    expect((result.details.deviance as number).toFixed(1)).toBe(deviance)
    expect(result.details.degreesOfFreedom).toBe(degreesOfFreedom)
  })

  test("[profile] deaths at work: 203 to 217 by independence, 210 at the least by one pair", () => {
    const interval = (name: string): readonly number[] => {
      const { lower, upper } = ok(
        namedModel("log-linear-model", deathsAtWork, model(name, deathsAtWork.lists)),
      )
      return [lower ?? 0, upper ?? 0].map(Math.round)
    }
    expect(interval("[death]")).toEqual([203, 217])
    expect(interval("[NTOF WCC]")[0]).toBe(210)
  })
})

describe("models without an estimate", () => {
  const code = (text: string): number => faceOf(model(text, artificial.lists), denseCounts(artificial)).code

  test("[existence] all three pairs: not identifiable; AB alone: no estimate; AC and BC: passes", () => {
    expect(code("[A B][A C][B C]")).toBe(2)
    expect(code("[A B]")).toBe(1)
    expect(code("[A C][B C]")).toBe(0)
  })

  test("[existence] names the combinations that vanish", () => {
    const face = faceOf(modelOf(3, [0b011]), denseCounts(artificial))
    expect([...face.vanishing]).toEqual([0b101, 0b110, 0b111])
  })
})

describe("Chapman", () => {
  test("[chapman] (n1 + 1)(n2 + 1) / (m + 1) − 1, and refuses overlaps that cannot be", () => {
    expect(chapmanEstimate(200, 100, 20)).toBeCloseTo(965.714285714, 8)
    for (const [n1, n2, m] of [
      [10, 5, 6],
      [10, 5, -1],
      [10.5, 5, 1],
    ] as const)
      expect(() => chapmanEstimate(n1, n2, m)).toThrow(RangeError)
  })
})
