/** The signers close the organisation: what desks say, still do, and no longer do. docs/closing.md, docs/desk.md. */
import type { CharterChain } from "@kunak/core/charter/charter"
import { closedChain } from "@kunak/core/testing/closed-organisation"
import { makeDelegation, revocationBytes } from "@kunak/core/testing/organisation"
import { DAY_SECONDS, HOUR_SECONDS, type Week, weekEnd, weekOf } from "@kunak/core/time/instant"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { intakeWindows } from "../hotline/keys/key-store.ts"
import { enqueue } from "../sync/outbox.ts"
import type { TestDesk } from "../testing/test-desk.ts"
import { makePerson, newestEdition } from "../testing/test-person.ts"
import { makeTeam, type Team, textsOf, todayOf } from "../testing/test-team.ts"
import type { ShownWarning, WarningDetail, WarningItem } from "../warnings/model.ts"

let team: Team
let amina: TestDesk
let boris: TestDesk
beforeEach(async () => {
  team = await makeTeam()
  ;[amina, boris] = (await team.start("amina", "boris")) as [TestDesk, TestDesk]
})
afterEach(() => team.close())

/** Into the log, with weeks of duties alone, as `kunak charter send` writes it; the relays do not know it yet. */
async function close(): Promise<CharterChain> {
  const { duties, signers } = team.line.organisation
  const chain = await closedChain(team.line.organisation, team.now())
  const weeks = [1, 2].map((later) => (weekOf(team.now()) + later) as Week)
  const delegations = await Promise.all(
    weeks.map((week) => makeDelegation(chain, { officers: [], duties, signers }, week)),
  )
  amina.open().vault.change((change) => {
    enqueue(change, { kind: "charter", chain: chain.bytes })
    for (const { bytes } of delegations) enqueue(change, { kind: "delegation", bytes })
  })
  await team.rounds(3, amina, boris)
  return chain
}
/** And to both relays, so that the next edition says it. */
async function closeWhole(): Promise<void> {
  team.line.restart(await close())
  await team.publish()
  await team.rounds(1, amina, boris)
}
const closed = async (desk: TestDesk) => (await todayOf(desk)).closed
const kinds = async (desk: TestDesk) => (await todayOf(desk)).items.map(({ kind }) => kind)
const start = (desk: TestDesk, from: object) => desk.ask<string>("drafts/start", { start: from })

async function sign(desk: TestDesk, id: string): Promise<string> {
  const prepared = await desk.ask<ShownWarning>("drafts/prepare", { id })
  expect(prepared.status, prepared.text).toBe(200)
  return (await desk.ask<string>("drafts/sign", { id, digest: prepared.value.digest })).value
}
/** In an approved wording, by one officer. @returns its id. */
async function warn(desk: TestDesk): Promise<string> {
  const { value: id } = await start(desk, { from: "nothing" })
  const opened = (await desk.ask<WarningDetail>("warnings/open", { id })).value
  await desk.ask("drafts/save", { id, form: { ...("form" in opened ? opened.form : {}), areas: [2] } })
  expect(await sign(desk, id)).toBe("published")
  await team.rounds(1, amina, boris)
  const { value: list } = await desk.ask<readonly WarningItem[]>("warnings/list")
  return list.find(({ kind }) => kind === "signed")?.id ?? ""
}

