import { expect, test } from "vitest"
import { verifyCharterChain } from "../charter/verify.ts"
import { verifyDelegation } from "../delegation/delegation.ts"
import { MAX_WARNING_SECONDS } from "../parameters.ts"
import { must } from "../result.ts"
import { signBody } from "../signature/signed.ts"
import { makeSigningKey } from "../suite.ts"
import {
  approvedCore,
  approvedWarning,
  delegationAt,
  extendChain,
  freeCore,
  freeWarning,
  makeDelegation,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  sampleTexts,
  signedBy,
} from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { HOUR_SECONDS, plusSeconds, WEEK_SECONDS, weekOf } from "../time/instant.ts"
import { decodeWarning, decodeWarningCore, encodeWarning, encodeWarningCore } from "./codec.ts"
import { signAllClear, signWarning } from "./sign.ts"
import { brokenRule, verifyWarning } from "./verify.ts"
import { NO_HASH, type SignedWarning, type WarningCore } from "./warning.ts"

const organisation = await makeOrganisation()
const { chain, charter, delegations, amina, boris, vera, signers } = organisation
const [signer1, signer2, signer3] = signers as [(typeof signers)[0], (typeof signers)[0], (typeof signers)[0]]
const plain = { chain, delegations, revocations: [] }
const random = seededRandom("warnings of others")
const DAY = 24 * HOUR_SECONDS

const outcome = async (warning: SignedWarning, authority: Parameters<typeof verifyWarning>[1] = plain) => {
  const result = await verifyWarning(warning, authority)
  if (result.ok) return "verified"
  return result.error.kind === "against-rule" ? result.error.rule : result.error.kind
}
/** Signed by the keys given, at their places in the list that `core` is judged by, whether they are in it or not. */
async function forgedBy(
  core: WarningCore,
  keys: readonly { key: typeof amina; index: number }[],
  texts = sampleTexts,
) {
  const body = encodeWarningCore(core)
  const signatures = await Promise.all(
    keys.map(async ({ key, index }) => ({ index, signature: await signBody("warning", body, key) })),
  )
  return { body, signatures, texts: core.content.kind === "free" ? texts : [] }
}

test("[W3] an approved wording needs one officer, and none is too few", async () => {
  const core = approvedCore(organisation)
  expect(await outcome(await signedBy(organisation, core, [amina]))).toBe("verified")
  expect(await outcome(await signedBy(organisation, core, [vera, boris]))).toBe("verified")
  expect(await outcome(await signedBy(organisation, core, []))).toBe("too-few-signatures")
})

test("[W3] a free text needs two officers", async () => {
  const core = freeCore(organisation)
  expect(await outcome(await signedBy(organisation, core, [amina, boris], sampleTexts))).toBe("verified")
  expect(await outcome(await signedBy(organisation, core, [amina], sampleTexts))).toBe("too-few-signatures")
})

test("[W3] a withdrawal needs two officers, an all-clear k charter signers", async () => {
  const before = await approvedWarning(organisation)
  const ended = { id: before.core.id, sequence: 1, supersedes: before.hash }
  const withdrawal: WarningCore = { ...before.core, ...ended, content: { kind: "withdrawal" } }
  expect(await outcome(await signedBy(organisation, withdrawal, [amina, vera]))).toBe("verified")
  expect(await outcome(await signedBy(organisation, withdrawal, [amina]))).toBe("too-few-signatures")
  for (const kind of ["all-clear-proposal", "all-clear"] as const) {
    const core = freeCore(organisation, sampleTexts, { kind, ...ended })
    expect(await outcome(await signedBy(organisation, core, [signer1, signer3], sampleTexts))).toBe(
      "verified",
    )
    expect(await outcome(await signedBy(organisation, core, [signer1], sampleTexts))).toBe(
      "too-few-signatures",
    )
  }
})

test("[W3] the same officer twice is one, at whatever place the second signature stands", async () => {
  const core = freeCore(organisation)
  const at = (...indices: number[]) =>
    forgedBy(
      core,
      indices.map((index) => ({ key: amina, index })),
    )
  expect(await outcome(await at(0, 1))).toBe("bad-signature")
  const twice = await at(0, 0)
  expect(decodeWarning(encodeWarning(twice))).toBeNull()
})

