/** Desks, relays and a duty together: what officers do, and what must not happen. */

import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { checkForward } from "@kunak/core/forward/check"
import { decodeVouched } from "@kunak/core/receipt/receipt"
import { ok } from "@kunak/core/result"
import { type MadeEdition, makeEdition, makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { runs } from "@kunak/core/testing/runs"
import { DAY_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ROUTES } from "./desk.ts"
import type { Swap } from "./platform/swap.ts"
import type { Settings } from "./settings/model.ts"
import { deskIn, ENROLMENT_PASSPHRASE, makeTestDesk, PASSPHRASE, type TestDesk } from "./testing/test-desk.ts"
import { type DeskLine, makeDeskLine } from "./testing/test-line.ts"
import type { TodayView } from "./today/model.ts"
import type { DraftForm } from "./warnings/form.ts"
import type { DraftCheck, ShownWarning, WarningDetail, WarningItem } from "./warnings/model.ts"

let time: { wall: number; monotonic: number }
let line: DeskLine
let desks: TestDesk[]
const clock = { wall: () => time.wall, monotonic: () => time.monotonic }
const now = (): Instant => Math.floor(time.wall / 1000) as Instant

beforeEach(async () => {
  time = { wall: SAMPLE_NOW * 1000, monotonic: 0 }
  desks = []
  line = await makeDeskLine(now)
})
afterEach(async () => {
  for (const one of desks) one.remove()
  await line.close()
})

/** In small steps, as it does: a desk that sees half an hour pass at once believes that it slept. */
async function pass(seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 20) {
    time.wall += Math.min(20, left) * 1000
    time.monotonic += Math.min(20, left) * 1000
    for (const one of desks) {
      one.desk.host.watch.touch()
      one.desk.host.open()
    }
  }
}
async function desk(officer: "amina" | "boris", change = {}): Promise<TestDesk> {
  const made = await makeTestDesk(line, officer, clock, change)
  desks.push(made)
  return made
}
const tick = (one: TestDesk) => one.open().sync.tick()
const list = async (one: TestDesk) => (await one.ask<readonly WarningItem[]>("warnings/list")).value
const detail = async (one: TestDesk, id: string) =>
  (await one.ask<WarningDetail | null>("warnings/open", { id })).value
const today = async (one: TestDesk) => (await one.ask<TodayView>("today")).value

async function draft(
  one: TestDesk,
  change: Partial<DraftForm>,
  start: object = { from: "nothing" },
): Promise<string> {
  const { value: id } = await one.ask<string>("drafts/start", { start })
  const opened = await detail(one, id)
  if (opened?.kind !== "draft") throw new TypeError("no draft")
  await one.ask("drafts/save", { id, form: { ...opened.form, ...change } })
  return id
}
async function sign(one: TestDesk, id: string): Promise<string> {
  const outcome = await signOnly(one, id)
  await one.open().sync.tick()
  return outcome
}
/** Signs and leaves it in the outbox. */
async function signOnly(one: TestDesk, id: string): Promise<string> {
  const prepared = await one.ask<ShownWarning>("drafts/prepare", { id })
  expect(prepared.status, prepared.text).toBe(200)
  const signed = await one.ask<string>("drafts/sign", { id, digest: prepared.value.digest })
  expect(signed.status, signed.text).toBe(200)
  return signed.value
}
/** Relays that serve this edition, one of them or both, whatever the duty published. */
function serveEdition(made: MadeEdition, only?: "A" | "B"): void {
  const before = line.tamper
  line.tamper = (relay, path, body, status) => {
    if (only && relay !== only) return before?.(relay, path, body, status) ?? { body, status }
    if (path === "/header") return { body: made.header, status: 200 }
    if (path === "/bulletin") return { body: made.bulletinBytes, status: 200 }
    return { body, status }
  }
}

async function headerOf(relay: "A" | "B"): Promise<Uint8Array> {
  const url = `${line.organisation.charter.relays[relay === "A" ? 0 : 1].web}/header`
  const answer = await line.outgoing({ method: "GET", url, headers: {}, mostBytes: 10_000 })
  if (!answer.ok) throw new TypeError("no header")
  return answer.value.body
}

const FREE: Partial<DraftForm> = {
  kind: "free",
  areas: [2],
  texts: {
    en: {
      headline: "Do not answer unknown numbers",
      description: "People were called.",
      instruction: "Stay away.",
    },
    ru: {
      headline: "Не отвечайте на незнакомые номера",
      description: "Людям звонили.",
      instruction: "Не ходите.",
    },
  },
}

