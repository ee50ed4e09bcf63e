import { toHex } from "@kunak/core/bytes/hex"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { verifyDelegation } from "@kunak/core/delegation/delegation"
import type { SigningKey } from "@kunak/core/keys"
import { must } from "@kunak/core/result"
import { makeSigningKey } from "@kunak/core/suite"
import {
  approvedWarning,
  makeEdition,
  makeOrganisation,
  type Organisation,
  revocationBy,
  SAMPLE_NOW,
  sampleTexts,
  vetoBy,
} from "@kunak/core/testing/organisation"
import { sampleAreas, sampleLanguages, sampleWordings } from "@kunak/core/testing/sample-charter"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { DAY_SECONDS, HOUR_SECONDS, type Instant, plusSeconds, weekOf } from "@kunak/core/time/instant"
import { resolveWarnings } from "@kunak/core/warning/resolve"
import { verifyWarning } from "@kunak/core/warning/verify"
import type { Warning } from "@kunak/core/warning/warning"
import { expect, test } from "vitest"
import type { Description } from "../ceremony/description.ts"
import type { SignerKey } from "../ceremony/signer-key.ts"
import { confirmationPaper, parseTexts, proposalPaper, vetoPaper } from "./all-clear.ts"
import { delegatePaper, NO_CHANGE } from "./delegate.ts"
import { describePaper } from "./describe.ts"
import { finishPaper } from "./finish.ts"
import { isComplete, judgePaper } from "./judge.ts"
import type { Known, SeenEdition } from "./known.ts"
import { decodePaper, encodePaper, type Paper } from "./paper.ts"
import { renewPaper } from "./renew.ts"
import { revokePaper } from "./revoke.ts"
import { signPaper } from "./sign-paper.ts"

const organisation = await makeOrganisation()
const after = (seconds: number): Instant => plusSeconds(SAMPLE_NOW, seconds)

const signerKey = (
  key: SigningKey<"charter-signing">,
  of: Organisation | null = organisation,
): SignerKey => ({
  key,
  label: "signer",
  organisationId: of?.chain.organisationId ?? null,
})
const signer = (i: number): SignerKey => signerKey(organisation.signers[i]!)
const eve = makeSigningKey("charter-signing", seededRandom("eve"))

/** Through the file and back, as it travels; then one signature. */
async function sign(paper: Paper, key: SignerKey, now: Instant = SAMPLE_NOW): Promise<Paper> {
  const arrived = decodePaper(encodePaper(paper))
  if (!arrived) throw new Error("a paper that nobody can read")
  return await signPaper(await judgePaper(arrived), key, now)
}

async function signedBy(paper: Paper, ...keys: readonly SignerKey[]): Promise<Paper> {
  let signed = paper
  for (const key of keys) signed = await sign(signed, key)
  return signed
}

const finished = async (paper: Paper) => finishPaper(await judgePaper(paper))

const known = (change: Partial<Known> = {}): Known => ({
  chain: organisation.chain,
  delegations: organisation.delegations,
  editions: [],
  warnings: [],
  revocations: [],
  vetoes: [],
  ...change,
})

const weeks = (count = 2): Paper =>
  delegatePaper(known(), { weeks: count, fromNow: false, change: NO_CHANGE, now: SAMPLE_NOW })

/** As somebody would with an editor: the JSON, changed. */
function edited(
  paper: Paper,
  change: (json: { objects: Record<string, unknown>[] } & Record<string, unknown>) => void,
): Paper {
  const json = JSON.parse(encodePaper(paper))
  change(json)
  const read = decodePaper(JSON.stringify(json))
  if (!read) throw new Error("no paper any more")
  return read
}

async function page(
  issued: Instant,
  warnings: readonly Warning[],
  options: Parameters<typeof makeEdition>[1] = {},
): Promise<SeenEdition> {
  const made = await makeEdition(organisation, { issued, warnings, ...options })
  return { edition: made.edition, embedded: { header: made.header, bulletin: made.bulletinBytes } }
}

