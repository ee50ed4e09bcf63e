/** What the hotline has for *Today*, step by step: docs/desk.md. */
import { signIntakeKey, verifyIntakeKey, windowEnd, windowOf } from "@kunak/core/intake/intake-key"
import type { RelayName } from "@kunak/core/log/note"
import { must } from "@kunak/core/result"
import { makeKemKey } from "@kunak/core/suite"
import { delegationAt, makeEdition, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { DAY_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { hoursOn, makeVaultDesk, type VaultDesk } from "../testing/vault-desk.ts"
import { assign, setState, setUrgency } from "./commands.ts"
import { keepRate, keepRingPlace, NEVER_READ, type RingPlace } from "./rings/ring-store.ts"
import { hotlineItems } from "./today-items.ts"

let amina: VaultDesk
beforeEach(async () => {
  amina = await makeVaultDesk()
})
afterEach(() => amina.remove())

const items = () => hotlineItems(amina.desk)
const ofKind = (kind: string) => items().filter((item) => item.kind === kind)
const ring = (relay: RelayName, place: Partial<RingPlace>): void => {
  must(amina.vault.change((change) => keepRingPlace(change, relay, { ...NEVER_READ, ...place })))
}

describe("[K51] an unanswered conversation", () => {
  it("is for soon, and from the fourth hour on for now, to the second", () => {
    const id = amina.writes("person", "Здравствуйте.")
    const urgency = () => ofKind("unanswered").map((item) => item.urgency)
    expect(ofKind("unanswered")).toEqual([
      expect.objectContaining({ id, since: SAMPLE_NOW, thread: "none", isMine: false, urgency: "soon" }),
    ])
    amina.told.now = plusSeconds(hoursOn(4), -1)
    expect(urgency()).toEqual(["soon"])
    amina.told.now = hoursOn(4)
    expect(urgency()).toEqual(["now"])
    // Its age is that of the oldest message, whatever comes after it.
    amina.writes("person", "Вы здесь?")
    expect(ofKind("unanswered")).toEqual([expect.objectContaining({ since: SAMPLE_NOW, urgency: "now" })])
  })

  it("that is urgent, or of danger to life, is for now at once; one that can wait is not before its time", () => {
    const id = amina.writes("person", "Меня ищут.")
    for (const [urgency, expected] of [
      ["low", "soon"],
      ["high", "now"],
      ["danger-to-life", "now"],
      ["none", "soon"],
    ] as const) {
      must(setUrgency(amina.desk, id, urgency))
      expect(ofKind("unanswered")).toEqual([expect.objectContaining({ thread: urgency, urgency: expected })])
    }
    must(setUrgency(amina.desk, id, "low"))
    amina.told.now = hoursOn(4)
    expect(ofKind("unanswered")).toEqual([expect.objectContaining({ thread: "low", urgency: "now" })])
  })

  it("stands first by risk and then by age, says who has it, and is none once it is closed or spam", () => {
    const [a, b, c] = ["one", "two", "three"].map((name, i) => {
      amina.told.now = hoursOn(i)
      return amina.writes(name, name)
    }) as [string, string, string]
    must(setUrgency(amina.desk, c, "danger-to-life"))
    must(setUrgency(amina.desk, b, "high"))
    expect(ofKind("unanswered").map((item) => "id" in item && item.id)).toEqual([c, b, a])
    must(assign(amina.desk, b, "officer 1"))
    must(assign(amina.desk, c, "officer 2"))
    expect(ofKind("unanswered").map((item) => "isMine" in item && item.isMine)).toEqual([false, true, false])
    must(setState(amina.desk, c, "spam"))
    must(setState(amina.desk, b, "closed"))
    expect(ofKind("unanswered").map((item) => "id" in item && item.id)).toEqual([a])
  })
})

describe("[K51] a ring", () => {
  it("is spoken of from a fifth on, and can't wait from three fifths on, each relay's by itself", () => {
    const slots = 2 ** amina.organisation.charter.log2Slots
    const waiting = (share: number) => ({ head: 5_000 + Math.floor(slots * share), acknowledged: 5_000 })
    for (const [a, b, expected] of [
      [0.19, 0, []],
      [0.2, 0.1, [["A", 20, "soon"]]],
      [
        0.59,
        0.61,
        [
          ["A", 59, "soon"],
          ["B", 61, "now"],
        ],
      ],
      [0.1, 1, [["B", 100, "now"]]],
    ] as const) {
      ring("A", waiting(a))
      ring("B", waiting(b))
      const said = ofKind("ring-filling").map(
        (item) => item.kind === "ring-filling" && [item.relay, item.percent, item.urgency],
      )
      expect(said).toEqual(expected)
    }
  })

  it("says in how many hours it is full, by the rate of the last day, and says none without one", () => {
    const slots = 2 ** amina.organisation.charter.log2Slots
    const hours = () => ofKind("ring-filling").map((item) => item.kind === "ring-filling" && item.hours)
    ring("A", { head: slots / 4 })
    expect(hours()).toEqual([null])
    must(amina.vault.change((change) => keepRate(change, "A", SAMPLE_NOW, slots / 4)))
    amina.told.now = plusSeconds(hoursOn(1), -1)
    ring("A", { head: slots / 2 })
    expect(hours(), "an hour has not passed").toEqual([null])
    amina.told.now = hoursOn(2)
    // A quarter in two hours: the other half takes four.
    expect(hours()).toEqual([4])
    ring("A", { head: slots })
    expect(hours()).toEqual([0])
    // Nothing has come since: nobody says when.
    ring("A", { head: slots / 4 })
    expect(hours()).toEqual([null])
  })

  it("that was overwritten unread says so for as long as a desk may be away, and then no more", () => {
    ring("B", { head: 100, acknowledged: 100, missed: 7, missedAt: SAMPLE_NOW })
    expect(ofKind("overwritten")).toEqual([{ kind: "overwritten", relay: "B", count: 7, urgency: "now" }])
    amina.told.now = plusSeconds(SAMPLE_NOW, 14 * DAY_SECONDS - 1)
    expect(ofKind("overwritten")).toHaveLength(1)
    amina.told.now = plusSeconds(SAMPLE_NOW, 14 * DAY_SECONDS)
    expect(ofKind("overwritten")).toEqual([])
  })

  it("of which something is still to be opened says how much, of both together", () => {
    expect(ofKind("unopened")).toEqual([])
    ring("A", { head: 40, opened: 10 })
    ring("B", { head: 5, opened: 0 })
    expect(ofKind("unopened")).toEqual([{ kind: "unopened", count: 35, urgency: "soon" }])
  })

  it("that this desk may not make room in is said, whichever of the two", () => {
    const [a, b] = amina.told.capabilities
    expect(ofKind("cannot-acknowledge")).toEqual([])
    amina.told.capabilities = [a, { ...b, acknowledge: null }]
    expect(ofKind("cannot-acknowledge")).toEqual([{ kind: "cannot-acknowledge", urgency: "soon" }])
  })
})

describe("[K51] keys to write to", () => {
  /** Keys for the windows from now's on. */
  async function keysFor(count: number): Promise<Instant> {
    const { organisation, told } = amina
    const keys = []
    for (let i = 0; i < count; i += 1) {
      const time = plusSeconds(SAMPLE_NOW, i * 6 * 3600)
      const pair = await makeKemKey(seededRandom(`key ${i}`))
      const delegation = delegationAt(organisation, time)
      const bytes = await signIntakeKey(pair.publicKey, windowOf(time), organisation.boris, delegation)
      keys.push(must(await verifyIntakeKey(bytes, organisation.delegations, [])))
    }
    told.line = { ...told.line, intakeKeys: keys }
    return windowEnd(windowOf(plusSeconds(SAMPLE_NOW, (count - 1) * 6 * 3600)))
  }

  it("that end within two days are for soon, in their last six hours for now, where this desk can't make the next", async () => {
    const until = await keysFor(9)
    // Relay A does not take what this desk says: it makes none by itself.
    amina.told.trouble.A = { kind: "relay-down", why: "timeout" }
    const said = () =>
      ofKind("keys-ending").map((item) => item.kind === "keys-ending" && [item.hours, item.urgency])
    amina.told.now = plusSeconds(until, -48 * 3600 - 1)
    expect(said()).toEqual([])
    amina.told.now = plusSeconds(until, -48 * 3600)
    expect(said()).toEqual([[48, "soon"]])
    amina.told.now = plusSeconds(until, -6 * 3600 - 1)
    expect(said()).toEqual([[6, "soon"]])
    amina.told.now = plusSeconds(until, -6 * 3600)
    expect(said()).toEqual([[6, "now"]])
    amina.told.trouble.A = null
    expect(said(), "it makes them with its next round").toEqual([])
  })

  it("that a new edition lacks are said at once; an old edition says nothing of them", async () => {
    const { organisation, told } = amina
    told.edition = (await makeEdition(organisation, { issued: SAMPLE_NOW })).edition
    expect(ofKind("not-receiving")).toEqual([{ kind: "not-receiving", urgency: "now" }])
    told.now = plusSeconds(SAMPLE_NOW, 1_801)
    expect(ofKind("not-receiving")).toEqual([])
    told.now = SAMPLE_NOW
    const { header } = told.edition
    told.edition = { ...told.edition, header: { ...header, intakeKey: new Uint8Array(1) } }
    expect(ofKind("not-receiving")).toEqual([])
  })
})