describe("a warning", () => {
  it("[K11] of an approved wording goes from draft to page with one officer, and its message is genuine", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, { areas: [2], hours: 48 })
    expect(await sign(amina, id)).toBe("published")
    const [item] = await list(amina)
    expect(item).toMatchObject({ kind: "signed", phase: "live", publication: { kind: "handed-over" } })
    await line.publish()
    await tick(amina)
    const shown = await detail(amina, item?.id ?? "")
    expect(shown).toMatchObject({ kind: "signed", publication: { kind: "on-the-page", term: 1, number: 1 } })
    const message = await amina.ask<string>("forward/message", { id: item?.id, language: "ru" })
    const known = { ...amina.open().sync.line() }
    expect(await checkForward(message.value, known, now())).toMatchObject({ kind: "genuine", compared: true })
    expect(await checkForward(message.value.replace("е", "ё"), known, now())).toMatchObject({
      kind: "changed",
    })
    expect((await today(amina)).relays).toEqual([
      { name: "A", state: "serves", served: { term: 1, number: 1, issued: now() } },
      { name: "B", state: "serves", served: { term: 1, number: 1, issued: now() } },
    ])
  })

  it("[K12] of free text needs a second officer, who sees exactly what is signed", async () => {
    const [amina, boris] = [await desk("amina"), await desk("boris")]
    const id = await draft(amina, { ...FREE, note: "From C01, two witnesses" })
    expect(await sign(amina, id)).toBe("waiting")
    await line.publish()
    await tick(amina)
    expect(await list(amina)).toMatchObject([{ kind: "waiting", mine: false }])
    expect(amina.open().sync.watch.edition()?.bulletin.warnings).toEqual([])
    await tick(boris)
    expect((await today(boris)).items).toContainEqual(
      expect.objectContaining({ kind: "sign", id, urgency: "now" }),
    )
    const waiting = await detail(boris, id)
    expect(waiting).toMatchObject({
      kind: "waiting",
      mine: true,
      note: "From C01, two witnesses",
      earlier: null,
    })
    if (waiting?.kind !== "waiting") throw new TypeError("not waiting")
    const wrong = await boris.ask("waiting/sign", { id, digest: "0".repeat(64) })
    expect(wrong.error.kind).toBe("shown-something-else")
    expect((await boris.ask("waiting/sign", { id, digest: waiting.shown.digest })).value).toBe("published")
    await tick(boris)
    await tick(boris)
    await line.publish()
    await tick(amina)
    expect(await list(amina)).toMatchObject([{ kind: "signed", publication: { kind: "on-the-page" } }])
    expect((await detail(amina, (await list(amina))[0]?.id ?? ""))?.kind).toBe("signed")
  })

  it("[K12] the first officer's second signature on the same words counts once", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, FREE)
    await sign(amina, id)
    const waiting = await detail(amina, id)
    if (waiting?.kind !== "waiting") throw new TypeError("not waiting")
    expect((await amina.ask("waiting/sign", { id, digest: waiting.shown.digest })).value).toBe("waiting")
    expect(await list(amina)).toMatchObject([{ kind: "waiting" }])
  })

  it("[K13] changed by the second officer goes back to the first with every change marked", async () => {
    const [amina, boris] = [await desk("amina"), await desk("boris")]
    const id = await draft(amina, FREE)
    await sign(amina, id)
    await tick(boris)
    await boris.ask("drafts/reopen", { id })
    const opened = await detail(boris, id)
    if (opened?.kind !== "draft") throw new TypeError("no draft")
    const en = {
      headline: "Do not answer any numbers",
      description: "People were called.",
      instruction: "Stay away.",
    }
    await boris.ask("drafts/save", { id, form: { ...opened.form, texts: { ...opened.form.texts, en } } })
    expect(await sign(boris, id)).toBe("waiting")
    await tick(amina)
    const back = await detail(amina, id)
    expect(back).toMatchObject({ kind: "waiting", mine: true, shown: { signatures: 1 } })
    if (back?.kind !== "waiting") throw new TypeError("not waiting")
    expect(back.earlier?.texts[1]?.headline).toBe("Do not answer unknown numbers")
    expect(back.shown.texts[1]?.headline).toBe("Do not answer any numbers")
  })

  it("[K14] a signature covers what was prepared, not what was typed since", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, { areas: [2] })
    const prepared = await amina.ask<ShownWarning>("drafts/prepare", { id })
    const opened = await detail(amina, id)
    if (opened?.kind !== "draft") throw new TypeError("no draft")
    await amina.ask("drafts/save", { id, form: { ...opened.form, areas: [3] } })
    const other = await draft(amina, { areas: [3] })
    for (const wrong of [
      { id, digest: "0".repeat(64) },
      { id: other, digest: prepared.value.digest },
    ])
      expect((await amina.ask("drafts/sign", wrong)).error.kind).toBe("shown-something-else")
    expect((await amina.ask("drafts/sign", { id, digest: prepared.value.digest })).value).toBe("published")
    const [item] = await list(amina)
    expect(item?.kind).toBe("draft")
    await tick(amina)
    expect(
      amina
        .open()
        .sync.line()
        .warnings.map(({ core }) => core.areas),
    ).toEqual([[2]])
  })

  it("[K15] counts the message to the letter and says by how much it is too long", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, FREE)
    const opened = await detail(amina, id)
    if (opened?.kind !== "draft") throw new TypeError("no draft")
    const [first] = opened.check.blocks
    const longer = { headline: "a", description: "b".repeat(2900), instruction: "c".repeat(2900) }
    const form = { ...opened.form, texts: { ...opened.form.texts, en: longer } }
    const saved = await amina.ask<DraftCheck>("drafts/save", { id, form })
    const over = saved.value.blocks.find(({ language }) => language === "en")
    const problem = saved.value.problems.find(({ kind }) => kind === "block-too-long")
    expect(problem).toMatchObject({ language: "en", count: (over?.letters ?? 0) - 4096 })
    expect((await amina.ask("drafts/prepare", { id })).error.kind).toBe("not-ready")
    // The count before signing is the length after it.
    await amina.ask("drafts/save", { id, form: opened.form })
    await sign(amina, id)
    const boris = await desk("boris")
    await tick(boris)
    const waiting = await detail(boris, id)
    if (waiting?.kind !== "waiting") throw new TypeError("not waiting")
    await boris.ask("waiting/sign", { id, digest: waiting.shown.digest })
    const [item] = await list(boris)
    const message = await boris.ask<string>("forward/message", { id: item?.id, language: first?.language })
    expect(message.value.length).toBe(first?.letters)
  })

  it("[K15] half filled in is shown and kept: no text, no area, too many areas, no such wording", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, { kind: "free" })
    const half: Partial<DraftForm>[] = [
      { kind: "free" },
      { kind: "free", areas: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
      { kind: "free", texts: { xx: { headline: "a", description: "b", instruction: "c" } } },
      { kind: "approved", wording: 999, areas: [999, 999] },
      { kind: "approved", since: "2019-02-31", starts: "soon", hours: 0 },
      { kind: "withdrawal", replaces: "ab".repeat(32) },
    ]
    for (const change of half) {
      const opened = await detail(amina, id)
      if (opened?.kind !== "draft") throw new TypeError("no draft")
      const saved = await amina.ask<DraftCheck>("drafts/save", { id, form: { ...opened.form, ...change } })
      expect(saved.status, saved.text).toBe(200)
      expect(saved.value.problems.length).toBeGreaterThan(0)
      expect((await amina.ask("drafts/prepare", { id })).error.kind).toBe("not-ready")
      expect((await amina.ask("preview", { id })).status).toBe(200)
      expect((await amina.ask("warnings/list")).status).toBe(200)
    }
    expect(amina.mistakes).toEqual([])
  })

  it("[K16] is updated, withdrawn by two, and may not be relaxed by officers", async () => {
    const [amina, boris] = [await desk("amina"), await desk("boris")]
    await sign(amina, await draft(amina, { areas: [2], hours: 24 }))
    const [first] = await list(amina)
    await pass(60)
    const shorter = await draft(amina, { hours: 3 }, { from: "update", hash: first?.id })
    const refused = await detail(amina, shorter)
    expect(refused).toMatchObject({ check: { problems: [{ kind: "relaxes" }] } })
    const longer = await draft(amina, { hours: 48 }, { from: "update", hash: first?.id })
    expect(await sign(amina, longer)).toBe("published")
    const second = (await list(amina)).find((item) => item.kind === "signed" && item.outcome === "stands")
    expect(await detail(amina, first?.id ?? "")).toMatchObject({ outcome: "superseded" })
    const withdrawal = await draft(amina, {}, { from: "withdrawal", hash: second?.id })
    expect(await sign(amina, withdrawal)).toBe("waiting")
    await tick(boris)
    const waiting = await detail(boris, withdrawal)
    if (waiting?.kind !== "waiting") throw new TypeError("not waiting")
    await boris.ask("waiting/sign", { id: withdrawal, digest: waiting.shown.digest })
    await tick(boris)
    expect(await detail(boris, second?.id ?? "")).toMatchObject({ outcome: "withdrawn" })
    const message = await boris.ask("forward/message", { id: second?.id, language: "en" })
    expect(message.error.kind).toBe("ended")
  })

  it("[K17] is previewed as the page shows it, under a name that dies with the lock", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, FREE)
    const { value: name } = await amina.ask<string>("preview", { id })
    const frame = () =>
      amina.desk.app.request(`http://127.0.0.1:4711/preview/${name}`, { headers: { host: "127.0.0.1:4711" } })
    const answer = await frame()
    const html = await answer.text()
    expect(html).toContain("Не отвечайте на незнакомые номера")
    expect(html).not.toMatch(/<script/)
    const policy = answer.headers.get("content-security-policy") ?? ""
    expect(policy).toMatch(/^sandbox; default-src 'none'/)
    // K8: by its hash the one style that stands in it, and nothing else.
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style]) => style ?? "")
    expect(styles).toHaveLength(1)
    const hash = createHash("sha256")
      .update(styles[0] ?? "")
      .digest("base64")
    expect(policy).toContain(`style-src 'sha256-${hash}'`)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(html).not.toMatch(/\sstyle=/)
    await amina.ask("lock")
    expect((await frame()).status).toBe(404)
  })

  it("[K18] becomes a poster as PDF and PNG, where markup in a text is only text", async () => {
    const amina = await desk("amina")
    await sign(amina, await draft(amina, { areas: [2] }))
    const [item] = await list(amina)
    for (const [form, magic] of [
      ["pdf", "%PDF-"],
      ["png", "\x89PNG"],
    ]) {
      const poster = await amina.ask<string>("forward/poster", { id: item?.id, language: "ru", form })
      expect(poster.status, poster.text.slice(0, 200)).toBe(200)
      expect(Buffer.from(poster.value, "base64").subarray(0, 5).toString("latin1")).toContain(magic)
    }
  })
})

