import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { toHex } from "@kunak/core/bytes/hex"
import { decodePackage } from "@kunak/core/edition/package"
import type { Enrolment } from "@kunak/core/enrolment/enrolment"
import type { SigningKey } from "@kunak/core/keys"
import { LOG_CELL_BYTES } from "@kunak/core/parameters"
import { err, must, ok } from "@kunak/core/result"
import { isRevoked } from "@kunak/core/revocation/revocation"
import { reveal, Secret } from "@kunak/core/secret"
import {
  approvedWarning,
  makeOrganisation,
  type Organisation,
  SAMPLE_NOW,
  sampleTexts,
} from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { plusSeconds, weekOf } from "@kunak/core/time/instant"
import { resolveWarnings } from "@kunak/core/warning/resolve"
import type { Duty } from "@kunak/duty/duty"
import { makeEdition } from "@kunak/duty/edition/make-edition"
import { type Outgoing, relayClient } from "@kunak/duty/relay-client"
import { dutyKeys, type TestLine, testCapabilities, testLine } from "@kunak/duty/testing/line"
import { buildTemplate } from "@kunak/page/build"
import { parseTemplate } from "@kunak/page/document/template"
import { bodyOf, makeRequest } from "@kunak/relay/testing/test-relay"
import { expect, onTestFinished, test } from "vitest"
import { confirmationPaper, proposalPaper, vetoPaper } from "./all-clear.ts"
import { delegatePaper, NO_CHANGE } from "./delegate.ts"
import { finishPaper } from "./finish.ts"
import { judgePaper } from "./judge.ts"
import { type Known, knownFrom } from "./known.ts"
import type { Paper } from "./paper.ts"
import { revokePaper } from "./revoke.ts"
import { sendPaper } from "./send.ts"
import { signPaper } from "./sign-paper.ts"

/** The same relays that the line's duty speaks to. */
function outgoingOf(line: TestLine): Outgoing {
  return async ({ method, url, headers, body }) => {
    const { origin, pathname } = new URL(url)
    const name = origin === line.organisation.charter.relays[0].web ? "a" : "b"
    if (line.down.has(name)) return err({ kind: "unreachable" })
    line.sent.push(`${name} ${pathname}`)
    const answer = await line[name].app(
      makeRequest({
        method,
        target: pathname,
        authorization: headers.authorization ?? "",
        ...(body ? { readBody: bodyOf(body) } : {}),
      }),
    )
    return ok({ status: answer.status, body: answer.body })
  }
}

const lineKey = dutyKeys.line as Secret<Uint8Array>

const enrolmentOf = ({ chain, delegations, duties }: Organisation): Enrolment => ({
  role: "duty",
  label: "duty 1",
  charterChain: chain.bytes,
  delegations: delegations.map(({ bytes }) => bytes),
  seed: duties[0].seed,
  staffKey: null,
  lineKey: new Secret(reveal(lineKey)),
  relays: [testCapabilities, testCapabilities],
})

const known = ({ chain, delegations }: Organisation): Known => ({
  chain,
  delegations,
  editions: [],
  warnings: [],
  revocations: [],
  vetoes: [],
})

async function signed(paper: Paper, keys: readonly SigningKey<"charter-signing">[]) {
  let judged = await judgePaper(paper)
  for (const key of keys) {
    const one = { key, label: "signer", organisationId: judged.chain.organisationId }
    judged = await judgePaper(await signPaper(judged, one, SAMPLE_NOW))
  }
  return judged
}

async function send(line: TestLine, paper: Paper, enrolment = enrolmentOf(line.organisation)) {
  const judged = await signed(paper, line.organisation.signers.slice(0, 2))
  const parts = { outgoing: outgoingOf(line), random: seededRandom("sender") }
  return await sendPaper(judged, await finishPaper(judged), enrolment, parts)
}

const weeksPaper = (organisation: Organisation, weeks: number): Paper =>
  delegatePaper(known(organisation), { weeks, fromNow: false, change: NO_CHANGE, now: SAMPLE_NOW })

