/** Closing takes the signers, says what it is before anybody signs, and ends the chain. docs/closing.md, rule C8. */

import { encodeCharter } from "@kunak/core/charter/codec"
import { decodeCharterChain, encodeCharterChain, verifyCharterChain } from "@kunak/core/charter/verify"
import { encodeDelegation, encodeDelegationBody, verifyDelegation } from "@kunak/core/delegation/delegation"
import { must } from "@kunak/core/result"
import { signBody } from "@kunak/core/signature/signed"
import { makeOrganisation, type Organisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { type Week, weekOf } from "@kunak/core/time/instant"
import { beforeAll, expect, test } from "vitest"
import { Failure } from "../failure.ts"
import { closingPaper, largestClosing, parseNotice, requireOpen } from "./close.ts"
import { delegatePaper, NO_CHANGE } from "./delegate.ts"
import { describePaper } from "./describe.ts"
import { finishPaper } from "./finish.ts"
import { isComplete, judgePaper } from "./judge.ts"
import type { Known } from "./known.ts"
import { decodePaper, encodePaper, type Paper, type PaperObject } from "./paper.ts"
import { requireRoom } from "./renew.ts"
import { signPaper } from "./sign-paper.ts"

let organisation: Organisation
beforeAll(async () => {
  organisation = await makeOrganisation()
})

const known = ({ chain, delegations }: Organisation): Known => ({
  chain,
  delegations,
  editions: [],
  warnings: [],
  revocations: [],
  vetoes: [],
})
const notice = (): ReadonlyMap<string, string> =>
  new Map(organisation.charter.languages.map(({ tag }) => [tag, `Turn to the other line (${tag}).`]))
const paper = (): Paper =>
  closingPaper(known(organisation), {
    notice: notice(),
    weeks: 3,
    templateHash: new Uint8Array(32).fill(9),
    now: SAMPLE_NOW,
  })

/** As it goes from hand to hand. */
async function signedBy(count: number) {
  let judged = await judgePaper(decodePaper(encodePaper(paper())) as Paper)
  for (const key of organisation.signers.slice(0, count)) {
    const signer = { key, label: "signer", organisationId: judged.chain.organisationId }
    judged = await judgePaper(await signPaper(judged, signer, SAMPLE_NOW))
  }
  return judged
}

test("[C8] one signer alone closes nothing: it takes k, and says before that it can't be undone", async () => {
  const alone = await signedBy(1)
  expect(isComplete(alone)).toBe(false)
  await expect(finishPaper(alone)).rejects.toThrow(Failure)
  const text = describePaper(alone)
  expect(text).toContain("CLOSING OF THE ORGANISATION")
  expect(text).toContain("FOR GOOD")
  expect(text).toContain("No officer")
  expect(text).toContain("Turn to the other line")
  expect(isComplete(await signedBy(organisation.charter.threshold))).toBe(true)
})

test("[C8] the chain ends: nothing is signed after it, and no officer is delegated under it", async () => {
  const finished = await finishPaper(await signedBy(organisation.charter.threshold))
  const { chain } = finished
  expect(chain.current.charter.closed).toBe(true)
  expect(chain.current.charter.wordings).toEqual([])
  expect(chain.organisationId).toEqual(organisation.chain.organisationId)
  const weeks = []
  for (const bytes of finished.delegations) weeks.push(must(await verifyDelegation(bytes, chain)))
  expect(weeks.map(({ week }) => week - weekOf(SAMPLE_NOW))).toEqual([1, 2, 3])
  expect(weeks.every(({ officers, duties }) => officers.length === 0 && duties.length > 0)).toBe(true)

  const signedBody = async (domain: "charter" | "delegation", body: Uint8Array) =>
    Promise.all(
      organisation.signers.slice(0, organisation.charter.threshold).map(async (key, index) => ({
        index,
        signature: await signBody(domain, body, key),
      })),
    )
  // The same signers change their minds, or are made to.
  const { charter, hash } = chain.current
  const next = encodeCharter({
    ...charter,
    closed: false,
    sequence: charter.sequence + 1,
    previous: hash,
    issued: (charter.issued + 1) as never,
  })
  const signatures = await signedBody("charter", next)
  const links = [
    ...(decodeCharterChain(chain.bytes) ?? []),
    { body: next, byPrevious: signatures, byOwn: signatures },
  ]
  expect(await verifyCharterChain(encodeCharterChain(links), null)).toMatchObject({
    ok: false,
    error: { kind: "broken-charter-chain" },
  })
  const body = encodeDelegationBody({
    organisationId: chain.organisationId,
    charterHash: hash,
    week: (weekOf(SAMPLE_NOW) + 1) as Week,
    officers: [organisation.amina.publicKey],
    duties: organisation.duties.map(({ publicKey }) => publicKey),
  })
  const named = encodeDelegation({ body, signatures: await signedBody("delegation", body) })
  expect(await verifyDelegation(named, chain)).toMatchObject({
    ok: false,
    error: { kind: "delegation-not-signed" },
  })

  const after: Known = { ...known(organisation), chain, delegations: weeks }
  expect(() => requireOpen(charter)).toThrow("closed")
  const options = { weeks: 1, fromNow: false, change: NO_CHANGE, now: SAMPLE_NOW }
  expect(() => delegatePaper(after, options)).toThrow("closed")
  expect(() =>
    closingPaper(after, { notice: notice(), weeks: 1, templateHash: new Uint8Array(32), now: SAMPLE_NOW }),
  ).toThrow("closed")
})

test("[C8] the notice is there in every language, plain and short enough", () => {
  const { charter } = organisation
  const good = Object.fromEntries(charter.languages.map(({ tag }) => [tag, "Turn to …\nor to …"]))
  expect(parseNotice(JSON.stringify(good), charter, "n.json").size).toBe(charter.languages.length)
  const tag = charter.languages[0]?.tag as string
  const bad = [
    "no JSON",
    "{}",
    JSON.stringify({ ...good, xx: "another language" }),
    JSON.stringify({ ...good, [tag]: 7 }),
    JSON.stringify({ ...good, [tag]: "turned \u202e round" }),
    JSON.stringify({ ...good, [tag]: "long".repeat(400) }),
  ]
  for (const text of bad) expect(() => parseNotice(text, charter, "n.json")).toThrow("n.json")
})

test("[C8] the template that duties serve stays named, whoever makes the paper; another one that is public is said", async () => {
  const mark = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
  const older = await makeOrganisation({
    change: (charter) => ({ ...charter, templates: [mark(1), mark(2)] }),
  })
  const close = (served: number) => {
    const edition = { header: { templateHash: mark(served) } }
    const editions = [{ edition }] as unknown as Known["editions"]
    const options = { notice: notice(), weeks: 1, templateHash: mark(9), now: SAMPLE_NOW }
    return closingPaper({ ...known(older), editions }, options)
  }
  const { charter } = (await judgePaper(close(1))).content as { readonly charter: typeof older.charter }
  expect(charter.templates).toEqual([mark(9), mark(1), mark(2)])
  expect(() => close(7)).toThrow("another template")
})

test("[C8] renewals leave room for the charter that closes: the sixteenth place, and its bytes", () => {
  const { chain, charter } = organisation
  const object = (length: number): PaperObject => ({
    domain: "charter",
    body: new Uint8Array(length),
    texts: [],
    signatures: [],
    byPrevious: [],
  })
  const withLinks = (count: number) => ({
    ...chain,
    links: Array.from({ length: count }, () => chain.current),
  })
  const last = largestClosing(charter)
  expect(() => requireRoom(withLinks(14), object(100), last)).not.toThrow()
  expect(() => requireRoom(withLinks(15), object(100), last)).toThrow("kept for closing")
  expect(() => requireRoom(withLinks(15), object(100), null)).not.toThrow()
  expect(() => requireRoom(withLinks(16), object(100), null)).toThrow("16 charters already")
  const closing = encodeCharter(last).length
  const full = 128 * 1024 - chain.bytes.length - 2_000
  expect(() => requireRoom(chain, object(full), last)).toThrow("room for one that closes")
  expect(() => requireRoom(chain, object(full - closing), last)).not.toThrow()
  expect(() => requireRoom(chain, object(full), null)).not.toThrow()
})