describe("sync", () => {
  it("[S1] with relay A down keeps what was signed, says so, and hands it over later", async () => {
    const amina = await desk("amina")
    line.down.add("A")
    await sign(amina, await draft(amina, { areas: [2] }))
    const [item] = await list(amina)
    expect(item).toMatchObject({ publication: { kind: "waiting-to-leave" } })
    expect((await today(amina)).items).toContainEqual(
      expect.objectContaining({ kind: "relay-down", relay: "A", cause: "unreachable" }),
    )
    // The desk is ended and started again meanwhile.
    await amina.ask("lock")
    const again = deskIn(amina.folder, line, clock)
    desks.push(again)
    await again.unlock()
    expect(await list(again)).toMatchObject([{ publication: { kind: "waiting-to-leave" } }])
    line.down.clear()
    await tick(again)
    expect(await list(again)).toMatchObject([{ publication: { kind: "handed-over" } }])
    expect((await today(again)).waitingToLeave).toBeLessThan(2)
  })

  it("[S1] with relay A down reads what colleagues wrote from B", async () => {
    const [amina, boris] = [await desk("amina"), await desk("boris")]
    await sign(amina, await draft(amina, FREE))
    line.down.add("A")
    await tick(boris)
    expect(await list(boris)).toMatchObject([{ kind: "waiting", mine: true }])
  })

  it("[S2] writes the same sizes whether there is something to say or not", async () => {
    const amina = await desk("amina")
    await tick(amina)
    await tick(amina)
    line.sent.length = 0
    await tick(amina)
    const silent = line.sent.filter((entry) => entry.includes("append"))
    line.sent.length = 0
    await amina.ask("drafts/start", { start: { from: "nothing" } })
    await sign(amina, await draft(amina, { areas: [2] }))
    const spoken = line.sent.filter((entry) => entry.startsWith("A /log/append"))
    // Head and count, then four cells, whatever they hold.
    const always = `A /log/append ${8 + 1 + 4 * 4096}`
    expect(new Set(spoken)).toEqual(new Set([always]))
    expect(silent.filter((entry) => entry.startsWith("A"))).toEqual([always])
  })

  it("[S3] an entry cut in two by a lock, of the writer or of the reader, arrives whole", async () => {
    const [amina, boris] = [await desk("amina"), await desk("boris")]
    // Three cells, then two: the first append ends in the middle of the last entry.
    for (const area of [2, 3, 4]) await signOnly(amina, await draft(amina, { areas: [area] }))
    const ru = { headline: "ж", description: "ж".repeat(280), instruction: "ю".repeat(280) }
    const en = { headline: "x", description: "x".repeat(480), instruction: "y".repeat(480) }
    await signOnly(amina, await draft(amina, { ...FREE, texts: { en, ru }, note: "ж".repeat(990) }))
    await tick(amina)
    await tick(boris)
    expect((await list(boris)).map(({ kind }) => kind)).toEqual(["signed", "signed", "signed"])
    await boris.ask("lock")
    await boris.unlock()
    await tick(amina)
    await tick(boris)
    expect((await list(boris)).map(({ kind }) => kind)).toEqual(["waiting", "signed", "signed", "signed"])

    for (const area of [2, 3, 4]) await signOnly(amina, await draft(amina, { areas: [area], hours: 5 }))
    await signOnly(amina, await draft(amina, { ...FREE, texts: { en, ru }, note: "я".repeat(990) }))
    await tick(amina)
    await amina.ask("lock")
    await amina.unlock()
    expect((await today(amina)).waitingToLeave).toBeGreaterThan(0)
    for (let round = 0; round < 4; round += 1) await tick(amina)
    await tick(boris)
    expect((await list(boris)).map(({ kind }) => kind)).toEqual([
      ...["waiting", "waiting"],
      ...["signed", "signed", "signed", "signed", "signed", "signed"],
    ])
    expect((await today(amina)).waitingToLeave).toBe(0)
  })

  it("[S4] a relay that changes the log is named, and nothing of it is taken", async () => {
    const [amina, boris] = [await desk("amina"), await desk("boris")]
    await sign(amina, await draft(amina, FREE))
    line.tamper = (relay, path, body, status) => {
      if (relay !== "A" || path !== "/log/read" || body.length < 5000) return { body, status }
      const changed = body.slice()
      changed[3000] = (changed[3000] ?? 0) ^ 1
      return { body: changed, status }
    }
    await tick(boris)
    expect((await today(boris)).items).toContainEqual(
      expect.objectContaining({ kind: "log-trouble", relay: "A", cause: "log-forked" }),
    )
  })

  it("[S5] says by itself that somebody is here, and Today tells when nobody has", async () => {
    const amina = await desk("amina")
    expect((await today(amina)).items).toContainEqual({ kind: "receipt-due", last: null, urgency: "now" })
    await tick(amina)
    await tick(amina)
    expect((await today(amina)).items.map(({ kind }) => kind)).not.toContain("receipt-due")
    await line.publish()
    await tick(amina)
    expect(amina.open().sync.watch.edition()?.receipt?.time).toBe(now())
    // A warning that has come since is vouched for with the next receipt, long before the last one is old.
    await sign(amina, await draft(amina, { areas: [2] }))
    await pass(20)
    await tick(amina)
    await tick(amina)
    const { receipt, warnings } = amina.open().sync.line()
    expect(receipt?.receipt.time).toBe(now())
    expect(decodeVouched(receipt?.vouched ?? new Uint8Array())?.map(({ hash }) => hash)).toEqual([
      warnings[0]?.hash,
    ])
  })

  it("[S6] a duty that leaves out what officers vouched for is noticed", async () => {
    const amina = await desk("amina")
    await sign(amina, await draft(amina, { areas: [2] }))
    for (let round = 0; round < 3; round += 1) await tick(amina)
    await line.publish()
    await tick(amina)
    expect(amina.open().sync.watch.edition()?.bulletin.warnings).toHaveLength(1)
    expect((await today(amina)).items.map(({ kind }) => kind)).not.toContain("not-shown")
    // The seized duty signs an edition with the officers' receipt, but without the warning.
    const [warning] = amina.open().sync.line().warnings
    if (!warning) throw new TypeError("no warning")
    const vouched = [{ hash: warning.hash, until: warning.core.expires }]
    serveEdition(await makeEdition(line.organisation, { id: { term: 2, number: 1 }, issued: now(), vouched }))
    await tick(amina)
    expect((await today(amina)).items).toContainEqual({ kind: "not-shown", count: 1, urgency: "now" })
  })

  it("[S8] an edition of another organisation, a second one under the same number and an older one are told apart", async () => {
    const amina = await desk("amina")
    const id = { term: 3, number: 7 }
    const good = await makeEdition(line.organisation, { id, issued: now() })
    serveEdition(good)
    await tick(amina)
    expect((await today(amina)).relays.map(({ state }) => state)).toEqual(["serves", "serves"])
    const kinds = async () => {
      await tick(amina)
      return (await today(amina)).items.flatMap((item) =>
        "relay" in item ? [`${item.kind} ${item.relay}`] : [],
      )
    }
    const twin = await makeEdition(line.organisation, { id, issued: plusSeconds(now(), 1) })
    serveEdition(twin, "B")
    expect(await kinds()).toEqual(["relay-lies B"])
    serveEdition(await makeEdition(line.organisation, { id: { term: 3, number: 6 }, issued: now() }), "B")
    expect(await kinds()).toEqual(["relay-behind B"])
    const other = await makeOrganisation({ seed: "Eve's", now: now() })
    serveEdition(await makeEdition(other, { id: { term: 9, number: 9 }, issued: now() }), "B")
    expect(await kinds()).toEqual(["relay-lies B"])
    expect(amina.open().sync.watch.edition()?.header.id).toEqual(id)
    expect((await amina.ask("lock")).status).toBe(200)
    await amina.unlock()
    expect(amina.open().sync.watch.edition()?.header.id).toEqual(id)
  })

  it("[K10] with a proxy that is down nothing is sent around it, and Today says what to do", async () => {
    const amina = await desk("amina", { proxy: { host: "127.0.0.1", port: 9 } })
    await tick(amina)
    const down = (await today(amina)).items.filter(({ kind }) => kind === "relay-down")
    expect(down).toMatchObject([
      { relay: "A", cause: "proxy-down" },
      { relay: "B", cause: "proxy-down" },
    ])
    expect(line.sent).toEqual([])
    const settings = (await amina.ask<Settings>("settings/read")).value
    expect(settings.proxy).toBe("127.0.0.1:9")
    for (const proxy of ["nonsense", "http://127.0.0.1:9", "127.0.0.1:99999"])
      expect((await amina.ask("settings/save", { settings: { ...settings, proxy } })).status).toBe(400)
  })

  it("[MEM3] swap in the clear is said while locked, and by Today; none or encrypted is not", async () => {
    let swap: Swap = "clear"
    const amina = await desk("amina", { swap: () => swap })
    const inToday = async () => (await today(amina)).items.filter(({ kind }) => kind === "swap").length
    expect(await inToday()).toBe(1)
    for (const fine of ["none", "encrypted"] as const) {
      swap = fine
      expect(await inToday()).toBe(0)
    }
    swap = "clear"
    await amina.ask("lock")
    expect((await amina.ask<{ swap: Swap }>("state")).value.swap).toBe("clear")
  })

  it("[S7] Today speaks of delegations at 21, 7 and 2 days, and of an old edition", async () => {
    const amina = await desk("amina")
    await tick(amina)
    await line.publish()
    await tick(amina)
    const kinds = async () => (await today(amina)).items.map((item) => [item.kind, item.urgency])
    expect(await kinds()).toEqual([])
    await pass(2 * 3600)
    expect(await kinds()).toContainEqual(["edition-stale", "now"])
    const ends = amina.open().sync.line().delegations.length
    expect(ends).toBeGreaterThan(12)
    time.wall += (SAMPLE_NOW + 83 * DAY_SECONDS) * 1000 - time.wall
    await amina.unlock()
    expect(await kinds()).toContainEqual(["delegations-end", "soon"])
    time.wall += 6 * DAY_SECONDS * 1000
    await amina.unlock()
    expect(await kinds()).toContainEqual(["delegations-end", "now"])
  })
})

