import { expect, test } from "vitest"
import { verifyCharterChain } from "../charter/verify.ts"
import { must } from "../result.ts"
import { makeSigningKey } from "../suite.ts"
import {
  delegationAt,
  extendChain,
  makeDelegation,
  makeOrganisation,
  SAMPLE_NOW,
  signaturesOf,
} from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { DAY_SECONDS, plusSeconds, type Week, weekEnd, weekOf, weekStart } from "../time/instant.ts"
import {
  coversInstant,
  type DelegationBody,
  decodeDelegation,
  decodeDelegationBody,
  encodeDelegation,
  encodeDelegationBody,
  verifyDelegation,
} from "./delegation.ts"

const organisation = await makeOrganisation()
const { chain } = organisation
const week = weekOf(SAMPLE_NOW)
const plain: DelegationBody = delegationAt(organisation, SAMPLE_NOW)
const random = seededRandom("others")

async function outcome(change: Partial<DelegationBody>, count = 2, keys = organisation.signers, on = chain) {
  const body = encodeDelegationBody({ ...plain, ...change })
  const signatures = await signaturesOf("delegation", body, keys, count)
  const result = await verifyDelegation(encodeDelegation({ body, signatures }), on)
  return result.ok ? "verified" : result.error.kind
}

test("[D1] k charter signers delegate, and nobody else", async () => {
  expect(await outcome({})).toBe("verified")
  expect(await outcome({}, 1)).toBe("delegation-not-signed")
  expect(await outcome({}, 0)).toBe("delegation-not-signed")
  const strangers = Array.from({ length: 3 }, () => makeSigningKey("charter-signing", random))
  expect(await outcome({}, 3, strangers)).toBe("delegation-not-signed")
  expect(await outcome({ charterHash: random(32) as never })).toBe("delegation-not-signed")
  expect(await outcome({ organisationId: random(32) as never })).toBe("wrong-organisation")
})

test("[D2] no key is there twice, not even in two roles", async () => {
  const [officer] = plain.officers as [never]
  expect(await outcome({ duties: [officer] })).toBe("malformed-delegation")
  expect(await outcome({ officers: [officer, officer] })).toBe("malformed-delegation")
  expect(await outcome({ officers: Array.from({ length: 9 }, () => random(32) as never) })).toBe(
    "malformed-delegation",
  )
  expect(await outcome({ duties: Array.from({ length: 5 }, () => random(32) as never) })).toBe(
    "malformed-delegation",
  )
  expect(await outcome({ week: 0 as Week })).toBe("malformed-delegation")
  expect(await outcome({ week: 7101 as Week })).toBe("malformed-delegation")
})

test("[D2] it covers its week to the second", () => {
  for (const [time, covered] of [
    [weekStart(week), true],
    [plusSeconds(weekEnd(week), -1), true],
    [plusSeconds(weekStart(week), -1), false],
    [weekEnd(week), false],
  ] as const) {
    expect(coversInstant(plain, time)).toBe(covered)
  }
  expect(new Date(weekStart(week) * 1000).toISOString()).toBe("2019-01-14T00:00:00.000Z")
})

test("[D3] once a newer charter is in force, the old signers delegate no later week", async () => {
  const inForce = plusSeconds(SAMPLE_NOW, DAY_SECONDS)
  const later = must(
    await verifyCharterChain(
      await extendChain(organisation, (charter) => ({ ...charter, issued: inForce })),
      chain.organisationId,
    ),
  )
  expect(await outcome({ week }, 2, organisation.signers, later)).toBe("verified")
  expect(await outcome({ week: (week + 1) as Week }, 2, organisation.signers, later)).toBe(
    "delegation-not-signed",
  )
  const own = { week: (week + 1) as Week, charterHash: later.current.hash }
  expect(await outcome(own, 2, organisation.signers, later)).toBe("verified")
})

test("[D1] any byte altered: never verified", async () => {
  const delegation = await makeDelegation(
    chain,
    {
      officers: [organisation.amina, organisation.boris],
      duties: organisation.duties,
      signers: organisation.signers,
    },
    week,
  )
  for (let i = 0; i < delegation.bytes.length; i++) {
    const altered = delegation.bytes.slice()
    altered[i] = (altered[i] as number) ^ (1 << (i % 8))
    expect((await verifyDelegation(altered, chain)).ok, `byte ${i}`).toBe(false)
  }
})

test("[B5] a delegation has one form", () => {
  const { bytes } = delegationAt(organisation, SAMPLE_NOW)
  const signed = decodeDelegation(bytes)
  expect(signed && encodeDelegation(signed)).toEqual(bytes)
  const body = signed && decodeDelegationBody(signed.body)
  expect(body && encodeDelegationBody(body)).toEqual(signed?.body)
})
