import { toHex } from "@kunak/core/bytes/hex"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { attendance } from "@kunak/core/edition/attendance"
import { decodeHeader } from "@kunak/core/edition/header"
import { type Edition, verifyEdition } from "@kunak/core/edition/verify"
import { encodeVouched, signReceipt } from "@kunak/core/receipt/receipt"
import { must } from "@kunak/core/result"
import {
  approvedCore,
  approvedWarning,
  delegationAt,
  extendChain,
  freeCore,
  freeWarning,
  makeDelegation,
  revocationBy,
  sampleTexts,
  signedBy,
} from "@kunak/core/testing/organisation"
import { instant, type Week, weekOf, weekStart } from "@kunak/core/time/instant"
import type { TestRelay } from "@kunak/relay/testing/test-relay"
import { expect, test } from "vitest"
import { makeEdition } from "./edition/make-edition.ts"
import { type TestLine, testLine, testTemplate } from "./testing/line.ts"

/** What a relay serves now, verified as a reader does. */
async function served(line: TestLine, relay: TestRelay): Promise<Edition> {
  const header = await relay.get("/header")
  const bulletin = await relay.get("/bulletin")
  return must(await verifyEdition(header.body, bulletin.body, line.organisation.chain.organisationId))
}

const ids = (edition: Edition): string => `${edition.header.id.term}.${edition.header.id.number}`

test("[U1] publishes what an officer signed with its next edition, on B first and then on A", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  expect(await duty.tick()).toMatchObject({
    kind: "published",
    id: { term: 1, number: 1 },
    relays: [null, null],
  })
  const warning = await approvedWarning(line.organisation)
  await line.say({ kind: "warning", warning: warning.signed })
  line.forward(300)
  line.sent.length = 0
  expect(await duty.tick()).toMatchObject({ kind: "published", id: { term: 1, number: 2 } })
  expect(line.sent.filter((what) => what.endsWith("/publish"))).toEqual(["b /publish", "a /publish"])
  for (const relay of [line.a, line.b]) {
    const edition = await served(line, relay)
    expect(edition.bulletin.warnings.map(({ hash }) => toHex(hash))).toEqual([toHex(warning.hash)])
    const page = new TextDecoder().decode((await relay.get("/")).body)
    expect(page).toContain("Новая волна задержаний")
    const cap = await relay.get(`/cap/${toHex(warning.core.id)}-0.xml`)
    expect(new TextDecoder().decode(cap.body)).toContain("<severity>Extreme</severity>")
  }
})

test("[Z7] its editions carry the puzzle that it was started with, else what is usual", async () => {
  const line = await testLine()
  const { duty, saved } = line.duty(0)
  await duty.tick()
  expect((await served(line, line.a)).header.board.puzzleBits).toBe(16)
  line.forward(300)
  const harder = line.duty(0, saved.at(-1), { puzzleBits: 18 })
  await harder.duty.tick()
  expect((await served(line, line.a)).header.board.puzzleBits).toBe(18)
})

test("[U2] a draft of desks never reaches duty, and a free text with one signature never the page", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  const core = freeCore(line.organisation)
  const once = await signedBy(line.organisation, core, [line.organisation.amina], sampleTexts)
  await line.say(
    { kind: "draft", draftId: new Uint8Array(16), warning: once, note: "Amina asks Boris" },
    // Eve, with the line's key, says it as if it were complete.
    { kind: "warning", warning: once },
  )
  await duty.tick()
  expect((await served(line, line.a)).bulletin.warnings).toEqual([])
  expect(duty.memory.line.warnings).toEqual([])
})

test("[U3] a second duty stands by, takes over when the first is silent, and the first then gives way", async () => {
  const line = await testLine()
  const first = line.duty(0)
  const second = line.duty(1)
  await first.duty.tick()
  expect((await second.duty.tick()).kind).toBe("standing-by")
  line.forward(300)
  expect((await first.duty.tick()).kind).toBe("published")
  line.forward(900)
  expect(await second.duty.tick()).toMatchObject({ kind: "published", id: { term: 2, number: 1 } })
  expect((await first.duty.tick()).kind).toBe("standing-by")
  line.forward(300)
  expect((await second.duty.tick()).kind).toBe("published")
  expect(ids(await served(line, line.a))).toBe("2.2")
})