const seen = (...editions: readonly SeenEdition[]): Known => {
  const bulletins = editions.map(({ edition }) => edition.bulletin)
  return known({
    editions,
    warnings: bulletins.at(-1)?.warnings ?? [],
    revocations: bulletins.flatMap(({ revocations }) => revocations),
    vetoes: bulletins.flatMap(({ vetoes }) => vetoes),
  })
}

const danger = await approvedWarning(organisation, { expires: after(6 * DAY_SECONDS) })
const proposing = async (now: Instant = SAMPLE_NOW): Promise<Paper> =>
  proposalPaper(seen(await page(now, [danger])), {
    warning: toHex(danger.core.id).slice(0, 8),
    texts: sampleTexts,
    hours: 96,
    now,
  })

/** A finished warning of a paper, as duty and every page verify it. */
async function warningOf(paper: Paper): Promise<Warning> {
  const [entry] = (await finished(paper)).entries
  if (entry?.kind !== "warning") throw new Error("no warning")
  return must(
    await verifyWarning(entry.warning, {
      chain: organisation.chain,
      delegations: organisation.delegations,
      revocations: [],
    }),
  )
}
const proposal = await warningOf(await signedBy(await proposing(), signer(0), signer(2)))
const HOUR = HOUR_SECONDS

test("[Y5] one signature where two are needed sends nothing, and says what is missing", async () => {
  const once = await signedBy(weeks(), signer(2))
  expect(isComplete(await judgePaper(once))).toBe(false)
  await expect(finished(once)).rejects.toMatchObject({
    kind: "too-few-signatures",
    message: expect.stringMatching(/needs 1 signature of the charter \(signed so far: signer 3\)/),
  })
  const twice = await finished(await signedBy(once, signer(0)))
  expect(twice.entries.map(({ kind }) => kind)).toEqual(["delegation", "delegation"])
  for (const bytes of twice.delegations) must(await verifyDelegation(bytes, organisation.chain))
})

test("[Y4] the same signer twice is told so, and the paper has one signature of theirs", async () => {
  const once = await signedBy(weeks(), signer(1))
  await expect(sign(once, signer(1))).rejects.toMatchObject({
    kind: "already-signed",
    message: expect.stringMatching(/as signer 2: each signs once/),
  })
  // Nor does a copy of the signature count for two.
  const copied = () =>
    edited(once, (json) => {
      for (const object of json.objects) {
        const [own] = object.signatures as { signer: number; signature: string }[]
        object.signatures = [{ ...own, signer: 1 }, own]
      }
    })
  await expect(judgePaper(copied())).rejects.toMatchObject({ kind: "altered-paper" })
})

test("[Y4] a key that is not in the charter can't sign, nor a place that the charter does not have", async () => {
  await expect(sign(weeks(), signerKey(eve))).rejects.toMatchObject({ kind: "foreign-signer" })
  const once = await signedBy(weeks(), signer(0))
  const elsewhere = edited(once, (json) => {
    for (const object of json.objects) (object.signatures as { signer: number }[])[0]!.signer = 4
  })
  await expect(judgePaper(elsewhere)).rejects.toMatchObject({ kind: "altered-paper" })
})

test("[Y6] a signer's key refuses another organisation's paper, though it be among the signers there", async () => {
  // Eve founds an organisation and puts Amina's public key among its signers, hoping for a signature.
  const other = await makeOrganisation({
    seed: "eve's organisation",
    change: (charter) => ({ ...charter, templates: [new Uint8Array(32)] }),
  })
  const paper = delegatePaper(known({ chain: other.chain, delegations: other.delegations }), {
    weeks: 1,
    fromNow: false,
    change: NO_CHANGE,
    now: SAMPLE_NOW,
  })
  const theirs = signerKey(other.signers[0]!)
  await expect(sign(paper, theirs)).rejects.toMatchObject({ kind: "wrong-organisation" })
  await expect(sign(paper, signerKey(other.signers[0]!, null))).resolves.toBeDefined()
})

test("[Y3] a body that was altered after signing is refused, whoever looks at it next", async () => {
  const once = await signedBy(weeks(), signer(0))
  const altered = edited(once, (json) => {
    // Eve's key in the place of an officer's, in all weeks.
    for (const object of json.objects) {
      const body = Buffer.from(object.body as string, "base64")
      body.set(eve.publicKey, 4 + 1 + 64 + 4 + 1)
      object.body = body.toString("base64")
    }
  })
  await expect(judgePaper(altered)).rejects.toMatchObject({
    kind: "altered-paper",
    message: expect.stringMatching(/not what signer 1 signed/),
  })
  await expect(sign(altered, signer(1))).rejects.toMatchObject({ kind: "altered-paper" })
})