describe("how it runs", () => {
  it("[K28] Today says it from what was fetched anyway: lag, duty, ends, rings, clocks, room; and asks no relay for it", async () => {
    const room = { bytes: 50e9 }
    const amina = await desk("amina", {
      freeBytes: () => room.bytes,
      outgoing: async (exchange: Parameters<DeskLine["outgoing"]>[0]) => {
        const answer = await line.outgoing(exchange)
        const isA = exchange.url.startsWith(line.organisation.charter.relays[0].web)
        const date = isA ? new Date(time.wall + 300_000).toUTCString() : null
        return answer.ok ? ok({ ...answer.value, date }) : answer
      },
    })
    expect((await today(amina)).health).toMatchObject({
      duty: null,
      clocks: [{ seconds: null }, { seconds: null }],
    })
    await tick(amina)
    await line.publish()
    const [first] = [now()]
    await tick(amina)
    line.sent.length = 0
    const { health, relays } = await today(amina)
    expect(line.sent).toEqual([])
    expect(relays.map(({ state, served }) => [state, served?.number, served?.issued])).toEqual([
      ["serves", 1, first],
      ["serves", 1, first],
    ])
    expect(health.duty).toEqual({ number: 1, seen: first })
    expect(health.charterEnds).toBe(line.organisation.charter.expires)
    expect(health.delegationsEnd - first).toBeGreaterThan(80 * DAY_SECONDS)
    expect(health.rings).toMatchObject([
      { relay: "A", waiting: 0, slots: 2 ** line.organisation.charter.log2Slots },
      { relay: "B", waiting: 0 },
    ])
    expect(health.clocks).toEqual([
      { relay: "A", seconds: 300 },
      { relay: "B", seconds: null },
    ])
    expect([health.freeBytes, health.version]).toEqual([50e9, "0.1.0"])

    // Relay B stays where it was: the lag is the time between the two editions.
    const old = await headerOf("B")
    await pass(300)
    await line.publish()
    line.tamper = (relay, path, body, status) =>
      relay === "B" && path === "/header" ? { body: old, status: 200 } : { body, status }
    await tick(amina)
    const later = await today(amina)
    expect(later.relays.map(({ state, served }) => [state, served?.number])).toEqual([
      ["serves", 2],
      ["behind", 1],
    ])
    expect((later.edition?.issued ?? 0) - (later.relays[1]?.served?.issued ?? 0)).toBe(300)
    expect(later.items.map(({ kind }) => kind)).toContain("relay-behind")
    expect(later.items.map(({ kind }) => kind)).not.toContain("disk-low")
    room.bytes = 400e6
    expect((await today(amina)).items).toContainEqual({ kind: "disk-low", freeBytes: 400e6, urgency: "now" })
  })
})

