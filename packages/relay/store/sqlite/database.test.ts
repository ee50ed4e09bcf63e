import { join } from "node:path"
import { must } from "@kunak/core/result"
import { expect, test } from "vitest"
import { temporaryFolder } from "../../testing/temporary-folder.ts"
import { openDatabase } from "./database.ts"

test("[T8] every commit is synced before it is answered: what a kill can't show, a loss of power would", () => {
  const db = must(openDatabase(join(temporaryFolder(), "relay.db"), 16))
  const pragma = (name: string): unknown => Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0]
  expect(pragma("journal_mode")).toBe("wal")
  // 2 is FULL: https://sqlite.org/pragma.html#pragma_synchronous
  expect(pragma("synchronous")).toBe(2)
  expect(pragma("locking_mode")).toBe("exclusive")
  db.close()
})
