import { readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { afterAll, expect, test } from "vitest"
import type { Notice } from "../../notice.ts"
import { cell, storeContract } from "../../testing/store-contract.ts"
import { makeFolder, temporaryFolder } from "../../testing/temporary-folder.ts"
import { sqliteStoreInWorker } from "./store-in-worker.ts"
import "../../testing/type-stripper.ts"

const folder = makeFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, "relay.db")
const ignore = (): void => {}
const settings = { keepCells: 1_024, slots: 16 }

storeContract(
  "sqlite in a worker",
  async (given) => must(await sqliteStoreInWorker(path, given, ignore)),
  async () => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
  },
)

test("[T17] a worker tells what a store in this thread tells: in use, no database, another ring", async () => {
  const file = join(temporaryFolder(), "relay.db")
  const store = must(await sqliteStoreInWorker(file, settings, ignore))
  expect(await sqliteStoreInWorker(file, settings, ignore)).toEqual({
    ok: false,
    error: { kind: "in-use", pid: process.pid },
  })
  await store.close()
  await store.close()
  expect(await sqliteStoreInWorker(file, { ...settings, slots: 32 }, ignore)).toEqual({
    ok: false,
    error: { kind: "other-ring", slots: 16 },
  })
  expect(await sqliteStoreInWorker(join(file, "no", "folder.db"), settings, ignore)).toEqual({
    ok: false,
    error: { kind: "cannot-open" },
  })
})

test("[T18] a worker's notices reach the relay, and what a mistake of ours breaks is said as such", async () => {
  const notices: Notice[] = []
  const file = join(temporaryFolder(), "relay.db")
  const store = must(await sqliteStoreInWorker(file, settings, (notice) => notices.push(notice)))
  // SQLite refuses the cell itself: to the store that is a disk that refuses.
  expect(await store.append(0, [new Uint8Array(3)])).toMatchObject({ ok: false })
  expect((await store.append(0, [cell(1)])).ok).toBe(true)
  expect(notices).toEqual(["store-refuses-writes", "store-writes-again"])
  await expect(store.publish(null as never)).rejects.toThrow("the store broke")
  await store.close()
})
