import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { must } from "@kunak/core/result"
import { afterAll, expect, test } from "vitest"
import { cell, storeContract } from "../../testing/store-contract.ts"
import { makeFolder, temporaryFolder } from "../../testing/temporary-folder.ts"
import { sqliteStore } from "./store.ts"

const folder = makeFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, "relay.db")
const ignore = (): void => {}

const wipe = async (): Promise<void> => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
}

storeContract("sqlite", async (settings) => must(sqliteStore(path, settings, ignore)), wipe)

const settings = { keepCells: 1_024, slots: 16 }

test("[T17] a second relay on the same file is refused and told who has it", async () => {
  const file = join(temporaryFolder(), "relay.db")
  const first = must(sqliteStore(file, settings, ignore))
  const second = spawnSync(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { sqliteStore } from ${JSON.stringify(import.meta.resolve("./store.ts"))}
     console.log(JSON.stringify(sqliteStore(${JSON.stringify(file)}, { keepCells: 1024, slots: 16 }, () => {})))`,
  ])
  expect(JSON.parse(String(second.stdout))).toEqual({
    ok: false,
    error: { kind: "in-use", pid: process.pid },
  })
  await first.close()
  const third = must(sqliteStore(file, settings, ignore))
  await third.close()
})

test("[T17] what is no relay's store is refused and left as it is", () => {
  const file = join(temporaryFolder(), "relay.db")
  writeFileSync(file, "somebody's letters, long enough to be taken for a header of a database, and more")
  const before = readFileSync(file)
  expect(sqliteStore(file, settings, ignore)).toEqual({ ok: false, error: { kind: "not-a-database" } })
  expect(readFileSync(file)).toEqual(before)
  expect(sqliteStore(join(file, "no", "folder.db"), settings, ignore)).toEqual({
    ok: false,
    error: { kind: "cannot-open" },
  })
})

test("[T17] a store of a newer form is refused", async () => {
  const file = join(temporaryFolder(), "relay.db")
  await must(sqliteStore(file, settings, ignore)).close()
  const db = new DatabaseSync(file)
  db.exec("pragma user_version = 3")
  db.close()
  expect(sqliteStore(file, settings, ignore)).toEqual({
    ok: false,
    error: { kind: "newer-schema", version: 3 },
  })
})

test("[T4] the file has no column for an address or a time", async () => {
  const file = join(temporaryFolder(), "relay.db")
  const store = must(sqliteStore(file, settings, ignore))
  must(await store.append(0, [cell(1)]))
  await store.close()
  const db = new DatabaseSync(file)
  const columns = db
    .prepare(
      "select m.name || '.' || c.name as name from sqlite_master m, pragma_table_info(m.name) c order by 1",
    )
    .all()
    .map(({ name }) => name)
  db.close()
  expect(columns).toEqual([
    "edition.number",
    "edition.package",
    "edition.term",
    "log.cell",
    "log.position",
    "revocation.bytes",
    "revocation.place",
    "ring.envelope",
    "ring.slot",
    "ring_state.acknowledged",
    "ring_state.head",
    "ring_state.one",
    "ring_state.slots",
    "state.head",
    "state.one",
    "state.term",
  ])
})

test("[R2] after many laps the file has not grown, and nothing of an overwritten envelope is left in it", async () => {
  const file = join(temporaryFolder(), "relay.db")
  const slots = 256
  const open = () => must(sqliteStore(file, { keepCells: 1_024, slots }, ignore))
  let store = open()
  const marks = Array.from({ length: 7 }, () => crypto.getRandomValues(new Uint8Array(4_096)))
  const mark = (lap: number): Uint8Array => marks[lap] as Uint8Array
  must(
    await store.fillRing(
      0,
      Array.from({ length: slots }, () => mark(0)),
    ),
  )
  const lap = async (number: number): Promise<void> => {
    for (let i = 0; i < slots; i += 16) {
      await Promise.all(Array.from({ length: 16 }, () => store.post(mark(number))))
    }
    must(await store.acknowledge(slots * (number + 1)))
  }
  await lap(1)
  await store.close()
  const before = statSync(file).size
  store = open()
  for (let number = 2; number <= 6; number++) await lap(number)
  const atRest = (): Buffer =>
    Buffer.concat(readdirSync(dirname(file)).map((name) => readFileSync(join(dirname(file), name))))
  await store.close()
  expect(statSync(file).size).toBe(before)
  for (let number = 0; number <= 6; number++) {
    // The largest piece of an envelope that a page keeps together, and pieces from its end.
    for (const piece of [
      mark(number).subarray(0, 64),
      mark(number).subarray(2_000, 2_064),
      mark(number).subarray(-64),
    ]) {
      expect([number, atRest().includes(Buffer.from(piece))]).toEqual([number, number === 6])
    }
  }
})
