/** Eve has recorded every byte of both relays, and later gets every key that is left. THREAT_MODEL.md, "A recorder". */
import { expect, test } from "vitest"
import { openPart, sealPart } from "../board/part.ts"
import { openEnvelope, parseEnvelope, sealEnvelope } from "../envelope/envelope.ts"
import type { Letter } from "../envelope/letter.ts"
import { signIntakeKey, verifyIntakeKey, windowOf } from "../intake/intake-key.ts"
import { unwrapIntakeSeed, wrapIntakeSeed } from "../intake/intake-wrap.ts"
import { must } from "../result.ts"
import { Secret } from "../secret.ts"
import { kemOpener, makeKemKey } from "../suite.ts"
import { delegationAt, makeOrganisation, SAMPLE_NOW } from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { dummyRoot, placingKeysOf, replyKeyOf, threadIdOf, type WeekKey, weekKeyOf } from "../thread/keys.ts"
import { plusSeconds, type Week, weekOf } from "../time/instant.ts"
import { encodeNote, noteKeyOf, openNote, sealNote } from "./note.ts"

const random = seededRandom("a recorder")
const organisation = await makeOrganisation()
const { amina, chain } = organisation
const { organisationId } = chain
const week = weekOf(SAMPLE_NOW)
const root = dummyRoot(random)
const threadId = await threadIdOf(root)
const letter: Letter = {
  edition: { term: 1, number: 1 },
  threadId,
  week,
  weekKeys: await Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (week + i) as Week))),
  read: [],
  message: { id: random(8), text: "Меня ищут" },
}

/** One window as it goes over the wire, and the secrets that end with it. */
async function aWindow() {
  const [intake, receive] = [await makeKemKey(random), await makeKemKey(random)]
  const signed = await signIntakeKey(
    intake.publicKey,
    windowOf(SAMPLE_NOW),
    amina,
    delegationAt(organisation, SAMPLE_NOW),
  )
  const { keyId } = must(await verifyIntakeKey(signed, organisation.delegations, []))
  const wrap = await wrapIntakeSeed(
    intake.seed,
    keyId,
    { officer: amina.publicKey, publicKey: receive.publicKey },
    organisationId,
  )
  const envelope = parseEnvelope(
    await sealEnvelope({ keyId, publicKey: intake.publicKey }, organisationId, letter),
  )
  const bytes = encodeNote({ kind: "letters", letters: [{ relay: "A", position: 3, letter }] })
  const note = await sealNote(bytes, await noteKeyOf(intake.seed), keyId, organisationId, random)
  if (!wrap || !envelope) throw new TypeError("not sealed")
  return { recorded: { keyId, wrap, envelope, note, signed }, secrets: [intake.seed, receive.seed] as const }
}

test("[L7] [I3] of a window whose seeds are erased nothing opens: not with the logs' keys, officers' keys, later seeds or the other window's", async () => {
  const [{ recorded, secrets }, later] = [await aWindow(), await aWindow()]
  const { keyId, wrap, envelope, note } = recorded
  const opened = async (seed: Secret<Uint8Array>) => {
    const opener = await kemOpener(seed)
    return [
      await openEnvelope(envelope, opener, organisationId),
      await unwrapIntakeSeed(wrap, keyId, opener, organisationId),
      await openNote(note, await noteKeyOf(seed), organisationId),
      await openNote(note, seed, organisationId),
    ].map((found) => found !== null)
  }
  const [intakeSeed, receiveSeed] = secrets
  expect(await opened(intakeSeed)).toEqual([true, false, true, false])
  expect(await opened(receiveSeed)).toEqual([false, true, false, false])
  const staffKey = new Secret(random(32))
  for (const left of [staffKey, amina.seed, ...later.secrets])
    expect(await opened(left)).toEqual([false, false, false, false])
})

test("[J2] [O6] a recorded part stays shut with the week keys of all other weeks, and with what duty keeps of its own", async () => {
  const weekKey = await weekKeyOf(root, week)
  const part = await sealPart(
    {
      sequence: 65_536,
      replyId: random(8),
      place: 0,
      parts: 1,
      written: SAMPLE_NOW,
      expires: plusSeconds(SAMPLE_NOW, 60),
      opened: [],
      openedAt: 0 as never,
      text: "Вас ждут у моста",
    },
    threadId,
    await replyKeyOf(weekKey),
    random,
  )
  const others = await Promise.all([-2, -1, 1, 2].map(async (i) => await weekKeyOf(root, (week + i) as Week)))
  const { cell, placement } = await placingKeysOf(weekKey)
  for (const key of [...others, cell, placement]) {
    expect(await openPart(part, threadId, [key, await replyKeyOf(key as WeekKey)])).toBeNull()
  }
  // Who has the phrase has every reply ever recorded: said in THREAT_MODEL.md, and true.
  expect((await openPart(part, threadId, [await replyKeyOf(await weekKeyOf(root, week))]))?.text).toBe(
    "Вас ждут у моста",
  )
})
