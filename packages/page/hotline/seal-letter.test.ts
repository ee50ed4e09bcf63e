import { openEnvelope, parseEnvelope } from "@kunak/core/envelope/envelope"
import type { Letter } from "@kunak/core/envelope/letter"
import { kemOpener, makeKemKey, seal } from "@kunak/core/suite"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { dummyRoot, threadIdOf, weekKeyOf } from "@kunak/core/thread/keys"
import type { Week } from "@kunak/core/time/instant"
import { sampleOrganisation } from "@kunak/relay/testing/test-relay"
import { expect, test } from "vitest"
import { sealLetter, throwAwayKey } from "./seal-letter.ts"

const random = seededRandom("letters that are sealed")
const root = dummyRoot(random)
const letter: Letter = {
  edition: { term: 1, number: 1 },
  threadId: await threadIdOf(root),
  week: 2560 as Week,
  weekKeys: await Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (2560 + i) as Week))),
  read: [],
  message: null,
}
const { organisationId } = (await sampleOrganisation()).chain

test("[I4] a key to throw away is one that every platform seals to, another each time", async () => {
  for (let i = 0; i < 20; i++) {
    const { publicKey } = throwAwayKey(random)
    expect(await seal(publicKey, new Uint8Array(), new Uint8Array(), new Uint8Array(9))).not.toBeNull()
  }
  expect(throwAwayKey(random)).not.toEqual(throwAwayKey(random))
})

test("[I4] its coefficients cover the whole range below q, as a true key's do", () => {
  const seen = new Set<number>()
  for (let i = 0; i < 40; i++) {
    const { publicKey } = throwAwayKey(random)
    for (let at = 0; at < 1_152; at += 3) {
      const [a, b, c] = publicKey.subarray(at, at + 3) as unknown as [number, number, number]
      seen.add(a | ((b & 15) << 8)).add((b >> 4) | (c << 4))
    }
  }
  expect(Math.max(...seen)).toBe(3_328)
  expect(seen.size).toBeGreaterThan(3_320)
})

test("[I4] what an officer signed and is no key: thrown away instead, and not called received", async () => {
  const key = await makeKemKey(random)
  const to = { keyId: random(8), publicKey: key.publicKey }
  const good = await sealLetter(to, organisationId, letter, random)
  expect(good?.isReceived).toBe(true)
  const parsed = good && parseEnvelope(good.envelope)
  expect(parsed && (await openEnvelope(parsed, await kemOpener(key.seed), organisationId))).not.toBeNull()
  const bad = { keyId: to.keyId, publicKey: new Uint8Array(1_216).fill(255) }
  const instead = await sealLetter(bad, organisationId, letter, random)
  expect(instead?.isReceived).toBe(false)
  expect(instead?.envelope).toHaveLength(4_096)
  expect(instead && parseEnvelope(instead.envelope)?.keyId).not.toEqual(to.keyId)
})