test("[Y14] what is sent reaches duty by the staff log, while desks and duty write there too", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  await duty.tick()
  const last = line.organisation.delegations.at(-1)!.week
  // More cells than one append takes.
  expect(await send(line, weeksPaper(line.organisation, 20))).toEqual({ cells: 20, mirror: null })
  line.forward(300)
  expect(await duty.tick()).toMatchObject({ kind: "published", relays: [null, null] })
  const weeks = duty.memory.line.delegations.map(({ week }) => week)
  expect(weeks).toContain(last + 1)
  expect(weeks).toContain(last + 20)
  const read = async (i: 0 | 1) => {
    const relay = line.organisation.charter.relays[i]
    return must(await relayClient(relay, testCapabilities, outgoingOf(line)).readLog(0))
  }
  const [a, b] = [await read(0), await read(1)]
  expect(b.cells).toEqual(a.cells)
  expect(a.cells.every((cell) => cell.length === LOG_CELL_BYTES)).toBe(true)
})

test("[Y14] a revocation goes straight to both relays, and with the next edition to everybody", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  await duty.tick()
  const other = line.organisation.duties[1].publicKey
  line.sent.length = 0
  const paper = revokePaper(known(line.organisation), [other, line.organisation.boris.publicKey], SAMPLE_NOW)
  expect(await send(line, paper)).toMatchObject({ revoked: [null, null], mirror: null })
  expect(line.sent.slice(0, 2)).toEqual(["a /revoke", "b /revoke"])
  line.forward(300)
  expect(await duty.tick()).toMatchObject({ kind: "published", relays: [null, null] })
  expect(isRevoked(other, duty.memory.line.revocations)).toBe(true)
})

test("[Y14] with relay A down a revocation still reaches B; nothing is said to be sent, and nothing is lost", async () => {
  const line = await testLine()
  await line.duty(0).duty.tick()
  line.down.add("a")
  const paper = revokePaper(known(line.organisation), [line.organisation.boris.publicKey], SAMPLE_NOW)
  await expect(send(line, paper)).rejects.toMatchObject({
    kind: "relay-down",
    exitCode: 3,
    message: expect.stringMatching(/send it again.*One of the relays has the revocation/),
  })
  expect(line.sent).toContain("b /revoke")
  line.down.clear()
  expect(await send(line, paper)).toMatchObject({ revoked: [null, null] })
})

test("[Y14] with relay B down the line has the paper, and the sender is told that B does not", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  await duty.tick()
  line.down.add("b")
  expect(await send(line, weeksPaper(line.organisation, 1))).toEqual({ cells: 1, mirror: "relay-down" })
  line.down.clear()
  line.forward(300)
  await duty.tick()
  expect(duty.memory.line.delegations.at(-1)?.week).toBe(line.organisation.delegations.at(-1)!.week + 1)
})

test("[Y14] another organisation's enrolment sends nothing; nor do capabilities that a relay does not know", async () => {
  const line = await testLine()
  await line.duty(0).duty.tick()
  const other = await makeOrganisation({ seed: "another" })
  line.sent.length = 0
  await expect(send(line, weeksPaper(line.organisation, 1), enrolmentOf(other))).rejects.toMatchObject({
    kind: "wrong-organisation",
  })
  expect(line.sent).toEqual([])
  const wrong = {
    read: new Secret(new Uint8Array(32)),
    append: new Secret(new Uint8Array(32)),
    acknowledge: new Secret(new Uint8Array(32)),
    publish: null,
  }
  const stranger = { ...enrolmentOf(line.organisation), relays: [wrong, wrong] as const }
  await expect(send(line, weeksPaper(line.organisation, 1), stranger)).rejects.toMatchObject({
    kind: "relay-refuses",
  })
})

test("[Y14] into an empty log, and beside a desk that writes between two looks", async () => {
  const line = await testLine()
  expect(await send(line, weeksPaper(line.organisation, 1))).toEqual({ cells: 1, mirror: null })
  // The first look at the log's end is answered before somebody else writes.
  const plain = outgoingOf(line)
  let interrupted = false
  const judged = await signed(weeksPaper(line.organisation, 2), line.organisation.signers.slice(0, 2))
  const outgoing: Outgoing = async (exchange) => {
    if (exchange.url.endsWith("/log/append") && !interrupted) {
      interrupted = true
      await line.say({
        kind: "lease",
        duty: line.organisation.duties[0].publicKey,
        term: 1,
        until: SAMPLE_NOW,
      })
    }
    return await plain(exchange)
  }
  const parts = { outgoing, random: seededRandom("sender") }
  const sent = await sendPaper(judged, await finishPaper(judged), enrolmentOf(line.organisation), parts)
  expect([interrupted, sent.cells]).toEqual([true, 2])
  const { duty } = line.duty(0)
  line.forward(300)
  await duty.tick()
  const until = duty.memory.line.delegations.at(-1)!.week
  expect(until - weekOf(plusSeconds(SAMPLE_NOW, 0))).toBe(
    line.organisation.delegations.at(-1)!.week - weekOf(SAMPLE_NOW) + 2,
  )
})

