/** A real relay on Debian's PostgreSQL, which is killed and started again under it. */
import { ByteWriter } from "@kunak/core/bytes/writer"
import type { Posted } from "@kunak/core/tick/codec"
import { instantFromMs } from "@kunak/core/time/instant"
import { expect, onTestFinished, test } from "vitest"
import { noticeSentences } from "./notice.ts"
import { countsIn, makeHotline, readPosted, tick } from "./testing/hotline-process.ts"
import { postgresServer } from "./testing/postgres-server.ts"
import { organisationOfToday, refusedStart, startProcess, writeRelayFiles } from "./testing/relay-process.ts"
import { temporaryFolder } from "./testing/temporary-folder.ts"
import { makePublication } from "./testing/test-relay.ts"

const append = (head: number): Uint8Array =>
  new ByteWriter().u64(head).u8(1).raw(new Uint8Array(4_096)).bytes()

test("[T18] while PostgreSQL is down readers are served and staff is put off; it recovers by itself", async () => {
  const database = await postgresServer()
  onTestFinished(() => database.stop())
  const config = await writeRelayFiles(temporaryFolder(), { store: { kind: "postgres", url: database.url } })
  const [one, two] = [await startProcess(config), await startProcess(config)]
  const publication = async (number: number): Promise<Uint8Array> =>
    makePublication(await organisationOfToday(), {
      id: { term: 1, number },
      issued: instantFromMs(Date.now()),
    })
  expect((await one.post("/publish", "publish", await publication(1))).status).toBe(200)
  expect((await two.ask({ path: "/" })).status).toBe(200)
  expect((await one.post("/log/append", "append", append(0))).status).toBe(200)
  // The other process writes on, from the same head.
  expect((await two.post("/log/append", "append", append(0))).status).toBe(409)
  expect((await two.post("/log/append", "append", append(1))).status).toBe(200)

  await database.kill()
  const next = await publication(2)
  expect((await one.post("/publish", "publish", next)).status).toBe(507)
  expect((await one.post("/log/append", "append", append(2))).status).toBe(507)
  for (const relay of [one, two]) expect((await relay.ask({ path: "/" })).status).toBe(200)

  await database.start()
  await expect.poll(async () => (await one.post("/log/append", "append", append(2))).status).toBe(200)
  expect((await one.post("/publish", "publish", next)).status).toBe(200)
  await expect
    .poll(async () => (await two.ask({ path: "/header" })).body.equals(next.subarray(100, 4_196)), {
      timeout: 5_000,
    })
    .toBe(true)
  const said = one.said().trim().split("\n").slice(1)
  expect(said).toEqual([noticeSentences["store-refuses-writes"], noticeSentences["store-writes-again"]])
})

test("[Z8] PostgreSQL killed under posts at two relays: every envelope that was told room is there, once", async () => {
  const database = await postgresServer()
  onTestFinished(() => database.stop())
  const config = await writeRelayFiles(temporaryFolder(), { store: { kind: "postgres", url: database.url } })
  // They fill one ring together.
  const relays = await Promise.all([startProcess(config), startProcess(config)])
  const [one, two] = relays as [(typeof relays)[0], (typeof relays)[0]]
  const hotline = await makeHotline()
  expect((await one.post("/publish", "publish", hotline.publication)).status).toBe(200)
  await expect.poll(async () => (await two.ask({ path: "/" })).status).toBe(200)
  const told: Posted[] = []
  const untold: Posted[] = []
  const letters = await Promise.all(Array.from({ length: 160 }, (_, i) => hotline.seal(`letter ${i}`)))
  const visitor = async (relay: typeof one, mine: readonly Posted[]): Promise<void> => {
    for (const posted of mine) (((await tick(relay, hotline, posted)) ?? false) ? told : untold).push(posted)
  }
  const every = (first: number): Posted[] => letters.filter((_, i) => i % 4 === first)
  const visits = Promise.all([
    visitor(one, every(0)),
    visitor(one, every(1)),
    visitor(two, every(2)),
    visitor(two, every(3)),
  ])
  await expect.poll(() => told.length, { interval: 1 }).toBeGreaterThan(15)
  await database.kill()
  await visits
  expect(untold.length).toBeGreaterThan(0)
  await database.start()
  // Whoever was told busy comes again with the next tick, and is taken.
  const again = [...untold]
  untold.length = 0
  for (const posted of again) {
    await expect.poll(async () => await tick(one, hotline, posted)).toBe(true)
    told.push(posted)
  }
  const found = await readPosted(two)
  const counts = countsIn(found, told)
  // The commit whose answer was lost with the server may be there beside its repetition: a desk drops duplicates.
  expect(Math.min(...counts)).toBe(1)
  expect(counts.filter((count) => count > 1).length).toBeLessThanOrEqual(4)
  expect(countsIn(found, letters)).toEqual(letters.map((letter) => counts[told.indexOf(letter)]))
})

test("[T20] a database that is not there is told in one sentence, without its address", async () => {
  const config = await writeRelayFiles(temporaryFolder(), {
    store: { kind: "postgres", url: "postgres://relay:canary@127.0.0.1:1/relay" },
  })
  const { said, code } = await refusedStart(config)
  expect(code).toBe(3)
  expect(said).toMatch(/^PostgreSQL can't be reached or refuses: [^\n]+\n$/)
  expect(said).not.toContain("canary")
})
