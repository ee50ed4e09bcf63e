/** No id tells when, or in which order, a thing was made: what lies on a disk or in a log under ids could else be put beside times. */
import { randomBytes } from "node:crypto"
import { dummyPart, splitEntry } from "@kunak/core/log/cell"
import { dummyRoot, threadIdOf } from "@kunak/core/thread/keys"
import type { Instant } from "@kunak/core/time/instant"
import { makeTestDesk, type TestDesk } from "@kunak/desk/testing/test-desk"
import { type DeskLine, makeDeskLine } from "@kunak/desk/testing/test-line"
import { draftById } from "@kunak/desk/warnings/draft-store"
import { makeNamedPages } from "@kunak/desk/warnings/preview-pages"
import { makeOutbox } from "@kunak/page/hotline/outbox"
import { afterAll, beforeAll, expect, test } from "vitest"

const COUNT = 200
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

/** Whether each is followed by a larger one as often as chance has it, read from its beginning and from its end; and no part stands still. */
function orderIn(ids: readonly Uint8Array[]): readonly string[] {
  const length = ids[0]?.length ?? 0
  const told: string[] = []
  if (new Set(ids.map((id) => Buffer.from(id).toString("hex"))).size < ids.length)
    told.push("one comes twice")
  if (length < 8) told.push("shorter than 8 bytes")
  for (const [way, of] of [
    ["forwards", (id: Uint8Array) => Buffer.from(id)],
    ["backwards", (id: Uint8Array) => Buffer.from(id).reverse()],
  ] as const) {
    const rises = ids.slice(1).filter((id, i) => Buffer.compare(of(id), of(ids[i] ?? id)) > 0).length
    // 99.5 of 199, give or take 4.1: eight times that.
    if (Math.abs(rises - (ids.length - 1) / 2) > 33) told.push(`${rises} rise, ${way}`)
  }
  for (let at = 0; at < length; at += 1)
    // 200 bytes drawn at random show some 139 of 256 values.
    if (new Set(ids.map((id) => id[at])).size < 100) told.push(`byte ${at} stands still`)
  return told
}
const many = (make: (i: number) => Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: COUNT }, (_, i) => make(i))
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"))

let line: DeskLine
let amina: TestDesk
beforeAll(async () => {
  const clock = { wall: () => Date.now(), monotonic: () => performance.now() }
  line = await makeDeskLine(() => Math.floor(Date.now() / 1000) as Instant)
  amina = await makeTestDesk(line, "amina", clock)
})
afterAll(async () => {
  amina?.remove()
  await line?.close()
})

test("an order is seen: times in front, times behind, a counter", () => {
  const time = (i: number): Buffer => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(BigInt(1_790_000_000_000 + 7 * i))
    return bytes.subarray(2)
  }
  expect(orderIn(many((i) => new Uint8Array(Buffer.concat([time(i), random(10)]))))).not.toEqual([])
  expect(orderIn(many((i) => new Uint8Array(Buffer.concat([random(10), time(i).reverse()]))))).not.toEqual([])
  expect(orderIn(many((i) => Uint8Array.of(...random(7), i)))).not.toEqual([])
  expect(orderIn(many(() => random(8)))).toEqual([])
})

test("[T4] [L3] drafts and warnings, previews, messages, threads, entries and dummies of the log are named by chance alone", async () => {
  const drafts: Uint8Array[] = []
  const warnings: Uint8Array[] = []
  for (let i = 0; i < COUNT; i += 1) {
    const { value: id } = await amina.ask<string>("drafts/start", { start: { from: "nothing" } })
    drafts.push(hex(id))
    const kept = draftById(amina.open().vault, id)
    if (kept) warnings.push(kept.warningId)
  }
  expect(warnings).toHaveLength(COUNT)
  const pages = makeNamedPages(random)
  const outbox = makeOutbox()
  const threads: Uint8Array[] = []
  for (let i = 0; i < COUNT; i += 1) threads.push(await threadIdOf(dummyRoot(random)))
  const kinds = {
    drafts,
    warnings,
    previews: many(() => new Uint8Array(Buffer.from(pages.put("page"), "base64url"))),
    messages: many((i) => hex(outbox.add(`message ${i}`, random))),
    threads,
    entries: many(() => splitEntry(random(40), random)[0]?.entryId ?? new Uint8Array()),
    dummies: many(() => dummyPart(random).entryId),
    tokens: many(() => new Uint8Array(Buffer.from(amina.desk.sessions.issueToken(), "base64url"))),
  }
  for (const [kind, ids] of Object.entries(kinds)) expect([kind, orderIn(ids)]).toEqual([kind, []])
})