/** Pages as a signer saves them, read as any `--from`. */
async function saved(page: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kunak-pages-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, "page.html")
  await writeFile(path, page)
  return path
}

/** Without its script: quicker to render. */
const template = buildTemplate().then((html) =>
  must(parseTemplate(html.replace(/<script>[\s\S]*?<\/script>/, ""))),
)

/** What duty would publish now. The relays of these tests keep their clock, and take nothing from the next day. */
async function pageOf({ memory }: Duty, line: TestLine): Promise<Uint8Array> {
  const edition = {
    id: { term: 9, number: 9 },
    issued: line.now(),
    template: await template,
    key: line.organisation.duties[0],
    random: line.organisation.random,
  }
  const made = must(await makeEdition(memory.line, edition))
  const files = decodePackage(made.package)?.files ?? []
  return files.find(({ name }) => name === "page.web.html")?.bytes ?? new Uint8Array()
}

/** Published, proposed, sent, and the pages of the first and the next day. */
async function proposedForADay(line: TestLine) {
  const { duty } = line.duty(0)
  const danger = await approvedWarning(line.organisation)
  await duty.tick()
  await line.say({ kind: "warning", warning: danger.signed })
  line.forward(300)
  await duty.tick()
  const texts = sampleTexts
  const warning = toHex(danger.core.id)
  const proposal = proposalPaper(await knownFrom([await saved((await line.a.get("/")).body)]), {
    warning,
    texts,
    hours: 48,
    now: line.now(),
  })
  await send(line, proposal)
  line.forward(300)
  await duty.tick()
  const first = await saved((await line.a.get("/")).body)
  const nextDay = async () => {
    line.forward(24 * 3600)
    await duty.tick()
    return [first, await saved(await pageOf(duty, line))]
  }
  const states = () => {
    const { warnings, vetoes, chain } = duty.memory.line
    return resolveWarnings(warnings, vetoes, chain).map(({ state }) => state)
  }
  return { duty, first, nextDay, states }
}

test("[Y9] an all-clear over relays and saved pages: proposed, a day in public, confirmed, cleared", async () => {
  const line = await testLine()
  const { duty, first, nextDay, states } = await proposedForADay(line)
  const early = await knownFrom([first])
  expect(() => confirmationPaper(early, { proposal: null, now: line.now() })).toThrow(/needs 24 hours/)
  const pages = await nextDay()
  expect(states()).toEqual(["stands"])
  await send(line, confirmationPaper(await knownFrom(pages), { proposal: null, now: line.now() }))
  line.forward(300)
  await duty.tick()
  expect(states()).toEqual(["cleared"])
  const page = new TextDecoder().decode(await pageOf(duty, line))
  expect(page).toContain(sampleTexts[1]!.headline)
})

test("[Y9] a veto that was sent stands on the page: the confirmation can't be begun", async () => {
  const line = await testLine()
  const { first, nextDay, states } = await proposedForADay(line)
  const key = line.organisation.signers[2]!
  const signer = { key, label: "signer 3", organisationId: line.organisation.chain.organisationId }
  const veto = await vetoPaper(await knownFrom([first]), { proposal: null, signer, now: line.now() })
  const judged = await judgePaper(veto)
  const parts = { outgoing: outgoingOf(line), random: seededRandom("sender") }
  await sendPaper(judged, await finishPaper(judged), enrolmentOf(line.organisation), parts)
  const known = await knownFrom(await nextDay())
  expect(() => confirmationPaper(known, { proposal: null, now: line.now() })).toThrow(/vetoed this proposal/)
  expect(states()).toEqual(["stands"])
})