describe("the vault of a desk", () => {
  const CANARY = "canary Amina, мост у мельницы"
  const image = (folder: string) =>
    Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))

  it("[Q2] holds no word of a draft in the clear, open or locked", async () => {
    const amina = await desk("amina")
    const { en, ru } = FREE.texts ?? {}
    await draft(amina, {
      ...FREE,
      note: CANARY,
      texts: {
        en: en as never,
        ru: {
          ...(ru as never as { headline: string; description: string; instruction: string }),
          headline: CANARY,
        },
      },
    })
    await tick(amina)
    for (const isLocked of [false, true]) {
      if (isLocked) await amina.ask("lock")
      for (const encoding of ["utf8", "utf16le"] as const)
        expect(image(amina.folder).includes(Buffer.from(CANARY, encoding))).toBe(false)
    }
  })

  it("[K19] a full disk loses no draft: it is said, what was saved stays, and saving goes on with space", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, { ...FREE, note: "first" })
    const opened = await detail(amina, id)
    if (opened?.kind !== "draft") throw new TypeError("no draft")
    const { vault } = amina.open()
    const pages = vault.first({ text: "select page_count as n from pragma_page_count", values: [] }, (row) =>
      row.number("n"),
    )
    vault.first({ text: `pragma max_page_count = ${pages ?? 0}`, values: [] }, () => null)
    const form = { ...opened.form, note: "x".repeat(19_000) }
    const full = await amina.ask("drafts/save", { id, form })
    expect(full).toMatchObject({ status: 422, error: { kind: "disk-full" } })
    expect(await detail(amina, id)).toMatchObject({ form: { note: "first" } })
    vault.first({ text: "pragma max_page_count = 100000", values: [] }, () => null)
    expect((await amina.ask("drafts/save", { id, form })).status).toBe(200)
    expect(amina.mistakes).toEqual([])
  })

  it("[Q5] the passphrase is changed from the open desk, which then locks; a wrong old one changes nothing", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, { ...FREE, note: "kept" })
    const next = "another bridge lantern"
    expect((await amina.ask("passphrase", { old: "wrong", next })).error.kind).toBe("cannot-open")
    expect((await amina.ask("passphrase", { old: PASSPHRASE, next })).error.kind).toBe("wait")
    time.monotonic += 2000
    expect((await amina.ask("passphrase", { old: PASSPHRASE, next: "short" })).error.kind).toBe(
      "passphrase-short",
    )
    expect(await detail(amina, id)).toMatchObject({ form: { note: "kept" } })
    const changed = await amina.ask<{ locked: boolean; lockReason: string }>("passphrase", {
      old: PASSPHRASE,
      next,
    })
    expect(changed.value).toMatchObject({ locked: true, lockReason: "passphrase" })
    expect((await amina.unlock()).error.kind).toBe("cannot-open")
    time.monotonic += 2000
    expect((await amina.unlock(next)).status).toBe(200)
    expect(await detail(amina, id)).toMatchObject({ form: { note: "kept" } })
  })

  it("[K20] a wrong enrolment passphrase, a short new one and a second enrolment leave no vault behind", async () => {
    const amina = await desk("amina")
    const other = deskIn(join(amina.folder, "..", "nowhere"), line, clock)
    expect((await other.unlock()).error.kind).toBe("cannot-open")
    const boris = await makeTestDesk(line, "boris", clock)
    desks.push(boris)
    await boris.ask("lock")
    expect(
      (await boris.ask("unlock", { passphrase: PASSPHRASE, enrolmentPassphrase: "ignored", language: "en" }))
        .status,
    ).toBe(200)
    const fresh = deskIn(amina.folder, line, clock, {
      vaultFile: join(amina.folder, "new.vault"),
      enrolmentFile: join(amina.folder, "officer.age"),
    })
    const tries: [string, string, string][] = [
      [PASSPHRASE, "wrong words", "enrolment-cannot-open"],
      ["short", ENROLMENT_PASSPHRASE, "passphrase-short"],
    ]
    for (const [passphrase, enrolmentPassphrase, kind] of tries) {
      const refused = await fresh.ask("unlock", { passphrase, enrolmentPassphrase, language: "en" })
      expect(refused.error.kind).toBe(kind)
      time.monotonic += 10_000
    }
    expect(readdirSync(amina.folder)).not.toContain("new.vault")
  })
})