test("[W3] officers do not give an all-clear, nor charter signers a danger", async () => {
  const before = await approvedWarning(organisation)
  const allClear = freeCore(organisation, sampleTexts, {
    kind: "all-clear",
    id: before.core.id,
    sequence: 1,
    supersedes: before.hash,
  })
  const byOfficers = await forgedBy(allClear, [
    { key: amina, index: 0 },
    { key: boris, index: 1 },
  ])
  expect(await outcome({ ...byOfficers, texts: sampleTexts })).toBe("bad-signature")
  expect((await signWarning(byOfficers, amina, delegationAt(organisation, SAMPLE_NOW))).ok).toBe(false)
  const danger = await signedBy(organisation, freeCore(organisation), [], sampleTexts)
  expect((await signAllClear(danger, signer1, charter)).ok).toBe(false)
})

test("[W4] an officer of another week does not sign in this one", async () => {
  const other = makeSigningKey("officer", random)
  const keys = { officers: [other, boris], duties: organisation.duties, signers }
  const nextWeek = (weekOf(SAMPLE_NOW) + 1) as ReturnType<typeof weekOf>
  const next = await makeDelegation(chain, keys, nextWeek)
  const authority = { ...plain, delegations: [...delegations, next] }
  const named = { ...approvedCore(organisation), delegationHash: next.hash }
  const now = await forgedBy(named, [{ key: other, index: 0 }])
  expect(await outcome(now, authority)).toBe("unknown-authority")
  const later = plusSeconds(SAMPLE_NOW, WEEK_SECONDS)
  const then = { ...named, signedAt: later, effective: later, expires: plusSeconds(later, DAY) }
  expect(await outcome(await forgedBy(then, [{ key: other, index: 0 }]), authority)).toBe("verified")
  // Eve keeps her key of this week and names next week's delegation, which does not have it.
  expect(await outcome(await forgedBy(then, [{ key: vera, index: 0 }]), authority)).toBe("bad-signature")
})

test("[D4] two delegations of one week: each officer signs under the one that names them", async () => {
  const added = makeSigningKey("officer", random)
  const keys = { officers: [amina, added], duties: organisation.duties, signers }
  const second = await makeDelegation(chain, keys, weekOf(SAMPLE_NOW))
  const authority = { ...plain, delegations: [...delegations, second] }
  const core = approvedCore(organisation)
  const under = { ...core, delegationHash: second.hash }
  expect(await outcome(await forgedBy(under, [{ key: added, index: 1 }]), authority)).toBe("verified")
  expect(await outcome(await forgedBy(core, [{ key: boris, index: 1 }]), authority)).toBe("verified")
  expect(await outcome(await forgedBy(core, [{ key: added, index: 1 }]), authority)).toBe("bad-signature")
})

test("[W4] without its delegation or its charter nothing is known of a warning", async () => {
  const warning = await signedBy(organisation, approvedCore(organisation), [amina])
  expect(await outcome(warning, { ...plain, delegations: [] })).toBe("unknown-authority")
  const elsewhere = { ...approvedCore(organisation), charterHash: random(32) as never }
  expect(await outcome(await forgedBy(elsewhere, [{ key: amina, index: 0 }]))).toBe("unknown-authority")
  const foreign = { ...approvedCore(organisation), organisationId: random(32) as never }
  expect(await outcome(await forgedBy(foreign, [{ key: amina, index: 0 }]))).toBe("unknown-organisation")
})

test("[W4] nothing is signed before its charter begins or after it ends", async () => {
  const short = await makeOrganisation({
    change: (all) => ({ ...all, issued: plusSeconds(SAMPLE_NOW, -60), expires: plusSeconds(SAMPLE_NOW, 60) }),
  })
  const at = async (seconds: number) => {
    const core = approvedCore(short, { signedAt: plusSeconds(SAMPLE_NOW, seconds) })
    return outcome(await signedBy(short, core, [short.amina]), { ...plain, ...short, revocations: [] })
  }
  expect([await at(-61), await at(-60), await at(59), await at(60)]).toEqual([
    "unknown-authority",
    "verified",
    "verified",
    "unknown-authority",
  ])
})

