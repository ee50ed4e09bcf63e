/** Notes stand under keys that end with their hours: a desk whose clock is behind must not choose one that is gone. */
import { windowOf } from "@kunak/core/intake/intake-key"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { LOG_START, LogFollower } from "@kunak/duty/line/log-follower"
import { relayClient } from "@kunak/duty/relay-client"
import { afterEach, beforeEach, expect, it } from "vitest"
import type { TestDesk } from "../../testing/test-desk.ts"
import { deskCapabilities, LINE_KEY, STAFF_KEY } from "../../testing/test-line.ts"
import { makePerson } from "../../testing/test-person.ts"
import { makeTeam, openThread, type Team, textsOf, todayOf } from "../../testing/test-team.ts"
import { sql } from "../../vault/sql.ts"

const HOUR = 3600
const DAY = 24 * HOUR

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())

const gone = (desk: TestDesk): readonly Uint8Array[] =>
  desk.open().vault.all(sql`select key_id from intake_gone order by window`, (row) => row.bytes("key_id"))

it("[L7] [S16] a day behind, after a night: what this desk opens and writes, colleagues read", async () => {
  const behind = { seconds: 0 }
  const clock = { wall: () => (team.now() - behind.seconds) * 1000, monotonic: () => team.now() * 1000 }
  const amina = await team.desk("amina", { clock })
  const boris = await team.desk("boris")
  await team.rounds(25, amina, boris)
  await team.publish()
  await team.rounds(1, amina, boris)
  for (let day = 0; day < 2; day += 1) {
    await team.sleep(DAY, amina, boris)
    for (const one of [amina, boris]) await one.unlock()
    await team.rounds(8, amina, boris)
  }
  await amina.ask("lock")
  behind.seconds = DAY
  await amina.unlock()
  // What a clock of yesterday would choose, Boris's desk has destroyed; Amina's has it.
  const yesterday = windowOf((team.now() - DAY) as never)
  const windows = boris.open().vault.all(sql`select window from intake_gone`, (row) => row.number("window"))
  expect(windows).toContain(yesterday)
  await boris.ask("lock")
  await team.publish()
  const person = await makePerson(team.line, "person")
  await person.say({ text: "Помогите", to: "both" })
  await team.rounds(4, amina)
  await amina.ask("hotline/label", { id: person.id, label: "the mill" })
  await team.rounds(3, amina)
  await boris.unlock()
  await team.rounds(2, boris)
  expect(await textsOf(boris, person.id)).toEqual(["Помогите"])
  expect((await openThread(boris, person.id))?.thread.label).toBe("the mill")
  expect((await todayOf(boris)).items.filter(({ kind }) => kind === "notes-lost")).toEqual([])
})

it("[L7] a note under a key that is destroyed is said", async () => {
  const [amina] = (await team.start("amina")) as readonly [TestDesk]
  await team.rounds(20, amina)
  await team.sleep(DAY, amina)
  await amina.unlock()
  await team.rounds(3, amina)
  const [keyId] = gone(amina)
  if (!keyId) throw new TypeError("no key was destroyed")
  const [a] = team.line.organisation.charter.relays
  const relay = relayClient(a, deskCapabilities(), team.line.outgoing)
  const keys = { line: new Secret(LINE_KEY.slice()), staff: new Secret(STAFF_KEY.slice()) }
  const random = seededRandom("log")
  const { organisationId } = team.line.organisation.chain
  const log = new LogFollower({ organisationId, keys, random })
  const { place } = must(await log.catchUp(relay, LOG_START))
  const note = { keyId, nonce: random(12), ciphertext: random(80) }
  must(await log.append(relay, place, log.partsOf({ kind: "sealed", note })))
  await team.rounds(1, amina)
  expect((await todayOf(amina)).items).toContainEqual(
    expect.objectContaining({ kind: "notes-lost", count: 1, urgency: "now" }),
  )
})
