/** kill -9 of a real relay in the middle of what it was asked to keep. */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { setTimeout as sleep } from "node:timers/promises"
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { runs } from "@kunak/core/testing/runs"
import type { Posted } from "@kunak/core/tick/codec"
import { instantFromMs } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import { bearer } from "./capability.ts"
import { countsIn, makeHotline, readPosted, tick } from "./testing/hotline-process.ts"
import {
  KUNAK,
  organisationOfToday,
  type RelayProcess,
  startProcess,
  writeRelayFiles,
} from "./testing/relay-process.ts"
import { temporaryFolder } from "./testing/temporary-folder.ts"
import { capabilities, makePublication } from "./testing/test-relay.ts"

const HEADER = [100, 4_196] as const

const publication = async (number: number): Promise<Uint8Array> =>
  makePublication(await organisationOfToday(), {
    id: { term: 1, number },
    issued: instantFromMs(Date.now()),
    files: [
      // Large enough that an upload takes more than one packet, incompressible enough to take time.
      { name: "page.web.html", bytes: noise(60_000, number) },
      { name: "page.onion.html", bytes: noise(60_000, number + 1) },
      { name: "feed.atom", bytes: noise(20_000, number + 2) },
    ],
  })

/** Not random, not regular either. */
const noise = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 2_654_435_761) >>> 13) & 0xff)

/** Sends the first `share` of a publication and leaves the connection open. */
function beginUpload(relay: RelayProcess, body: Uint8Array, share: number): void {
  const socket = connect(relay.port, "127.0.0.1")
  socket.on("error", () => {})
  const head = `POST /publish HTTP/1.1\r\nHost: r\r\nAuthorization: ${bearer(capabilities.publish)}\r\nContent-Length: ${body.length}\r\n\r\n`
  socket.write(Buffer.concat([Buffer.from(head), body.subarray(0, Math.floor(body.length * share))]))
}

test("[T8] killed in the middle of an upload, it serves the old edition whole, and the retry succeeds", async () => {
  const config = await writeRelayFiles(temporaryFolder())
  let relay = await startProcess(config)
  let shown = await publication(1)
  expect((await relay.post("/publish", "publish", shown)).status).toBe(200)
  const outcomes = new Set<string>()
  for (let round = 0; round < 10; round++) {
    const next = await publication(round + 2)
    // Some are cut while they arrive, some while they are checked, compressed and written.
    beginUpload(relay, next, round < 3 ? round / 3 : 1)
    await sleep(round * 15)
    await relay.kill()
    relay = await startProcess(config)
    const header = (await relay.ask({ path: "/header" })).body
    const isNew = header.equals(next.subarray(...HEADER))
    outcomes.add(isNew ? "new" : "old")
    if (!isNew) expect(header.equals(shown.subarray(...HEADER))).toBe(true)
    const feed = (await relay.ask({ path: "/feed.atom" })).body
    expect(feed.equals(noise(20_000, (isNew ? round + 2 : round + 1) + 2))).toBe(true)
    expect((await relay.post("/publish", "publish", next)).status).toBe(200)
    shown = next
    expect((await relay.ask({ path: "/header" })).body.equals(shown.subarray(...HEADER))).toBe(true)
  }
  expect(outcomes).toContain("old")
  expect(relay.said()).not.toMatch(/error/i)
})

const read = async (relay: RelayProcess, from: number): Promise<{ head: number; marks: number[] }> => {
  const { body } = await relay.post("/log/read", "read", new ByteWriter().u64(from).u16(64).bytes())
  const reader = new ByteReader(new Uint8Array(body))
  const head = reader.u64()
  reader.u64()
  const marks: number[] = []
  while (reader.left > 0) {
    const cell = new ByteReader(reader.take(4_096))
    marks.push(cell.u32())
  }
  return { head, marks }
}

test("[T10] killed in the middle of appends, it keeps every confirmed cell once, and no half of an append", async () => {
  const config = await writeRelayFiles(temporaryFolder())
  const confirmed: number[] = []
  let head = 0
  let mark = 1
  for (let round = 0; round < 8; round++) {
    const relay = await startProcess(config)
    const state = await read(relay, head)
    // What was on disk but not confirmed: nothing, or the last append whole.
    if (state.head !== head) {
      expect(state.marks).toEqual([mark, mark, mark])
      confirmed.push(...state.marks)
      head = state.head
      mark++
    }
    const killed = sleep(40 + round * 35).then(() => relay.kill())
    for (;;) {
      const cell = new Uint8Array(4_096)
      cell.set(new ByteWriter().u32(mark).bytes())
      const body = new ByteWriter().u64(head).u8(3).raw(cell).raw(cell).raw(cell).bytes()
      const { status } = await relay.post("/log/append", "append", body)
      if (status !== 200) break
      confirmed.push(mark, mark, mark)
      head += 3
      mark++
    }
    await killed
  }
  const relay = await startProcess(config)
  const found: number[] = []
  for (let from = 0; ; ) {
    const page = await read(relay, from)
    found.push(...page.marks)
    from += page.marks.length
    if (page.marks.length === 0) break
  }
  expect(found.slice(0, confirmed.length)).toEqual(confirmed)
  expect([0, 3]).toContain(found.length - confirmed.length)
  expect(confirmed.length).toBeGreaterThan(30)
})

