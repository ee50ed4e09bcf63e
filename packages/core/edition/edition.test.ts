import { expect, test } from "vitest"
import { verifyCharterChain } from "../charter/verify.ts"
import { delegationByHash } from "../delegation/delegation.ts"
import { EDITION_LIFE_SECONDS, HEADER_BYTES, SKEW_SECONDS } from "../parameters.ts"
import { must } from "../result.ts"
import { verifyRevocation } from "../revocation/revocation.ts"
import { makeSigningKey, sha256 } from "../suite.ts"
import {
  approvedCore,
  approvedWarning,
  delegationAt,
  extendChain,
  freeCore,
  freeWarning,
  makeEdition,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  sampleTexts,
  signEdition,
  signedBy,
  verified,
  vetoBy,
} from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { DAY_SECONDS, type Instant, instant, plusSeconds, WEEK_SECONDS } from "../time/instant.ts"
import { resolveWarnings } from "../warning/resolve.ts"
import { decodeBulletin, encodeBulletin, type UnverifiedBulletin, verifyBulletin } from "./bulletin.ts"
import { decodeHeader, type EditionHeader, encodeHeaderBody } from "./header.ts"
import { succession, verifyEdition, verifyHeader } from "./verify.ts"

const organisation = await makeOrganisation()
const { chain, amina, boris, vera, signers, duties } = organisation
const [signer1, signer2] = signers as [(typeof signers)[0], (typeof signers)[0]]
const id = chain.organisationId
const random = seededRandom("editions of others")
const approved = await approvedWarning(organisation)
const free = await freeWarning(organisation)

type Unusual = Parameters<typeof signEdition>[1]
async function outcome(options: Unusual, pinned: typeof id | null = id) {
  const { header, bulletinBytes } = await signEdition(organisation, options)
  const result = await verifyEdition(header, bulletinBytes, pinned)
  return result.ok ? "verified" : result.error.kind
}
const withHeader = (change: Partial<EditionHeader>): Unusual => ({
  changeHeader: (header) => ({ ...header, ...change }),
})

test("[E1] an edition of a good duty verifies and carries its warnings", async () => {
  const { edition, header } = await makeEdition(organisation, { warnings: [approved, free] })
  expect(edition.bulletin.warnings.map(({ hash }) => hash)).toEqual([approved.hash, free.hash])
  expect(header.length).toBe(HEADER_BYTES)
})

test("[E1] any byte of a header altered: never verified", { timeout: 30_000 }, async () => {
  const { header } = await makeEdition(organisation, { warnings: [approved] })
  for (let i = 0; i < header.length; i++) {
    const altered = header.slice()
    altered[i] = (altered[i] as number) ^ (1 << (i % 8))
    expect((await verifyHeader(altered, chain)).ok, `byte ${i}`).toBe(false)
  }
})

test("[E5] any byte of a bulletin altered: never verified with its header", async () => {
  const { header, bulletinBytes } = await makeEdition(organisation, { warnings: [approved, free] })
  for (let i = 0; i < bulletinBytes.length; i++) {
    const altered = bulletinBytes.slice()
    altered[i] = (altered[i] as number) ^ (1 << (i % 8))
    expect((await verifyEdition(header, altered, id)).ok, `byte ${i}`).toBe(false)
  }
})

test("[E5] the bulletin of another edition does not pass under a header", async () => {
  const one = await makeEdition(organisation, { warnings: [approved] })
  const two = await makeEdition(organisation, { warnings: [free] })
  const result = await verifyEdition(one.header, two.bulletinBytes, id)
  expect(result.ok ? "verified" : result.error.kind).toBe("bulletin-mismatch")
})

test("[E1] a header is 4,096 bytes, zeros after its fields and in the fields of a board that is not there", async () => {
  const { header } = await makeEdition(organisation)
  expect(decodeHeader(header.slice(1))).toBeNull()
  expect(decodeHeader(Uint8Array.from([...header, 0]))).toBeNull()
  const padded = header.slice()
  padded[HEADER_BYTES - 65] = 1
  expect(decodeHeader(padded)).toBeNull()
  const board = { log2Rows: 0, salt: random(32), merkleRoot: new Uint8Array(32), puzzleBits: 0 }
  expect(await outcome(withHeader({ board }))).toBe("malformed-edition")
  const decoded = decodeHeader(header)
  expect(decoded && encodeHeaderBody(decoded.header)).toEqual(decoded?.body)
})