describe("every route", () => {
  it("[K9] answers 423 without content while locked", async () => {
    const amina = await desk("amina")
    await draft(amina, FREE)
    await amina.ask("lock")
    for (const { path } of ROUTES) {
      const refused = await amina.ask(path, {})
      expect([path, refused.status, refused.text]).toEqual([path, 423, '{"error":{"kind":"locked"}}'])
    }
    const state = await amina.ask<object>("state")
    expect(Object.keys(state.value).sort()).toEqual([
      "enrols",
      "exists",
      "lockReason",
      "locked",
      "secondsToLock",
      // Of the computer, not of the vault (MEM3).
      "swap",
    ])
  })

  it("[K8] answers fuzzed bodies with 200, 400 or 422, never with a mistake", async () => {
    const amina = await desk("amina")
    const id = await draft(amina, FREE)
    const opened = await detail(amina, id)
    const form = opened?.kind === "draft" ? opened.form : {}
    const sound: Record<string, object> = {
      "warnings/open": { id },
      "drafts/start": { start: { from: "update", hash: "ab".repeat(32) } },
      "drafts/save": { id, form },
      "drafts/discard": { id: "ab".repeat(16) },
      "drafts/reopen": { id },
      "drafts/prepare": { id },
      "drafts/sign": { id, digest: "ab".repeat(32) },
      "waiting/sign": { id, digest: "ab".repeat(32) },
      preview: { id },
      "forward/message": { id, language: "ru" },
      "forward/poster": { id, language: "ru", form: "pdf" },
      "settings/save": {
        settings: { language: "ru", theme: "dark", idleMinutes: 5, proxy: "" } satisfies Settings,
      },
    }
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom("\ud800", "\0", "a".repeat(30_000), "__proto__", -1, 1e308, 2 ** 53, [[[[]]]], {
        toString: 1,
      }),
    )
    for (const { path } of ROUTES.filter((one) => one.path !== "sync")) {
      await fc.assert(
        fc.asyncProperty(odd, fc.nat(), fc.nat(), async (value, which, depth) => {
          const body = mutated(sound[path] ?? {}, value, which, depth % 4)
          const answer = await amina.ask(path, body)
          expect([path, [200, 400, 422].includes(answer.status), answer.status]).toEqual([
            path,
            true,
            answer.status,
          ])
        }),
        { numRuns: runs(40) },
      )
    }
    expect(amina.mistakes).toEqual([])
  })
})

/** The sound body with one place of it replaced, or the odd value itself. */
function mutated(sound: unknown, value: unknown, which: number, depth: number): unknown {
  if (depth === 0 || typeof sound !== "object" || sound === null) return value
  const keys = Object.keys(sound)
  const key = keys[which % Math.max(1, keys.length)]
  if (key === undefined) return value
  const copy: Record<string, unknown> = { ...(sound as Record<string, unknown>) }
  copy[key] = mutated(copy[key], value, Math.floor(which / Math.max(1, keys.length)), depth - 1)
  return Array.isArray(sound) ? Object.values(copy) : copy
}