test("[Y3] a week that somebody slipped in unsigned, or with other people, is refused", async () => {
  const once = await signedBy(weeks(2), signer(0))
  const third = weeks(3).objects[2]!
  await expect(judgePaper({ ...once, objects: [...once.objects, third] })).rejects.toMatchObject({
    kind: "altered-paper",
  })
  const gap = weeks(3)
  await expect(judgePaper({ ...gap, objects: [gap.objects[0]!, gap.objects[2]!] })).rejects.toMatchObject({
    kind: "altered-paper",
  })
  const others = delegatePaper(known(), {
    weeks: 3,
    fromNow: false,
    change: { ...NO_CHANGE, dropOfficers: [organisation.vera.publicKey] },
    now: SAMPLE_NOW,
  })
  await expect(judgePaper({ ...gap, objects: [gap.objects[0]!, others.objects[1]!] })).rejects.toMatchObject({
    kind: "altered-paper",
  })
})

test("[Y3] what a signer is shown names every key, who is new and who is left out", async () => {
  const boris = organisation.boris.publicKey
  const paper = delegatePaper(known(), {
    weeks: 13,
    fromNow: false,
    change: { ...NO_CHANGE, dropOfficers: [boris], addOfficers: [eve.publicKey as never] },
    now: SAMPLE_NOW,
  })
  const text = describePaper(await judgePaper(paper))
  expect(text).toContain(`+ officer 3: ${toHex(eve.publicKey)}  NEW`)
  expect(text).toContain(`− officer 2 of before: ${toHex(boris)}  NO LONGER`)
  expect(text).toContain("13 weeks, from Monday 15 April 2019 to Sunday 14 July 2019")
})

test("[Y10] delegates from the week after the last one, or from now, but never a key that was taken back", async () => {
  const last = organisation.delegations.at(-1)!.week
  expect((await judgePaper(weeks(1))).content).toMatchObject({ weeks: [{ week: last + 1 }] })
  const revocation = await revocationBy(
    organisation,
    [organisation.boris.publicKey],
    [organisation.signers[0]!, organisation.signers[1]!],
  )
  const revoked = known({ revocations: [revocation] })
  const now = delegatePaper(revoked, { weeks: null, fromNow: true, change: NO_CHANGE, now: SAMPLE_NOW })
  const { content } = await judgePaper(now)
  if (content.kind !== "delegations") throw new Error("no delegations")
  expect([content.weeks[0]?.week, content.weeks.at(-1)?.week]).toEqual([weekOf(SAMPLE_NOW), last])
  expect(content.weeks[0]?.officers.map(toHex)).toEqual(
    [organisation.amina, organisation.vera].map(({ publicKey }) => toHex(publicKey)),
  )
  expect(describePaper(await judgePaper(now))).toMatch(/delegated already: both delegations hold/)
  const back = { ...NO_CHANGE, addOfficers: [organisation.boris.publicKey] }
  expect(() => delegatePaper(revoked, { weeks: 1, fromNow: false, change: back, now: SAMPLE_NOW })).toThrow(
    /revoked/,
  )
})

