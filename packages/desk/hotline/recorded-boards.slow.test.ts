/** Whoever has recorded every board, and gets all that desks and duty have left once the weeks are over. */
import { openPart } from "@kunak/core/board/part"
import { type BoardPlace, candidates, type ThreadSlot, unwrapCell } from "@kunak/core/board/placement"
import { CELL_BYTES } from "@kunak/core/parameters"
import { reveal, Secret } from "@kunak/core/secret"
import { placingKeysOf, replyKeyOf, type WeekKey } from "@kunak/core/thread/keys"
import { type Week, weekOf } from "@kunak/core/time/instant"
import { afterEach, beforeEach, expect, it } from "vitest"
import type { TestDesk } from "../testing/test-desk.ts"
import { makePerson, newestEdition, type TestPerson } from "../testing/test-person.ts"
import { makeTeam, type Team, textsOf } from "../testing/test-team.ts"
import { imageHolds, possibleKeys, vaultImage } from "../testing/vault-image.ts"
import { sql } from "../vault/sql.ts"

const DAY = 24 * 3600

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())

interface RecordedCell {
  readonly place: BoardPlace
  readonly j: ThreadSlot
  readonly cell: Uint8Array
  /** As it lay under the cell's own layer. */
  readonly sealed: Uint8Array
}

/** Cells of the newest board in which something lies for this person: no key opens more than these. */
async function recordedCells(person: TestPerson): Promise<readonly RecordedCell[]> {
  const { header, board } = await newestEdition(team.line)
  const keys = await placingKeysOf(await person.weekKey(weekOf(header.issued)))
  const found: RecordedCell[] = []
  for (const j of [0, 1, 2, 3] as const)
    for (const index of await candidates(keys.placement, header.board, j)) {
      const cell = board.slice(index * CELL_BYTES, (index + 1) * CELL_BYTES)
      const sealed = await unwrapCell(cell, keys, header.board, j)
      if (sealed) found.push({ place: header.board, j, cell, sealed })
    }
  return found
}

/** Every secret that duty holds in memory, whatever it is for. */
function dutyKeys(value: unknown): readonly Uint8Array[] {
  if (value instanceof Secret) return dutyKeys(reveal(value))
  if (value instanceof Uint8Array) return value.length === 32 ? [value] : []
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(dutyKeys) : []
}

/** With each candidate as week key, cell key and reply key: cells unwrapped, parts read. */
async function opened(person: TestPerson, cells: readonly RecordedCell[], desks: readonly TestDesk[]) {
  const images = []
  for (const one of desks) {
    await one.ask("lock")
    images.push(await vaultImage(one))
    await one.unlock()
  }
  const keys = [...possibleKeys(images), ...dutyKeys(team.line.memory())]
  let [unwrapped, read] = [0, 0]
  for (const bytes of keys) {
    const key = new Secret(bytes.slice())
    const [derived, reply] = [await placingKeysOf(key as WeekKey), await replyKeyOf(key as WeekKey)]
    for (const { place, j, cell, sealed } of cells) {
      for (const placing of [derived, { cell: key, placement: key }])
        if (await unwrapCell(cell, placing, place, j)) unwrapped += 1
      if (await openPart(sealed, person.threadId, [key, reply])) read += 1
    }
  }
  const week = weekOf(team.now())
  const weekKeys = await Promise.all([0, 1, 2, 3, 4].map((ago) => person.weekKey((week - ago) as Week)))
  return {
    unwrapped,
    read,
    /** Freed pages, too. */
    holders: images.filter((image) => weekKeys.some((key) => imageHolds(image, reveal(key)))).length,
    tried: keys.length,
  }
}

it("[J2] recorded boards open with nothing that desks and duty have left, once the weeks of their keys are over", async () => {
  const desks = (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]
  const [amina, boris] = desks
  const person = await makePerson(team.line, "person")
  await person.say({ text: "Я пишу из дома." })
  await team.rounds(2, ...desks)
  await boris.ask("hotline/reply", { id: person.id, text: "Мы читаем вас." })
  await team.rounds(3, ...desks)
  const cells: RecordedCell[] = []
  for (let editions = 0; editions < 2; editions += 1) {
    await team.publish()
    cells.push(...(await recordedCells(person)))
  }
  const before = await opened(person, cells, desks)
  expect(before.read, "the recorder reads with the keys of today").toBeGreaterThan(0)
  expect(before.unwrapped).toBeGreaterThan(before.read)
  expect(before.holders).toBe(2)

  for (let days = 0; days < 24; days += 12) {
    await team.sleep(12 * DAY, ...desks)
    for (const one of desks) await one.unlock()
    await team.rounds(2, ...desks)
  }
  await team.publish()
  const after = await opened(person, cells, desks)
  expect(after).toEqual({ unwrapped: 0, read: 0, holders: 0, tried: after.tried })
  expect(after.tried).toBeGreaterThan(50)
  expect(await textsOf(amina, person.id)).toEqual(["Я пишу из дома.", "Мы читаем вас."])
})

it("[J2] week keys that are over leave the write-ahead log, too, when nothing else is erased with them", async () => {
  const [amina] = (await team.start("amina")) as readonly [TestDesk]
  const person = await makePerson(team.line, "person")
  await person.say({ text: "Я пишу из дома." })
  await team.rounds(2, amina)
  const weeks = () =>
    amina.open().vault.all(sql`select week from week_key order by 1`, (row) => row.number("week"))
  const week = weekOf(team.now())
  expect(weeks()[0]).toBe(week)
  await team.sleep(7 * DAY, amina)
  await amina.unlock()
  // No append: the log is not read to its end, so neither seeds nor one-time keys may go.
  team.line.tamper = (_relay, path, body, status) => ({ body, status: path === "/log/append" ? 503 : status })
  const { vault } = amina.open()
  const checkpoint = vault.checkpoint.bind(vault)
  const left: number[] = []
  Object.assign(vault, {
    checkpoint: () => {
      left.push(weeks()[0] as number)
      checkpoint()
    },
  })
  await team.rounds(1, amina)
  expect(weeks()[0]).toBe(week + 1)
  expect(left).toEqual([week + 1])
})
