import { verifyHeader } from "@kunak/core/edition/verify"
import { must } from "@kunak/core/result"
import { approvedWarning, makeEdition, makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { runs } from "@kunak/core/testing/runs"
import { type Instant, plusSeconds } from "@kunak/core/time/instant"
import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { assess, type Circumstances, type Finding } from "./findings.ts"
import { judgeHeader, type RelayState } from "./relay-state.ts"
import { spanOf } from "./span.ts"

const DOWN: RelayState = { kind: "down", clock: null }
let base: Circumstances
/** The same words half an hour and more later, under a newer header. */
let later: (seconds: number) => Promise<RelayState>

beforeAll(async () => {
  const organisation = await makeOrganisation()
  const warnings = [await approvedWarning(organisation)]
  const vouched = warnings.map(({ hash, core }) => ({ hash, until: core.expires }))
  const make = (issued: Instant, number: number) =>
    makeEdition(organisation, { warnings, vouched, issued, id: { term: 1, number }, receiptTime: SAMPLE_NOW })
  const { edition } = await make(SAMPLE_NOW, 1)
  base = { own: edition, relays: [DOWN, DOWN], now: SAMPLE_NOW, isSavedCopy: false }
  later = async (seconds) => {
    const { header } = await make(plusSeconds(SAMPLE_NOW, seconds), 2)
    const verified = must(await verifyHeader(header, organisation.chain))
    return { kind: "header", verified, clock: plusSeconds(SAMPLE_NOW, seconds) }
  }
})

const kinds = (findings: readonly Finding[]): readonly Finding["kind"][] => findings.map(({ kind }) => kind)

test("[G10] a newer header over the same words makes an old page fresh again", async () => {
  const state = await later(3600)
  const { findings, isFresh } = assess({
    ...base,
    relays: [state, state],
    now: plusSeconds(SAMPLE_NOW, 3600),
  })
  expect(kinds(findings)).toEqual(["attended", "fresh"])
  expect(isFresh).toBe(true)
})

test("[G11] a charter that this copy does not know is said as that, not as a forgery", async () => {
  const other: RelayState = { kind: "other-charter", clock: SAMPLE_NOW }
  const { findings } = assess({ ...base, relays: [other, other] })
  expect(kinds(findings)).toContain("otherCharter")
  expect(kinds(findings)).not.toContain("relayRefused")
})

test("[G9] with both relays down a served page says so, and a saved copy says its age once", () => {
  const now = plusSeconds(SAMPLE_NOW, 7200)
  expect(kinds(assess({ ...base, now }).findings)).toEqual(["relaysDown", "stale", "attended"])
  expect(assess({ ...base, now, isSavedCopy: true }).findings[0]).toEqual({
    kind: "savedCopy",
    seconds: 7200,
  })
  expect(kinds(assess({ ...base, now, isSavedCopy: true }).findings)).not.toContain("stale")
})

test("[G10] offline and before its own issue, the clock is wrong and freshness unknown", () => {
  const { findings, time, isFresh } = assess({ ...base, now: plusSeconds(SAMPLE_NOW, -86_400) })
  expect(kinds(findings)).toContain("clockBehindUnknown")
  expect(isFresh).toBe(false)
  expect(time, "warnings are judged no earlier than the page").toBe(SAMPLE_NOW)
})

test("[G11] bytes of any kind from a relay are refused, never thrown at", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 4096 }), async (header) => {
      const state = await judgeHeader({ header, clock: null }, base.own)
      expect(state.kind).toBe("refused")
    }),
    { numRuns: runs(200) },
  )
})

test("[G10] a span is said in the largest unit that is not too coarse", () => {
  const said = [0, 59, 1800, 7199, 7200, 172_799, 172_800, 31_535_999, 31_536_000].map((seconds) => {
    const { unit, count } = spanOf(seconds)
    return `${count} ${unit}`
  })
  expect(said).toEqual([
    "1 minutes",
    "1 minutes",
    "30 minutes",
    "119 minutes",
    "2 hours",
    "47 hours",
    "2 days",
    "364 days",
    "1 years",
  ])
})
