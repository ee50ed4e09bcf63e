import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type IntakeWindow, windowOf } from "../intake/intake-key.ts"
import { ENVELOPE_BYTES, MAX_LETTER_TEXT_BYTES } from "../parameters.ts"
import { reveal } from "../secret.ts"
import { KEM_ENC_BYTES, kemOpener, makeKemKey } from "../suite.ts"
import { makeOrganisation } from "../testing/organisation.ts"
import { runs } from "../testing/runs.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { dummyRoot, type ThreadId, threadIdOf, weekKeyOf } from "../thread/keys.ts"
import { type Week, weekEnd, weekStart } from "../time/instant.ts"
import { openEnvelope, parseEnvelope, sealEnvelope } from "./envelope.ts"
import {
  decodeLetter,
  decodeLetterCore,
  encodeLetter,
  encodeLetterCore,
  LETTER_BYTES,
  type Letter,
  lettersOver,
} from "./letter.ts"

const random = seededRandom("envelopes")
const { chain } = await makeOrganisation()
const week = 2560 as Week
const root = dummyRoot(random)
const letter: Letter = {
  edition: { term: 3, number: 77 },
  threadId: await threadIdOf(root),
  week,
  weekKeys: await Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (week + i) as Week))),
  read: [17, 33],
  message: { id: random(8), text: "Меня ищут. Что делать? 🙏🏽" },
}
const nothing: Letter = { ...letter, read: [], message: null }
const key = await makeKemKey(random)
const to = { keyId: random(8), publicKey: key.publicKey }
const shown = (given: Letter | null) =>
  given && { ...given, weekKeys: given.weekKeys.map((secret) => Buffer.from(reveal(secret)).toString("hex")) }

describe("letters", () => {
  test("[I5] a letter comes back, with a message and without, and always has the same size", () => {
    for (const given of [letter, nothing]) {
      expect(encodeLetter(given)).toHaveLength(LETTER_BYTES)
      expect(shown(decodeLetter(encodeLetter(given)))).toEqual(shown(given))
      expect(shown(decodeLetterCore(encodeLetterCore(given)))).toEqual(shown(given))
    }
  })

  test("[I5] the longest Russian text fits to the last letter, and what is over is counted in letters", () => {
    const longest = "ж".repeat(MAX_LETTER_TEXT_BYTES - 1)
    const full: Letter = {
      ...letter,
      message: { id: random(8), text: longest },
      read: Array.from({ length: 16 }, (_, i) => i + 1),
    }
    expect(decodeLetter(encodeLetter(full))?.message?.text).toBe(longest)
    expect(lettersOver(longest)).toBe(0)
    expect(lettersOver(`${longest}жук`)).toBe(3)
  })

  test("[I5] refuses a message without an id or a text, parts out of order, what is left over, another version", () => {
    const good = encodeLetterCore(letter)
    const changed = (at: number, byte: number): Uint8Array => good.map((old, i) => (i === at ? byte : old))
    expect(decodeLetterCore(changed(0, 2))).toBeNull()
    expect(decodeLetter(new Uint8Array([...encodeLetter(letter).slice(0, -1), 1]))).toBeNull()
    expect(decodeLetterCore(encodeLetterCore({ ...letter, read: [33, 17] }))).toBeNull()
    expect(
      decodeLetter(encodeLetterCore({ ...letter, message: { id: new Uint8Array(8), text: "да" } })),
    ).toBeNull()
    expect(decodeLetterCore(encodeLetterCore({ ...letter, message: { id: random(8), text: "" } }))).toBeNull()
    for (let cut = 0; cut < good.length; cut += 7) expect(decodeLetterCore(good.slice(0, cut))).toBeNull()
  })

  test("[I5] refuses a week that nobody can reckon with: one letter must not stop a desk or a duty", () => {
    for (const far of [0, 7_097, 2 ** 32 - 1]) {
      const bytes = encodeLetter({ ...letter, week: far as Week })
      expect(decodeLetter(bytes)).toBeNull()
    }
    const last = decodeLetter(encodeLetter({ ...letter, week: 7_096 as Week }))
    expect(last && weekEnd((last.week + 2) as Week)).toBeLessThan(2 ** 32)
  })

  test("[B1] any bytes are a letter that encodes to them again, or none", () => {
    const body = encodeLetterCore(letter)
    const near = fc
      .tuple(fc.nat(body.length - 1), fc.nat(255))
      .map(([at, byte]) => body.map((old, i) => (i === at ? byte : old)))
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const decoded = decodeLetterCore(bytes)
        if (decoded)
          expect(encodeLetterCore(decoded)).toEqual(bytes.slice(0, encodeLetterCore(decoded).length))
      }),
      { numRuns: runs(300) },
    )
  })
})

