import { expect, test } from "vitest"
import { must } from "../result.ts"
import {
  delegationAt,
  makeOrganisation,
  revocationBy,
  revocationBytes,
  SAMPLE_NOW,
} from "../testing/organisation.ts"
import { plusSeconds, WEEK_SECONDS } from "../time/instant.ts"
import { decodeRevocation, encodeRevocation, inForce, isRevoked, verifyRevocation } from "./revocation.ts"

const organisation = await makeOrganisation()
const { chain, delegations, amina, boris, vera, duties, signers } = organisation
const [signer1, signer2, signer3] = signers as [(typeof signers)[0], (typeof signers)[0], (typeof signers)[0]]
type Keys = Parameters<typeof revocationBy>[2]

const outcome = async (keys: readonly Uint8Array[], by: Keys, time = SAMPLE_NOW, known = delegations) => {
  const result = await verifyRevocation(await revocationBytes(organisation, keys, by, time), chain, known)
  return result.ok ? "verified" : result.error.kind
}

test("[V1] k charter signers take any officer's or duty's key back", async () => {
  const keys = [amina, boris, vera, ...duties].map(({ publicKey }) => publicKey)
  expect(await outcome(keys, [signer1, signer3])).toBe("verified")
  expect(await outcome(keys, [signer1])).toBe("revocation-not-signed")
})

test("[V2] two officers of the week do so, one does not, nor the same one twice", async () => {
  const keys = [duties[0].publicKey]
  expect(await outcome(keys, [amina, boris])).toBe("verified")
  expect(await outcome(keys, [amina])).toBe("revocation-not-signed")
  const signed = decodeRevocation(await revocationBytes(organisation, keys, [amina, boris]))
  const [first] = signed?.signatures ?? []
  const twice =
    signed && first && encodeRevocation({ ...signed, signatures: [first, { ...first, index: 1 }] })
  const result = await verifyRevocation(twice ?? new Uint8Array(), chain, delegations)
  expect(result.ok).toBe(false)
})

test("[V2] an officer does not help to revoke with a key that the same revocation takes back", async () => {
  expect(await outcome([amina.publicKey], [amina, boris])).toBe("revocation-not-signed")
  expect(await outcome([amina.publicKey], [boris, vera])).toBe("verified")
})

test("[V2] officers of a delegation that is not known, or of another week, revoke nothing", async () => {
  const keys = [duties[0].publicKey]
  expect(await outcome(keys, [amina, boris], SAMPLE_NOW, [])).toBe("revocation-not-signed")
  const nextWeek = plusSeconds(SAMPLE_NOW, WEEK_SECONDS)
  const bytes = await revocationBytes(organisation, keys, [amina, boris], nextWeek)
  const result = await verifyRevocation(bytes, chain, [delegationAt(organisation, SAMPLE_NOW)])
  expect(result.ok).toBe(false)
})

test("[V4] charter signers overrule officers: what two seized desks took back is given back", async () => {
  const bySeized = await revocationBy(organisation, [vera.publicKey, duties[0].publicKey], [amina, boris])
  expect(isRevoked(duties[0].publicKey, [bySeized])).toBe(true)
  const bySigners = await revocationBy(organisation, [amina.publicKey, boris.publicKey], [signer1, signer2])
  expect(isRevoked(duties[0].publicKey, [bySeized, bySigners])).toBe(false)
  expect(isRevoked(vera.publicKey, [bySigners, bySeized])).toBe(false)
  expect(isRevoked(amina.publicKey, [bySeized, bySigners])).toBe(true)
  expect(inForce([bySeized, bySigners])).toEqual([bySigners])
})

test("[V4] one of three who signed taken back leaves two: it stays in force", async () => {
  const byThree = await revocationBy(organisation, [duties[0].publicKey], [amina, boris, vera])
  const bySigners = await revocationBy(organisation, [amina.publicKey], [signer1, signer2])
  expect(isRevoked(duties[0].publicKey, [byThree, bySigners])).toBe(true)
})

test("[V4] among officers it does not matter who was first: both pairs are revoked, in any order", async () => {
  const one = await revocationBy(organisation, [boris.publicKey], [amina, vera])
  const other = await revocationBy(organisation, [vera.publicKey], [amina, boris])
  for (const known of [
    [one, other],
    [other, one],
  ]) {
    expect([boris, vera].map(({ publicKey }) => isRevoked(publicKey, known))).toEqual([true, true])
  }
})

test("[V1] any byte altered: never verified", async () => {
  const bytes = await revocationBytes(organisation, [duties[0].publicKey], [amina, boris])
  must(await verifyRevocation(bytes, chain, delegations))
  for (let i = 0; i < bytes.length; i++) {
    const altered = bytes.slice()
    altered[i] = (altered[i] as number) ^ (1 << (i % 8))
    expect((await verifyRevocation(altered, chain, delegations)).ok, `byte ${i}`).toBe(false)
  }
})
