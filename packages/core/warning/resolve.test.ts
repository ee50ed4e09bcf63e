import { expect, test } from "vitest"
import { must } from "../result.ts"
import {
  approvedCore,
  approvedWarning,
  freeCore,
  freeWarning,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  sampleTexts,
  signedBy,
  verified,
  vetoBy,
} from "../testing/organisation.ts"
import { DAY_SECONDS, HOUR_SECONDS, type Instant, plusSeconds } from "../time/instant.ts"
import { relaxes, resolveWarnings, shownWarnings } from "./resolve.ts"
import { verifyWarning } from "./verify.ts"
import type { Veto } from "./veto.ts"
import { verifyVeto } from "./veto.ts"
import type { Warning, WarningCore } from "./warning.ts"

const organisation = await makeOrganisation()
const { chain, charter, delegations, amina, boris, vera, signers } = organisation
const [signer1, signer2] = signers as [(typeof signers)[0], (typeof signers)[0]]
const later = (seconds: number): Instant => plusSeconds(SAMPLE_NOW, seconds)

/** What continues a warning: the same id, the next sequence, its hash. */
const next = (before: Warning, signedAt = later(HOUR_SECONDS)): Partial<WarningCore> => ({
  id: before.core.id,
  sequence: before.core.sequence + 1,
  supersedes: before.hash,
  signedAt,
  effective: signedAt,
  expires: before.core.expires,
})

const approvedUpdate = async (
  before: Warning,
  change: Parameters<typeof approvedCore>[1] = {},
  by: readonly (typeof amina)[] = [amina],
): Promise<Warning> => {
  const { expires, ...rest } = next(before)
  const core = approvedCore(organisation, { ...rest, expires: expires as Instant, ...change })
  return await verified(organisation, await signedBy(organisation, core, by))
}

const withdrawal = async (before: Warning, change: Partial<WarningCore> = {}): Promise<Warning> => {
  const core: WarningCore = { ...before.core, ...next(before), ...change, content: { kind: "withdrawal" } }
  return await verified(organisation, await signedBy(organisation, core, [amina, boris]))
}

async function allClear(
  before: Warning,
  options: {
    readonly proposedAt?: Instant
    readonly confirmedAt?: Instant
    readonly proposal?: Partial<WarningCore>
    readonly confirmation?: Partial<WarningCore>
    readonly texts?: typeof sampleTexts
  } = {},
): Promise<readonly [Warning, Warning]> {
  const proposedAt = options.proposedAt ?? later(HOUR_SECONDS)
  const confirmedAt = options.confirmedAt ?? plusSeconds(proposedAt, DAY_SECONDS)
  const sign = async (core: WarningCore, texts: typeof sampleTexts) =>
    await verified(organisation, await signedBy(organisation, core, [signer1, signer2], texts))
  const { expires, ...continued } = next(before, proposedAt)
  const proposal = await sign(
    freeCore(organisation, sampleTexts, {
      kind: "all-clear-proposal",
      areas: before.core.areas,
      ...continued,
      expires: plusSeconds(proposedAt, 10 * DAY_SECONDS),
      ...options.proposal,
    }),
    sampleTexts,
  )
  const texts = options.texts ?? sampleTexts
  const confirmed = next(proposal, confirmedAt)
  const confirmation = await sign(
    freeCore(organisation, texts, {
      kind: "all-clear",
      areas: before.core.areas,
      ...confirmed,
      ...options.confirmation,
    }),
    texts,
  )
  return [proposal, confirmation]
}

const states = (warnings: readonly Warning[], vetoes: readonly Veto[] = []) =>
  resolveWarnings(warnings, vetoes, chain).map(({ state }) => state)
/** The state of the first warning must not hang on the order in which a list has the others. */
const stateOf = (first: Warning, others: readonly Warning[], vetoes: readonly Veto[] = []) => {
  const found = [others, [...others].reverse()].map((order) => states([first, ...order], vetoes)[0])
  expect(found[1]).toBe(found[0])
  return found[0]
}

const danger = await approvedWarning(organisation)

test("[W8] the same wording for a larger area or a longer time, by one officer, takes the place of the warning", async () => {
  expect(stateOf(danger, [await approvedUpdate(danger, { areas: [2, 3] })])).toBe("superseded")
  expect(stateOf(danger, [await approvedUpdate(danger, { areas: [1] })])).toBe("superseded")
  expect(stateOf(danger, [await approvedUpdate(danger, { expires: later(3 * DAY_SECONDS) })])).toBe(
    "superseded",
  )
})

