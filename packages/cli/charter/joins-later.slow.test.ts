import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Enrolment } from "@kunak/core/enrolment/enrolment"
import type { PublicKey } from "@kunak/core/keys"
import { must } from "@kunak/core/result"
import { makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { type Instant, plusSeconds } from "@kunak/core/time/instant"
import { openEnrolment } from "@kunak/desk/enrolment/enrol"
import {
  deskIn,
  ENROLMENT_PASSPHRASE,
  enrolmentFile,
  makeTestDesk,
  PASSPHRASE,
  type TestDesk,
} from "@kunak/desk/testing/test-desk"
import { makeDeskLine } from "@kunak/desk/testing/test-line"
import { expect, onTestFinished, test } from "vitest"
import { delegatePaper, NO_CHANGE } from "./delegate.ts"
import { finishPaper } from "./finish.ts"
import { judgePaper } from "./judge.ts"
import type { Known } from "./known.ts"
import { makeEnrolmentFile } from "./new-enrolment.ts"
import { sendPaper } from "./send.ts"
import { signPaper } from "./sign-paper.ts"

const random = seededRandom("joins later")
const HERS = "passphrase of Zarema's own"

test("[Y16] who joins after the founding reads at once, signs nothing before the signers delegate the key, and everything after", async () => {
  const time = { wall: SAMPLE_NOW * 1000, monotonic: 0 }
  const clock = { wall: () => time.wall, monotonic: () => time.monotonic }
  const now = (): Instant => Math.floor(time.wall / 1000) as Instant
  const line = await makeDeskLine(now)
  const amina = await makeTestDesk(line, "amina", clock)
  const folder = await mkdtemp(join(tmpdir(), "kunak-joins-"))
  onTestFinished(async () => {
    amina.remove()
    await line.close()
    await rm(folder, { recursive: true, force: true })
  })
  const { chain, delegations, signers } = line.organisation
  const known: Known = { chain, delegations, editions: [], warnings: [], revocations: [], vetoes: [] }
  const like = must(await openEnrolment(await enrolmentFile(line, "amina"), ENROLMENT_PASSPHRASE))
  const desks = [amina]
  const pass = (): void => {
    time.wall += 20_000
    time.monotonic += 20_000
    for (const { desk } of desks) {
      desk.host.watch.touch()
      desk.host.open()
    }
  }
  const file = join(folder, "enrolment.age")
  const passphrase = async () => HERS
  const key = await makeEnrolmentFile(file, like, known, { passphrase, random, workFactor: 4 })

  const hers = deskIn(folder, line, clock, { enrolmentFile: file })
  onTestFinished(() => hers.remove())
  desks.push(hers)
  const unlocked = await hers.ask("unlock", {
    passphrase: PASSPHRASE,
    enrolmentPassphrase: HERS,
    language: "ru",
  })
  expect(unlocked.status, unlocked.text).toBe(200)
  await amina.ask("drafts/start", { start: { from: "nothing" } })
  await amina.open().sync.tick()
  await line.publish()
  await hers.open().sync.tick()
  const refused = await signFirst(hers)
  expect(refused.error).toEqual({ kind: "not-ready", count: 1 })

  expect((await hers.ask("warnings/open", { id: refused.id })).text).toContain("no-delegation")

  const change = { ...NO_CHANGE, addOfficers: [key as PublicKey<"officer">] }
  const paper = delegatePaper(known, { weeks: null, fromNow: true, change, now: now() })
  let judged = await judgePaper(paper)
  for (const signer of signers.slice(0, 2)) {
    const one = { key: signer, label: "signer", organisationId: chain.organisationId }
    judged = await judgePaper(await signPaper(judged, one, now()))
  }
  const sent = await sendPaper(judged, await finishPaper(judged), like, { outgoing: line.outgoing, random })
  expect(sent.mirror).toBe(null)
  pass()
  await line.publish()
  await hers.open().sync.tick()
  const signed = await signFirst(hers)
  expect(signed.status, signed.text).toBe(200)
  await hers.open().sync.tick()
  pass()
  await line.publish()
  await amina.open().sync.tick()
  const seen = (await amina.ask<{ kind: string; phase?: string }[]>("warnings/list")).value
  expect(seen).toContainEqual(expect.objectContaining({ kind: "signed", phase: "live" }))
  expect(now()).toBe(plusSeconds(SAMPLE_NOW, 40))
})

/** An approved wording, which one officer may publish. */
async function signFirst(desk: TestDesk) {
  const { value: id } = await desk.ask<string>("drafts/start", { start: { from: "nothing" } })
  const opened = (await desk.ask<{ kind: string; form: object }>("warnings/open", { id })).value
  await desk.ask("drafts/save", { id, form: { ...opened.form, areas: [2], hours: 48 } })
  const prepared = await desk.ask<{ digest: string }>("drafts/prepare", { id })
  if (prepared.status !== 200) return { ...prepared, id }
  return { ...(await desk.ask<string>("drafts/sign", { id, digest: prepared.value.digest })), id }
}

test("[Y16] an enrolment of another organisation, a file that is there and a short passphrase are refused, and nothing is written", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kunak-joins-"))
  const line = await makeDeskLine(() => SAMPLE_NOW)
  onTestFinished(async () => {
    await line.close()
    await rm(folder, { recursive: true, force: true })
  })
  const { chain, delegations } = line.organisation
  const known: Known = { chain, delegations, editions: [], warnings: [], revocations: [], vetoes: [] }
  const like = must(await openEnrolment(await enrolmentFile(line, "amina"), ENROLMENT_PASSPHRASE))
  const other = await makeOrganisation({ seed: "another organisation" })
  const path = join(folder, "enrolment.age")
  const make = async (given: Enrolment, typed = HERS) =>
    await makeEnrolmentFile(path, given, known, { passphrase: async () => typed, random, workFactor: 4 })
  await expect(make({ ...like, charterChain: other.chain.bytes })).rejects.toMatchObject({
    kind: "wrong-organisation",
  })
  await expect(make(like, "too short")).rejects.toMatchObject({ kind: "short-passphrase" })
  await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" })
  await writeFile(path, "somebody's key")
  await expect(make(like)).rejects.toMatchObject({ kind: "exists" })
  expect(await readFile(path, "utf8")).toBe("somebody's key")
})