describe("envelopes", () => {
  test("[I4] much and nothing are sealed to 4,096 bytes that differ in no visible way", async () => {
    const opener = await kemOpener(key.seed)
    for (const given of [letter, nothing]) {
      const sealed = await sealEnvelope(to, chain.organisationId, given)
      expect(sealed).toHaveLength(ENVELOPE_BYTES)
      expect(sealed.slice(0, 9)).toEqual(Uint8Array.of(1, ...to.keyId))
      const parsed = parseEnvelope(sealed)
      expect(shown(parsed && (await openEnvelope(parsed, opener, chain.organisationId)))).toEqual(
        shown(given),
      )
    }
  })

  test("[I5] a letter is of the week of its intake key: nobody gives a thread keys for weeks to come", async () => {
    const opener = await kemOpener(key.seed)
    const window = windowOf(weekStart(week))
    const opened = async (given: Letter, at: IntakeWindow) => {
      const parsed = parseEnvelope(await sealEnvelope(to, chain.organisationId, given))
      return parsed && (await openEnvelope(parsed, opener, chain.organisationId, at))
    }
    expect(shown(await opened(letter, window))).toEqual(shown(letter))
    expect(shown(await opened(letter, (window + 27) as IntakeWindow))).toEqual(shown(letter))
    expect(await opened({ ...letter, week: (week + 1) as Week }, window)).toBeNull()
    expect(await opened(letter, (window + 28) as IntakeWindow)).toBeNull()
    expect(await opened(letter, (window - 1) as IntakeWindow)).toBeNull()
  })

  test("[I4] no byte can be changed, no other organisation or key opens it", async () => {
    const sealed = await sealEnvelope(to, chain.organisationId, letter)
    const opener = await kemOpener(key.seed)
    for (const at of [1, 8, 9, 600, 1100, 8 + KEM_ENC_BYTES, 2000, ENVELOPE_BYTES - 1]) {
      const parsed = parseEnvelope(sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)))
      expect(parsed && (await openEnvelope(parsed, opener, chain.organisationId))).toBeNull()
    }
    const parsed = parseEnvelope(sealed)
    if (!parsed) throw new TypeError("no envelope")
    const eves = await kemOpener((await makeKemKey(random)).seed)
    expect(await openEnvelope(parsed, eves, chain.organisationId)).toBeNull()
    const other = await makeOrganisation({ seed: "another organisation" })
    expect(await openEnvelope(parsed, opener, other.chain.organisationId)).toBeNull()
  })

  test("[I4] refuses one byte less, one more, and another version", async () => {
    const sealed = await sealEnvelope(to, chain.organisationId, nothing)
    expect(parseEnvelope(sealed.slice(1))).toBeNull()
    expect(parseEnvelope(new Uint8Array([...sealed, 0]))).toBeNull()
    expect(parseEnvelope(sealed.map((byte, i) => (i === 0 ? 2 : byte)))).toBeNull()
  })

  test("[I5] whoever seals something else to the key has sealed no letter", async () => {
    const { seal } = await import("../suite.ts")
    const { derivationInfo } = await import("../thread/keys.ts")
    const head = Uint8Array.of(1, ...to.keyId)
    const junk = await seal(
      to.publicKey,
      derivationInfo("envelope", chain.organisationId),
      head,
      random(LETTER_BYTES),
    )
    const parsed = junk && parseEnvelope(Uint8Array.of(...head, ...junk.enc, ...junk.ciphertext))
    expect(parsed && (await openEnvelope(parsed, await kemOpener(key.seed), chain.organisationId))).toBeNull()
  })
})

test("[J1] two visits that only read have nothing in common: thread ids and envelopes are new each time", async () => {
  const ids = await Promise.all([0, 1].map(async () => String(await threadIdOf(dummyRoot(random)))))
  expect(new Set(ids).size).toBe(2)
  const twice = await Promise.all([0, 1].map(() => sealEnvelope(to, chain.organisationId, nothing)))
  expect(String(twice[0]?.slice(9, 60))).not.toBe(String(twice[1]?.slice(9, 60)))
  const id: ThreadId = letter.threadId
  expect(id).toHaveLength(16)
})
