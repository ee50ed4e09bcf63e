import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { expect, test } from "vitest"
import type { Notice } from "../../notice.ts"
import { temporaryFolder } from "../../testing/temporary-folder.ts"
import { StoreHealth } from "../health.ts"
import { GroupCommit } from "./group-commit.ts"

function open() {
  const path = join(temporaryFolder(), "test.db")
  const db = new DatabaseSync(path)
  db.exec("pragma journal_mode = wal; create table thing (n integer primary key)")
  const notices: Notice[] = []
  const commits = new GroupCommit(db, new StoreHealth((notice) => notices.push(notice)))
  const add = (n: number) => () => db.prepare("insert into thing values (?)").run(n).changes
  /** Another connection sees only what has been committed. */
  const seenByOthers = (): unknown[] => {
    const other = new DatabaseSync(path, { readOnly: true })
    const rows = other.prepare("select n from thing order by n").all()
    other.close()
    return rows.map(({ n }) => n)
  }
  return { db, commits, notices, add, seenByOthers }
}

const unavailable = { ok: false, error: { kind: "unavailable" } }

test("[T8] nothing is answered before it is committed; one turn's writes share one commit", async () => {
  const { commits, add, seenByOthers } = open()
  const first = commits.write(add(1)).then(() => seenByOthers())
  const second = commits.write(add(2))
  expect(seenByOthers()).toEqual([])
  expect(await first).toEqual([1, 2])
  await second
})

test("[T18] a disk that became read-only refuses, says so once, and recovers", async () => {
  const { db, commits, notices, add, seenByOthers } = open()
  await commits.write(add(1))
  db.exec("pragma query_only = on")
  expect(await Promise.all([commits.write(add(2)), commits.write(add(3))])).toEqual([
    unavailable,
    unavailable,
  ])
  expect(await commits.write(add(4))).toEqual(unavailable)
  expect(commits.read(() => db.prepare("select count(*) as c from thing").get()?.c)).toEqual({
    ok: true,
    value: 1,
  })
  expect(notices).toEqual(["store-refuses-writes"])
  db.exec("pragma query_only = off")
  expect((await commits.write(add(5))).ok).toBe(true)
  expect(notices).toEqual(["store-refuses-writes", "store-writes-again"])
  expect(seenByOthers()).toEqual([1, 5])
})

test("[T18] one write that fails does not take the others of its turn with it", async () => {
  const { commits, add, seenByOthers } = open()
  const mistake = commits.write(() => {
    throw new TypeError("ours")
  })
  const [one, twice, other] = [commits.write(add(1)), commits.write(add(1)), commits.write(add(2))]
  await expect(mistake).rejects.toThrow(TypeError)
  expect((await one).ok).toBe(true)
  expect(await twice).toEqual(unavailable)
  expect((await other).ok).toBe(true)
  expect(seenByOthers()).toEqual([1, 2])
})

test("[Z8] a commit whose sync fails may be found after a restart, and is called so; a write that fails before it is not", async () => {
  const { db, commits, add } = open()
  const exec = db.exec.bind(db)
  const failing = (at: string) => {
    db.exec = (sql) => {
      if (sql !== at) return exec(sql)
      // SQLITE_IOERR_FSYNC, as node:sqlite gives it.
      throw Object.assign(new Error("disk I/O error"), { code: "ERR_SQLITE_ERROR", errcode: 1034 })
    }
  }
  failing("commit")
  expect(await commits.write(add(1))).toEqual({
    ok: false,
    error: { kind: "unavailable", mayBeStored: true },
  })
  failing("begin immediate")
  expect(await commits.write(add(2))).toEqual(unavailable)
  db.exec = exec
  expect((await commits.write(add(3))).ok).toBe(true)
})

test("[T17] once it is closed whoever still asks is told that the store is away: nothing breaks off what goes on meanwhile", async () => {
  const { db, commits, add } = open()
  const select = db.prepare("select n from thing")
  await commits.write(add(1))
  const late = commits.write(add(2))
  db.close()
  expect(await late).toEqual(unavailable)
  expect(await commits.write(add(3))).toEqual(unavailable)
  expect(commits.read(() => select.all())).toEqual(unavailable)
})
