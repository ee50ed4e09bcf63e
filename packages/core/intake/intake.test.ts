import { describe, expect, test } from "vitest"
import { verifyHeader } from "../edition/verify.ts"
import { must } from "../result.ts"
import { reveal } from "../secret.ts"
import { signBody } from "../signature/signed.ts"
import { isKemPublicKey, kemOpener, makeKemKey, seal } from "../suite.ts"
import {
  delegationAt,
  makeEdition,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  signEdition,
} from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { plusSeconds, WEEK_SECONDS, type Week, weekEnd, weekOf, weekStart } from "../time/instant.ts"
import {
  INTAKE_KEY_BYTES,
  type IntakeWindow,
  signIntakeKey,
  verifyIntakeKey,
  windowEnd,
  windowOf,
  windowStart,
} from "./intake-key.ts"
import { unwrapIntakeSeed, unwrapSeedOf, wrapIntakeSeed } from "./intake-wrap.ts"
import { mayReceive, signReceiveKeys, verifyReceiveKeys } from "./receive-keys.ts"

const random = seededRandom("intake keys")
const organisation = await makeOrganisation()
const { amina, boris, chain, delegations } = organisation
const week = delegationAt(organisation, SAMPLE_NOW)
const window = windowOf(SAMPLE_NOW)
const kem = await makeKemKey(random)
const good = await signIntakeKey(kem.publicKey, window, amina, week)

const P = 2n ** 255n - 19n
/** The two points of order eight, as the list of small orders at cr.yp.to/ecdh.html#validate has them. */
const ORDER_EIGHT = [
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
]
const littleEndian = (u: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((u >> BigInt(8 * i)) & 255n))