test("[E2] a header names its organisation, its newest charter, a time in it and a short life", async () => {
  expect(await outcome(withHeader({ organisationId: random(32) as never }))).toBe("wrong-organisation")
  expect(await outcome(withHeader({ charterHash: random(32) as never }))).toBe("other-charter")
  const longer = must(await verifyCharterChain(await extendChain(organisation), id))
  const { header } = await makeEdition(organisation)
  const old = await verifyHeader(header, longer)
  expect(old.ok ? "verified" : old.error.kind).toBe("other-charter")
  for (const expires of [
    SAMPLE_NOW,
    plusSeconds(SAMPLE_NOW, -1),
    plusSeconds(SAMPLE_NOW, EDITION_LIFE_SECONDS + 1),
  ]) {
    expect(await outcome(withHeader({ expires }))).toBe("malformed-edition")
  }
})

test("[E2] after its charter has expired nothing is issued, nor before it begins", async () => {
  const short = await makeOrganisation({
    change: (all) => ({ ...all, issued: plusSeconds(SAMPLE_NOW, -60), expires: plusSeconds(SAMPLE_NOW, 60) }),
  })
  const at = async (seconds: number) => {
    const { header, bulletinBytes } = await signEdition(short, { issued: plusSeconds(SAMPLE_NOW, seconds) })
    const result = await verifyEdition(header, bulletinBytes, short.chain.organisationId)
    return result.ok ? "verified" : result.error.kind
  }
  expect([await at(-61), await at(0), await at(59), await at(60)]).toEqual([
    "expired-charter",
    "verified",
    "verified",
    "expired-charter",
  ])
})

test("[E3] only a duty of that week signs it", async () => {
  expect(await outcome({ dutyKey: makeSigningKey("duty", random) })).toBe("bad-signature")
  expect(await outcome({ duty: 0, dutyKey: duties[1] })).toBe("bad-signature")
  expect(await outcome(withHeader({ duty: 2 }))).toBe("duty-not-delegated")
  const nextWeek = delegationAt(organisation, plusSeconds(SAMPLE_NOW, WEEK_SECONDS))
  expect(await outcome(withHeader({ delegation: nextWeek.bytes }))).toBe("duty-not-delegated")
  // Officers' keys sign no edition.
  expect(await outcome({ dutyKey: amina as never })).toBe("bad-signature")
})

test("[E4] a duty that two officers took back is refused, in its header or in the bulletin alone", async () => {
  const revocation = await revocationBy(organisation, [duties[0].publicKey], [amina, boris])
  expect(await outcome({ revocations: [revocation] })).toBe("duty-revoked")
  expect(await outcome({ revocations: [revocation], ...withHeader({ revocations: [] }) })).toBe(
    "duty-revoked",
  )
  expect(await outcome({ revocations: [revocation], duty: 1 })).toBe("verified")
  const { header } = await makeEdition(organisation)
  const known = await verifyHeader(header, chain, [revocation])
  expect(known.ok ? "verified" : known.error.kind).toBe("duty-revoked")
})

test("[E4] what last week's officers revoked does not stop this week's line", async () => {
  const lastWeek = plusSeconds(SAMPLE_NOW, -DAY_SECONDS)
  const revocation = await revocationBy(organisation, [duties[0].publicKey], [amina, boris], lastWeek)
  expect(await outcome({ revocations: [revocation], duty: 1 })).toBe("verified")
  expect(await outcome({ revocations: [revocation] })).toBe("duty-revoked")
  const { header } = await signEdition(organisation, { revocations: [revocation], duty: 1 })
  expect((await verifyHeader(header, chain)).ok).toBe(true)
})

test("[E4] a forged revocation in a header spoils it", async () => {
  const forged = (await revocationBy(organisation, [vera.publicKey], [amina, boris])).bytes.slice()
  forged[forged.length - 1] = (forged.at(-1) as number) ^ 1
  expect(await outcome(withHeader({ revocations: [forged] }))).toBe("revocation-not-signed")
})

test("[E6] a revocation in the header that the bulletin leaves out is a mismatch", async () => {
  const revocation = await revocationBy(organisation, [vera.publicKey], [amina, boris])
  expect(await outcome(withHeader({ revocations: [revocation.bytes] }))).toBe("bulletin-mismatch")
})

test("[E7] a warning signed ahead of the edition waits; five minutes are officers' clocks", async () => {
  const at = async (seconds: number) => {
    const early = await approvedWarning(organisation, { signedAt: plusSeconds(SAMPLE_NOW, seconds) })
    const { edition } = await makeEdition(organisation, { warnings: [early] })
    return [edition.bulletin.warnings.length, edition.bulletin.setAside.length]
  }
  expect(await at(SKEW_SECONDS)).toEqual([1, 0])
  expect(await at(SKEW_SECONDS + 1)).toEqual([0, 1])
})

