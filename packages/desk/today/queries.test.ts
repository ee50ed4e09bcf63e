/** *Today*, step by step: ends, receipts, and whose clock is wrong. Times to the second. */
import { must } from "@kunak/core/result"
import { makeEdition, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { DAY_SECONDS, HOUR_SECONDS, type Instant, instant, plusSeconds } from "@kunak/core/time/instant"
import { applyEntry } from "@kunak/duty/line/line-state"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { setUrgency } from "../hotline/commands.ts"
import { isReceiptDue, makeReceipt, RECEIPT_RENEW_SECONDS } from "../sync/receipts.ts"
import { hoursOn, makeVaultDesk, type VaultDesk } from "../testing/vault-desk.ts"
import type { TodayItem } from "./model.ts"
import { delegationsEnd, today } from "./queries.ts"

let amina: VaultDesk
beforeEach(async () => {
  amina = await makeVaultDesk()
})
afterEach(() => amina.remove())

const items = async (): Promise<readonly TodayItem[]> => (await today(amina.desk)).items
const ofKind = async (...kinds: readonly TodayItem["kind"][]) =>
  (await items()).filter(({ kind }) => kinds.includes(kind))
/** Urgencies of what is said of one kind, at this moment. */
const urgencyAt = async (kind: TodayItem["kind"], time: Instant): Promise<readonly string[]> => {
  amina.told.now = time
  return (await today(amina.desk)).items.filter((item) => item.kind === kind).map(({ urgency }) => urgency)
}

/** Somebody says at this time that an officer is there. */
async function receiptAt(time: Instant): Promise<void> {
  const { organisation, told, desk } = amina
  const week = desk.sync.delegation(time)
  if (!week) throw new TypeError("no delegation")
  const entry = await makeReceipt(
    told.line,
    { ...desk.officer, key: organisation.amina },
    week,
    time,
    instant(0),
  )
  told.line = await applyEntry(told.line, entry, time)
  expect(told.line.receipt?.receipt.time).toBe(time)
}

async function editionAt(issued: Instant): Promise<void> {
  amina.told.edition = (
    await makeEdition(amina.organisation, { issued, intakeKey: new Uint8Array() })
  ).edition
}

describe("[S5] receipts", () => {
  it("none yet is said at once; the last one's age from twelve hours on, when the page says so, too", async () => {
    expect(await ofKind("receipt-due")).toEqual([{ kind: "receipt-due", last: null, urgency: "now" }])
    await receiptAt(SAMPLE_NOW)
    expect(await urgencyAt("receipt-due", SAMPLE_NOW)).toEqual([])
    expect(await urgencyAt("receipt-due", hoursOn(12))).toEqual([])
    expect(await urgencyAt("receipt-due", plusSeconds(hoursOn(12), 1))).toEqual(["now"])
    expect(await ofKind("receipt-due")).toEqual([{ kind: "receipt-due", last: SAMPLE_NOW, urgency: "now" }])
  })

  it("an open desk renews it after four hours, so that two more can fail before anybody is told", async () => {
    expect(isReceiptDue(amina.told.line, SAMPLE_NOW)).toBe(true)
    await receiptAt(SAMPLE_NOW)
    expect(RECEIPT_RENEW_SECONDS).toBe(4 * HOUR_SECONDS)
    expect(isReceiptDue(amina.told.line, plusSeconds(hoursOn(4), -1))).toBe(false)
    expect(isReceiptDue(amina.told.line, hoursOn(4))).toBe(true)
    // One that a clock set ahead has dated does not count until then.
    const { line } = amina.told
    expect(isReceiptDue(line, plusSeconds(SAMPLE_NOW, -300))).toBe(false)
    expect(isReceiptDue(line, plusSeconds(SAMPLE_NOW, -301))).toBe(true)
  })
})

describe("[S7] what ends", () => {
  it("delegations are spoken of at 21, 7 and 2 days, and can't wait from the second day on", async () => {
    const end = delegationsEnd(amina.desk)
    for (const [days, expected] of [
      [22, []],
      [21, ["soon"]],
      [7, ["soon"]],
      [3, ["soon"]],
      [2, ["now"]],
      [0, ["now"]],
    ] as const)
      expect([days, await urgencyAt("delegations-end", plusSeconds(end, -days * DAY_SECONDS - 1))]).toEqual([
        days,
        expected,
      ])
    const [item] = await ofKind("delegations-end")
    expect(item).toMatchObject({ days: 0, ends: end })
  })

  it("the charter is spoken of from sixty days on, and can't wait in its last week", async () => {
    const { expires } = amina.organisation.charter
    for (const [days, expected] of [
      [61, []],
      [60, ["soon"]],
      [8, ["soon"]],
      [7, ["now"]],
    ] as const)
      expect([days, await urgencyAt("charter-ends", plusSeconds(expires, -days * DAY_SECONDS - 1))]).toEqual([
        days,
        expected,
      ])
  })

  it("little room on the disk is said below half a gigabyte, and not where nobody knows", async () => {
    for (const [free, expected] of [
      [500e6, 0],
      [499e6, 1],
      [null, 0],
    ] as const) {
      amina.told.freeBytes = free
      expect(await ofKind("disk-low")).toHaveLength(expected)
    }
  })
})

it("[K51] what can't wait stands first, whatever it is about", async () => {
  const { desk } = amina
  amina.writes("quiet", "Здравствуйте.")
  const grave = amina.writes("grave", "Меня ищут.")
  must(setUrgency(desk, grave, "danger-to-life"))
  const order = (await today(desk)).items.map((item) => [item.urgency, item.kind])
  expect(order).toEqual([
    ["now", "unanswered"],
    ["now", "receipt-due"],
    ["now", "no-edition"],
    ["soon", "unanswered"],
  ])
})

describe("[S16] a clock that is wrong", () => {
  const said = () => ofKind("clock-wrong", "edition-stale", "edition-ahead")
  const offsets = (a: number | null, b: number | null): void => {
    amina.told.clockOffset = { A: a, B: b }
  }
  beforeEach(() => editionAt(SAMPLE_NOW))

  it("a day ahead, by both relays: it is the clock, not a duty that has stopped", async () => {
    amina.told.now = plusSeconds(SAMPLE_NOW, DAY_SECONDS)
    offsets(-DAY_SECONDS, -DAY_SECONDS + 30)
    expect(await said()).toEqual([
      { kind: "clock-wrong", seconds: DAY_SECONDS - 30, by: "relays", urgency: "now" },
    ])
  })

  it("a day behind: by both relays, and by the newest edition alone where no relay says the time", async () => {
    amina.told.now = plusSeconds(SAMPLE_NOW, -DAY_SECONDS)
    offsets(DAY_SECONDS, DAY_SECONDS)
    expect(await said()).toEqual([
      { kind: "clock-wrong", seconds: -DAY_SECONDS, by: "relays", urgency: "now" },
    ])
    offsets(null, null)
    expect(await said()).toEqual([
      { kind: "clock-wrong", seconds: -DAY_SECONDS, by: "edition", urgency: "now" },
    ])
  })

  it("[A2] one relay alone, or two that differ, make no clock wrong and no old edition fresh", async () => {
    amina.told.now = plusSeconds(SAMPLE_NOW, DAY_SECONDS)
    for (const [a, b] of [
      [-DAY_SECONDS, null],
      [null, -DAY_SECONDS],
      [-DAY_SECONDS, 0],
    ] as const) {
      offsets(a, b)
      expect(await said()).toEqual([{ kind: "edition-stale", issued: SAMPLE_NOW, urgency: "now" }])
    }
  })

  it("and an edition that is old by the relays' clocks, too: both are said", async () => {
    amina.told.now = plusSeconds(SAMPLE_NOW, DAY_SECONDS)
    offsets(-DAY_SECONDS / 2, -DAY_SECONDS / 2)
    expect((await said()).map(({ kind }) => kind)).toEqual(["clock-wrong", "edition-stale"])
  })

  it("an edition of time to come while both relays agree with this clock: duty's is wrong", async () => {
    amina.told.now = plusSeconds(SAMPLE_NOW, -3 * HOUR_SECONDS)
    offsets(0, 2)
    expect(await said()).toEqual([{ kind: "edition-ahead", seconds: 3 * HOUR_SECONDS, urgency: "now" }])
  })

  it("by less than ten minutes is not called wrong; an edition is old after half an hour", async () => {
    offsets(-600, -600)
    amina.told.now = plusSeconds(SAMPLE_NOW, 600)
    expect(await said()).toEqual([])
    offsets(null, null)
    amina.told.now = plusSeconds(SAMPLE_NOW, 1_799)
    expect(await said()).toEqual([])
    amina.told.now = plusSeconds(SAMPLE_NOW, 1_800)
    expect((await said()).map(({ kind }) => kind)).toEqual(["edition-stale"])
  })
})