test("[Y10] refuses weeks beyond the charter, nobody left, too many, and one key for two", () => {
  const begin =
    (options: Partial<Parameters<typeof delegatePaper>[1]>, from = known()) =>
    () =>
      delegatePaper(from, { weeks: 1, fromNow: false, change: NO_CHANGE, now: SAMPLE_NOW, ...options })
  expect(begin({ now: after(330 * DAY_SECONDS), weeks: 13 })).toThrow(/renew the charter first/)
  const everybody = [organisation.amina, organisation.boris, organisation.vera].map(
    ({ publicKey }) => publicKey,
  )
  expect(begin({ change: { ...NO_CHANGE, dropOfficers: everybody } })).toThrow(/no officer left/)
  expect(begin({ change: { ...NO_CHANGE, dropOfficers: [eve.publicKey as never] } })).toThrow(
    /nobody to drop/,
  )
  expect(begin({ change: { ...NO_CHANGE, addOfficers: [everybody[0]!] } })).toThrow(/already/)
  const both = { ...NO_CHANGE, addOfficers: [organisation.duties[0].publicKey as never] }
  expect(begin({ change: both })).toThrow(/both an officer's and a duty's/)
  const six = Array.from({ length: 6 }, (_, i) => makeSigningKey("officer", seededRandom(`${i}`)).publicKey)
  expect(begin({ change: { ...NO_CHANGE, addOfficers: six } })).toThrow(/9 officers; there is room for 8/)
  expect(begin({}, known({ delegations: [] }))).toThrow(/No delegation is known/)
})

test("[Y9] an all-clear from end to end: proposed, a day in public, confirmed, and the warning is cleared", async () => {
  const pages = [
    await page(after(HOUR), [danger, proposal]),
    await page(after(26 * HOUR), [danger, proposal]),
  ]
  const paper = confirmationPaper(seen(...pages), { proposal: null, now: after(26 * HOUR) })
  const signed = await sign(await sign(paper, signer(1), after(27 * HOUR)), signer(2), after(30 * HOUR))
  const allClear = await warningOf(signed)
  const resolve = (...warnings: readonly Warning[]) => resolveWarnings(warnings, [], organisation.chain)
  expect(resolve(danger, proposal)).toMatchObject([{ state: "stands" }])
  expect(resolve(danger, proposal, allClear)).toMatchObject([
    { state: "cleared", by: { hash: allClear.hash } },
  ])
  expect(describePaper(await judgePaper(signed))).toContain(sampleTexts[1]!.headline)
})

test("[Y8] a confirmation is refused before its proposal was 24 hours in public, and says from when", async () => {
  // 23 hours and 59 minutes after the proposal was first seen, though more than a day after its own date.
  const first = await page(after(10 * HOUR), [danger, proposal])
  const early = await page(after(34 * HOUR - 60), [danger, proposal])
  const begin =
    (...editions: SeenEdition[]) =>
    () =>
      confirmationPaper(seen(...editions), { proposal: null, now: after(40 * HOUR) })
  expect(begin(first, early)).toThrow(
    /in public since 14 January 2019, 22:00 \(UTC\+3\).*from 15 January 2019, 22:00/,
  )
  // One page alone shows one moment, however late it is.
  expect(begin(await page(after(60 * HOUR), [danger, proposal]))).toThrow(/needs 24 hours/)
  expect(begin(first, await page(after(34 * HOUR), [danger, proposal]))).not.toThrow()
})

test("[Y8] a page that does not hold the proposal confirms nothing", async () => {
  const with24 = [
    await page(after(HOUR), [danger, proposal]),
    await page(after(26 * HOUR), [danger, proposal]),
  ]
  const without = await page(after(27 * HOUR), [danger])
  const begin =
    (...editions: SeenEdition[]) =>
    () =>
      confirmationPaper(seen(...editions), { proposal: null, now: after(28 * HOUR) })
  expect(begin(without)).toThrow(/no proposal on that page/)
  expect(begin(...with24, without)).toThrow(/no proposal on that page/)
  expect(begin()).toThrow(/judged by the public page/)
})

test("[Y8] whoever writes a confirmation too early by hand is refused by every other signer", async () => {
  const pages = [
    await page(after(HOUR), [danger, proposal]),
    await page(after(26 * HOUR), [danger, proposal]),
  ]
  const good = confirmationPaper(seen(...pages), { proposal: null, now: after(26 * HOUR) })
  const [early] = [await page(after(20 * HOUR), [danger, proposal])]
  const { header, bulletin } = early!.embedded
  const hasty = { ...good, editions: [good.editions[0]!, { header, bulletin }] }
  await expect(judgePaper(hasty)).rejects.toMatchObject({ kind: "too-early" })
  await expect(judgePaper({ ...good, editions: [] })).rejects.toMatchObject({ kind: "no-page" })
  // An edition that nobody signed shows nothing.
  const forged = bulletin.slice()
  forged[forged.length - 1]! ^= 1
  await expect(
    judgePaper({ ...good, editions: [good.editions[0]!, { header, bulletin: forged }] }),
  ).rejects.toMatchObject({ kind: "altered-paper" })
})

