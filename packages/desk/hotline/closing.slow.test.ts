/** What desks still do once the organisation is closed. docs/closing.md, step 3 */

import { verifyCharterChain } from "@kunak/core/charter/verify"
import { must } from "@kunak/core/result"
import { extendChain, makeDelegation } from "@kunak/core/testing/organisation"
import { HOUR_SECONDS, plusSeconds, weekOf, weekStart } from "@kunak/core/time/instant"
import { afterEach, beforeEach, expect, it } from "vitest"
import { enqueue } from "../sync/outbox.ts"
import type { TestDesk } from "../testing/test-desk.ts"
import { makePerson } from "../testing/test-person.ts"
import { makeTeam, openThread, type Team, textsOf } from "../testing/test-team.ts"
import { sql } from "../vault/sql.ts"

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())

/** Made last week and sent in this one: this week's delegation is of before, and names nobody any more (D3). */
async function closeWith(desk: TestDesk): Promise<void> {
  const chain = await extendChain(team.line.organisation, (charter) => ({
    ...charter,
    closed: true,
    issued: plusSeconds(weekStart(weekOf(team.now())), -HOUR_SECONDS),
    wordings: [],
  }))
  const closed = must(await verifyCharterChain(chain, null))
  team.line.restart(closed)
  const { duties, signers } = team.line.organisation
  const { bytes } = await makeDelegation(closed, { officers: [], duties, signers }, weekOf(team.now()))
  must(
    desk.open().vault.change((change) => {
      enqueue(change, { kind: "charter", chain })
      enqueue(change, { kind: "delegation", bytes })
    }),
  )
}

/** Of windows that are over by now. */
const seedsOver = (desk: TestDesk): number =>
  desk
    .open()
    .vault.first(
      sql`select count(*) as n from intake_seed where (window + 1) * 21600 <= ${team.now()}`,
      (row) => row.number("n"),
    ) ?? 0

it("[C8] [I3] under a closing charter of last week what was opened is still told and deleted, and seeds end by time", async () => {
  const [amina, boris] = (await team.start("amina", "boris")) as readonly [TestDesk, TestDesk]
  const person = await makePerson(team.line, "person")
  await person.say({ text: "in the last quarter of an hour", to: "both" })
  await closeWith(amina)
  await team.rounds(2, amina)
  expect(amina.open().sync.line().chain.current.charter.closed).toBe(true)
  expect(amina.open().sync.delegation(team.now())).toBeNull()
  await team.rounds(3, amina, boris)
  expect(await textsOf(boris, person.id)).toEqual(["in the last quarter of an hour"])
  await boris.ask("hotline/delete", { id: person.id })
  await team.rounds(3, boris, amina)
  expect(await openThread(amina, person.id)).toBeNull()

  // Opened while nothing can be told: relay B is away from now on.
  const late = await makePerson(team.line, "late")
  await late.say({ text: "opened when nothing could be mirrored", to: "A" })
  expect(seedsOver(amina)).toBe(0)
  await team.sleep(19 * HOUR_SECONDS)
  expect(seedsOver(amina)).toBeGreaterThan(0)
  const [, b] = team.line.stores
  Object.assign(b, { append: async () => ({ ok: false, error: { kind: "unavailable" } }) })
  await team.rounds(3, amina, boris)
  expect(await textsOf(amina, late.id)).toEqual(["opened when nothing could be mirrored"])
  const kept = amina
    .open()
    .vault.first(
      sql`select count(*) as n from intake_seed where (window + 1) * 21600 + 43200 <= ${team.now()}`,
      (row) => row.number("n"),
    )
  expect(kept).toBe(0)
})
