import { expect, test } from "vitest"
import { EDITION_LIFE_SECONDS, RECEIPT_FRESH_SECONDS, SKEW_SECONDS } from "../parameters.ts"
import { decodeVouched, encodeVouched, signReceipt, verifyReceipt } from "../receipt/receipt.ts"
import {
  approvedWarning,
  delegationAt,
  freeWarning,
  makeEdition,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  signEdition,
} from "../testing/organisation.ts"
import {
  DAY_SECONDS,
  HOUR_SECONDS,
  type Instant,
  instant,
  plusSeconds,
  weekEnd,
  weekOf,
} from "../time/instant.ts"
import { attendance, freshness } from "./attendance.ts"
import { verifyEdition } from "./verify.ts"

const organisation = await makeOrganisation()
const { chain, amina, boris, vera, signers } = organisation
const approved = await approvedWarning(organisation)
const free = await freeWarning(organisation)
const vouch = (...warnings: (typeof approved)[]) =>
  warnings.map(({ hash, core }) => ({ hash, until: core.expires }))

const edition = { issued: SAMPLE_NOW, expires: plusSeconds(SAMPLE_NOW, EDITION_LIFE_SECONDS) }
const later = (seconds: number): Instant => plusSeconds(SAMPLE_NOW, seconds)
const YEAR = 365 * DAY_SECONDS

test("[A1] fresh until it expires, then stale with its age", () => {
  expect(freshness(edition, SAMPLE_NOW, [])).toEqual({ kind: "fresh" })
  expect(freshness(edition, later(EDITION_LIFE_SECONDS - 1), [])).toEqual({ kind: "fresh" })
  expect(freshness(edition, later(EDITION_LIFE_SECONDS), [])).toEqual({ kind: "stale", ageSeconds: 1800 })
})

test("[A1] a clock before the edition is wrong, with nobody else asked; ten minutes are tolerated", () => {
  expect(freshness(edition, later(-600), [])).toEqual({ kind: "fresh" })
  expect(freshness(edition, later(-YEAR), [])).toEqual({
    kind: "clock-wrong",
    offBySeconds: -YEAR,
    fresh: null,
  })
})

test("[A2] two relays that agree tell a clock a year off from an edition a year old", () => {
  expect(freshness(edition, later(YEAR), [later(60), later(70)])).toEqual({
    kind: "clock-wrong",
    offBySeconds: YEAR - 70,
    fresh: true,
  })
  expect(freshness(edition, later(YEAR), [later(YEAR), later(YEAR)])).toEqual({
    kind: "stale",
    ageSeconds: YEAR,
  })
  expect(freshness(edition, later(-YEAR), [later(DAY_SECONDS), later(DAY_SECONDS)])).toMatchObject({
    kind: "clock-wrong",
    fresh: false,
  })
})

test("[A2] one relay alone can't make a frozen edition look fresh", () => {
  expect(freshness(edition, later(YEAR), [later(60)])).toEqual({ kind: "stale", ageSeconds: YEAR })
  expect(freshness(edition, later(YEAR), [later(60), later(YEAR)])).toEqual({
    kind: "stale",
    ageSeconds: YEAR,
  })
})

test("[A3] an edition dated ahead of the relays' clocks is not fresh, and the phone's clock not called wrong", () => {
  const now = later(-DAY_SECONDS)
  expect(freshness(edition, now, [now, now])).toEqual({ kind: "stale", ageSeconds: 0 })
  expect(freshness(edition, later(YEAR), [now, now])).toMatchObject({ kind: "clock-wrong", fresh: false })
})

const attended = async (options: Parameters<typeof makeEdition>[1]) =>
  attendance((await makeEdition(organisation, options)).edition)

test("[R1] attended by a receipt of the last twelve hours", async () => {
  expect(await attended({ warnings: [approved] })).toEqual({ kind: "attended", since: SAMPLE_NOW })
  const issued = later(RECEIPT_FRESH_SECONDS)
  expect(await attended({ issued, receiptTime: SAMPLE_NOW })).toEqual({ kind: "attended", since: SAMPLE_NOW })
  expect(await attended({ issued: plusSeconds(issued, 1), receiptTime: SAMPLE_NOW })).toEqual({
    kind: "unattended",
  })
  expect(await attended({ vouched: null })).toEqual({ kind: "unattended" })
})

