import { randomBytes } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterEach, beforeEach, expect, it } from "vitest"
import type { Message } from "../places/wire.ts"
import { findingsOf, whatControlMissed } from "./active-duty.ts"
import { compareHistories, type HistoryDisk } from "./histories.ts"
import { strangeColumns, strangeFiles } from "./inventory.ts"
import { coreOf } from "./live.ts"
import { momentsInDatabase, momentsInText } from "./moments.ts"
import { likelihoodOfUniform } from "./randomness.ts"
import { sizesOfTicks } from "./sizes.ts"

const NOW = Date.UTC(2026, 10, 26, 12)
const SPAN = { from: NOW - 3_600_000, until: NOW + 7 * 86_400_000 }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "examine-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

it("[DR3] a time of the week is met in a log, however it is written", () => {
  const said = [
    new Date(NOW).toISOString(),
    new Date(NOW).toUTCString(),
    `at=${NOW}`,
    `at=${NOW / 1000}`,
    "[26/Nov/2026:12:00:00 +0000]",
  ]
  for (const line of said) expect(momentsInText(`answered ${line}\n`, SPAN, "log"), line).not.toEqual([])
})

it("[DR3] a port, a count, a time of another year are none", () => {
  for (const line of ['{"listening":["127.0.0.1:35241"]}', "4096 slots", "1300000000", "3.41"])
    expect(momentsInText(line, SPAN, "log"), line).toEqual([])
})

it("[DR3] a column of times is met in a database, and columns that nobody knows", () => {
  const path = join(folder, "relay.db")
  const database = new DatabaseSync(path)
  database.exec("create table ring (slot integer primary key, envelope blob, posted integer)")
  database.prepare("insert into ring values (1, x'00', ?)").run(NOW / 1000)
  database.close()
  expect(momentsInDatabase(path, SPAN, "relay-a")).toMatchObject([
    { kind: "moment", what: "ring.posted", times: 1 },
  ])
  expect(strangeColumns(path, "relay-a")).toMatchObject([{ kind: "stranger", what: "a column: ring.posted" }])
})

it("[DR3] a file that a relay does not keep is a stranger", () => {
  mkdirSync(join(folder, "kunak"))
  for (const name of ["relay.db", "visits"]) writeFileSync(join(folder, "kunak", name), "")
  expect(strangeFiles(folder, "relay", "relay-a")).toMatchObject([{ what: "a file: visits" }])
})

it("[DR3] a tick of a third length is met among hundreds of two", () => {
  const tick = (length: number): Message => ({
    at: 0,
    connection: 0,
    from: "client",
    start: "POST /tick HTTP/1.1",
    headers: ["Host: relay", `Content-Length: ${length}`],
    body: new Uint8Array(length),
  })
  const usual = Array.from({ length: 300 }, (_, i) => tick(i % 2 === 0 ? 163 : 4267))
  expect(sizesOfTicks(usual, "wire")).toEqual({ ticks: 300, findings: [] })
  expect(sizesOfTicks([...usual, tick(180)], "wire").findings).toMatchObject([{ kind: "size", times: 1 }])
})

it("[DR4] two disks that differ in nothing but random slots are alike; one byte, one block, one row are not", () => {
  const disk = (change: Partial<HistoryDisk> = {}): HistoryDisk => ({
    files: ["relay.db"],
    blocks: 64,
    masked: Buffer.alloc(4096, 7),
    tables: "[]",
    random: randomBytes(1 << 16),
    ...change,
  })
  expect(compareHistories(disk(), disk()).findings).toEqual([])
  const marked = Buffer.alloc(4096, 7)
  marked[9] = 8
  const others = [{ masked: marked }, { blocks: 72 }, { tables: "[1]" }, { files: ["relay.db", "count"] }]
  for (const other of others) expect(compareHistories(disk(other), disk()).findings).toHaveLength(1)
  const text = { random: Buffer.from("помогите, за мной пришли. ".repeat(2_000)) }
  expect(compareHistories(disk(text), disk()).findings).toMatchObject([{ what: "slots that are not random" }])
})

it("[DR4] the test of evenness gives random bytes every likelihood alike, and text none", () => {
  const likelihoods = Array.from({ length: 200 }, () => likelihoodOfUniform(randomBytes(1 << 14)))
  const low = likelihoods.filter((likelihood) => likelihood < 0.5).length
  expect(low).toBeGreaterThan(60)
  expect(low).toBeLessThan(140)
  expect(Math.min(...likelihoods)).toBeGreaterThan(1e-6)
  expect(likelihoodOfUniform(Buffer.from("a".repeat(1 << 14)))).toBeLessThan(1e-9)
})

it("[DR5] what duty's keys open is found; where the true keys open nothing either, or nothing was on the boards, it is not shown", () => {
  const nothing = { letters: 0, staff: 0, parts: 0, read: 0 }
  expect(findingsOf({ ...nothing, parts: 4 })).toEqual([])
  for (const opened of ["letters", "staff", "read"])
    expect(findingsOf({ ...nothing, [opened]: 2 })).toMatchObject([{ kind: "accepted", times: 2 }])
  const control = { letters: 3, staff: 5, parts: 4, read: 4 }
  expect(whatControlMissed(control)).toEqual([])
  for (const missed of Object.keys(control))
    expect(whatControlMissed({ ...control, [missed]: 0 }), missed).toHaveLength(1)
})

it("[DR3] a program that could leave its memory on the disk is found, and so is one that does not say", () => {
  const limits = (hard: string): string =>
    `Limit  Soft Limit  Hard Limit  Units\nMax core file size    0    ${hard}    bytes\n`
  expect([...coreOf(limits("0"), "desk-1"), ...coreOf(limits("1"), "desk-1")]).toEqual([])
  for (const bad of [limits("unlimited"), limits("4096"), ""])
    expect(coreOf(bad, "desk-1")).toMatchObject([{ kind: "exposed", where: "desk-1" }])
})