test("[W8] an update that relaxes takes nobody's place: both stand", async () => {
  const relaxed: Parameters<typeof approvedCore>[1][] = [
    { areas: [5] },
    { areas: [3] },
    { expires: plusSeconds(danger.core.expires, -1) },
    { effective: later(2 * HOUR_SECONDS) },
  ]
  for (const change of relaxed) {
    expect(states([danger, await approvedUpdate(danger, change)]), JSON.stringify(change)).toEqual([
      "stands",
      "stands",
    ])
  }
  const free = await freeWarning(organisation)
  const scales: Partial<WarningCore>[] = [
    { severity: "Moderate" },
    { severity: "Unknown" },
    { urgency: "Future" },
    { certainty: "Possible" },
  ]
  for (const change of scales) {
    expect(
      relaxes(free.core, { ...free.core, ...next(free), ...change }, charter),
      JSON.stringify(change),
    ).toBe(true)
  }
  expect(relaxes(free.core, { ...free.core, ...next(free), severity: "Extreme" }, charter)).toBe(false)
})

test("[W8] one officer can't make two officers' warning disappear behind an approved wording", async () => {
  const trap = await freeWarning(organisation, sampleTexts, { severity: "Extreme" })
  expect(stateOf(trap, [await approvedUpdate(trap)])).toBe("stands")
  expect(stateOf(trap, [await approvedUpdate(trap, {}, [amina, vera])])).toBe("superseded")
})

test("[W8] one officer can't put another approved wording in the place of one", async () => {
  const severe = await approvedWarning(organisation, { wording: 2 })
  const other = await approvedUpdate(severe, { wording: 1 })
  expect(relaxes(severe.core, { ...other.core, certainty: "Observed" }, charter)).toBe(false)
  const observed = { ...severe, core: { ...severe.core, certainty: "Likely" } } as Warning
  expect(stateOf(observed, [other])).toBe("stands")
  expect(stateOf(observed, [await approvedUpdate(severe, { wording: 1 }, [amina, boris])])).toBe("superseded")
})

test("[W7] an update names the version before it by hash, id, sequence and time", async () => {
  const other = await approvedWarning(organisation)
  for (const change of [
    { supersedes: other.hash },
    { id: other.core.id },
    { sequence: 2 },
    { signedAt: later(-1), effective: later(-1) },
  ]) {
    expect(stateOf(danger, [await approvedUpdate(danger, change)]), Object.keys(change).join()).toBe("stands")
  }
})

test("[W10] a withdrawal by two officers ends a warning, but not before the warning itself would end", async () => {
  expect(stateOf(danger, [await withdrawal(danger)])).toBe("withdrawn")
  const short = await withdrawal(danger, { expires: plusSeconds(danger.core.expires, -1) })
  expect(stateOf(danger, [short])).toBe("stands")
  const [shown] = shownWarnings(
    resolveWarnings([danger, await withdrawal(danger)], [], chain),
    later(2 * HOUR_SECONDS),
  )
  expect(shown?.warning.hash).toEqual(danger.hash)
  expect(shown?.by?.core.content.kind).toBe("withdrawal")
})

test("[W9] an all-clear is a proposal and, a day later, its confirmation; only that shows", async () => {
  const [proposal, confirmation] = await allClear(danger)
  expect(stateOf(danger, [proposal, confirmation])).toBe("cleared")
  const resolved = resolveWarnings([danger, proposal, confirmation], [], chain)
  expect(resolved).toEqual([{ warning: danger, state: "cleared", by: confirmation }])
  expect(shownWarnings(resolved, confirmation.core.effective).map(({ by }) => by)).toEqual([confirmation])
})

test("[W9] a proposal alone clears nothing, a confirmation alone neither", async () => {
  const [proposal, confirmation] = await allClear(danger)
  expect(stateOf(danger, [proposal])).toBe("stands")
  expect(stateOf(danger, [confirmation])).toBe("stands")
  const another = await allClear(danger, { proposedAt: later(2 * HOUR_SECONDS) })
  expect(stateOf(danger, [another[0], confirmation])).toBe("stands")
})

test("[W9] a confirmation a second too early clears nothing", async () => {
  const at = (seconds: number) => allClear(danger, { proposedAt: SAMPLE_NOW, confirmedAt: later(seconds) })
  expect(stateOf(danger, await at(DAY_SECONDS - 1))).toBe("stands")
  expect(stateOf(danger, await at(DAY_SECONDS))).toBe("cleared")
})