test("[U3] the second takes over with relay B down, too", async () => {
  const line = await testLine()
  await line.duty(0).duty.tick()
  line.down.add("b")
  line.forward(900)
  const second = line.duty(1).duty
  expect(await second.tick()).toMatchObject({
    kind: "published",
    id: { term: 2, number: 1 },
    relays: [null, "relay-down"],
  })
})

test("[U4] a duty cut off from the log can't publish over the one that took over", async () => {
  const line = await testLine()
  const first = line.duty(0)
  await first.duty.tick()
  line.forward(900)
  await line.duty(1).duty.tick()
  // Relay A is back for it only in the moment of publishing: its term is stale by then.
  line.down.add("a")
  expect((await first.duty.tick()).kind).toBe("no-term")
  line.down.delete("a")
  expect(ids(await served(line, line.a))).toBe("2.1")
})

test("[U6] relay A down: goes on at B; relay B down: goes on at A; both see the newest when they are back", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  await duty.tick()
  line.down.add("a")
  line.forward(300)
  expect(await duty.tick()).toMatchObject({ kind: "published", relays: ["relay-down", null] })
  line.down.clear()
  line.down.add("b")
  line.forward(300)
  expect(await duty.tick()).toMatchObject({ kind: "published", relays: [null, "relay-down"] })
  line.down.clear()
  line.forward(300)
  expect(await duty.tick()).toMatchObject({ kind: "published", relays: [null, null] })
  expect(ids(await served(line, line.a))).toBe(ids(await served(line, line.b)))
})

test("[U7] a revoked officer's warning leaves with the next edition, and comes back when others sign it again", async () => {
  const line = await testLine()
  const { organisation } = line
  const { duty } = line.duty(0)
  const core = approvedCore(organisation)
  await line.say({ kind: "warning", warning: await signedBy(organisation, core, [organisation.amina]) })
  await duty.tick()
  expect((await served(line, line.a)).bulletin.warnings).toHaveLength(1)
  const revocation = await revocationBy(
    organisation,
    [organisation.amina.publicKey],
    [organisation.boris, organisation.vera],
  )
  await line.say({ kind: "revocation", bytes: revocation.bytes })
  line.forward(300)
  await duty.tick()
  expect((await served(line, line.a)).bulletin.warnings).toHaveLength(0)
  await line.say({ kind: "warning", warning: await signedBy(organisation, core, [organisation.boris]) })
  line.forward(300)
  await duty.tick()
  expect((await served(line, line.a)).bulletin.warnings).toHaveLength(1)
})

test("[U8] a duty that is revoked makes no more editions", async () => {
  const line = await testLine()
  const { organisation } = line
  const { duty } = line.duty(0)
  await duty.tick()
  const revocation = await revocationBy(
    organisation,
    [organisation.duties[0].publicKey],
    [organisation.amina, organisation.boris],
  )
  await line.say({ kind: "revocation", bytes: revocation.bytes })
  line.forward(300)
  expect(await duty.tick()).toMatchObject({ kind: "not-made", why: { kind: "not-delegated" } })
  line.forward(900)
  expect(await line.duty(1).duty.tick()).toMatchObject({ kind: "published" })
})

test("[U9] an officer's receipt makes the edition attended; leaving a vouched warning out would show", async () => {
  const line = await testLine()
  const { organisation } = line
  const { duty } = line.duty(0)
  const warning = await freeWarning(organisation)
  const delegation = delegationAt(organisation, line.now())
  const vouched = [{ hash: warning.hash, until: warning.core.expires }]
  const receipt = await signReceipt(
    {
      organisationId: organisation.chain.organisationId,
      delegationHash: delegation.hash,
      time: line.now(),
      lastRead: instant(0),
    },
    vouched,
    organisation.amina,
    delegation,
  )
  await line.say({ kind: "receipt", receipt, vouched: encodeVouched(vouched) })
  await duty.tick()
  expect(attendance(await served(line, line.a))).toEqual({ kind: "something-left-out", missing: 1 })
  await line.say({ kind: "warning", warning: warning.signed })
  line.forward(300)
  await duty.tick()
  expect(attendance(await served(line, line.a)).kind).toBe("attended")
})

