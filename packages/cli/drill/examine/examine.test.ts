import { randomBytes } from "node:crypto"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { encodeTickRequest, tickAnswerBytes } from "@kunak/core/tick/codec"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { addressesIn } from "../places/network.ts"
import type { Message } from "../places/wire.ts"
import { makeSearcher } from "../search/searcher.ts"
import { findingsOf, whatControlMissed } from "./active-duty.ts"
import { compareHistories, type HistoryDisk } from "./histories.ts"
import { strangeColumns, strangeFields, strangeFiles } from "./inventory.ts"
import { coreOf, examineSharedFolders } from "./live.ts"
import { momentsInDatabase, momentsInText } from "./moments.ts"
import { strangersAmong } from "./peers.ts"
import { likelihoodOfUniform } from "./randomness.ts"
import { Gathering } from "./section.ts"
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

describe("[DR3] ticks, answers and heads", () => {
  const BROWSER = ["Host: relay", "User-Agent: phone", "Accept: */*"]
  let connections = 0
  /** One question and its answer, as they go by. */
  const exchange = (
    change: {
      readonly body?: Uint8Array
      readonly headers?: readonly string[]
      readonly answer?: Uint8Array
      readonly status?: string
      readonly said?: readonly string[]
    } = {},
    bringsEnvelope = false,
    wantsHeader = false,
  ): readonly Message[] => {
    const posted = { nonce: new Uint8Array(8), envelope: new Uint8Array(ENVELOPE_BYTES) }
    const body =
      change.body ??
      encodeTickRequest({
        wantsHeader,
        log2Rows: 9,
        headerHash: new Uint8Array(32),
        masks: [new Uint8Array(64), new Uint8Array(64)],
        posted: bringsEnvelope ? posted : null,
      })
    const answer = change.answer ?? new Uint8Array(tickAnswerBytes(9, wantsHeader))
    connections += 1
    const rest = { at: 0, connection: connections }
    return [
      {
        ...rest,
        from: "client",
        start: "POST /tick HTTP/1.1",
        headers: [...(change.headers ?? BROWSER), `Content-Length: ${body.length}`],
        body,
      },
      {
        ...rest,
        from: "relay",
        start: `HTTP/1.1 ${change.status ?? "200 OK"}`,
        headers: change.said ?? [`Date: ${connections}`, "Content-Type: application/octet-stream"],
        body: answer,
      },
    ]
  }
  const usual = Array.from({ length: 60 }, (_, i) => exchange({}, i % 2 === 0, i % 3 === 0)).flat()
  const other = exchange({ headers: ["Host: relay", "Accept: */*", "User-Agent: firefox"] })

  it("that are as their number wants them are alike", () => {
    expect(sizesOfTicks([...usual, ...other], "wire")).toEqual({ ticks: 61, findings: [] })
  })

  it.each([
    ["requests of ticks", exchange({ body: new Uint8Array(180) })],
    ["answers to ticks", exchange({ answer: new Uint8Array(tickAnswerBytes(9, false) + 16) })],
    ["heads of ticks", exchange({ headers: [...BROWSER, "X-Thread: 1"] })],
    ["heads of ticks", exchange({ headers: ["Host: relay", "User-Agent: phone", "Accept: text/html"] })],
    ["heads of answers to ticks", exchange({ said: ["Date: 1", "Content-Type: text/plain"] })],
    [
      "refusals of ticks",
      [4, 4, 9].flatMap((length) => exchange({ status: "503 Busy", answer: new Uint8Array(length) })),
    ],
  ] as const)("%s: one that is otherwise is met among sixty", (what, strange) => {
    expect(sizesOfTicks([...usual, ...strange], "wire").findings).toMatchObject([
      { kind: "size", what, times: 1 },
    ])
  })

  it("and ticks that are all of another length are met, too", () => {
    expect(sizesOfTicks(exchange({ body: new Uint8Array(180) }), "wire").findings).toHaveLength(1)
  })
})

it("[DR3] whoever is spoken to besides ours is found: an address, a name, a datagram; browsers' makers are not", () => {
  const nobody = { addresses: [], names: new Map<string, number>(), datagrams: 0 }
  expect(strangersAmong(nobody)).toEqual([])
  expect(strangersAmong({ ...nobody, names: new Map([["clients2.google.com", 3]]) })).toEqual([])
  // Nobody presses "leave quickly" in the week: who asks for where it leads does so by looking at the page.
  for (const language of ["ru", "en"]) {
    const words = new URL(`../../../page/words/${language}.json`, import.meta.url)
    const { hostname } = new URL(JSON.parse(readFileSync(words, "utf8"))["exit.address"])
    expect(strangersAmong({ ...nobody, names: new Map([[hostname, 1]]) })).toHaveLength(1)
  }
  const names = new Map([
    ["kunak.example", 1],
    ["evilgoogle.com", 1],
    ["google.com.example", 1],
    ["7.100.51.198.in-addr.arpa", 1],
  ])
  expect(strangersAmong({ ...nobody, names })).toHaveLength(4)
  const neighbours =
    "198.51.100.7 FAILED\n2001:db8::77 INCOMPLETE\n224.0.0.22 NOARP\nff02::16 NOARP\n224.0.0.251 NOARP\n"
  const addresses = addressesIn(neighbours)
  expect(addresses).toEqual(["198.51.100.7", "2001:db8::77", "224.0.0.251"])
  expect(strangersAmong({ ...nobody, addresses, datagrams: 2 })).toHaveLength(4)
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

it("[DR3] a file that was left in a folder which all programs share is searched, closed or not; the drill's own are not", () => {
  const searcher = makeSearcher([{ field: "f", kind: "text", value: "щапебуждкилмнопр", may: [] }])
  mkdirSync(join(folder, "shm", "deep"), { recursive: true })
  mkdirSync(join(folder, "shm", "own"))
  writeFileSync(join(folder, "shm", "deep", "export.csv"), "label\nщапебуждкилмнопр\n")
  writeFileSync(join(folder, "shm", "own", "disk.img"), "щапебуждкилмнопр")
  const into = new Gathering("temporary-files")
  examineSharedFolders(
    [join(folder, "shm"), join(folder, "none")],
    [join(folder, "shm", "own")],
    searcher,
    into,
  )
  expect(into.findings).toMatchObject([{ where: join(folder, "shm", "deep", "export.csv"), times: 9 }])
})

it("[DR2] a field that is added to a duty's memory, an enrolment or a relay's settings is a stranger", () => {
  mkdirSync(join(folder, "kunak"))
  for (const [name, known] of [
    ["memory.json", { version: 1, parts: [] }],
    ["enrolment.json", { role: "duty" }],
    ["relay.json", { listen: [] }],
  ] as const) {
    const path = join(folder, "kunak", name)
    writeFileSync(path, JSON.stringify(known))
    expect(strangeFields(folder, "duty-1"), name).toEqual([])
    writeFileSync(path, JSON.stringify({ ...known, visits: 3 }))
    expect(strangeFields(folder, "duty-1"), name).toMatchObject([{ kind: "stranger", where: "duty-1" }])
    rmSync(path)
  }
})