describe("of a closed organisation", () => {
  it("[K32] the desk says that the page does not say it yet, and until then people write and are answered", async () => {
    expect(await closed(amina)).toBeNull()
    const person = await makePerson(team.line, "before")
    await close()
    await person.say({ text: "Есть здесь кто-нибудь?", to: "both" })
    // Relays refuse editions under a charter that they do not have.
    await team.publish()
    await team.rounds(1, amina, boris)
    expect((await newestEdition(team.line)).header.intakeKey.length).toBeGreaterThan(0)
    for (const one of [amina, boris])
      expect(await closed(one)).toMatchObject({ since: null, stayUntil: null, isOpened: false })
    expect(await kinds(amina)).toContain("unanswered")
    const answered = await amina.ask("hotline/reply", { id: person.id, text: "Да, мы здесь." })
    expect(answered.status).toBe(200)
  })

  it("[K32] from the first edition that says so an answer reaches nobody, and what was sent before is opened", async () => {
    const person = await makePerson(team.line, "late")
    // Lies in the ring while no desk looks.
    await person.say({ text: "Последнее письмо", to: "both" })
    const sent = team.now()
    await closeWhole()
    expect((await newestEdition(team.line)).header.intakeKey.length).toBe(0)
    expect(await textsOf(boris, person.id)).toEqual(["Последнее письмо"])
    const { since } = (await closed(boris)) as { since: number }
    expect(since).toBeGreaterThanOrEqual(sent)
    expect((await boris.ask("hotline/reply", { id: person.id, text: "Поздно." })).error.kind).toBe(
      "organisation-closed",
    )
    // Nothing of what a line that goes on needs: keys, weeks, an answer.
    expect(await kinds(boris)).toEqual([])
    // The desk that is locked and opened again still knows since when.
    await boris.ask("lock")
    await boris.unlock()
    expect(await closed(boris)).toMatchObject({ since })
  })

  it("[K32] no warning is signed or updated; what stands is withdrawn by two while the week lasts", async () => {
    const standing = await warn(amina)
    const { value: begun } = await start(amina, { from: "nothing" })
    const opened = (await amina.ask<WarningDetail>("warnings/open", { id: begun })).value
    await amina.ask("drafts/save", {
      id: begun,
      form: { ...("form" in opened ? opened.form : {}), areas: [2] },
    })
    await closeWhole()
    for (const from of [{ from: "nothing" }, { from: "update", hash: standing }])
      expect((await start(amina, from)).error.kind).toBe("organisation-closed")
    expect((await amina.ask("drafts/prepare", { id: begun })).error.kind).toBe("not-ready")

    expect((await closed(amina))?.withdrawsUntil).toBe(weekEnd(weekOf(team.now())))
    const { value: id } = await start(amina, { from: "withdrawal", hash: standing })
    expect(await sign(amina, id)).toBe("waiting")
    await team.rounds(2, amina, boris)
    expect(await kinds(boris)).toEqual(["sign"])
    const waiting = (await boris.ask<WarningDetail>("warnings/open", { id })).value
    expect(waiting).toMatchObject({ kind: "waiting", problem: null })
    const { digest } = "shown" in waiting ? waiting.shown : { digest: "" }
    expect((await boris.ask<string>("waiting/sign", { id, digest })).value).toBe("published")
    await team.rounds(2, boris, amina)
    await team.publish()
    const { value: list } = await amina.ask<readonly WarningItem[]>("warnings/list")
    expect(list.filter((item) => item.kind === "signed" && item.outcome === "withdrawn")).toHaveLength(1)
  })

  it("[K32] a text that waits for a second signature can't get it any more, and Today does not ask for it", async () => {
    const { value: id } = await start(amina, { from: "nothing" })
    const opened = (await amina.ask<WarningDetail>("warnings/open", { id })).value
    const text = { headline: "Do not answer calls", description: "People were called.", instruction: "" }
    await amina.ask("drafts/save", {
      id,
      form: {
        ...("form" in opened ? opened.form : {}),
        kind: "free",
        areas: [2],
        texts: { en: text, ru: text },
      },
    })
    expect(await sign(amina, id)).toBe("waiting")
    await team.rounds(1, amina, boris)
    expect(await kinds(boris)).toContain("sign")
    await closeWhole()
    expect(await kinds(boris)).toEqual([])
    const waiting = (await boris.ask<WarningDetail>("warnings/open", { id })).value
    expect(waiting).toMatchObject({ problem: "organisation-closed" })
    const { digest } = "shown" in waiting ? waiting.shown : { digest: "" }
    expect((await boris.ask("waiting/sign", { id, digest })).error.kind).toBe("organisation-closed")
  })

  it("[K32] the desk stays on until the last hours' keys are destroyed, then its officer's key goes, then the desk", async () => {
    await closeWhole()
    const before = (await closed(amina)) as { since: number; stayUntil: number }
    const hours = (before.stayUntil - before.since) / HOUR_SECONDS
    expect([hours > 12, hours <= 18]).toEqual([true, true])
    const last = Math.min(...intakeWindows(amina.open().vault))
    await team.sleep(before.stayUntil - team.now() - 60)
    await team.rounds(2, amina, boris)
    expect(await closed(amina)).toMatchObject({ isOpened: false })
    expect(intakeWindows(amina.open().vault)).toContain(last)
    // A relay that is down keeps the keys alive, whatever the clock says.
    team.line.down.add("B")
    await team.sleep(120)
    await team.rounds(2, amina, boris)
    expect(await closed(amina)).toMatchObject({ isOpened: false })
    team.line.down.delete("B")
    await team.publish()
    await team.rounds(3, amina, boris)
    expect(await closed(amina)).toMatchObject({ isOpened: true, isRevoked: false })
    expect(intakeWindows(amina.open().vault)).not.toContain(last)

    const { organisation } = team.line
    const bytes = await revocationBytes(
      organisation,
      [organisation.amina.publicKey],
      organisation.signers.slice(0, 2),
      team.now(),
    )
    boris.open().vault.change((change) => enqueue(change, { kind: "revocation", bytes }))
    await team.rounds(2, boris, amina)
    expect(await closed(amina)).toMatchObject({ isRevoked: true })
    expect(await closed(boris)).toMatchObject({ isRevoked: false })
    // Weeks later, with nobody delegated: Today asks for no signatures, keys or receipts.
    await team.sleep(8 * DAY_SECONDS)
    await team.rounds(1, amina, boris)
    expect(await closed(boris)).toMatchObject({ withdrawsUntil: null })
    expect(await kinds(boris)).toEqual([])
  }, 600_000)
})