test("[Y9] one signer's veto stops it: nobody can begin a confirmation, nor sign one that was begun before", async () => {
  const first = await page(after(HOUR), [danger, proposal])
  const paper = await vetoPaper(seen(first), { proposal: null, signer: signer(1), now: after(2 * HOUR) })
  const judged = await judgePaper(decodePaper(encodePaper(paper))!)
  expect(isComplete(judged)).toBe(true)
  const { entries } = await finishPaper(judged)
  expect(entries.map(({ kind }) => kind)).toEqual(["veto"])

  const veto = await vetoBy(organisation, proposal, 1, after(2 * HOUR))
  const vetoed = await page(after(26 * HOUR), [danger, proposal], { vetoes: [veto] })
  expect(() => confirmationPaper(seen(first, vetoed), { proposal: null, now: after(26 * HOUR) })).toThrow(
    /vetoed this proposal/,
  )
  const good = confirmationPaper(seen(first, await page(after(26 * HOUR), [danger, proposal])), {
    proposal: null,
    now: after(26 * HOUR),
  })
  const withVeto = { ...good, editions: [good.editions[0]!, vetoed.embedded] }
  await expect(judgePaper(withVeto)).rejects.toMatchObject({ kind: "vetoed" })
  await expect(
    vetoPaper(seen(first), { proposal: null, signer: signerKey(eve), now: after(2 * HOUR) }),
  ).rejects.toMatchObject({ kind: "foreign-signer" })
})

test("[Y3] a proposal whose words were edited after signing is refused", async () => {
  const once = await signedBy(await proposing(), signer(0))
  const words = edited(once, (json) => {
    ;(json.objects[0]!.texts as { headline: string }[])[0]!.headline = "All is well, come home"
  })
  await expect(judgePaper(words)).rejects.toMatchObject({
    kind: "altered-paper",
    message: expect.stringMatching(/words are not those that are signed/),
  })
  const fewer = edited(once, (json) => (json.objects[0]!.texts as unknown[]).pop())
  await expect(judgePaper(fewer)).rejects.toMatchObject({ kind: "altered-paper" })
  const unseen = edited(once, (json) => {
    ;(json.objects[0]!.texts as { headline: string }[])[0]!.headline += "\u200b"
  })
  await expect(judgePaper(unseen)).rejects.toMatchObject({ kind: "altered-paper" })
})

test("[Y3] a proposal for a warning that does not stand on the paper's own page is refused", async () => {
  const paper = await proposing()
  const other = await page(SAMPLE_NOW, [])
  await expect(judgePaper({ ...paper, editions: [other.embedded] })).rejects.toMatchObject({
    kind: "altered-paper",
  })
  const begin = (warning: string, editions: readonly SeenEdition[]) => () =>
    proposalPaper(seen(...editions), { warning, texts: sampleTexts, hours: 96, now: SAMPLE_NOW })
  expect(begin("ffffffff", [await page(SAMPLE_NOW, [danger])])).toThrow(
    new RegExp(`Those that stand:\\s+${toHex(danger.core.id)}`),
  )
  expect(begin("ffffffff", [other])).toThrow(/nothing to clear/)
  expect(begin("", [await page(SAMPLE_NOW, [danger])])).toThrow(/Those that stand/)
})

test("[Y5] nobody signs an all-clear, or anything under a charter, whose time is over", async () => {
  const paper = await proposing()
  await expect(sign(paper, signer(0), after(15 * DAY_SECONDS))).rejects.toMatchObject({ kind: "too-late" })
  await expect(sign(weeks(), signer(0), after(400 * DAY_SECONDS))).rejects.toMatchObject({ kind: "too-late" })
})