test("[W9] a confirmation of a proposal that has lapsed clears nothing", async () => {
  const lapsed = await allClear(danger, {
    proposedAt: SAMPLE_NOW,
    proposal: { expires: later(DAY_SECONDS) },
    confirmation: { expires: danger.core.expires },
  })
  expect(stateOf(danger, lapsed)).toBe("stands")
})

test("[W9] a confirmation with an altered text, or fewer languages, clears nothing", async () => {
  const [english, russian] = sampleTexts as [(typeof sampleTexts)[0], (typeof sampleTexts)[0]]
  for (const texts of [[{ ...english, instruction: "Come home." }, russian], [russian]]) {
    expect(stateOf(danger, await allClear(danger, { texts }))).toBe("stands")
  }
})

test("[W9] an all-clear clears the area of its warning, neither more nor less", async () => {
  for (const areas of [[1], [2, 3], [6], []]) {
    expect(stateOf(danger, await allClear(danger, { proposal: { areas }, confirmation: { areas } }))).toBe(
      "stands",
    )
    expect(stateOf(danger, await allClear(danger, { confirmation: { areas } }))).toBe("stands")
  }
})

test("[W9] one signer's veto stops it, however late, and a forged one does not", async () => {
  const [proposal, confirmation] = await allClear(danger)
  const veto = await vetoBy(organisation, proposal, 2, later(3 * DAY_SECONDS))
  expect(stateOf(danger, [proposal, confirmation], [veto])).toBe("stands")
  const [other] = await allClear(danger, { proposedAt: later(2 * HOUR_SECONDS) })
  expect(stateOf(danger, [proposal, confirmation], [await vetoBy(organisation, other, 2)])).toBe("cleared")
  for (let i = 0; i < veto.bytes.length; i++) {
    const altered = veto.bytes.slice()
    altered[i] = (altered[i] as number) ^ (1 << (i % 8))
    expect((await verifyVeto(altered, chain)).ok, `byte ${i}`).toBe(false)
  }
  const elsewhere = await makeOrganisation({ seed: "another" })
  expect((await verifyVeto(veto.bytes, elsewhere.chain)).ok).toBe(false)
})

test("[W10] an all-clear that would end before the danger does not clear it", async () => {
  const short = await allClear(danger, { confirmation: { expires: plusSeconds(danger.core.expires, -1) } })
  expect(stateOf(danger, short)).toBe("stands")
})

test("[W8] where officers have published a successor, an all-clear of the version before is silent", async () => {
  const successor = await approvedUpdate(danger, { expires: later(4 * DAY_SECONDS) })
  const [proposal, confirmation] = await allClear(danger)
  expect(stateOf(danger, [proposal, confirmation, successor])).toBe("superseded")
  const shown = shownWarnings(
    resolveWarnings([danger, proposal, confirmation, successor], [], chain),
    later(2 * DAY_SECONDS - 1),
  )
  expect(shown.map(({ warning, by }) => [warning.hash, by])).toEqual([[successor.hash, null]])
})

test("[W10] a withdrawal is said rather than an all-clear", async () => {
  expect(stateOf(danger, [...(await allClear(danger)), await withdrawal(danger)])).toBe("withdrawn")
})

test("[V3] where an update is voided, the version before stands again", async () => {
  const update = await signedBy(
    organisation,
    approvedCore(organisation, { ...next(danger), expires: later(3 * DAY_SECONDS), areas: [1] } as never),
    [boris],
  )
  const revocation = await revocationBy(organisation, [boris.publicKey], [amina, vera])
  const authority = { chain, delegations, revocations: [revocation] }
  const judged = await verifyWarning(update, authority)
  expect(judged.ok ? "verified" : judged.error.kind).toBe("revoked")
  expect(states([danger])).toEqual(["stands"])
  const before = must(await verifyWarning(update, { ...authority, revocations: [] }))
  expect(stateOf(danger, [before])).toBe("superseded")
})

test("[W12] newest first, from its beginning to the second before its end", async () => {
  const tomorrow = await approvedWarning(organisation, { signedAt: later(1), effective: later(DAY_SECONDS) })
  const resolved = resolveWarnings([danger, tomorrow], [], chain)
  const at = (time: Instant) => shownWarnings(resolved, time).map(({ warning }) => warning.hash)
  expect(at(SAMPLE_NOW)).toEqual([danger.hash])
  expect(at(later(-1))).toEqual([])
  expect(at(later(DAY_SECONDS))).toEqual([tomorrow.hash, danger.hash])
  expect(at(danger.core.expires)).toEqual(
    [tomorrow.hash].filter(() => tomorrow.core.expires > danger.core.expires),
  )
  expect(at(plusSeconds(danger.core.expires, 1))).toEqual([])
})