test("[R1] Sunday's receipt still counts on Monday morning", async () => {
  const monday = weekEnd(weekOf(SAMPLE_NOW))
  const receiptTime = plusSeconds(monday, -HOUR_SECONDS)
  expect(await attended({ issued: plusSeconds(monday, HOUR_SECONDS), receiptTime })).toEqual({
    kind: "attended",
    since: receiptTime,
  })
})

test("[R3] a receipt from the future counts for nothing: one signature would vouch for a whole week", async () => {
  expect(await attended({ receiptTime: later(SKEW_SECONDS) })).toMatchObject({ kind: "attended" })
  expect(await attended({ receiptTime: later(SKEW_SECONDS + 1) })).toEqual({ kind: "unattended" })
  expect(await attended({ receiptTime: later(5 * DAY_SECONDS) })).toEqual({ kind: "unattended" })
})

test("[R2] what a receipt names and the edition lacks is noticed, until it would have ended anyway", async () => {
  const vouched = vouch(approved, free)
  expect(await attended({ warnings: [approved], vouched })).toEqual({
    kind: "something-left-out",
    missing: 1,
  })
  expect(await attended({ warnings: [approved, free], vouched })).toMatchObject({ kind: "attended" })
  const issued = approved.core.expires
  expect(await attended({ issued, receiptTime: issued, vouched: vouch(approved) })).toMatchObject({
    kind: "attended",
  })
  // Even with a receipt that is too old: duty has left it out all the same.
  expect(await attended({ issued: later(DAY_SECONDS), receiptTime: SAMPLE_NOW, vouched })).toEqual({
    kind: "something-left-out",
    missing: 2,
  })
})

test("[R2] a seized duty can't hide a revocation behind a fresh edition", async () => {
  const revocation = await revocationBy(organisation, [vera.publicKey], [amina, boris])
  const vouched = [{ hash: revocation.hash, until: later(DAY_SECONDS) }]
  expect(await attended({ vouched })).toEqual({ kind: "something-left-out", missing: 1 })
  expect(await attended({ vouched, revocations: [revocation] })).toMatchObject({ kind: "attended" })
})

test("[R2] nor put another list under an officer's receipt", async () => {
  const { header, bulletinBytes } = await signEdition(organisation, {
    vouched: vouch(approved),
    changeBulletin: (bulletin) => ({ ...bulletin, vouched: encodeVouched([]) }),
  })
  const result = await verifyEdition(header, bulletinBytes, chain.organisationId)
  expect(result.ok && attendance(result.value)).toEqual({ kind: "unattended" })
})

test("[N3] a warning that a revocation voided is not left out by duty", async () => {
  const revocation = await revocationBy(organisation, [boris.publicKey], signers.slice(0, 2))
  const byTwo = vouch(free)
  expect(await attended({ warnings: [free], revocations: [revocation], vouched: byTwo })).toMatchObject({
    kind: "attended",
  })
})

test("[R1] a receipt of an officer taken back, of another key, week or list is none", async () => {
  const delegation = delegationAt(organisation, SAMPLE_NOW)
  const plain = {
    organisationId: chain.organisationId,
    delegationHash: delegation.hash,
    time: SAMPLE_NOW,
    lastRead: instant(0),
  }
  const receipt = await signReceipt(plain, vouch(approved), amina, delegation)
  const known = [delegation]
  expect(receipt.length).toBe(174)
  expect((await verifyReceipt(receipt, known, [])).ok).toBe(true)
  expect((await verifyReceipt(receipt, [], [])).ok).toBe(false)
  const revocation = await revocationBy(organisation, [amina.publicKey], [boris, vera])
  expect((await verifyReceipt(receipt, known, [revocation])).ok).toBe(false)
  const nextWeek = { ...plain, time: weekEnd(weekOf(SAMPLE_NOW)) }
  expect((await verifyReceipt(await signReceipt(nextWeek, [], amina, delegation), known, [])).ok).toBe(false)
  for (let i = 0; i < receipt.length; i++) {
    const altered = receipt.slice()
    altered[i] = (altered[i] as number) ^ (1 << (i % 8))
    expect((await verifyReceipt(altered, known, [])).ok, `byte ${i}`).toBe(false)
  }
})

test("[R2] a vouched list has one form", () => {
  const bytes = encodeVouched(vouch(free, approved))
  expect(decodeVouched(bytes) && encodeVouched(decodeVouched(bytes) ?? [])).toEqual(bytes)
  expect(encodeVouched(vouch(approved, free))).toEqual(bytes)
  expect(decodeVouched(encodeVouched(vouch(approved, approved)))).toBeNull()
})