test("[T6] a term that was granted stays granted over kill -9", async () => {
  const config = await writeRelayFiles(temporaryFolder())
  const { duties } = await organisationOfToday()
  const { signTermRequest } = await import("@kunak/core/edition/term")
  for (let term = 0; term < 3; term++) {
    const relay = await startProcess(config)
    const granted = await relay.post("/term", "publish", await signTermRequest(duties[0], term))
    await relay.kill()
    expect([granted.status, granted.body.readUInt32BE(0)]).toEqual([200, term + 1])
  }
})

test("[T17] SIGTERM ends it in order, with exit code 0", async () => {
  const config = await writeRelayFiles(temporaryFolder())
  const relay = await startProcess(config)
  expect(await relay.kill("SIGTERM")).toBe(0)
})

test("[Z8] killed in the middle of posts: every envelope that was told room is there, once", async () => {
  const config = await writeRelayFiles(temporaryFolder())
  const hotline = await makeHotline()
  const told: Posted[] = []
  const untold: Posted[] = []
  let isPublished = false
  for (let round = 0; round < runs(12); round++) {
    const relay = await startProcess(config)
    if (!isPublished) expect((await relay.post("/publish", "publish", hotline.publication)).status).toBe(200)
    isPublished = true
    const ready = await Promise.all(
      Array.from({ length: 24 }, (_, i) => hotline.seal(`letter ${round} ${i}`)),
    )
    // Four visitors at once, one after the other's answer; the machine goes down under them.
    const before = told.length
    const killed = expect
      .poll(() => told.length - before, { interval: 1 })
      .toBeGreaterThanOrEqual((round * 5) % 17)
      .then(() => relay.kill())
    const visitor = async (first: number): Promise<void> => {
      for (let i = first; i < ready.length; i += 4) {
        const posted = ready[i] as Posted
        const room = await tick(relay, hotline, posted)
        ;(room ? told : untold).push(posted)
        if (room === null) return
      }
    }
    await Promise.all([visitor(0), visitor(1), visitor(2), visitor(3), killed])
  }
  const relay = await startProcess(config)
  const found = await readPosted(relay)
  expect(countsIn(found, told)).toEqual(told.map(() => 1))
  // What was on disk but not told: at most once each, and nothing else is there.
  const unsure = countsIn(found, untold)
  expect(Math.max(0, ...unsure)).toBeLessThanOrEqual(1)
  expect(found).toHaveLength(told.length + unsure.reduce((sum, count) => sum + count, 0))
  expect(told.length).toBeGreaterThan(20)
})

test("[Z8] killed in the middle of its first fill, it goes on from there, and serves only when it is full", async () => {
  const folder = temporaryFolder()
  const config = await writeRelayFiles(folder)
  const kept: number[] = []
  for (const afterMs of [300, 700, 1_100]) {
    const child = spawn(process.execPath, [KUNAK, "relay", "--config", config, "--json"], { stdio: "ignore" })
    await sleep(afterMs)
    child.kill("SIGKILL")
    await new Promise((resolve) => child.once("close", resolve))
    kept.push(existsSync(join(folder, "relay.db")) ? headOf(join(folder, "relay.db")) : 0)
  }
  expect([...kept].sort((a, b) => a - b)).toEqual(kept)
  const relay = await startProcess(config)
  const { body } = await relay.post("/ring/read", "read", new ByteWriter().u64(0).u16(1).bytes())
  const page = new ByteReader(new Uint8Array(body))
  expect([page.u64(), page.u64(), page.u64()]).toEqual([1_024, 1_024, 0])
})

/** Of the ring of a relay that does not run. */
function headOf(path: string): number {
  const db = new DatabaseSync(path)
  try {
    return Number(db.prepare("select head from ring_state").get()?.head ?? 0)
  } catch {
    // Killed before its tables were there.
    return 0
  } finally {
    db.close()
  }
}