test("[Y12] the words of an all-clear are in every language of the charter, and the sentence says which is not", () => {
  const { charter } = organisation
  const text = { headline: "a", description: "b", instruction: "c" }
  const parse = (json: unknown) => () => parseTexts(JSON.stringify(json), charter, "texts.json")
  expect(parse({ ru: text, en: text })()).toHaveLength(2)
  expect(parse({ ru: text })).toThrow(/In texts.json: en.headline must be a text/)
  expect(parse({ ru: text, en: text, fr: text })).toThrow(/"fr" is no language of the charter/)
  expect(parse({ ru: text, en: { ...text, headline: "x".repeat(401) } })).toThrow(
    /en.headline is longer than 400/,
  )
  expect(() => parseTexts("{", charter, "texts.json")).toThrow(/not JSON/)
})

test("[Y5] signers take several keys back in one revocation, two of three of them", async () => {
  const { boris, duties } = organisation
  const paper = revokePaper(known(), [boris.publicKey, duties[1].publicKey], SAMPLE_NOW)
  expect(describePaper(await judgePaper(paper))).toMatch(/officer 2 .*\n.*duty 2 |duty 2 .*\n.*officer 2 /)
  await expect(finished(await signedBy(paper, signer(0)))).rejects.toMatchObject({
    kind: "too-few-signatures",
  })
  const { entries, revocation } = await finished(await signedBy(paper, signer(0), signer(1)))
  expect(entries).toEqual([{ kind: "revocation", bytes: revocation }])
  expect(() => revokePaper(known(), [eve.publicKey as never], SAMPLE_NOW)).toThrow(
    /No known delegation names/,
  )
})

const description: Description = {
  demonstration: false,
  languages: sampleLanguages,
  offsetMinutes: 180,
  validDays: 700,
  signers: 3,
  threshold: 2,
  officers: 3,
  duties: 2,
  relays: [
    { web: "https://relay-a.example", onion: "", listen: "127.0.0.1:1" },
    { web: "https://relay-b.example", onion: "", listen: "127.0.0.1:2" },
  ],
  areas: sampleAreas,
  wordings: sampleWordings,
  editionSeconds: 300,
  tickMs: 60_000,
  log2Slots: 18,
}
const dana = makeSigningKey("charter-signing", seededRandom("dana"))
/** Signer 1 leaves, Dana comes. */
const renewed = (change: Partial<Description> = {}): Paper =>
  renewPaper(known(), {
    description: { ...description, ...change },
    path: "organisation.json",
    signers: [organisation.signers[1]!.publicKey, organisation.signers[2]!.publicKey, dana.publicKey],
    now: SAMPLE_NOW,
    templateHash: new Uint8Array(32).fill(9),
    guidanceHash: () => null,
  })

test("[Y11] a new charter without the old quorum is not finished, however many of its own sign", async () => {
  const paper = await signedBy(renewed(), signerKey(dana, null), signer(1))
  // Signers 2 and 4 are the new quorum; of the old charter only signer 2 has signed.
  const judged = await judgePaper(paper)
  expect([judged.own.signed, judged.previous?.signed]).toEqual([[0, 2], [1]])
  await expect(finishPaper(judged)).rejects.toMatchObject({
    kind: "too-few-signatures",
    message: expect.stringMatching(/needs 1 signature of the charter in force/),
  })
  const complete = await finished(await signedBy(paper, signer(0)))
  const chain = must(await verifyCharterChain(complete.chain.bytes, organisation.chain.organisationId))
  expect(chain.links).toHaveLength(2)
})

test("[Y11] nor is it finished with the old quorum alone", async () => {
  const without = renewPaper(known(), {
    description,
    path: "organisation.json",
    signers: [eve, dana, makeSigningKey("charter-signing", seededRandom("third"))].map(
      ({ publicKey }) => publicKey,
    ),
    now: SAMPLE_NOW,
    templateHash: new Uint8Array(32),
    guidanceHash: () => null,
  })
  await expect(finished(await signedBy(without, signer(0), signer(1)))).rejects.toMatchObject({
    message: expect.stringMatching(/needs 2 signatures of the new charter/),
  })
})

