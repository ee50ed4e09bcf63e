/** A desk that was away says how far it has read what colleagues did, while it reads. */
import { LOG_READ_CELLS } from "@kunak/core/parameters"
import { afterEach, beforeEach, expect, it } from "vitest"
import { makeTeam, type Team, todayOf } from "../testing/test-team.ts"
import { CELLS_PER_TICK } from "./sync.ts"

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())

it("[S15] progress rises page by page to the head of the log, is told by Today, and ends with the reading", async () => {
  const pages = 3
  const amina = await team.desk("amina")
  await team.rounds(Math.ceil((pages * LOG_READ_CELLS) / CELLS_PER_TICK), amina)
  const head = pages * LOG_READ_CELLS
  const told: unknown[] = []
  const boris = await team.desk("boris", {
    outgoing: async (exchange) => {
      // What a window that asks in this moment is told.
      if (exchange.url.endsWith("/log/read")) told.push((await todayOf(boris)).progress)
      return team.line.outgoing(exchange)
    },
  })
  expect((await todayOf(boris)).progress).toBeNull()
  await boris.open().sync.refresh()
  const [before, ...during] = told
  expect(before).toBeNull()
  expect(during.slice(0, pages - 1)).toEqual(
    Array.from({ length: pages - 1 }, (_, i) => ({ read: (i + 1) * LOG_READ_CELLS, head })),
  )
  expect((await todayOf(boris)).progress).toBeNull()
  // Nothing new to read: nothing is told.
  told.length = 0
  await boris.open().sync.refresh()
  expect(told.filter((one) => one !== null)).toEqual([])
})
