import { connect, createServer } from "node:net"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import pg from "pg"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import type { Notice } from "../../notice.ts"
import { type PostgresServer, postgresServer } from "../../testing/postgres-server.ts"
import { cell, storeContract } from "../../testing/store-contract.ts"
import { temporaryFolder } from "../../testing/temporary-folder.ts"
import { postgresStore } from "./store.ts"

let server: PostgresServer
beforeAll(async () => {
  server = await postgresServer()
})
afterAll(() => server.stop())

const ignore = (): void => {}
const settings = { keepCells: 40, slots: 16 }

async function run(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

const wipe = async (): Promise<void> => {
  await run(
    "drop table if exists relay_state, relay_edition, relay_log, relay_revocation, relay_ring_state, relay_ring",
  )
}

storeContract("postgres", async (given) => must(await postgresStore(server.url, given, ignore)), wipe)

test("[T10] two relay processes on one database share one head", async () => {
  await wipe()
  const [one, two] = await Promise.all([
    postgresStore(server.url, settings, ignore),
    postgresStore(server.url, settings, ignore),
  ])
  const stores = [must(one), must(two)]
  const answers = await Promise.all(
    stores.flatMap((store) => [store.append(0, [cell(1)]), store.append(0, [cell(2)])]),
  )
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  for (const store of stores) expect(must(await store.read(0, 8)).head).toBe(1)
  await Promise.all(stores.map((store) => store.close()))
})

test("[T18] killed in the middle of appends and started again: what was confirmed is there, once", async () => {
  await wipe()
  const notices: Notice[] = []
  const store = must(
    await postgresStore(server.url, { keepCells: 100_000, slots: 16 }, (notice) => notices.push(notice)),
  )
  const confirmed: number[] = []
  let isDown = false
  let head = 0
  const deadline = Date.now() + 60_000
  for (let mark = 0; confirmed.length < 120 && Date.now() < deadline; ) {
    if (confirmed.length === 50 && !isDown) {
      isDown = true
      void server.kill().then(() => server.start())
    }
    const answer = await store.append(head, [cell(mark % 251), cell(mark % 251)])
    if (answer.ok) {
      confirmed.push(mark % 251)
      head = answer.value
      mark++
    } else if (answer.error.kind === "stale-head") {
      // The commit was on disk although its answer was lost: exactly one append ahead, never half of one.
      expect(answer.error.head).toBe(head + 2)
      confirmed.push(mark % 251)
      head = answer.error.head
      mark++
    } else await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(confirmed).toHaveLength(120)
  const found: number[] = []
  for (let from = 0; from < head; from += 64) {
    found.push(...must(await store.read(from, 64)).cells.map((bytes) => bytes[0] as number))
  }
  expect(found).toEqual(confirmed.flatMap((mark) => [mark, mark]))
  expect(notices).toEqual(["store-refuses-writes", "store-writes-again"])
  await store.close()
})

test("[T18] reading and writing answer unavailable while the database is down, and work again after", async () => {
  const store = must(await postgresStore(server.url, settings, ignore))
  await server.kill()
  const unavailable = { ok: false, error: { kind: "unavailable" } }
  // The server's processes notice one after the other that it is gone.
  await expect.poll(() => store.term(), { timeout: 20_000 }).toEqual(unavailable)
  expect(await store.append(0, [cell(1)])).toEqual(unavailable)
  expect(await postgresStore(server.url, settings, ignore)).toEqual({
    ok: false,
    error: { kind: "database-away" },
  })
  await server.start()
  expect((await store.term()).ok).toBe(true)
  await store.close()
})

test("[T17] a database that may lose what it confirms is refused, and so is one of a newer form", async () => {
  await wipe()
  await must(await postgresStore(server.url, settings, ignore)).close()
  await run("update relay_state set schema = 3")
  expect(await postgresStore(server.url, settings, ignore)).toEqual({
    ok: false,
    error: { kind: "newer-schema", version: 3 },
  })
  await wipe()
  await run("alter system set fsync = off")
  await run("select pg_reload_conf()")
  await expect
    .poll(() => postgresStore(server.url, settings, ignore))
    .toEqual({ ok: false, error: { kind: "not-durable" } })
  await run("alter system reset fsync")
  await run("select pg_reload_conf()")
  await expect.poll(async () => (await postgresStore(server.url, settings, ignore)).ok).toBe(true)
})

test("[Z8] a commit whose answer is lost on its way is told apart from a refusal: the envelope may be stored, and here it is", async () => {
  await wipe()
  const folder = temporaryFolder()
  const socket = ".s.PGSQL.5432"
  let isCut = false
  const between = createServer((client) => {
    const database = connect(join(server.folder, socket))
    let isLost = false
    client.on("data", (bytes) => {
      isLost ||= isCut && bytes.includes("commit")
      database.write(bytes)
    })
    database.on("data", (bytes) => {
      // The server has committed and says so; nobody hears it.
      if (isLost) client.destroy()
      else client.write(bytes)
    })
    for (const end of [client, database])
      end.on("error", ignore).on("close", () => {
        client.destroy()
        database.destroy()
      })
  })
  await new Promise<void>((ready) => between.listen(join(folder, socket), ready))
  onTestFinished(() => void between.close())
  const url = `postgres://relay@localhost/postgres?host=${encodeURIComponent(folder)}`
  const store = must(await postgresStore(url, settings, ignore))
  onTestFinished(() => store.close())
  for (let i = 0; i < settings.slots; i += 1) must(await store.fillRing(i, [cell(i)]))
  must(await store.post(cell(77)))
  isCut = true
  expect(await store.post(cell(78))).toEqual({ ok: false, error: { kind: "unavailable", mayBeStored: true } })
  isCut = false
  expect(must(await store.ringState()).head).toBe(settings.slots + 2)
})