test("[W4] officers of a newer charter can't use a wording of the one before", async () => {
  const longer = must(
    await verifyCharterChain(
      await extendChain(organisation, (all) => ({ ...all, wordings: all.wordings.slice(1) })),
      chain.organisationId,
    ),
  )
  const week = (weekOf(SAMPLE_NOW) + 1) as ReturnType<typeof weekOf>
  const keys = { officers: [amina, boris, vera], duties: organisation.duties, signers }
  const next = await makeDelegation(longer, keys, week)
  const signedAt = plusSeconds(SAMPLE_NOW, WEEK_SECONDS)
  const dropped = { ...approvedCore(organisation, { signedAt }), delegationHash: next.hash }
  const authority = { ...plain, chain: longer, delegations: [next] }
  expect(await outcome(await forgedBy(dropped, [{ key: amina, index: 0 }]), authority)).toBe(
    "unknown-authority",
  )
  const current = { ...dropped, charterHash: longer.current.hash }
  expect(await outcome(await forgedBy(current, [{ key: amina, index: 0 }]), authority)).toBe("W6")
})

test("[W2] a text other than the signed one is altered, one too many as well, and none is none", async () => {
  const warning = await signedBy(organisation, freeCore(organisation), [amina, boris], sampleTexts)
  const [english, russian] = sampleTexts as [(typeof sampleTexts)[0], (typeof sampleTexts)[0]]
  const altered = { ...english, instruction: "Go to the meeting." }
  for (const texts of [[altered], [altered, russian], [], [{ ...english, language: "ce" }]]) {
    expect(await outcome({ ...warning, texts })).toBe("altered-text")
  }
  expect(await outcome({ ...warning, texts: [russian] })).toBe("verified")
  const approved = await signedBy(organisation, approvedCore(organisation), [amina])
  expect(await outcome({ ...approved, texts: [english] })).toBe("altered-text")
})

test("[W2] an approved wording says what the charter says, in every language, with its slots", async () => {
  const { texts } = await approvedWarning(organisation, { areas: [2, 3] })
  expect(texts.map(({ language, description }) => [language, description])).toEqual([
    ["ru", "С 28 декабря 2018 г. задерживают людей. Где: Чечня, Ингушетия."],
    ["en", "People have been detained since 28 December 2018. Where: Chechnya, Ingushetia."],
  ])
})

const broken = (core: WarningCore) => brokenRule(core, charter)
const approved = approvedCore(organisation)
const free = freeCore(organisation)
const ended = { sequence: 1, supersedes: random(32) as never }
const RULES: readonly [string, "W5" | "W6" | "W7", WarningCore][] = [
  ["begins before it was signed", "W5", { ...approved, effective: plusSeconds(approved.signedAt, -1) }],
  ["ends before it begins", "W5", { ...approved, expires: approved.effective }],
  [
    "lasts longer than two weeks",
    "W5",
    { ...free, expires: plusSeconds(free.signedAt, MAX_WARNING_SECONDS + 1) },
  ],
  [
    "is a withdrawal that begins later",
    "W5",
    { ...approved, ...ended, effective: plusSeconds(approved.signedAt, 1), content: { kind: "withdrawal" } },
  ],
  [
    "is an approved wording that the charter does not have",
    "W6",
    { ...approved, content: { kind: "approved", wording: 9, since: approved.signedAt } },
  ],
  ["has a lower severity than approved", "W6", { ...approved, severity: "Severe" }],
  ["has a higher certainty than approved", "W6", { ...approved, certainty: "Observed" }],
  ["has another urgency than approved", "W6", { ...approved, urgency: "Expected" }],
  ["asks for something else than approved", "W6", { ...approved, responses: ["Shelter"] }],
  [
    "lasts longer than approved",
    "W6",
    {
      ...approved,
      content: { kind: "approved", wording: 2, since: approved.signedAt },
      severity: "Severe",
      certainty: "Observed",
      responses: ["Avoid"],
      expires: plusSeconds(approved.signedAt, 73 * HOUR_SECONDS),
    },
  ],
  ["names no area in an approved wording", "W6", { ...approved, areas: [] }],
  ["names an area that the charter does not have", "W6", { ...free, areas: [99] }],
  [
    "says that it began after it is in force",
    "W6",
    { ...approved, content: { kind: "approved", wording: 1, since: plusSeconds(approved.effective, 1) } },
  ],
  [
    "has a text in a language that the charter does not have",
    "W6",
    { ...free, content: { kind: "free", texts: [{ language: "de", hash: random(32) }] } },
  ],
  ["is a first version that replaces something", "W7", { ...approved, supersedes: random(32) as never }],
  ["is a later version that replaces nothing", "W7", { ...approved, sequence: 1 }],
  ["is a withdrawal of nothing", "W7", { ...approved, content: { kind: "withdrawal" } }],
  ["is a danger that says AllClear", "W7", { ...free, responses: ["AllClear"] }],
  [
    "is an all-clear that does not say so",
    "W7",
    { ...freeCore(organisation, sampleTexts, { kind: "all-clear" }), ...ended, responses: ["None"] },
  ],
  [
    "is an all-clear that names a delegation",
    "W7",
    {
      ...freeCore(organisation, sampleTexts, { kind: "all-clear" }),
      ...ended,
      delegationHash: approved.delegationHash,
    },
  ],
  ["is a danger that names none", "W7", { ...free, delegationHash: NO_HASH }],
]
test.for(RULES)("[W5–W7] refuses a warning that %s", async ([, rule, core]) => {
  expect(broken(core)).toBe(rule)
})