test("[E7] an all-clear dated ahead, to skip its day in public, clears nothing yet", async () => {
  const sign = async (
    kind: "all-clear-proposal" | "all-clear",
    sequence: number,
    before: typeof approved,
    at: Instant,
  ) =>
    await verified(
      organisation,
      await signedBy(
        organisation,
        freeCore(organisation, sampleTexts, {
          kind,
          sequence,
          id: approved.core.id,
          supersedes: before.hash,
          signedAt: at,
          effective: at,
          expires: plusSeconds(at, 3 * DAY_SECONDS),
        }),
        [signer1, signer2],
        sampleTexts,
      ),
    )
  const proposal = await sign("all-clear-proposal", 1, approved, SAMPLE_NOW)
  const confirmation = await sign("all-clear", 2, proposal, plusSeconds(SAMPLE_NOW, DAY_SECONDS))
  const warnings = [approved, proposal, confirmation]
  const seen = async (issued: Instant) => {
    const { bulletin } = (await makeEdition(organisation, { warnings, issued })).edition
    return resolveWarnings(bulletin.warnings, bulletin.vetoes, bulletin.chain).map(({ state }) => state)
  }
  expect(await seen(SAMPLE_NOW)).toEqual(["stands"])
  expect(await seen(plusSeconds(SAMPLE_NOW, DAY_SECONDS))).toEqual(["cleared"])
})

test("[E8] rolled back, repeated, equivocating: editions of one organisation in order", async () => {
  const make = async (term: number, number: number, warnings = [approved]) => {
    const { header } = await signEdition(organisation, { id: { term, number }, warnings })
    return { id: { term, number }, headerBytes: header }
  }
  const seen = await make(3, 7)
  expect(succession(seen, seen)).toBe("same")
  expect(succession(seen, await make(3, 8))).toBe("newer")
  expect(succession(seen, await make(4, 1))).toBe("newer")
  expect(succession(seen, await make(3, 6))).toBe("rolled-back")
  expect(succession(seen, await make(2, 9))).toBe("rolled-back")
  expect(succession(seen, await make(3, 7, []))).toBe("equivocation")
})

const withBulletin = (change: (bulletin: UnverifiedBulletin) => Partial<UnverifiedBulletin>): Unusual => ({
  warnings: [approved, free],
  changeBulletin: (bulletin) => ({ ...bulletin, ...change(bulletin) }),
})

test("[N1] one object that does not hold spoils a bulletin", async () => {
  const flip = (bytes: Uint8Array) =>
    Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))
  const oneSignature = { ...free.signed, signatures: free.signed.signatures.slice(0, 1) }
  const revocation = await revocationBy(organisation, [vera.publicKey], [amina, boris])
  const veto = await vetoBy(organisation, free, 0)
  const lastWeek = await revocationBy(
    organisation,
    [vera.publicKey],
    [amina, boris],
    plusSeconds(SAMPLE_NOW, -DAY_SECONDS),
  )
  const cases: readonly [string, Unusual][] = [
    ["too-few-signatures", withBulletin(() => ({ warnings: [approved.signed, oneSignature] }))],
    ["delegation-not-signed", withBulletin(({ delegations }) => ({ delegations: delegations.map(flip) }))],
    ["revocation-not-signed", withBulletin(() => ({ revocations: [flip(revocation.bytes)] }))],
    // A revocation by officers whose delegation is not there can't be judged.
    ["revocation-not-signed", withBulletin(() => ({ revocations: [lastWeek.bytes] }))],
    ["veto-not-signed", withBulletin(() => ({ vetoes: [flip(veto.bytes)] }))],
    ["unknown-authority", withBulletin(() => ({ delegations: [] }))],
    ["malformed-bulletin", withBulletin(() => ({ charterChain: new Uint8Array(128 * 1024 + 1) }))],
  ]
  for (const [kind, options] of cases) expect(await outcome(options), kind).toBe(kind)
  expect(await outcome({ ...withBulletin(() => ({})) }, random(32) as never)).toBe("wrong-organisation")
})

test("[N2] a free text without one of its languages spoils the bulletin: duty keeps nothing from a reader", async () => {
  const russianOnly = { ...free.signed, texts: free.signed.texts.slice(1) }
  expect(await outcome(withBulletin(() => ({ warnings: [approved.signed, russianOnly] })))).toBe(
    "altered-text",
  )
})