describe("intake keys", () => {
  test("[I1] one signed by an officer of its week verifies, with an id of its own", async () => {
    expect(good).toHaveLength(INTAKE_KEY_BYTES)
    const verified = must(await verifyIntakeKey(good, [week], []))
    expect(verified).toMatchObject({ window, officer: 0 })
    expect(verified.publicKey).toEqual(kem.publicKey)
    const other = must(
      await verifyIntakeKey(await signIntakeKey(kem.publicKey, window, boris, week), [week], []),
    )
    expect(other.keyId).not.toEqual(verified.keyId)
    expect(windowStart(window)).toBeLessThanOrEqual(SAMPLE_NOW)
    expect(windowEnd(window) - windowStart(window)).toBe(6 * 3600)
  })

  test("[I1] a seized duty's signature makes none, nor does an officer's of another week or one taken back", async () => {
    const body = good.slice(0, good.length - 64)
    const byDuty = Uint8Array.of(...body, ...(await signBody("intake key", body, organisation.duties[0])))
    const none = { ok: false, error: { kind: "intake-key-not-signed" } }
    expect(await verifyIntakeKey(byDuty, [week], [])).toEqual(none)
    const asWarning = Uint8Array.of(...body, ...(await signBody("warning", body, amina)))
    expect(await verifyIntakeKey(asWarning, [week], [])).toEqual(none)
    const nextWeek = (window + WEEK_SECONDS / 21_600) as IntakeWindow
    expect(
      await verifyIntakeKey(await signIntakeKey(kem.publicKey, nextWeek, amina, week), [week], []),
    ).toEqual(none)
    const revoked = await revocationBy(organisation, [amina.publicKey], [boris, organisation.vera])
    expect(await verifyIntakeKey(good, [week], [revoked])).toEqual(none)
    expect(await verifyIntakeKey(good, [], [])).toEqual(none)
  })

  test("[I1] windows tile the weeks: none lies in two, and at a week's border the next officers' keys begin", () => {
    for (const at of [1, 2_560, 7_096]) {
      const monday = weekStart(at as Week)
      expect(windowStart(windowOf(monday))).toBe(monday)
      expect(weekOf(windowStart(windowOf(plusSeconds(monday, -1))))).toBe(at - 1)
      expect(windowOf(weekEnd(at as Week))).toBe(windowOf(monday) + 28)
    }
  })

  test("[I1] refuses a byte less, a byte more, a changed key or window", async () => {
    for (const bad of [good.slice(1), Uint8Array.of(...good, 0), new Uint8Array()])
      expect((await verifyIntakeKey(bad, [week], [])).ok).toBe(false)
    for (const at of [4, 40, 72, 77, 700, good.length - 1])
      expect(
        (
          await verifyIntakeKey(
            good.map((byte, i) => (i === at ? byte ^ 1 : byte)),
            [week],
            [],
          )
        ).ok,
      ).toBe(false)
  })

  test("[I1] refuses a public key that nobody can seal to: an officer's rubbish must not stop every page", async () => {
    const { publicKey } = kem
    const outOfRange = Uint8Array.of(0xff, 0xff, 0xff, ...publicKey.slice(3))
    const points = [0n, 1n, P - 1n, P, P + 1n, ...ORDER_EIGHT, 1n + 2n ** 255n]
    const smallOrder = points.map((u) => Uint8Array.of(...publicKey.slice(0, 1_184), ...littleEndian(u)))
    for (const bad of [outOfRange, ...smallOrder]) {
      expect(await seal(bad, new Uint8Array(), new Uint8Array(), new Uint8Array())).toBeNull()
      const signed = await signIntakeKey(bad, window, amina, week)
      expect(await verifyIntakeKey(signed, [week], [])).toEqual({
        ok: false,
        error: { kind: "malformed-intake-key" },
      })
    }
  })

  test("[X8] the check without sealing says what sealing says: every key that is made is one, every other byte the same", async () => {
    for (let i = 0; i < 5; i++) expect(isKemPublicKey((await makeKemKey(random)).publicKey)).toBe(true)
    for (const length of [0, 1_184, 1_215, 1_217]) expect(isKemPublicKey(new Uint8Array(length))).toBe(false)
    for (const at of [0, 3, 1_149]) {
      // 3,328 and 3,329, the largest coefficient and the modulus, as the lower and as the upper of two.
      for (const [three, isKey] of [
        ["000d00", true],
        ["010d00", false],
        ["0000d0", true],
        ["0010d0", false],
      ] as const) {
        const bytes = kem.publicKey.slice()
        bytes.set(Buffer.from(three, "hex"), at)
        expect(isKemPublicKey(bytes), `${three} at ${at}`).toBe(isKey)
        const sealed = await seal(bytes, new Uint8Array(), new Uint8Array(), new Uint8Array())
        expect(sealed !== null).toBe(isKey)
      }
    }
    for (let i = 0; i < 60; i++) {
      const bytes = kem.publicKey.slice()
      bytes[i < 40 ? 23 * i : 1_152 + i] = i % 2 === 0 ? 0xff : 0xd1
      const sealed = await seal(bytes, new Uint8Array(), new Uint8Array(), new Uint8Array())
      expect(isKemPublicKey(bytes), String(i)).toBe(sealed !== null)
    }
  })

  test("[I2] a header that duty filled with a key of its own, of another window or with rubbish is valid, and receives nothing", async () => {
    const keyIn = async (intakeKey: Uint8Array) => {
      const { header } = await signEdition(organisation, { intakeKey })
      return must(await verifyHeader(header, chain)).intakeKey
    }
    expect((await keyIn(good))?.publicKey).toEqual(kem.publicKey)
    const eves = await makeKemKey(random)
    const body = good.slice(0, good.length - 64)
    const forged = Uint8Array.of(...body.slice(0, 74), ...eves.publicKey, ...good.slice(-64))
    expect(await keyIn(forged)).toBeNull()
    expect(await keyIn(random(1_354))).toBeNull()
    expect(await keyIn(new Uint8Array())).toBeNull()
    expect(
      await keyIn(await signIntakeKey(kem.publicKey, (window + 1) as IntakeWindow, amina, week)),
    ).toBeNull()
    const { edition } = await makeEdition(organisation, { intakeKey: good })
    expect(edition.verifiedHeader.intakeKey?.keyId).toHaveLength(8)
  })

  test("[I2] a revocation known from the bulletin takes the key back although the header keeps silent", async () => {
    const { header } = await signEdition(organisation, { intakeKey: good })
    const revoked = await revocationBy(organisation, [amina.publicKey], [boris, organisation.vera])
    expect(must(await verifyHeader(header, chain, [revoked])).intakeKey).toBeNull()
  })
})

