import { describe, expect, test } from "vitest"
import { verifyHeader } from "../edition/verify.ts"
import { must } from "../result.ts"
import { reveal } from "../secret.ts"
import { signBody } from "../signature/signed.ts"
import { kemOpener, makeKemKey } from "../suite.ts"
import {
  delegationAt,
  makeEdition,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  signEdition,
} from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { plusSeconds, WEEK_SECONDS } from "../time/instant.ts"
import {
  INTAKE_KEY_BYTES,
  type IntakeWindow,
  signIntakeKey,
  verifyIntakeKey,
  windowEnd,
  windowOf,
  windowStart,
} from "./intake-key.ts"
import { unwrapIntakeSeed, wrapIntakeSeed } from "./intake-wrap.ts"
import { signReceiveKeys, verifyReceiveKeys } from "./receive-keys.ts"

const random = seededRandom("intake keys")
const organisation = await makeOrganisation()
const { amina, boris, chain, delegations } = organisation
const week = delegationAt(organisation, SAMPLE_NOW)
const window = windowOf(SAMPLE_NOW)
const kem = await makeKemKey(random)
const good = await signIntakeKey(kem.publicKey, window, amina, week)

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