test("[N3] a warning that a revocation voids is set aside, and the rest still verifies", async () => {
  const revocation = await revocationBy(organisation, [amina.publicKey], [signer1, signer2])
  const byVera = await verified(
    organisation,
    await signedBy(organisation, approvedCore(organisation), [vera]),
  )
  const receiptByAmina = { vouched: null } as const
  const { edition } = await makeEdition(organisation, {
    warnings: [approved, byVera],
    revocations: [revocation],
    ...receiptByAmina,
  })
  expect(edition.bulletin.warnings.map(({ hash }) => hash)).toEqual([byVera.hash])
  expect(edition.bulletin.setAside).toEqual([approved.hash])
})

test("[N3] officers whom charter signers took back void nothing", async () => {
  const bySeized = await revocationBy(organisation, [amina.publicKey], [boris, vera])
  const bySigners = await revocationBy(organisation, [boris.publicKey, vera.publicKey], [signer1, signer2])
  const one = await makeEdition(organisation, { warnings: [approved], revocations: [bySeized] })
  expect(one.edition.bulletin.warnings).toEqual([])
  const both = await makeEdition(organisation, { warnings: [approved], revocations: [bySeized, bySigners] })
  expect(both.edition.bulletin.warnings.map(({ hash }) => hash)).toEqual([approved.hash])
})

test("[B5] a bulletin has one form: lists rise, nothing is there twice", async () => {
  const revocations = [
    await revocationBy(organisation, [vera.publicKey], [amina, boris]),
    await revocationBy(organisation, [boris.publicKey], [amina, vera]),
  ]
  const { bulletinBytes } = await makeEdition(organisation, { warnings: [approved, free], revocations })
  const decoded = decodeBulletin(bulletinBytes) as UnverifiedBulletin
  expect(encodeBulletin(decoded)).toEqual(bulletinBytes)
  expect(
    encodeBulletin({ ...decoded, revocations: [...decoded.revocations, ...decoded.revocations].reverse() }),
  ).toEqual(bulletinBytes)
  const [first, second] = decoded.revocations as [Uint8Array, Uint8Array]
  const at = Buffer.from(bulletinBytes).indexOf(first)
  const swapped = bulletinBytes.slice()
  swapped.set(
    [second.length >> 8, second.length & 255, ...second, first.length >> 8, first.length & 255, ...first],
    at - 2,
  )
  expect(swapped.length).toBe(bulletinBytes.length)
  expect(decodeBulletin(swapped)).toBeNull()
  const twice = { ...decoded, warnings: [approved.signed, { ...approved.signed, signatures: [] }] }
  expect(decodeBulletin(encodeBulletin(twice))).toBeNull()
})

test("[N4] a bulletin is at most 256 KiB", async () => {
  const result = await verifyBulletin(new Uint8Array(256 * 1024 + 1), null)
  expect(result.ok ? "verified" : result.error.kind).toBe("malformed-bulletin")
})

test("[E1] what does not fit into a header is refused when it is made, not cut", async () => {
  const { header } = await makeEdition(organisation)
  const fields = decodeHeader(header)?.header as EditionHeader
  const big = new Uint8Array(1000)
  expect(encodeHeaderBody({ ...fields, revocations: [big, big, big, big] })).toBeNull()
  expect(
    encodeHeaderBody({ ...fields, revocations: Array.from({ length: 5 }, () => new Uint8Array(1)) }),
  ).toBeNull()
})

test("[D2] an edition verifies to the last second of the week, and Monday's with Monday's delegation", async () => {
  const sunday = instant(delegationAt(organisation, SAMPLE_NOW).week * WEEK_SECONDS + 4 * DAY_SECONDS - 1)
  for (const issued of [sunday, plusSeconds(sunday, 1)]) {
    const { edition } = await makeEdition(organisation, { issued, receiptTime: plusSeconds(sunday, -3600) })
    expect(edition.receipt?.time).toBe(plusSeconds(sunday, -3600))
    expect(delegationByHash(organisation.delegations, sha256(new Uint8Array()))).toBeUndefined()
  }
})

test("[V1] a revocation that relays were given is judged by the delegations that an edition carries", async () => {
  const revocation = await revocationBy(organisation, [duties[0].publicKey], [amina, boris])
  const { bulletin } = await makeEdition(organisation)
  expect((await verifyRevocation(revocation.bytes, bulletin.chain, bulletin.delegations)).ok).toBe(true)
})