describe("receive keys and wraps", () => {
  test("[L8] a desk's one-time keys verify as its officer's; a seed wrapped to one opens there alone", async () => {
    const [hers, his] = [await makeKemKey(random), await makeKemKey(random)]
    const bytes = await signReceiveKeys([{ window, publicKey: hers.publicKey }], amina)
    const verified = await verifyReceiveKeys(bytes, delegations, [])
    expect(verified).toMatchObject({ officer: amina.publicKey, keys: [{ window }] })
    const keyId = random(8)
    const wrap = await wrapIntakeSeed(
      kem.seed,
      keyId,
      { officer: amina.publicKey, publicKey: hers.publicKey },
      chain.organisationId,
    )
    if (!wrap) throw new TypeError("not wrapped")
    const open = async (opener: Awaited<ReturnType<typeof kemOpener>>, id = keyId) => {
      const seed = await unwrapIntakeSeed(wrap, id, opener, chain.organisationId)
      return seed && reveal(seed)
    }
    expect(await open(await kemOpener(hers.seed))).toEqual(reveal(kem.seed))
    expect(await open(await kemOpener(his.seed))).toBeNull()
    expect(await open(await kemOpener(hers.seed), random(8))).toBeNull()
  })

  test("[L7] a seed that gives another key than the officer signed is none, whoever wrapped it", async () => {
    const hers = await makeKemKey(random)
    const receiver = { officer: amina.publicKey, publicKey: hers.publicKey }
    const key = must(await verifyIntakeKey(good, [week], []))
    const opened = async (seed: typeof kem.seed) => {
      const wrap = await wrapIntakeSeed(seed, key.keyId, receiver, chain.organisationId)
      return wrap && (await unwrapSeedOf(key, wrap, await kemOpener(hers.seed), chain.organisationId))
    }
    expect((await opened(kem.seed)) !== null).toBe(true)
    expect(await opened((await makeKemKey(random)).seed)).toBeNull()
  })

  test("[L8] a seed goes to officers of its window's week alone, not to last week's, nor to one taken back", async () => {
    const { vera } = organisation
    expect(mayReceive(amina.publicKey, window, delegations, [])).toBe(true)
    const last = (window - WEEK_SECONDS / 21_600) as IntakeWindow
    expect(mayReceive(amina.publicKey, window, [delegationAt(organisation, windowStart(last))], [])).toBe(
      false,
    )
    expect(mayReceive(random(32) as never, window, delegations, [])).toBe(false)
    const revoked = await revocationBy(organisation, [amina.publicKey], [boris, vera])
    expect(mayReceive(amina.publicKey, window, delegations, [revoked])).toBe(false)
  })

  test("[L8] refuses receive keys whose windows do not rise or that nobody can reckon with", async () => {
    const verifies = async (...windows: number[]) => {
      const keys = windows.map((at) => ({ window: at as IntakeWindow, publicKey: kem.publicKey }))
      return (await verifyReceiveKeys(await signReceiveKeys(keys, amina), delegations, [])) !== null
    }
    expect(await verifies(window, window + 1)).toBe(true)
    expect(await verifies(window, window)).toBe(false)
    expect(await verifies(window + 1, window)).toBe(false)
    expect(await verifies(window, 2 ** 32 - 1)).toBe(false)
  })

  test("[L8] refuses receive keys of a stranger, of a duty, altered, or of an officer taken back", async () => {
    const keys = [{ window, publicKey: kem.publicKey }]
    const signed = await signReceiveKeys(keys, amina)
    expect(await verifyReceiveKeys(signed, [], [])).toBeNull()
    const asDuty = await signReceiveKeys(keys, { ...organisation.duties[0], role: "officer" } as never)
    expect(await verifyReceiveKeys(asDuty, delegations, [])).toBeNull()
    expect(
      await verifyReceiveKeys(
        signed.map((b, i) => (i === 50 ? b ^ 1 : b)),
        delegations,
        [],
      ),
    ).toBeNull()
    const revoked = await revocationBy(
      organisation,
      [amina.publicKey],
      [boris, organisation.vera],
      plusSeconds(SAMPLE_NOW, 1),
    )
    expect(await verifyReceiveKeys(signed, delegations, [revoked])).toBeNull()
  })
})