test("[W6] what is refused is refused with good signatures too", async () => {
  const core = { ...approved, severity: "Minor" as const }
  expect(await outcome(await signedBy(organisation, core, [amina]))).toBe("W6")
})

test("[V3] a revoked key voids what it signed, whenever it says it signed", async () => {
  const revocation = await revocationBy(organisation, [amina.publicKey], [signer1, signer2])
  const authority = { ...plain, revocations: [revocation] }
  const early = plusSeconds(SAMPLE_NOW, -3 * DAY)
  const backdated = await signedBy(organisation, approvedCore(organisation, { signedAt: early }), [amina])
  expect(await outcome(backdated)).toBe("verified")
  expect(await outcome(backdated, authority)).toBe("revoked")
  const three = await signedBy(organisation, freeCore(organisation), [amina, boris, vera], sampleTexts)
  expect(await outcome(three, authority)).toBe("verified")
  const two = await signedBy(organisation, freeCore(organisation), [amina, boris], sampleTexts)
  expect(await outcome(two, authority)).toBe("revoked")
})

test("[V3] officers can't take a charter signer's key back", async () => {
  const revocation = await revocationBy(organisation, [signer1.publicKey], [amina, boris])
  const core = freeCore(organisation, sampleTexts, { kind: "all-clear", ...ended })
  const allClear = await signedBy(organisation, core, [signer1, signer2], sampleTexts)
  expect(await outcome(allClear, { ...plain, revocations: [revocation] })).toBe("verified")
})

test("[W11] a signer whom the next charter leaves out clears nothing any more", async () => {
  const core = freeCore(organisation, sampleTexts, { kind: "all-clear", ...ended })
  const allClear = await signedBy(organisation, core, [signer1, signer2], sampleTexts)
  const fresh = makeSigningKey("charter-signing", random)
  const without1 = must(
    await verifyCharterChain(
      await extendChain(organisation, undefined, { newSigners: [signer2, signer3, fresh] }),
      chain.organisationId,
    ),
  )
  expect(await outcome(allClear, { ...plain, chain: without1 })).toBe("revoked")
  const sameSigners = must(await verifyCharterChain(await extendChain(organisation), chain.organisationId))
  expect(await outcome(allClear, { ...plain, chain: sameSigners })).toBe("verified")
})

test("[B4] a warning's signatures do not make a delegation, nor the other way round", async () => {
  const delegation = delegationAt(organisation, SAMPLE_NOW)
  const warning = await signedBy(organisation, approvedCore(organisation), [amina])
  expect((await verifyDelegation(encodeWarning(warning), chain)).ok).toBe(false)
  expect(decodeWarning(delegation.bytes)).toBeNull()
})

test("[W1] any byte of a warning altered: never verified", async () => {
  for (const warning of [await approvedWarning(organisation), await freeWarning(organisation)]) {
    const bytes = encodeWarning(warning.signed)
    for (let i = 0; i < bytes.length; i++) {
      const altered = bytes.slice()
      altered[i] = (altered[i] as number) ^ (1 << (i % 8))
      const decoded = decodeWarning(altered)
      expect(decoded && (await verifyWarning(decoded, plain)).ok, `byte ${i}`).not.toBe(true)
    }
  }
})

test("[B5] texts travel in the order of their languages, in whatever order they were written", async () => {
  const { signed } = await freeWarning(organisation)
  const swapped: SignedWarning = { ...signed, texts: [...signed.texts].reverse() }
  expect(encodeWarning(swapped)).toEqual(encodeWarning(signed))
  const decoded = decodeWarning(encodeWarning(signed)) as SignedWarning
  expect(decoded.texts.map(({ language }) => language)).toEqual(["en", "ru"])
  expect(must(await verifyWarning(decoded, plain)).core).toEqual(decodeWarningCore(signed.body))
})
