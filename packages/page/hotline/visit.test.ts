import { openEnvelope } from "@kunak/core/envelope/envelope"
import { kemOpener } from "@kunak/core/suite"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { dummyRoot, threadIdOf } from "@kunak/core/thread/keys"
import { expect, test } from "vitest"
import { envelopeIn, startVisit, visitLine } from "./testing/visit-line.ts"

test("[Z1] fifteen ticks, each to A and B in the same moment, of the sizes that the tick decides", async () => {
  const line = await visitLine()
  const own = await line.publish()
  const { visit, runTo, seen } = startVisit(line, { own })
  await runTo(14)
  expect(seen.map(({ atMs }) => atMs)).toEqual(
    Array.from({ length: 30 }, (_, i) => 5_000 + 60_000 * Math.floor(i / 2)),
  )
  expect(seen.slice(0, 6).map(({ bytes }) => bytes)).toEqual([163, 163, 163, 4267, 4267, 163])
  expect(visit.state()).toMatchObject({ isOver: true, obstacle: null, brokenLookUps: 0, rounds: 3 })
})

test("[I6] a message goes out in every envelope until it is opened", async () => {
  const line = await visitLine()
  const own = await line.publish()
  const { visit, runTo, bodies } = startVisit(line, { own })
  await runTo(0)
  const root = dummyRoot(seededRandom("Amina"))
  const id = await threadIdOf(root)
  visit.enter(root)
  const sent = visit.send("Меня ищут.\r\nЧто делать?")
  expect(sent.ok).toBe(true)
  expect(visit.state()).toMatchObject({ nextSendSeconds: 60, messages: [{ progress: "waiting" }] })
  await runTo(2)
  expect(visit.state().messages).toMatchObject([{ progress: "handed-over" }])
  const opener = await kemOpener(line.intake.seed)
  const letters = await Promise.all(
    [bodies[3], bodies[4]].map(async (body) => {
      const envelope = envelopeIn(body as Uint8Array)
      return envelope && (await openEnvelope(envelope, opener, line.organisation.chain.organisationId))
    }),
  )
  for (const letter of letters) {
    expect(letter?.threadId).toEqual(id)
    expect(letter?.message?.text).toBe("Меня ищут.\nЧто делать?")
  }
  expect((await line.envelopesAt("A")).length).toBe(1)
  expect((await line.envelopesAt("B")).length).toBe(1)
})