test("[L6] what relay A orders stands on relay B too, cell for cell", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  await line.say({ kind: "draft-discarded", draftId: new Uint8Array(16) })
  await duty.tick()
  line.forward(300)
  await duty.tick()
  const [atA, atB] = await Promise.all([line.a.store.read(0, 64), line.b.store.read(0, 64)])
  expect(must(atA).head).toBe(3)
  expect(must(atB).cells.map(toHex)).toEqual(must(atA).cells.map(toHex))
})

test("[U11] one object that spoils the bulletin is left out, and the line goes on", async () => {
  const line = await testLine()
  const { organisation } = line
  const { duty } = line.duty(0)
  const good = await approvedWarning(organisation)
  const free = await freeWarning(organisation)
  // Eve, with an officer's desk, leaves the Russian text of a free warning out.
  const halved = { ...free.signed, texts: free.signed.texts.filter(({ language }) => language === "en") }
  await line.say({ kind: "warning", warning: halved }, { kind: "warning", warning: good.signed })
  expect(await duty.tick()).toMatchObject({ kind: "published", leftOut: 1 })
  const { bulletin } = await served(line, line.a)
  expect(bulletin.warnings.map(({ hash }) => toHex(hash))).toEqual([toHex(good.hash)])
})

test("[U12] a new charter voids what the old signers delegated for later weeks, and the line goes on with the new", async () => {
  const line = await testLine()
  const { organisation } = line
  const { duty } = line.duty(0)
  await duty.tick()
  const chain = await extendChain(organisation, (charter) => ({ ...charter, issued: line.now() }))
  const renewed = must(await verifyCharterChain(chain, organisation.chain.organisationId))
  const week = (weekOf(line.now()) + 1) as Week
  const keys = { officers: [organisation.amina], duties: organisation.duties, signers: organisation.signers }
  const next = await makeDelegation(renewed, keys, week)
  await line.say({ kind: "charter", chain: renewed.bytes }, { kind: "delegation", bytes: next.bytes })
  line.forward(300)
  await duty.tick()
  expect(duty.memory.line.chain.links).toHaveLength(2)
  const state = duty.memory.line
  expect(
    state.delegations.filter((delegation) => delegation.week === week).map(({ hash }) => toHex(hash)),
  ).toEqual([toHex(next.hash)])
  const made = await makeEdition(state, {
    id: { term: 1, number: 9 },
    issued: weekStart(week),
    template: await testTemplate(),
    key: organisation.duties[0],
    random: organisation.random,
  })
  expect(made.ok).toBe(true)
})

test("[U12] of two delegations for one week the later holds", async () => {
  const line = await testLine()
  const { organisation } = line
  const { duty } = line.duty(0)
  await duty.tick()
  const keys = {
    officers: [organisation.vera],
    duties: [organisation.duties[1], organisation.duties[0]],
    signers: organisation.signers,
  }
  const again = await makeDelegation(organisation.chain, keys, weekOf(line.now()))
  await line.say({ kind: "delegation", bytes: again.bytes })
  line.forward(300)
  await duty.tick()
  const header = decodeHeader((await line.a.get("/header")).body)?.header
  expect(toHex(header?.delegation ?? new Uint8Array())).toBe(toHex(again.bytes))
  expect(header?.duty).toBe(1)
})

test("[U8] an expired charter makes no edition, and duty says that it is the charter", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  await duty.tick()
  const made = await makeEdition(duty.memory.line, {
    id: { term: 1, number: 2 },
    issued: line.organisation.charter.expires,
    template: await testTemplate(),
    key: line.organisation.duties[0],
    random: line.organisation.random,
  })
  expect(made).toEqual({ ok: false, error: { kind: "charter-expired" } })
})
