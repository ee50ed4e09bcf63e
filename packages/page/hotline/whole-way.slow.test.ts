/**
 * The whole way in one process: a person writes, a desk opens, its answer of nine parts goes to duty sealed, duty places
 * it, the person comes back with the same root and reads it, and the desk learns that it was read.
 */
import { decodePackage } from "@kunak/core/edition/package"
import { verifyEdition } from "@kunak/core/edition/verify"
import type { Letter } from "@kunak/core/envelope/letter"
import type { Entry } from "@kunak/core/log/entry"
import { must } from "@kunak/core/result"
import { SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { dummyRoot, placingKeysOf } from "@kunak/core/thread/keys"
import { type TestLine, testLine } from "@kunak/duty/testing/line"
import { makeIntake, type TestIntake } from "@kunak/relay/testing/hotline"
import { expect, test } from "vitest"
import { openLetters, partsOf, sealParts } from "./testing/desk-side.ts"
import { startVisit, type TestVisit } from "./testing/visit-line.ts"

const EDITION_MS = 300_000
const HANDLE = new Uint8Array(16).fill(5)
const ANSWER = Array.from({ length: 660 }, (_, i) => `Строка ${i}.`).join(" ")

interface Way {
  readonly line: TestLine
  readonly intake: TestIntake
  /** Opens the newest edition as a page of it would be. */
  readonly open: (seed: string) => Promise<TestVisit>
  /** Runs to the end of a tick, while duty makes an edition every five minutes. */
  readonly runTo: (visit: TestVisit, tick: number) => Promise<void>
  readonly letters: () => Promise<readonly Letter[]>
}

async function way(): Promise<Way> {
  const line = await testLine()
  const { organisation } = line
  const relays = { A: line.a, B: line.b }
  const intake = await makeIntake(organisation)
  await line.say({ kind: "intake-key", bytes: intake.key.bytes })
  const { duty } = line.duty(0)
  await duty.tick()
  let made = 0
  return {
    line,
    intake,
    open: async (seed) => {
      line.forward(EDITION_MS / 1_000)
      await duty.tick()
      made = 0
      const { header = new Uint8Array(), files } =
        decodePackage(line.uploads.at(-1) ?? new Uint8Array()) ?? {}
      const bulletin = files?.find(({ name }) => name === "bulletin")?.bytes ?? new Uint8Array()
      const edition = must(await verifyEdition(header, bulletin, organisation.chain.organisationId))
      return startVisit({ organisation, relays }, { own: { edition, issued: edition.header.issued }, seed })
    },
    runTo: (visit, tick) =>
      visit.runTo(tick, async (ms) => {
        if (ms < (made + 1) * EDITION_MS) return
        made += 1
        line.forward(EDITION_MS / 1_000)
        await duty.tick()
      }),
    letters: async () => {
      const envelopes = await Promise.all(
        [line.a, line.b].map(async ({ store }) => {
          const { head, slots } = must(await store.ringState())
          return must(await store.readRing(slots, Math.min(64, head - slots))).envelopes.map(
            (bytes) => new Uint8Array(bytes),
          )
        }),
      )
      const opened = await openLetters(envelopes.flat(), intake, organisation)
      return opened.filter((letter) => letter !== null)
    },
  }
}

/** What a desk says to duty: only what the letter gave it. */
async function placed({ threadId, week, weekKeys }: Letter, text: string, opened: readonly Uint8Array[]) {
  const parts = partsOf(text, { opened })
  const sealed = await sealParts(threadId, weekKeys[0] as Letter["weekKeys"][number], parts)
  const keys = (await Promise.all(weekKeys.map(placingKeysOf))) as never
  return parts.map(
    ({ sequence, written, expires }, i): Entry => ({
      kind: "part",
      part: { handle: HANDLE, week, keys, sequence, written, expires, part: sealed[i] as Uint8Array },
    }),
  )
}

test("[I6] [O3] asked, opened, answered in nine parts, read and acknowledged, through two relays and a duty", async () => {
  const { line, open, runTo, letters } = await way()
  const amina = () => dummyRoot(seededRandom("Amina's ten words"))

  const first = await open("first")
  first.visit.enter(amina())
  first.visit.send("Меня ищут. Что делать?")
  await runTo(first, 2)
  const asked = (await letters()).filter(({ message }) => message !== null)
  expect(asked.map(({ message }) => message?.text)).toEqual(Array(2).fill("Меня ищут. Что делать?"))
  const [letter] = asked
  if (!letter?.message) throw new TypeError("nobody asked")

  const entries = await placed(letter, ANSWER, [letter.message.id])
  expect(entries).toHaveLength(9)
  await line.say(...entries)
  await runTo(first, 9)
  expect(first.visit.state().messages).toMatchObject([{ progress: "opened" }])

  const second = await open("second")
  second.visit.enter(amina())
  await runTo(second, 13)
  const [reply, ...more] = second.visit.state().replies
  expect(more).toEqual([])
  expect(reply?.parts.join("")).toBe(ANSWER)
  expect(reply?.written).toBe(SAMPLE_NOW)
  second.visit.markRead(reply?.id ?? "")
  await runTo(second, 14)
  const read = (await letters()).map((one) => one.read).find(({ length }) => length > 0)
  expect(read).toEqual(Array.from({ length: 9 }, (_, i) => 16 * (i + 1)))
  expect(second.visit.state()).toMatchObject({ brokenLookUps: 0, disagree: false, obstacle: null })
})