test("[Y11] it carries the weeks that the old signers can no longer delegate, signed by the new ones", async () => {
  const paper = await signedBy(renewed(), signer(0), signer(1), signerKey(dana, null))
  const { entries, chain, delegations } = await finished(paper)
  expect(entries.map(({ kind }) => kind)).toEqual(["charter", ...Array(13).fill("delegation")])
  const next = weekOf(SAMPLE_NOW) + 1
  for (const [i, bytes] of delegations.entries()) {
    expect(must(await verifyDelegation(bytes, chain)).week).toBe(next + i)
  }
  // What it replaces: under the new chain the old weeks are void, this one's apart.
  const old = organisation.delegations.find(({ week }) => week === next)!
  expect(await verifyDelegation(old.bytes, chain)).toMatchObject({ ok: false })
})

test("[Y11] signers read every change of the charter before they sign", async () => {
  const wordings = sampleWordings.map((wording) => ({
    ...wording,
    texts: wording.texts.map((text, i) => (i === 1 ? { ...text, headline: `${text.headline}!` } : text)),
  }))
  const paper = renewed({
    wordings: wordings.slice(0, 1),
    areas: [...sampleAreas.slice(0, 5), { id: 7, parent: 0, names: ["Сочи", "Sochi"] }],
    relays: [{ ...description.relays[0], web: "https://new.example" }, description.relays[1]],
    threshold: 3,
  })
  const text = describePaper(await judgePaper(paper))
  for (const line of [
    `− signer 1, ${toHex(organisation.signers[0]!.publicKey)}, leaves`,
    `+ signer 3, ${toHex(dana.publicKey)}, is new`,
    "was signer 2, is signer 1",
    "Signatures needed:\n    − 2\n    + 3",
    "− https://relay-a.example\n    + https://new.example",
    "Area 6 is taken out:",
    "Area 7 is new:\n    + ru: Сочи; en: Sochi",
    `+ en, headline: ${wordings[0]!.texts[1]!.headline}`,
    "Wording 2 is taken out:",
    `Page template ${"09".repeat(32)} is new:`,
  ])
    expect(text).toContain(line)
})

test("[Y11] a new charter that was altered, or that somebody signed in part, is refused", async () => {
  const once = await signedBy(renewed(), signer(1))
  const altered = edited(once, (json) => {
    json.objects[0]!.body = Buffer.from(renewed({ threshold: 3 }).objects[0]!.body).toString("base64")
  })
  await expect(judgePaper(altered)).rejects.toMatchObject({ kind: "altered-paper" })
  const inPart = edited(once, (json) => {
    json.objects[3]!.signatures = []
  })
  await expect(judgePaper(inPart)).rejects.toMatchObject({
    message: expect.stringMatching(/missing on a part/),
  })
})

test("[Y11] refuses signers who are not as many as described, one key twice, and a demonstration made real", () => {
  const begin =
    (change: Partial<Description>, signers = organisation.signers) =>
    () =>
      renewPaper(known(), {
        description: { ...description, ...change },
        path: "organisation.json",
        signers: signers.map(({ publicKey }) => publicKey),
        now: SAMPLE_NOW,
        templateHash: new Uint8Array(32),
        guidanceHash: () => null,
      })
  expect(begin({ signers: 4 })).toThrow(/4 people sign, and there are 3 signers' keys/)
  expect(begin({}, [organisation.signers[0]!, organisation.signers[0]!, dana])).toThrow(/twice/)
  expect(begin({ demonstration: true })).toThrow(/found anew/)
  expect(begin({})).not.toThrow()
})

test("[Y3] anything that is no paper is refused without a throw", () => {
  const good = JSON.parse(encodePaper(weeks(1)))
  expect(decodePaper(JSON.stringify(good))).not.toBeNull()
  const bad = [
    "",
    "{",
    "[]",
    "null",
    { ...good, version: 2 },
    { ...good, kind: "anything" },
    { ...good, kind: "veto" },
    { ...good, objects: [] },
    { ...good, objects: null },
    { ...good, objects: [{ ...good.objects[0], domain: "edition" }] },
    { ...good, objects: [{ ...good.objects[0], body: "%%" }] },
    { ...good, objects: [{ ...good.objects[0], signatures: [{ signer: 0, signature: "" }] }] },
    { ...good, charterChain: 7 },
    { ...good, editions: [{}] },
  ]
  for (const item of bad)
    expect(decodePaper(typeof item === "string" ? item : JSON.stringify(item))).toBeNull()
})
