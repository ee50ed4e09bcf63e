import { type IntakeWindow, signIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import type { Entry } from "@kunak/core/log/entry"
import { PART_BYTES } from "@kunak/core/parameters"
import { encodeVouched, signReceipt } from "@kunak/core/receipt/receipt"
import { reveal, Secret } from "@kunak/core/secret"
import { makeKemKey } from "@kunak/core/suite"
import {
  approvedWarning,
  delegationAt,
  makeDelegation,
  makeOrganisation,
  revocationBytes,
  SAMPLE_NOW,
} from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { type Instant, instant, plusSeconds } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import { applyEntry, emptyLine, type LineState, pruned } from "./line-state.ts"

const random = seededRandom("the line's state")
const organisation = await makeOrganisation()
const { amina, boris, vera, duties, chain, delegations } = organisation
const week = delegationAt(organisation, SAMPLE_NOW)
const window = windowOf(SAMPLE_NOW)
const { publicKey } = await makeKemKey(random)
const start = emptyLine(chain, delegations)
const after = async (state: LineState, ...entries: readonly Entry[]): Promise<LineState> => {
  let line = state
  for (const entry of entries) line = await applyEntry(line, entry, SAMPLE_NOW)
  return line
}
const intakeKey = async (by: typeof amina, at: number = window): Promise<Entry> => ({
  kind: "intake-key",
  bytes: await signIntakeKey(publicKey, at as IntakeWindow, by, week),
})
const windows = (line: LineState) => line.intakeKeys.map((key) => key.window - window)

test("[L8] with an officer taken back no intake key counts any more, whoever signed it: that desk has their seeds", async () => {
  const revocation: Entry = {
    kind: "revocation",
    bytes: await revocationBytes(organisation, [amina.publicKey], [boris, vera]),
  }
  const before = await after(start, await intakeKey(boris), await intakeKey(boris, window + 1))
  expect(windows(before)).toEqual([0, 1])
  const taken = await after(before, revocation)
  expect(windows(taken)).toEqual([])
  const again = await after(taken, await intakeKey(vera), await intakeKey(amina, window + 1))
  expect(windows(again)).toEqual([0])
  // Said again, it takes nothing: else one desk could keep the line from receiving.
  expect(windows(await after(again, revocation))).toEqual([0])
})

test("[L8] a week delegated anew has intake keys of its own: those of the delegation before do not stand in their way", async () => {
  const people = { officers: [vera, boris], duties, signers: organisation.signers }
  const again = await makeDelegation(chain, people, week.week)
  const bytes = await signIntakeKey(publicKey, window, vera, again)
  const line = await after(
    start,
    await intakeKey(amina),
    { kind: "delegation", bytes: again.bytes },
    await intakeKey(amina),
    { kind: "intake-key", bytes },
    { kind: "intake-key", bytes: await signIntakeKey(publicKey, window, boris, again) },
  )
  expect(line.intakeKeys.map(({ bytes: kept }) => kept)).toEqual([bytes])
})

test("[L8] a duty taken back takes no intake key along: it never had a seed", async () => {
  const bytes = await revocationBytes(organisation, [duties[1].publicKey], [boris, vera])
  const line = await after(start, await intakeKey(boris), { kind: "revocation", bytes })
  expect(windows(line)).toEqual([0])
})

const receipt = async (time: Instant): Promise<Entry> => {
  const parts = {
    organisationId: chain.organisationId,
    delegationHash: week.hash,
    time,
    lastRead: instant(0),
  }
  return { kind: "receipt", receipt: await signReceipt(parts, [], amina, week), vouched: encodeVouched([]) }
}
const HOUR = 3_600

test("[R3] a receipt dated ahead, by a desk whose clock is wrong, keeps none out that says something now", async () => {
  const times = async (...hours: readonly number[]) => {
    const said = await Promise.all(hours.map((hour) => receipt(plusSeconds(SAMPLE_NOW, hour * HOUR))))
    const time = (await after(start, ...said)).receipt?.receipt.time
    return time === undefined ? null : (time - SAMPLE_NOW) / HOUR
  }
  expect(await times(-3, -1, -2)).toBe(-1)
  expect(await times(-1, 20)).toBe(-1)
  expect(await times(20, -1)).toBe(-1)
  expect(await times(20, -1, 21)).toBe(-1)
  expect(await times(20, 21, 20)).toBe(21)
})

test("[U15] a clock set ahead drops nothing that the newest receipt does not say is over", async () => {
  const warning: Entry = { kind: "warning", warning: (await approvedWarning(organisation)).signed }
  const part: Entry = {
    kind: "part",
    part: {
      handle: random(16),
      week: week.week,
      keys: [0, 1, 2].map(() => ({ cell: new Secret(random(32)), placement: new Secret(random(32)) })),
      sequence: 1,
      written: SAMPLE_NOW,
      expires: plusSeconds(SAMPLE_NOW, 240 * HOUR),
      part: random(PART_BYTES),
    },
  }
  const line = await after(start, await intakeKey(amina), warning, part, await receipt(SAMPLE_NOW))
  const left = ({ intakeKeys, warnings, waiting, delegations: kept }: LineState) => [
    intakeKeys.length,
    warnings.length,
    waiting.length,
    kept.length,
  ]
  const placing = ({ waiting }: LineState): readonly boolean[] =>
    waiting.flatMap(({ keys }) => keys.map(({ cell }) => reveal(cell).some((byte) => byte !== 0)))
  // Rule J2: of a week that is over by the receipt, too.
  const nextWeek = plusSeconds(SAMPLE_NOW, 7 * 24 * HOUR)
  expect(placing(pruned(line, nextWeek))).toEqual([true, true, true])
  expect(placing(pruned({ ...line, receipt: null }, nextWeek))).toEqual([false, true, true])
  const inForce = left(pruned(line, SAMPLE_NOW))
  expect(inForce.slice(0, 3)).toEqual([1, 1, 1])
  expect(left(pruned(line, plusSeconds(SAMPLE_NOW, 60 * 24 * HOUR)))).toEqual(inForce)
  const later = await after(line, await receipt(plusSeconds(SAMPLE_NOW, 7 * HOUR)))
  const sevenHours = plusSeconds(SAMPLE_NOW, 7 * HOUR)
  expect(left(pruned(await applyEntry(later, await receipt(sevenHours), sevenHours), sevenHours))[0]).toBe(0)
})

const lease = (duty: (typeof duties)[0]["publicKey"], until: Instant): Entry => ({
  kind: "lease",
  duty,
  term: 1,
  until,
})

test("[U14] a lease counts that names a duty of this week and ends soon: nobody makes all duties stand by for ever", async () => {
  const [first] = duties
  const kept = async (...entries: readonly Entry[]) =>
    pruned(await after(start, ...entries), SAMPLE_NOW).lease?.until ?? null
  const soon = plusSeconds(SAMPLE_NOW, 750)
  expect(await kept(lease(first.publicKey, soon))).toBe(soon)
  expect(await kept(lease(first.publicKey, 0xffff_ffff as Instant))).toBeNull()
  expect(await kept(lease(first.publicKey, plusSeconds(SAMPLE_NOW, 3_600)))).toBeNull()
  expect(await kept(lease(random(32) as never, soon))).toBeNull()
  const bytes = await revocationBytes(organisation, [first.publicKey], [boris, vera])
  expect(await kept({ kind: "revocation", bytes }, lease(first.publicKey, soon))).toBeNull()
})
